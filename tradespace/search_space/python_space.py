"""A search space written in Python: the sections of a search-space file, with components in the place of names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from tradespace.errors import Fault
from tradespace.search_space.document import Route, YamlDocument, dump, parse_yaml, read_file
from tradespace.search_space.goals import HigherIsBetter
from tradespace.search_space.measures_yaml import natural_direction
from tradespace.search_space.naming import as_name
from tradespace.search_space.plain_data import PlainData, dotted
from tradespace.search_space.sections import DATA_SOURCES, Strategies
from tradespace.search_space.space import PipelineSpace
from tradespace.search_space.specification import Specification, specification_in

LATER = {"dataset": "given when it is explored"}
"""What stands for data of which a space says only how many questions are asked, while the rest of it is checked."""


def between(low: float, high: float, step: float | None = None, *, log: bool = False) -> dict[str, Any]:
    """A setting drawn from a range, both ends included.

    Args:
        low: the least value.
        high: the greatest.
        step: between values; without it any number, or of a setting that takes whole numbers each of them.
        log: whether each order of magnitude is drawn equally often.

    >>> between(0.1, 0.9, step=0.2)
    {'from': 0.1, 'to': 0.9, 'step': 0.2}
    """
    return {"from": low, "to": high, **({} if step is None else {"step": step}), **({"log": True} if log else {})}


@dataclass(frozen=True, kw_only=True, repr=False)
class Space:
    """A search space, as a YAML file has it: the same sections, the same checks, the same pipelines.

    Components stand in it as `tradespace.parts` has them, with settings that may vary; as components with fixed
    settings; or by name, as in YAML. Two spaces are equal where their sections say the same.

    Attributes:
        folder: what paths in it are relative to; it is not written, and not compared.
        pipelines: the pipelines that it describes: their number, its members, and what is forbidden.

    The other attributes are the sections of docs/space.md, as plain data. `data` may leave out where questions and
    documents are: `tradespace.explore` is then given them.

    Raises:
        SpaceError: something is wrong; it carries every fault that was found, with its place.

    >>> from tradespace.parts import bm25, sentence
    >>> space = Space(
    ...     name="small",
    ...     data={"dataset": "wikipedia", "explore": 50, "confirm": 50},
    ...     pipeline={"retrieve": bm25(top_k=[1, 5], k1=between(0.6, 1.5, step=0.3)), "generate": sentence()},
    ...     objectives={"answer_f1": "maximize", "latency_p95": "minimize"},
    ...     sla="100 ms",
    ... )
    >>> space.pipelines.size()
    8
    >>> print(space.to_yaml())
    name: small
    data: {dataset: wikipedia, explore: 50, confirm: 50}
    pipeline:
      retrieve:
        bm25:
          top_k: [1, 5]
          k1: {from: 0.6, to: 1.5, step: 0.3}
      generate: sentence
    objectives: {answer_f1: maximize, latency_p95: minimize}
    sla: 100 ms
    <BLANKLINE>
    >>> Space.from_yaml(space.to_yaml()) == space
    True
    """

    name: str
    data: Mapping[str, Any]
    pipeline: Mapping[str, Any] | None = None
    measures: Mapping[str, Any] | None = None
    objectives: Mapping[str, Any]
    sla: str | Mapping[str, Any] | None = None
    limits: Sequence[str] | None = None
    utility: str | None = None
    recommend: bool | None = None
    prices: Mapping[str, Any] | None = None
    deployment: Mapping[str, Any] | None = None
    constraints: Sequence[str] | None = None
    search: Mapping[str, Any] | None = None
    run: Mapping[str, Any] | None = None
    ledger: Mapping[str, Any] | None = None
    observed: str | Path | None = None
    power: Mapping[str, Any] | None = None
    folder: Path = field(default=Path(), compare=False)
    pipelines: PipelineSpace = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        plain = PlainData()
        for section in self._sections():
            object.__setattr__(self, section, plain.section(section, getattr(self, section)))
        sourced = self if plain.refused or self._names_source() else replace(self, data={**self.data, **LATER})
        space = self._read(None, natural_direction, plain.refused).space if sourced is self else sourced.pipelines
        object.__setattr__(self, "pipelines", space)

    def _names_source(self) -> bool:
        """Whether it says where questions and documents are; also where it says nothing that could be read."""
        return not isinstance(self.data, Mapping) or any(name in self.data for name in DATA_SOURCES)

    @classmethod
    def _sections(cls) -> list[str]:
        """The names of the sections, in the order of a file."""
        return [each.name for each in fields(cls) if each.compare]

    def __repr__(self) -> str:
        return f"Space({', '.join(f'{section}={value!r}' for section, value in self._stated().items())})"

    def _stated(self) -> dict[str, Any]:
        """The sections in which something is said."""
        stated = {section: getattr(self, section) for section in self._sections()}
        return {section: value for section, value in stated.items() if value is not None}

    @classmethod
    def from_yaml(cls, source: Path | str, folder: Path | None = None) -> Space:
        """Read a search-space file, or the text of one.

        Args:
            source: its path, or text: what has several lines, or does not end in `.yaml` or `.yml`.
            folder: what paths in it are relative to; its own, or of a text where you are, unless you say otherwise.

        Raises:
            SpaceError: something is wrong; it carries every fault that was found, with file and line.
        """
        file = _path(source)
        document = parse_yaml(str(source), "space.yaml") if file is None else read_file(file)
        base = folder or (file.parent if file else Path())
        specification_in(document, base / Path(document.name).name, measures=natural_direction)
        return cls(**document.data, folder=base)

    def to_yaml(self) -> str:
        """The space as a search-space file, which `tradespace explore` takes."""
        return dump(self._stated(), flat=True)

    def specification(
        self, *, strategies: Strategies | None = None, measures: HigherIsBetter = natural_direction
    ) -> Specification:
        """All that it says, checked, as `load_specification` reads it from a file.

        Args:
            strategies: the settings models of the known strategies by name; without it no strategy is checked.
            measures: the natural direction of each known per-question measure.

        Raises:
            SpaceError: something is wrong; it carries every fault that was found, with its place.
        """
        return self._read(strategies, measures)

    def _read(
        self, strategies: Strategies | None, measures: HigherIsBetter, refused: Sequence[Fault] = ()
    ) -> Specification:
        name = as_name(str(self.name))
        written = parse_yaml(self.to_yaml(), name)
        faults = [*refused, *written.faults]
        document = PythonDocument(name, written.text, written.data, written.lines, faults, [*refused, *written.refused])
        return specification_in(document, self.folder / name, strategies=strategies, measures=measures)


@dataclass(frozen=True)
class PythonDocument(YamlDocument):
    """The data of a space that was written in Python: what is wrong is told by its place in them, not by line."""

    def where(self, route: Route) -> str:
        """The place as Python code would reach it."""
        return dotted(route)


def _path(source: Path | str) -> Path | None:
    """The path that a source is; None where it is text."""
    if isinstance(source, Path):
        return source
    return Path(source) if "\n" not in source and source.endswith((".yaml", ".yml")) else None
