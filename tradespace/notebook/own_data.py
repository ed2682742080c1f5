"""Questions and documents that are named, or at hand: where a space reads them from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradespace.data import Dataset, dataset_from_frames, dataset_names
from tradespace.data.question_files import document_lines, question_lines
from tradespace.errors import DataError, InputError
from tradespace.files import expanded, write_whole
from tradespace.search_space.naming import as_name
from tradespace.search_space.sections import DATA_SOURCES

if TYPE_CHECKING:
    import pandas as pd

    AnyDataset = str | Path | Dataset | pd.DataFrame | tuple[pd.DataFrame, pd.DataFrame]

MOST_PER_SPLIT = 300
"""Of each split, where the space does not say how many."""


def named_source(name: str | Path, stated: Mapping[str, Any]) -> dict[str, Any]:
    """The section `data` with the source that a name or a path stands for in the place of its own.

    A path starts where you are, and not in the folder of the space.
    """
    path = expanded(str(name))
    found = str(path.absolute()) if str(name) not in dataset_names() and path.exists() else str(name)
    return {**_without_source(stated), "dataset": found}


@dataclass(frozen=True)
class KeptData:
    """Data that are at hand, and the folder that they are kept in: a study can be continued, and its questions be read
    back, as long as they are there.

    Attributes:
        dataset: the data.
        folder: a folder of their own. Its name is their content's, so nothing in it is ever overwritten.
    """

    dataset: Dataset
    folder: Path

    @classmethod
    def of(
        cls, given: Dataset | pd.DataFrame | tuple[pd.DataFrame, pd.DataFrame], section: Any, study: Path
    ) -> KeptData:
        """What is to be kept in the folder of a study.

        Args:
            given: a dataset, a frame of questions and a frame of documents, or one frame with both.
            section: the section `data` of the space, which may say what columns are called.
            study: the folder of the study.

        Raises:
            DataError: the frames hold something wrong; every fault is listed.
            InputError: it is none of these.
        """
        dataset = given if isinstance(given, Dataset) else _from_frames(given, _mapping(section))
        name = f"{as_name(dataset.name)}-{dataset.key[:8]}"
        return cls(dataset, (study / "data" / name).absolute())

    def source(self, stated: Mapping[str, Any]) -> dict[str, Any]:
        """The section `data` with these files as its source; with half of the questions for each split, up to 300,
        where it does not say how many."""
        questions = len(self.dataset.questions)
        explore = min(MOST_PER_SPLIT, questions // 2)
        sizes = {"explore": explore, "confirm": min(MOST_PER_SPLIT, questions - explore)}
        said = {name: value for name, value in _without_source(stated).items() if name not in ("columns", "format")}
        files = {"questions": str(self._questions), "documents": str(self._documents)}
        return {**files, **({} if sizes.keys() & said.keys() else sizes), **said}

    def write(self) -> None:
        """Write the files, unless they are there.

        Raises:
            OSError: they cannot be written.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self._documents.exists():
            write_whole(self._documents, document_lines(self.dataset.documents))
        if not self._questions.exists():
            write_whole(self._questions, question_lines(self.dataset.questions, exact=True))

    def require(self, read: Dataset) -> None:
        """Make sure that what is read from the files is what they were written from.

        Raises:
            DataError: it is not: there is more to these data than such files can hold.
        """
        if read.key != self.dataset.key:
            raise DataError(
                f"{self.dataset.name!r} has more than files of questions and documents hold, such as headings or pages "
                "of documents: name the path that it was read from instead"
            )

    @property
    def _questions(self) -> Path:
        return self.folder / "questions.jsonl"

    @property
    def _documents(self) -> Path:
        return self.folder / "documents.jsonl"


def _from_frames(given: Any, stated: Mapping[str, Any]) -> Dataset:
    questions, documents = given if isinstance(given, tuple) and len(given) == 2 else (given, None)
    if not hasattr(questions, "columns") or not (documents is None or hasattr(documents, "columns")):
        raise InputError(
            "dataset must be the name of a bundled one, a path, a Dataset, a frame of questions with their texts, or "
            f"two frames: (questions, documents); given: {type(given).__name__}"
        )
    return dataset_from_frames(questions, documents, columns=_mapping(stated.get("columns")))


def _without_source(stated: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in stated.items() if name not in DATA_SOURCES}


def _mapping(section: Any) -> Mapping[str, Any]:
    """A section; nothing where it is none, which is told where it is read."""
    return section if isinstance(section, Mapping) else {}
