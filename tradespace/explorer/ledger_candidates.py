"""Candidates as the ledger knows them: what a search may know of pipelines without making a dear call.

Cheap calls are made first, for all pipelines at once: so it is known what the dear stages are given, which of
their calls the ledger has, what the others cost, and which pipelines are one. Figures are foretold from that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import takewhile

import numpy as np

from tradespace.components.base import Component, Pipeline
from tradespace.evals.measures import Measure
from tradespace.explorer.arrays import Floats
from tradespace.explorer.planning.cell_scores import AnsweredCell, CellScores, lacking_with
from tradespace.explorer.planning.dry_run import DryRun
from tradespace.explorer.running.call_answers import Assumed
from tradespace.explorer.running.call_scorer import CallScores
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.recorded_scorer import calling
from tradespace.explorer.running.replayed_calls import asks_a_model
from tradespace.explorer.running.runner import Trace, Traces, make_calls, run
from tradespace.explorer.running.scoring import score_traces
from tradespace.explorer.search.candidates import Appraisal, Cells
from tradespace.types import Failure, Question, Request

SCOUTED = 2
"""Questions on which it is found out which components a stage calls."""


@dataclass
class CallNumbers:
    """Numbers of the calls that are missing, and their prices."""

    price: Callable[[Assumed], float]
    prices: list[float] = field(default_factory=list)
    _numbers: dict[bytes, int] = field(default_factory=dict)

    def of(self, assumed: Sequence[Assumed]) -> list[int]:
        """The number of each call; equal calls have one."""
        return [self._number(each) for each in assumed]

    def _number(self, assumed: Assumed) -> int:
        if assumed.key not in self._numbers:
            self._numbers[assumed.key] = len(self.prices)
            self.prices.append(self.price(assumed))
        return self._numbers[assumed.key]


@dataclass
class LedgerCandidates:
    """A `CandidateSource` over a study's ledger.

    Attributes:
        recorded_calls: makes the cheap calls.
        questions_asked: the explore questions, in the order of the blocks.
        measures: the objectives that are scores.
        figures: foretells the others from traces, with their relative standard errors.
        is_dear: whether the calls of a component are left to the search to be bought.
        price: of a call, in `unit`.
    """

    recorded_calls: RecordedCalls
    questions_asked: Sequence[Question]
    measures: Sequence[Measure]
    cost_names: tuple[str, ...]
    figures: Callable[[Mapping[Pipeline, Sequence[Trace]]], tuple[Floats, Floats]]
    is_dear: Callable[[Component], bool]
    price: Callable[[Assumed], float]
    unit: str = "s"
    _numbers: CallNumbers = field(init=False)
    _traces: dict[Pipeline, list[Trace]] = field(default_factory=dict, init=False)
    _foretold: dict[Pipeline, tuple[Floats, Floats]] = field(default_factory=dict, init=False)
    _outdated: set[Pipeline] = field(default_factory=set, init=False)
    _revealed: int = field(default=0, init=False)
    _revealed_before: int = field(default=1, init=False)
    _classes: dict[tuple[int, ...], int] = field(default_factory=dict, init=False)
    _called: defaultdict[Component, set[Component]] = field(default_factory=lambda: defaultdict(set), init=False)
    _works: dict[Hashable, int] = field(default_factory=dict, init=False)
    _by_calls: CellScores = field(init=False)

    def __post_init__(self) -> None:
        self._numbers = CallNumbers(self.price)
        opened, ledger = self.recorded_calls.opened_components, self.recorded_calls.ledger
        self._by_calls = CellScores(calling(self.measures), self.questions_asked, opened, ledger)

    @property
    def questions(self) -> int:
        """How many there are."""
        return len(self.questions_asked)

    @property
    def score_names(self) -> tuple[str, ...]:
        """The objectives that are scores."""
        return tuple(measure.name for measure in self.measures)

    @property
    def prices(self) -> Floats:
        """Of every call that has a number so far."""
        return np.array(self._numbers.prices, dtype=np.float64)

    def appraise(self, pipelines: Sequence[Pipeline]) -> Appraisal:
        """Make the cheap calls of pipelines, and say what is known of them.

        Raises:
            BudgetSpent: the cheap calls exceed the budget.
            ModelUnavailableError: a server that answers cheap calls is down.
        """
        texts = [question.text for question in self.questions_asked]
        self._scout(pipelines)
        make_calls(self.recorded_calls, list(self._cheap_beginnings(pipelines)), texts)
        self._traces |= self._rehearsed(pipelines, texts)
        cells = [
            AnsweredCell(pipeline, question, trace)
            for pipeline in pipelines
            for question, trace in enumerate(self._traces[pipeline])
        ]
        alike = np.array([self._class(pipeline) for pipeline in pipelines], dtype=np.intp)
        return Appraisal(alike, *self.costs(pipelines), self._cells(cells, self._by_calls.of(cells)))

    def reveal(self, cells: Sequence[tuple[Pipeline, int]]) -> Cells:
        """Look up in the ledger what the missing calls of cells came to. A call that is still missing has failed."""
        self._revealed += len(cells)
        self._outdated |= {pipeline for pipeline, _ in cells if _asks_a_model(pipeline)}
        asked: defaultdict[int, list[Pipeline]] = defaultdict(list)
        for pipeline, question in cells:
            asked[question].append(pipeline)
        for question, pipelines in asked.items():
            fresh = self._rehearsed(pipelines, [self.questions_asked[question].text])
            for pipeline, (trace,) in fresh.items():
                before = self._traces[pipeline][question]
                self._traces[pipeline][question] = _failed(trace) if _still_missing(before, trace) else trace
        revealed = [AnsweredCell(pipeline, question, self._traces[pipeline][question]) for pipeline, question in cells]
        return self._cells(revealed, self._by_calls.of(revealed, bought=True))

    def costs(self, pipelines: Sequence[Pipeline]) -> tuple[Floats, Floats]:
        """Figures and their relative standard errors, foretold from all that is known by now.

        What a pipeline takes is foretold again when more of its answers are known, as they may be longer or shorter
        than expected; all are, whenever twice as many are known. Without a language model it does not depend on them.
        """
        if self._revealed >= 2 * self._revealed_before:
            self._revealed_before = max(1, self._revealed)
            self._outdated |= {pipeline for pipeline in self._foretold if _asks_a_model(pipeline)}
        fresh = [pipeline for pipeline in pipelines if pipeline not in self._foretold or pipeline in self._outdated]
        self._outdated -= set(fresh)
        if fresh:
            rows = zip(*self.figures({pipeline: self._traces[pipeline] for pipeline in fresh}), strict=True)
            self._foretold |= dict(zip(fresh, rows, strict=True))
        values, spread = zip(*(self._foretold[pipeline] for pipeline in pipelines), strict=True)
        return np.stack(values), np.stack(spread)

    def _scout(self, pipelines: Sequence[Pipeline]) -> None:
        """Find out which components are called by the stages of pipelines, without calling any."""
        nothing_known = DryRun(self.recorded_calls.opened_components)
        texts = [question.text for question in self.questions_asked[:SCOUTED]]
        for pipeline, traces in run(nothing_known, pipelines, texts).items():
            for trace in traces:
                self._note_called(pipeline, trace)

    def _note_called(self, pipeline: Pipeline, trace: Trace | None) -> None:
        while trace is not None and trace.stage is not None:
            called = {assumed.call.component for assumed in trace.last_missing + trace.last_further}
            if stage := pipeline.stages.get(trace.stage):
                self._called[stage] |= called
            trace = trace.before

    def _stage_is_dear(self, stage: Component) -> bool:
        return any(map(self.is_dear, self._called[stage]))

    def _cheap_beginnings(self, pipelines: Sequence[Pipeline]) -> Iterator[Pipeline]:
        """The stages of each pipeline before the first that is dear, each beginning once."""
        cheap = (tuple(takewhile(lambda stage: not self._stage_is_dear(stage), each.components)) for each in pipelines)
        beginnings = (Pipeline(components) for components in dict.fromkeys(cheap) if components)
        return (beginning for beginning in beginnings if beginning.online)

    def _rehearsed(self, pipelines: Sequence[Pipeline], texts: Sequence[str]) -> Traces:
        return run(DryRun(self.recorded_calls.opened_components, self.recorded_calls.ledger), pipelines, texts)

    def _cells(self, cells: Sequence[AnsweredCell], by_calls: CallScores) -> Cells:
        scored = zip(*by_calls.values(), strict=True) if by_calls else [()] * len(cells)
        lacking = [lacking_with(cell.trace, scores) for cell, scores in zip(cells, scored, strict=True)]
        numbers = [self._numbers.of(each.missing) for each in lacking]
        further = [
            self._price_of_further(missing, each.further) for missing, each in zip(numbers, lacking, strict=True)
        ]
        starts = np.concatenate([[0], np.cumsum([len(missing) for missing in numbers])]).astype(np.intp)
        calls = np.array([number for missing in numbers for number in missing], dtype=np.intp)
        known = [place for place, missing in enumerate(numbers) if not missing]
        return Cells(self._scores(cells, known, by_calls), starts, calls, np.array(further, dtype=np.float64))

    def _price_of_further(self, missing: Sequence[int], further: Sequence[Assumed]) -> float:
        return sum(self._numbers.prices[number] for number in set(self._numbers.of(further)) - set(missing))

    def _scores(self, cells: Sequence[AnsweredCell], known: Sequence[int], by_calls: CallScores) -> Floats:
        """The scores of cells, of those that lack nothing."""
        questions = [self.questions_asked[cells[place].question] for place in known]
        made = {name: [column[place] for place in known] for name, column in by_calls.items()}
        columns = score_traces(self.measures, questions, [cells[place].trace for place in known], made)
        scores = np.full((len(cells), len(self.measures)), np.nan)
        for column, name in enumerate(self.score_names):
            scores[known, column] = np.array(columns[name], dtype=np.float64)
        return scores

    def _class(self, pipeline: Pipeline) -> int:
        """The class of pipelines that are one by construction: their last stages do the same work on every question."""
        stages = pipeline.online
        search = [any(map(_searches, list(stages.values())[first:])) for first in range(len(stages))]
        works = tuple(self._work(pipeline, stages, search, trace) for trace in self._traces[pipeline])
        return self._classes.setdefault(works, len(self._classes))

    def _work(self, pipeline: Pipeline, stages: Mapping[str, Component], search: Sequence[bool], trace: Trace) -> int:
        """What decides the outcome on a question: the last stage and what it is given. Where that is only assumed, all
        stages from the first that lacks a call; where rankings are scored, the ranking as well."""
        lacking = _first_lacking(trace)
        first = list(stages).index(lacking) if lacking else len(stages) - 1
        request = _given_to(trace, list(stages)[first])
        if request is None:  # an earlier stage failed: nothing is known of what would be
            return self._number_of((pipeline, trace.failure and trace.failure.message))
        deciding, *after = list(stages.values())[first:]
        corpus = pipeline.corpus_stages if search[first] else pipeline.parsers
        ranking = tuple(scored.passage.id for scored in trace.ranking) if self._rankings_count else ()
        return self._number_of((corpus, *deciding.simplified(request), tuple(after), ranking))

    @property
    def _rankings_count(self) -> bool:
        return any(measure.scores_passages or measure.reads_passages for measure in self.measures)

    def _number_of(self, work: Hashable) -> int:
        return self._works.setdefault(work, len(self._works))


def _asks_a_model(pipeline: Pipeline) -> bool:
    return any(map(asks_a_model, pipeline.online.values()))


def _first_lacking(trace: Trace) -> str | None:
    """The first stage that lacks a call; None where none does."""
    earlier = _first_lacking(trace.before) if trace.before else None
    return earlier or (trace.stage if trace.last_missing else None)


def _given_to(trace: Trace, stage: str) -> Request | None:
    """What a stage was given; None where it was not reached."""
    while trace.before is not None:
        if trace.stage == stage:
            return trace.before.request
        trace = trace.before
    return None


@lru_cache(maxsize=4096)
def _searches(stage: Component) -> bool:
    """Whether what a stage returns depends on the corpus, not on what it is given alone."""
    return any(part.corpus_bound for part in stage.parts())


def _still_missing(before: Trace, now: Trace) -> bool:
    """Whether a call is missing that was said to be made."""
    keys = {assumed.key for assumed in before.lacking.missing}
    return any(assumed.key in keys for assumed in now.lacking.missing)


def _failed(trace: Trace) -> Trace:
    """The trace of a question on which a call failed."""
    return trace._replace(
        before=trace.before and _without_missing(trace.before),
        outcome=Failure("a call failed"),
        last_missing=(),
        last_further=(),
    )


def _without_missing(trace: Trace) -> Trace:
    return trace._replace(before=trace.before and _without_missing(trace.before), last_missing=(), last_further=())
