"""What is said of models that are not on this machine: who forbade to fetch them, and what to do."""

from __future__ import annotations

import os
import re
from pathlib import Path

LOOKUP_FORBIDDEN = (
    "nothing was looked up at the hub, as HF_HUB_OFFLINE=1, which Tradespace sets, forbids it: name a folder in the "
    "place of an id, download the model before (hf download ID), or set HF_HUB_OFFLINE=0"
)
_BLAME = re.compile(r"[\s.]*Check your internet connection[^\n]*|[\s.]*To disable hf offline mode[^\n]*", re.IGNORECASE)
_OFFLINE = re.compile(
    r"internet connection|offline mode|HF_HUB_OFFLINE|outgoing traffic has been disabled", re.IGNORECASE
)


def offline_explained(message: str) -> str:
    """An error's message; where a hub could not be reached because that is forbidden, with that reason.

    Libraries blame the internet connection.
    """
    forbidden = os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "ON", "YES", "TRUE")
    if not forbidden or not _OFFLINE.search(message):
        return message
    return f"{_BLAME.sub('', message)}; {LOOKUP_FORBIDDEN}"


def revision_here(model: str) -> str:
    """The commit of the files that this machine has of a hub's model, by its id; empty where it has none.

    Nothing is looked up at the hub.
    """
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        found = try_to_load_from_cache(model, "config.json")
    except HFValidationError:  # which no id can be: the name of a folder that is not there
        return ""
    return Path(found).parent.name if isinstance(found, str) else ""
