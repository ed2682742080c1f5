"""A model that is not here is not blamed on the internet connection."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradespace.components.corpus import Corpus
from tradespace.components.hub import LOOKUP_FORBIDDEN, offline_explained
from tradespace.components.llms.transformers import Transformers
from tradespace.errors import ComponentError
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.types import Document


def test_a_model_that_may_not_be_fetched_says_who_forbade_it(
    tmp_path: Path, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library itself is asked, and blames the connection; the user is told of the variable and the ways out."""
    pytest.importorskip("transformers")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    opened_components = OpenedComponents([Document("d", "Text.")], tmp_path)
    with pytest.raises(ComponentError) as raised:
        opened_components.operator(Transformers(model="nobody/nothing"), corpus)
    assert str(raised.value).endswith(LOOKUP_FORBIDDEN)
    assert "internet connection" not in str(raised.value)


@pytest.mark.parametrize("allowed", ["0", ""])
def test_where_the_hub_may_be_asked_the_connection_may_be_at_fault(
    allowed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then the library knows better."""
    monkeypatch.setenv("HF_HUB_OFFLINE", allowed)
    assert offline_explained("Check your internet connection.") == "Check your internet connection."


def test_other_messages_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the hub is forbidden."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert offline_explained("out of memory") == "out of memory"
