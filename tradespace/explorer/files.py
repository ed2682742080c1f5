"""From a file or a study folder to what an exploration needs: the specification and its data."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

from tradespace.components.base import Component
from tradespace.components.langchain_loader import loaded_by_langchain
from tradespace.components.trust import Trust, demand
from tradespace.data.load import Source, read_dataset
from tradespace.data.readers import DatasetReading
from tradespace.data.readers.loaded import LoadedDocuments
from tradespace.errors import ComponentError, DataError, Fault, InputError
from tradespace.explorer.observed import ObservedSystem, read_observed
from tradespace.explorer.results import Results
from tradespace.explorer.search import SEARCH_ALGORITHMS
from tradespace.explorer.storage.location import in_environment, on_command_line
from tradespace.explorer.storage.study import StudyFolder
from tradespace.extras import missing
from tradespace.search_space.call_place import CallPlace
from tradespace.search_space.document import YamlDocument
from tradespace.search_space.measures_yaml import natural_direction
from tradespace.search_space.python_space import Space
from tradespace.search_space.sections import Data
from tradespace.search_space.specification import Specification, load_specification, specification_in


def read_specification(space: Path | YamlDocument | Space, folder: Path | None = None) -> Specification:
    """Read a search-space file, the document that one holds, or a space that was written in Python; strategies and
    measures are checked by name. Paths in a file are relative to `folder`, or else to its own.

    Raises:
        SpaceError: something is wrong; it carries every fault that was found.
    """
    if isinstance(space, Space):
        return space.specification(strategies=SEARCH_ALGORITHMS)
    if isinstance(space, YamlDocument):
        path = (folder or Path()) / Path(space.name).name
        return specification_in(space, path, strategies=SEARCH_ALGORITHMS, measures=natural_direction)
    return load_specification(space, folder=folder, strategies=SEARCH_ALGORITHMS, measures=natural_direction)


def read_to_run(space: Path | Space, *, unsandboxed: bool) -> Specification:
    """Read a search space, of which the caller means to run pipelines.

    Raises:
        InputError: something is wrong, or programs would run without a sandbox and that was not said.
    """
    specification = read_specification(space)
    demand_sandbox(specification.components, unsandboxed=unsandboxed)
    return specification


def demand_sandbox(components: Iterable[Component], *, unsandboxed: bool) -> None:
    """Refuse components that run programs without a sandbox, unless that is wanted.

    Who names a file or a pipeline answers for the code and the servers that it names. Nobody can answer for the
    programs that a model will write: that they run without a sandbox is said apart.

    Raises:
        InputError: programs would run without a sandbox and that was not said.
    """
    demand(components, {Trust.IMPORTS, Trust.SERVER} | ({Trust.UNSANDBOXED} if unsandboxed else set()))


def uninstalled(specification: Specification) -> list[str]:
    """Missing packages that the components of a space need, or where calls are made: one message for each.

    That is no fault: calls that were recorded are answered from the ledger without it.
    """
    parts = {part.name: part for component in specification.components for part in component.parts()}
    problems = {name: missing(part.optional_packages) for name, part in parts.items()}
    if specification.run.on is CallPlace.RAY:
        problems["making calls on a Ray cluster"] = missing(["ray"])
    return [f"{name} {problem}" for name, problem in problems.items() if problem]


def read_data(specification: Specification, allowed: Collection[Trust] = ()) -> DatasetReading:
    """Read the questions and documents of a specification, with what is harmlessly wrong with them.

    Raises:
        DataError: they cannot be read.
        InputError: code must be imported to load the documents, and that trust is not among those allowed.
    """
    if specification.grid:
        notes = tuple(map(Fault, specification.grid.notes))
        return DatasetReading("table", specification.grid.dataset, notes)
    reading = read_dataset(_source(specification.data, allowed), specification.folder)
    reading.required()
    return reading


def _source(data: Data, allowed: Collection[Trust]) -> Source:
    loader, loaded = data.langchain_loader, None
    if loader:
        demand([loader], allowed)
        try:
            loaded = LoadedDocuments(loader.path, loaded_by_langchain(loader.path, loader.arguments))
        except ComponentError as error:
            raise DataError(str(error)) from error
    return Source(
        *(data.dataset, data.format, data.questions, data.documents, data.ignore_identical),
        columns=data.columns.of_data,
        unreadable=data.unreadable,
        loaded=loaded,
    )


def study_to_explore(specification: Specification, folder: Path | None, ledger: str | None) -> StudyFolder:
    """The folder that a specification is explored into, with its ledger: the one that is named on the command line,
    else in the specification, else that of the last time.

    Raises:
        InputError: the ledger is none, or is on a server that only the study's files name.
    """
    study = StudyFolder(folder or Path("studies") / specification.name)
    if ledger is not None:
        return StudyFolder(study.folder, on_command_line(ledger, study.ledger_path))
    if specification.ledger:
        return StudyFolder(study.folder, in_environment(specification.ledger.from_env))
    if (kept := study.ledger_location) and kept.needs:
        raise InputError(
            f"{study.folder} keeps its calls at {kept}, and no file can allow to contact a server: name it again, with "
            f"--ledger {kept}"
        )
    return study


def specification_of(study: StudyFolder) -> Specification:
    """The specification that a study explored last; its paths still start from the folder of the original file."""
    return read_specification(study.space_path, Path(study.manifest().base))


def observed_of(specification: Specification) -> ObservedSystem | None:
    """What was recorded of a running system that a specification names; None where it names none.

    Raises:
        InputError: the file cannot be read, or holds something else.
    """
    return read_observed(specification.observed) if specification.observed else None


def with_observed(results: Results, path: Path | None) -> Results:
    """Results beside what was recorded of a running system in another file, where one is named.

    Raises:
        InputError: the file cannot be read, or holds something else.
    """
    return replace(results, observed=read_observed(path)) if path else results
