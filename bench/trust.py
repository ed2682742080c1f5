"""What is claimed of finalists, on studies whose truth is known: questions drawn from those of a recorded space.

`python bench/trust.py` needs the recording that `python -m bench.search record wikipedia` makes. The mean over all its
questions is taken for the truth; a study explores and confirms on others drawn from them, with replacement.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.page import table, write
from bench.search.recording import Recording, load
from tradespace.evals.confidence_sequences import bernstein_bounds, betting_bounds
from tradespace.evals.statistics import DIFFERENCES, Estimate, means, quantiles
from tradespace.evals.verdicts import BoundVerdict
from tradespace.explorer.conclusions.cohort import Cohort
from tradespace.explorer.conclusions.finalists import finalists
from tradespace.explorer.conclusions.judging import Finalist, judged_finalists
from tradespace.explorer.confirming import FINALISTS, widest
from tradespace.explorer.dominance import non_dominated
from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.search_space.goals import Goals, Objective

STUDIES, EXPLORE, CONFIRM, FEWER_TIMED = 1000, 150, (150, 600), 72
SIZES, WIDTH_STUDIES = (150, 300, 600, 800, 1040), 20
PAIRS, LOOK_EVERY = 2000, 5
SCORE, LATENCY = "answer_f1", "latency_p95"


@dataclass
class Tally:
    """Sums what was seen, by name."""

    seen: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, name: str, values: Sequence[float] | float | bool) -> None:
        """Note one value or several."""
        self.seen[name] += [float(value) for value in (values if isinstance(values, Sequence) else [values])]

    def share(self, name: str) -> str:
        """In per cent."""
        return f"{100 * float(np.mean(self.seen[name])):.1f} %"

    def points(self, name: str) -> str:
        """In hundredths."""
        return f"{100 * float(np.mean(self.seen[name])):+.2f}"


@dataclass(frozen=True)
class Population:
    """All that can be asked, and what is true of it."""

    recording: Recording

    @cached_property
    def goals(self) -> Goals:
        """Accuracy against latency, under the service level of the space."""
        objectives = (Objective(SCORE, maximize=True), Objective(LATENCY, maximize=False))
        return Goals(objectives, self.recording.specification.goals.sla)

    @cached_property
    def names(self) -> list[str]:
        """The notation of each pipeline."""
        return [str(pipeline) for pipeline in self.recording.pipelines]

    @cached_property
    def stages(self) -> list[dict[str, str]]:
        """The components of each pipeline."""
        return [{stage: repr(one) for stage, one in each.stages.items()} for each in self.recording.pipelines]

    @cached_property
    def scores(self) -> dict[str, float]:
        """The true score of each pipeline."""
        return dict(zip(self.names, self.recording.scores.mean(axis=1).tolist(), strict=True))

    @cached_property
    def seconds(self) -> dict[str, float]:
        """The true latency of each pipeline."""
        true = np.quantile(self.recording.figures, 0.95, axis=1, method="inverted_cdf")
        return dict(zip(self.names, true.tolist(), strict=True))

    def keeps(self, pipeline: str) -> bool:
        """Whether a pipeline truly keeps the service level."""
        return self.goals.sla is not None and self.seconds[pipeline] <= self.goals.sla.seconds

    def ask(self, places: Sequence[int], questions: np.ndarray, split: QuestionSet) -> list[Evaluation]:
        """Evaluate pipelines on some of the questions."""
        scores, seconds = self.recording.scores[:, questions], self.recording.figures[:, questions]
        return [
            Evaluation(
                self.names[place],
                "",
                split,
                self.stages[place],
                {SCORE: tuple(scores[place].tolist())},
                seconds={"all": tuple(seconds[place].tolist())},
                answers=scores[place].tobytes().hex(),
            )
            for place in places
        ]


def study(population: Population, confirm: int, random: np.random.Generator, tally: Tally) -> None:
    """Explore, choose finalists, confirm them, and compare what is claimed with the truth."""
    count, known = len(population.recording.pipelines), population.recording.scores.shape[1]
    goals = population.goals
    explored = population.ask(range(count), random.integers(0, known, EXPLORE), QuestionSet.EXPLORE)
    _choices(population, explored, tally)
    places = [population.names.index(one.pipeline) for one in finalists(explored, goals, FINALISTS)]
    confirmed = population.ask(places, random.integers(0, known, confirm), QuestionSet.CONFIRM)
    cohort = Cohort(tuple(confirmed))
    judged = judged_finalists(cohort, (SCORE, LATENCY), goals)
    _intervals(population, judged, cohort, tally)
    _differences(population, judged, tally)
    _verdicts(population, judged, confirmed, tally)
    best = next((one for one in judged if not one.missed), None)
    if best:
        before = next(one for one in explored if one.pipeline == best.evaluation.pipeline)
        tally.add("fell", float(np.mean(before.scores[SCORE])) - (best.estimates[SCORE].value or 0.0))
        tally.add("curse after", (best.estimates[SCORE].value or 0.0) - population.scores[best.evaluation.pipeline])


def _choices(population: Population, explored: Sequence[Evaluation], tally: Tally) -> None:
    """What choosing one pipeline loses, and how much its figure flatters it: by its mean, and by its smoothed mean."""
    able = [one for one in explored if population.keeps(one.pipeline)]
    top = max(population.scores[one.pipeline] for one in able)
    by_mean = max(able, key=lambda one: float(np.mean(one.scores[SCORE])))
    smooth = finalists(explored, replace(population.goals, sla=None), len(explored))
    by_smoothed = next(one for one in smooth if population.keeps(one.pipeline))
    for name, chosen in (("mean", by_mean), ("smoothed", by_smoothed)):
        true = population.scores[chosen.pipeline]
        tally.add(f"regret {name}", top - true)
        tally.add(f"curse {name}", float(np.mean(chosen.scores[SCORE])) - true)


def _intervals(population: Population, judged: Sequence[Finalist], cohort: Cohort, tally: Tally) -> None:
    """Whether intervals hold the truth: each, and all of a study at once."""
    order = [one.evaluation.pipeline for one in judged]
    places = [order.index(one.pipeline) for one in cohort.evaluations]
    for measure, truth, alone in (
        (SCORE, population.scores, means(cohort.values(SCORE).tolist())),
        (LATENCY, population.seconds, quantiles(cohort.values(LATENCY).tolist(), 0.95)),
    ):
        together = [judged[place].estimates[measure] for place in places]
        for name, intervals in (("before", alone), ("now", together)):
            held = [_holds(one, truth[each.pipeline]) for one, each in zip(intervals, cohort.evaluations, strict=True)]
            tally.add(f"{measure} each {name}", held)
            tally.add(f"{measure} all {name}", all(held))


def _differences(population: Population, judged: Sequence[Finalist], tally: Tally) -> None:
    """The same of what finalists lack against the best, and how often the truly best is said to be worse."""
    best = next((one for one in judged if one.behind is None), None)
    others = [one for one in judged if one is not best]
    if best is None or not others:
        return
    gaps = [population.scores[best.evaluation.pipeline] - population.scores[one.evaluation.pipeline] for one in others]
    rows = [np.subtract(best.evaluation.scores[SCORE], one.evaluation.scores[SCORE]).tolist() for one in others]
    now = [one.behind for one in others if one.behind]
    for name, intervals in (("before", means(rows, within=DIFFERENCES)), ("now", now)):
        held = [_holds(one, gap) for one, gap in zip(intervals, gaps, strict=True)]
        tally.add(f"behind each {name}", held)
        tally.add(f"behind all {name}", all(held))
        wrong = [(one.low or 0.0) > 0 and gap <= 0 for one, gap in zip(intervals, gaps, strict=True)]
        tally.add(f"wrongly worse {name}", any(wrong))


def _verdicts(
    population: Population, judged: Sequence[Finalist], confirmed: Sequence[Evaluation], tally: Tally
) -> None:
    """False verdicts about the service level: by the p95 of the first 72 timed questions, and by evidence on all."""
    bound = population.recording.bound
    figures = {one.pipeline: float(np.quantile(one.seconds["all"][:FEWER_TIMED], 0.95, method="inverted_cdf"))
               for one in confirmed}  # fmt: skip
    before = [(value <= bound) != population.keeps(name) for name, value in figures.items()]
    decided = [one for one in judged if one.verdict is not BoundVerdict.UNDECIDED]
    now = [(one.verdict is BoundVerdict.KEPT) != population.keeps(one.evaluation.pipeline) for one in decided]
    tally.add("false each before", before)
    tally.add("false all before", any(before))
    tally.add("false each now", now)
    tally.add("false all now", any(now))
    tally.add("decided", len(decided) / len(judged))


def _holds(estimate: Estimate, truth: float) -> bool:
    return estimate.low is not None and estimate.high is not None and estimate.low <= truth <= estimate.high


def claims_table(population: Population) -> str:
    """What was claimed before, and is now."""
    blocks = []
    for confirm in CONFIRM:
        random, tally = np.random.default_rng(confirm), Tally()
        for number in range(STUDIES):
            study(population, confirm, random, tally)
            print(f"\r{confirm} questions: {number + 1}/{STUDIES} studies", end="", file=sys.stderr)
        blocks.append(f"**{EXPLORE} explore and {confirm} confirm questions**\n\n{_rows(tally)}")
    return "\n\n".join(blocks)


def _rows(tally: Tally) -> str:
    both = [
        ("F1 of a finalist is in its interval", f"{SCORE} each"),
        ("F1 of all finalists at once", f"{SCORE} all"),
        ("p95 of a finalist", f"{LATENCY} each"),
        ("p95 of all finalists at once", f"{LATENCY} all"),
        ("what a finalist lacks against the best", "behind each"),
        ("what all lack at once", "behind all"),
        ("a finalist that is as good is called worse than the best, in studies", "wrongly worse"),
        ("false verdicts about the SLA, of those given", "false each"),
        ("studies with a false verdict", "false all"),
    ]
    rows = [(words, tally.share(f"{name} before"), tally.share(f"{name} now")) for words, name in both]
    chosen = [
        ("regret of the pipeline chosen on explore, points of F1", "regret"),
        ("its figure there above the truth, points", "curse"),
    ]
    rows += [(words, tally.points(f"{name} mean"), tally.points(f"{name} smoothed")) for words, name in chosen]
    rows += [
        ("finalists whose SLA is decided", "100 %", tally.share("decided")),
        ("the best falls from explore to confirm, points", "", tally.points("fell")),
        ("its confirmed figure above the truth, points", "", tally.points("curse after")),
    ]
    return table(("", "before", "now"), rows)


def widths_table(population: Population) -> str:
    """How precisely the finalists that keep the SLA are known by so many questions."""
    random, rows = np.random.default_rng(7), []
    for size in SIZES:
        halves = list(_widths(population, size, random))
        rows.append((str(size), *(f"±{100 * float(np.quantile(halves, share)):.1f}" for share in (0.5, 0.9))))
    return table(("confirm questions", "half-width in points of F1, all finalists at once: median", "90 %"), rows)


def _widths(population: Population, size: int, random: np.random.Generator) -> Iterator[float]:
    count, known = len(population.recording.pipelines), population.recording.scores.shape[1]
    for _ in range(WIDTH_STUDIES):
        explored = population.ask(range(count), random.integers(0, known, EXPLORE), QuestionSet.EXPLORE)
        chosen = [one.pipeline for one in finalists(explored, population.goals, FINALISTS)]
        places = [population.names.index(name) for name in chosen if population.keeps(name)]
        yield widest(population.ask(places, random.integers(0, known, size), QuestionSet.CONFIRM), SCORE)


def pairs_table(population: Population) -> str:
    """Bounds for pairs of pipelines, looked at after every few questions drawn without replacement."""
    scores = population.recording.scores
    front = np.flatnonzero(non_dominated(np.column_stack([scores.mean(axis=1), [*population.seconds.values()]]),
                                         [True, False]))  # fmt: skip
    random, asked = np.random.default_rng(3), scores.shape[1]
    rows = []
    first, second = random.choice(front, PAIRS), random.integers(0, len(scores), PAIRS)
    drawn = np.stack([random.permutation(asked) for _ in range(PAIRS)])
    gaps = np.take_along_axis(scores[first] - scores[second], drawn, axis=1)
    truth = gaps.mean(axis=1)
    for name, bounds in (("betting", betting_bounds), ("empirical Bernstein", bernstein_bounds)):
        known = {count: bounds(gaps[:, :count], asked) for count in (50, 150, asked - 5)}
        low, high = known[asked - 5]
        wrong = ((low > truth + 1e-9) | (high < truth - 1e-9)).mean()
        shown = [f"{100 * float((low > 0).mean() + (high < 0).mean()):.0f} %" for low, high in known.values()]
        width = [f"{100 * float((high - low).mean()):.1f}" for low, high in known.values()]
        rows.append((name, f"{100 * wrong:.1f} %", *shown[:2], *width[:2]))
    rows.append(("z of 1.96, unadjusted", f"{100 * _peeking(gaps, truth):.1f} %", "", "", "", ""))
    head = ("bounds on a pair", "ever wrong", "told apart by 50", "by 150", "width in points at 50", "at 150")
    return table(head, rows)


def _peeking(gaps: np.ndarray, truth: np.ndarray) -> float:
    """How often an ordinary interval is ever wrong that is looked at again and again."""
    wrong = np.zeros(len(gaps), dtype=bool)
    for asked in range(20, gaps.shape[1] - LOOK_EVERY, LOOK_EVERY):
        some = gaps[:, :asked]
        wrong |= np.abs(some.mean(axis=1) - truth) > 1.96 * some.std(axis=1, ddof=1) / np.sqrt(asked) + 1e-12
    return float(wrong.mean())


def main() -> None:
    """Write the tables."""
    recording = load("wikipedia")
    population = Population(recording)
    count, questions = recording.scores.shape
    write(
        "trust",
        f"{STUDIES:,} studies each, of {count} pipelines and {questions} questions that are drawn with replacement. "
        "*Before* is an interval for each finalist alone, the percentile bootstrap of paired differences, the p95 of "
        f"{FEWER_TIMED} timed questions against the bound, and choosing by the mean.\n\n"
        f"{claims_table(population)}\n\nHow many questions a precision takes:\n\n{widths_table(population)}\n\n"
        f"{PAIRS:,} pairs of a pipeline on the true frontier and any other, drawn without replacement and looked at "
        f"after every question (z: every {LOOK_EVERY}):\n\n{pairs_table(population)}",
    )


if __name__ == "__main__":
    main()
