"""A whole search-space file: the data, the space, the goals and how to search."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from tradespace.components.base import Component
from tradespace.components.notation import parse
from tradespace.components.roles import STAGES
from tradespace.data.tables import RecordedGrid, read_table, recorded_grid, resolved_columns
from tradespace.errors import InputError, nearest
from tradespace.evals.figures import FIGURES, METERS, USD_PER_1K, Meter, Rates, figure_of
from tradespace.evals.group_names import GroupName, base_measure
from tradespace.evals.measures import Measure, measure
from tradespace.evals.measures.configured import ConfiguredMeasure
from tradespace.evals.measures.judge import JudgedMeasure
from tradespace.files import expanded
from tradespace.search_space.constraints import Constraint
from tradespace.search_space.deployment.section import DeploymentReader
from tradespace.search_space.deployment.space import DeploymentSpace
from tradespace.search_space.document import Route, YamlDocument, parse_yaml, read_file
from tradespace.search_space.expressions import ExpressionSyntaxError
from tradespace.search_space.goals import Goals, HigherIsBetter, read_objectives, read_service_level, usual_latency
from tradespace.search_space.measures_yaml import directions, known_measures, read_measures
from tradespace.search_space.naming import name_fault
from tradespace.search_space.occurring import occurring
from tradespace.search_space.preferences import read_limits, read_recommend, read_utility
from tradespace.search_space.pricing import unpriced
from tradespace.search_space.proposals import InstructionProposals, read_proposals
from tradespace.search_space.reading import SpaceReader
from tradespace.search_space.recorded import missing_figures, recorded_figures, recorded_root
from tradespace.search_space.run import RunSection, read_run
from tradespace.search_space.scope import nothing_left, unknown_name
from tradespace.search_space.sections import (
    Data,
    LedgerSection,
    Prices,
    SearchPlan,
    Strategies,
    read_search,
    read_section,
)
from tradespace.search_space.space import PipelineSpace
from tradespace.search_space.stages import online_among
from tradespace.search_space.text_files import with_text_files
from tradespace.search_space.tree import PipelineProduct
from tradespace.secrets import hold_passwords

FILE_SECTIONS = (
    *("name", "data", "pipeline", "measures", "objectives", "sla", "limits", "utility", "recommend"),
    *("prices", "deployment", "constraints", "search", "run", "ledger", "observed"),
    *dict.fromkeys(meter.section for meter in METERS),
)
REQUIRED = ("name", "data", "pipeline", "objectives")
Read = TypeVar("Read")


@dataclass(frozen=True)
class Specification:
    """A search-space file, read and found free of faults.

    Attributes:
        rates: what quantities are estimated from that a machine does not measure, by section.
        grid: what was measured elsewhere, where pipelines are looked up in a table and not run.
        proposals: who proposes instructions before the search, where that is wanted.
        deployment: how pipelines may be deployed and what load they are to bear, with the goals as written. `goals` are
            those of them that can be judged before; the same where nothing is said of a deployment.
        observed: the path of what was recorded of a system that runs already; None where nothing is said of one.
        measures: measures with settings, by name: those of the file, and kinds that it names without any.
        ledger: where calls are recorded, if not in the folder of the study.
        run: where calls are made.
        text: the file as it was; where files hold texts that it names, with these texts in the place of their paths.
    """

    name: str
    data: Data
    space: PipelineSpace
    goals: Goals
    search: SearchPlan
    prices: Prices | None
    text: str
    path: Path | None = None
    rates: Mapping[str, Rates] = field(default_factory=dict)
    grid: RecordedGrid | None = None
    proposals: InstructionProposals | None = None
    deployment: DeploymentSpace | None = None
    observed: Path | None = None
    measures: Mapping[str, ConfiguredMeasure] = field(default_factory=dict)
    ledger: LedgerSection | None = None
    run: RunSection = field(default_factory=RunSection)

    @property
    def components(self) -> Iterator[Component]:
        """What exploring and serving may call: components of the space, nested ones also apart from what holds them,
        the model that proposes instructions, measures with settings, and what answers where a group of stages
        failed."""
        yield from occurring(self.space.root)
        if self.proposals:
            yield self.proposals.model
        yield from self.measures.values()
        for fallback in self.deployment.fallbacks if self.deployment else ():
            yield from parse(fallback)

    def measure(self, name: str) -> Measure:
        """What a name means that objectives, limits or examples call a measure by.

        Raises:
            InputError: there is no measure of that name.
        """
        known = known_measures(self.measures)
        return measure(name, {each: configured.measure(each) for each, configured in known.items()})

    @property
    def judged_by(self) -> dict[str, ConfiguredMeasure]:
        """The measures with settings that pipelines are judged by, by name; a group's is that of all questions."""
        whole = {name: GroupName.parse(name) for name in self.goals.scores}
        of_all = {name: group.measure if group else name for name, group in whole.items()}
        return {name: self.measures[of] for name, of in of_all.items() if of in self.measures}

    @property
    def scored_by(self) -> dict[str, str]:
        """The keys of these: scores hold for them alone."""
        return {name: configured.key for name, configured in self.judged_by.items()}

    @property
    def judges(self) -> dict[str, str]:
        """Who judges, by name of a measure: of those that pipelines are judged by, where a model gives the scores."""
        wanted = {name: self.measures.get(base_measure(name)) for name in self.goals.scores}
        return {name: repr(each.model) for name, each in wanted.items() if isinstance(each, JudgedMeasure)}

    @property
    def folder(self) -> Path:
        """The folder that paths in the file are relative to."""
        return self.path.parent if self.path else Path()


def any_measure(name: str) -> bool:
    """Take every measure for one of which more is better: for callers that do not know the measures."""
    return True


def load_specification(
    path: Path | str,
    *,
    folder: Path | None = None,
    strategies: Strategies | None = None,
    measures: HigherIsBetter = any_measure,
) -> Specification:
    """Read a search-space file and check all of it.

    Args:
        path: the YAML file.
        folder: what paths in it are relative to, if that is not its own folder.
        strategies: the settings models of the known strategies by name; without it no strategy is checked.
        measures: the natural direction of each known per-question measure; without it no measure is checked.

    Raises:
        SpaceError: something is wrong; it carries every fault that was found.
    """
    file = Path(path)
    base = folder or file.parent
    return specification_in(read_file(file), base / file.name, strategies=strategies, measures=measures)


def load_text(
    text: str, name: str = "space.yaml", *, strategies: Strategies | None = None, measures: HigherIsBetter = any_measure
) -> Specification:
    """Read a specification from text, as `load_specification` does from a file; paths are relative to where you are.

    Raises:
        SpaceError: something is wrong; it carries every fault that was found.
    """
    return specification_in(parse_yaml(text, name), None, strategies=strategies, measures=measures)


def specification_in(
    document: YamlDocument,
    path: Path | None,
    *,
    strategies: Strategies | None = None,
    measures: HigherIsBetter = any_measure,
) -> Specification:
    """Check all of a document that was read, as `load_specification` does; its paths are relative to the folder of
    `path`, or to where you are.

    Raises:
        SpaceError: something is wrong; it carries every fault that was found.
    """
    folder = path.parent if path else Path()
    return _Reader(with_text_files(document, folder), strategies, measures).specification(path)


class _Reader:
    """Reads section by section, noting faults in the document, and raises them all at the end."""

    def __init__(self, document: YamlDocument, strategies: Strategies | None, measures: HigherIsBetter) -> None:
        self.document = document
        self.strategies = strategies
        self.sections = self._sections()
        self.stated = self._read("measures", lambda section, route: read_measures(section, route, document)) or {}
        section = self.sections.get("measures")
        faulty = section.keys() - self.stated.keys() if isinstance(section, Mapping) else ()
        self.measures = directions(known_measures(self.stated), measures, faulty)

    def specification(self, path: Path | None) -> Specification:
        document = self.document
        name = self._read("name", self._name)
        data = self._read("data", lambda section, route: read_section(Data, section, route, document))
        from_table = data is not None and bool(data.tables)
        grid = self._grid(data, path.parent if path else Path()) if data and from_table else None
        root = recorded_root(grid) if grid else self._read("pipeline", SpaceReader(document).pipeline)
        constraints = self._read("constraints", self._constraints) or ()
        space = PipelineSpace(root, constraints) if root else None
        goals = self._goals(online_among(space.stages if space else (*STAGES, *self._section_names("pipeline"))))
        prices = self._read("prices", lambda section, route: read_section(Prices, section, route, document))
        rates = {meter.section: self._read(meter.section, self._rates_of(meter)) for meter in METERS}
        if goals and grid:
            for problem in missing_figures(grid, goals):
                document.fault(("objectives",), problem)
        elif goals and not from_table:
            self._check_needs(goals)
            if USD_PER_1K.name in goals.needed:
                self._check_prices(root, prices)
        search = read_search(self.sections.get("search"), ("search",), document, self.strategies)
        wanted = search.proposals if search else None
        proposals = read_proposals(wanted, root, document, self.measures) if wanted else None
        if space:
            self._check_space(space, search)
        deployment = (
            self._deployment(space, goals, prices, path.parent if path else Path()) if space and goals else None
        )
        run = self._read("run", lambda section, route: read_run(section, route, document)) or RunSection()
        if run.timing and "deployment" in self.sections:
            message = "deployments are measured where the command runs: leave this out, or the section `deployment`"
            document.fault(("run", "timing"), message)
        observed = self._read("observed", self._observed)
        ledger = self._read("ledger", self._ledger)
        document.raise_faults()
        assert name and data and space and goals and search  # or a fault would have been raised
        known = {section: read for section, read in rates.items() if read}
        return Specification(
            *(name, data, space, goals.of_pipelines, search, prices, document.text),
            *(path, known, grid, proposals, deployment),
            observed=(path.parent if path else Path()) / observed if observed else None,
            measures={} if grid else self._named_measures(goals, proposals),
            ledger=ledger,
            run=run,
        )

    def _named_measures(self, goals: Goals, proposals: InstructionProposals | None) -> dict[str, ConfiguredMeasure]:
        """Measures with settings: all that are stated, and those that are named without any."""
        named = {*goals.scores, *([proposals.settings.measure] if proposals else [])}
        known = known_measures(self.stated)
        return {name: known[name] for name in known if name in named or name in self.stated}

    def _deployment(
        self, space: PipelineSpace, goals: Goals, prices: Prices | None, folder: Path
    ) -> DeploymentSpace | None:
        if "deployment" in self.sections and "pipeline" not in self.sections:
            message = "the pipelines of a table cannot be deployed: what each of their stages takes is not known"
            self.document.fault(("deployment",), message)
            return None
        reader = DeploymentReader(self.document, space.stages, folder)
        usd_per_hour = prices.host_usd_per_hour if prices else None
        return self._read("deployment", lambda section, route: reader.read(section, route, goals, usd_per_hour))

    def _grid(self, data: Data, folder: Path) -> RecordedGrid | None:
        """The grid of a table, whose columns of scores are the only measures then."""
        self.measures = any_measure
        try:
            table = read_table([folder / expanded(name) for name in data.tables])
            grid = recorded_grid(resolved_columns(table, data.columns.of_table), data.columns.ranges)
            recorded_figures(grid)
        except InputError as error:
            for fault in error.faults:
                self.document.fault(("data", "table"), str(fault))
            return None
        return grid

    def _ledger(self, section: Any, route: Route) -> LedgerSection | None:
        hold_passwords(str(section))  # which have no place here, and so none in the message that says so
        return read_section(LedgerSection, section, route, self.document)

    def _observed(self, section: Any, route: Route) -> Path | None:
        if isinstance(section, str) and section.strip():
            return expanded(section)
        self.document.fault(route, f"must be the path of a file that `tradespace import` wrote; given: {section!r}")
        return None

    def _goals(self, stages: Sequence[str]) -> Goals | None:
        """What pipelines are judged by; None where no objective could be read, on which all else rests."""
        document, measures = self.document, self.measures
        usual = usual_latency(self._section_names("objectives"))
        sla = self._read("sla", lambda section, route: read_service_level(section, route, document, stages, usual))
        objectives = self._read(
            "objectives", lambda section, route: read_objectives(section, route, document, measures)
        )
        if not objectives:
            return None
        goals = Goals(objectives, sla)
        limits = self._read("limits", lambda section, route: read_limits(section, route, document, measures, goals))
        utility = self._read("utility", lambda section, route: read_utility(section, route, document, objectives))
        recommend = self._read("recommend", lambda section, route: read_recommend(section, route, document))
        return replace(goals, limits=limits or (), utility=utility, recommend=recommend is not False)

    def _sections(self) -> Mapping[str, Any]:
        sections = self.document.data
        if not isinstance(sections, Mapping):
            self.document.fault((), f"must hold the sections {', '.join(FILE_SECTIONS)}; given: {sections!r}")
            return {}
        for section in sections.keys() - set(FILE_SECTIONS):
            nearby = nearest(section, list(FILE_SECTIONS))
            self.document.fault((section,), f"no section is called {section!r}; {nearby}")
        recorded = isinstance(sections.get("data"), Mapping) and "table" in sections["data"]
        for section in REQUIRED:
            if section not in sections and not (recorded and section == "pipeline"):
                self.document.fault((), f"needs the section `{section}`")
        if recorded and "pipeline" in sections:
            message = "the pipelines are those of the table: leave this section out; `constraints` can restrict them"
            self.document.fault(("pipeline",), message)
        if recorded and "measures" in sections:
            message = "the scores are those of the table: leave this section out; it holds no answers to score"
            self.document.fault(("measures",), message)
        return sections

    def _section_names(self, section: str) -> tuple[str, ...]:
        """What a section that is not free of faults names; nothing where it is no mapping."""
        names = self.sections.get(section)
        return tuple(names) if isinstance(names, Mapping) else ()

    def _read(self, section: str, read: Callable[[Any, Route], Read]) -> Read | None:
        return read(self.sections[section], (section,)) if section in self.sections else None

    def _rates_of(self, meter: Meter[Any]) -> Callable[[Any, Route], Rates | None]:
        return lambda section, route: read_section(meter.rates, section, route, self.document)

    def _name(self, name: Any, route: Route) -> str | None:
        if fault := name_fault(name):
            self.document.fault(route, f"the name {fault}")
            return None
        return str(name)

    def _constraints(self, section: Any, route: Route) -> tuple[Constraint, ...]:
        if not isinstance(section, list):
            self.document.fault(route, f"must be a list such as ['rerank.keep <= retrieve.top_k']; given: {section!r}")
            return ()
        constraints = [self._constraint(text, (*route, place)) for place, text in enumerate(section)]
        return tuple(constraint for constraint in constraints if constraint)

    def _constraint(self, text: Any, route: Route) -> Constraint | None:
        if not isinstance(text, str):
            self.document.fault(route, f"a constraint must be text such as 'rerank.keep <= 5'; given: {text!r}")
            return None
        try:
            return Constraint.parse(text)
        except ExpressionSyntaxError as error:
            self.document.fault(route, f"the constraint `{text}` {error}")
            return None

    def _check_needs(self, goals: Goals) -> None:
        """A figure that pipelines are judged by must be known."""
        for name in goals.needed:
            figure = figure_of(name)
            if figure.needs and figure.needs[0] not in self.sections:
                route = ("objectives", name) if name in goals.measures else ("limits",)
                self.document.fault(route, "a {} needs a section `{}`, such as {}".format(figure.kind, *figure.needs))

    def _check_prices(self, root: PipelineProduct | None, prices: Prices | None) -> None:
        """Dollars that are an objective must be known for every pipeline."""
        for name in unpriced(root, prices) if root and prices else ():
            example = f"models: {{{name!r}: {{usd_per_million_in: 0.25, usd_per_million_out: 2.0}}}}"
            self.document.fault(("prices",), f"the model {name!r} runs elsewhere and needs a price, such as {example}")

    def _check_space(self, space: PipelineSpace, search: SearchPlan | None) -> None:
        known = True
        for constraint in space.constraints:
            problem = unknown_name(constraint, space.stages)
            if problem:
                known = False
                self._fault_constraint(constraint, f"{problem}{self._hint(constraint)}")
        if known and space.constraints and (problem := nothing_left(space)):
            self.document.fault(("constraints",), problem)
        if search and space.size() is None:
            self._check_infinite(search)

    def _check_infinite(self, search: SearchPlan) -> None:
        if not search.budget.bounded:
            self.document.fault(("search",), "an infinite space needs a budget of minutes, pipelines or calls")
        strategy = None if self.strategies is None else self.strategies.get(search.strategy.name)
        if strategy and strategy.finite_only:
            message = f"{strategy.name} needs a finite space: give every range of floats a `step`, or search otherwise"
            self.document.fault(("search", "strategy"), message)

    def _hint(self, constraint: Constraint) -> str:
        """Where a constraint belongs that is none between settings."""
        figures = {*FIGURES, *self._section_names("objectives")}
        is_limit = any(name[0] in figures for name in constraint.names)
        return "; a floor or ceiling of a figure belongs in the section `limits`" if is_limit else ""

    def _fault_constraint(self, constraint: Constraint, problem: str) -> None:
        place = self.sections["constraints"].index(constraint.text)
        self.document.fault(("constraints", place), f"the constraint `{constraint.text}` {problem}")
