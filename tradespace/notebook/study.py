"""A study as notebooks and scripts ask it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tradespace.explorer.results import Results
from tradespace.explorer.storage.study import StudyFolder


@dataclass(frozen=True, init=False)
class Study:
    """What was measured and concluded, read from a study's folder; nothing is run.

    >>> Study("studies/never-explored").results()
    Traceback (most recent call last):
    tradespace.errors.StudyError: studies/never-explored holds no study (there is no study.json in it). Name the ...
    """

    folder: Path

    def __init__(self, folder: Path | str) -> None:
        object.__setattr__(self, "folder", Path(folder))

    def results(self, host: str | None = None) -> Results:
        """What was measured, timed on `host`, or on that of the last exploration.

        Raises:
            StudyError: there is no study in the folder, or another version wrote it.
        """
        return StudyFolder(self.folder).results(host)
