"""From a file or a study folder to what an exploration needs: the specification and its data."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tradespace.data import Dataset
from tradespace.data.load import load as load_dataset
from tradespace.evals.measures import measures
from tradespace.explorer.strategies import strategies
from tradespace.explorer.study import Study
from tradespace.search_space.specification import Specification, load


def read_specification(path: Path) -> Specification:
    """Read a search-space file; strategies and measures are checked by name.

    Raises:
        SpaceError: something is wrong; it carries every fault that was found.
    """
    return load(path, strategies=strategies(), measures=lambda name: name in measures())


def read_dataset(specification: Specification) -> Dataset:
    """Read the questions and documents of a specification.

    Raises:
        DataError: they cannot be read.
    """
    data = specification.data
    return load_dataset(data.dataset, specification.folder)


def specification_of(study: Study) -> Specification:
    """The specification that a study explored last; its paths still start from the folder of the original file."""
    specification = read_specification(study.space_path)
    return replace(specification, path=Path(study.manifest().base) / study.space_path.name)
