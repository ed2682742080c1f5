"""Exploring from Python: what `tradespace explore` does, with data and spaces that are at hand."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradespace.commands.explore import explore_and_report
from tradespace.components.trust import Trust
from tradespace.errors import ModelUnavailableError
from tradespace.explorer.exploration import Exploration
from tradespace.explorer.files import demand_sandbox, read_data, read_specification, study_to_explore, uninstalled
from tradespace.explorer.results import Results
from tradespace.explorer.running.executors import executor_on
from tradespace.notebook.own_data import KeptData, named_source
from tradespace.notebook.progress import progress_display
from tradespace.notebook.study import Study
from tradespace.search_space.document import YamlDocument, dump, parse_yaml, read_file
from tradespace.search_space.naming import as_name
from tradespace.search_space.python_space import Space
from tradespace.search_space.specification import Specification

if TYPE_CHECKING:
    from tradespace.notebook.own_data import AnyDataset

INTERRUPTED = "interrupted; the study holds what is known so far, and the same call continues it"
STUDIES = Path("studies")
"""Where studies are kept whose folder nobody names."""


def explore(
    space: Space | Path | str,
    dataset: AnyDataset | None = None,
    study: Path | str | None = None,
    *,
    host: str | None = None,
    ledger: str | None = None,
    unsandboxed: bool = False,
    quiet: bool = False,
) -> Study:
    """Explore a space into a study, as `tradespace explore` does: search, confirm, write the report.

    Run again, it continues: every call is made once. Interrupted, it keeps and returns what is known by then.

    Args:
        space: the path of a YAML file, the text of one, or a `Space`.
        dataset: where questions and documents are, in the place of what the space says: the name of a bundled dataset,
            a path, a `Dataset`, a frame of pandas, or two: (questions, documents). What is at hand is written into the
            study. Where the space does not say how many questions each split has, half of them are in each.
        study: the folder; `studies/NAME` by default, by the name of the space.
        host: what this machine is called in its timings.
        ledger: the URL of the server where calls are kept, if not in the folder.
        unsandboxed: let programs that a model wrote run without a sandbox, where the space says so.
        quiet: show no progress. What is amiss is then a warning of Python's.

    Raises:
        SpaceError: something is wrong with the space; it carries every fault that was found.
        DataError: the data cannot be read.
        InputError: programs would run without a sandbox, or the dataset is none.
        ModelUnavailableError: a model does not answer; what was answered is kept.
        StudyError: another process explores into the folder, or it cannot be written.

    >>> import tradespace
    >>> tradespace.explore("spaces/never-written.yaml")
    Traceback (most recent call last):
    tradespace.errors.SpaceError: spaces/never-written.yaml: ...
    """
    sections, read = _opened(space)
    place = Path(study or STUDIES / as_name(str(sections.get("name"))))
    data, kept = _data(dataset, sections.get("data"), place)
    specification = read(data)
    demand_sandbox(specification.components, unsandboxed=unsandboxed)
    executor_of = executor_on(specification.run)
    folder = study_to_explore(specification, place, ledger)
    if kept:
        kept.write()
    reading = read_data(specification, [Trust.IMPORTS])
    if kept:
        kept.require(reading.dataset)
    with progress_display(quiet=quiet) as display:
        display.warn([*map(str, reading.faults), *uninstalled(specification)])
        results = _explored(Exploration(specification, folder, reading.dataset, display, host, executor_of))
    if results.provenance.stopped:
        raise ModelUnavailableError(results.provenance.stopped)
    return Study(place)


def _opened(space: Space | Path | str) -> tuple[Mapping[str, Any], Callable[[Mapping[str, Any] | None], Specification]]:
    """The sections of a space, and what reads it whole: with another section `data`, where there is one."""
    if isinstance(space, Space):
        named = {"name": space.name, "data": space.data}
        return named, lambda data: read_specification(replace(space, data=data) if data else space)
    is_text = isinstance(space, str) and "\n" in space
    document = parse_yaml(str(space), "space.yaml") if is_text else read_file(Path(space))
    base = Path() if is_text else Path(space).parent
    sections = document.data if isinstance(document.data, Mapping) else {}
    return sections, lambda data: read_specification(_with_data(document, data) if data else document, base)


def _with_data(document: YamlDocument, data: Mapping[str, Any]) -> YamlDocument:
    """The document with another section `data`. What is no space is left as it is, and is told when it is read."""
    if not isinstance(document.data, Mapping):
        return document
    sections = {**document.data, "data": data}
    return replace(document, data=sections, text=dump(sections))


def _data(dataset: AnyDataset | None, stated: Any, folder: Path) -> tuple[Mapping[str, Any] | None, KeptData | None]:
    """The section `data` in the place of that of the space, if it is to be another; and what is kept in the study."""
    own = stated if isinstance(stated, Mapping) else {}
    if dataset is None:
        return None, None
    if isinstance(dataset, str | Path):
        return named_source(dataset, own), None
    kept = KeptData.of(dataset, own, folder)
    return kept.source(own), kept


def _explored(exploration: Exploration) -> Results:
    """Explore with one thread for each product of matrices, as the command line does: timings of both compare."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, user_api="blas"), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="IProgress not found")  # of bars in notebooks, which we show none of
        results, _, _ = explore_and_report(exploration)
    if results.provenance.interrupted and not results.provenance.stopped:
        exploration.progress.warn([INTERRUPTED])
    return results
