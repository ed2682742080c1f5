"""Rank pipelines on questions of people and on generated ones, and write how far they agree into the guide.

    python -m bench.generated              questions by rule; some ten minutes on two cores
    python -m bench.generated smollm2      besides, what SmolLM2 writes

What is called is kept below runs/: a run that was killed goes on when it is started again.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from bench.generated.agreement import Agreement, Floats, agreement, frontier, rank_correlations, regrets
from bench.generated.comparison import Comparison
from bench.page import table, write
from tradespace.components.base import Pipeline
from tradespace.components.roles import Role
from tradespace.explorer.generating.fates import Fate
from tradespace.explorer.generating.generation import GeneratedQuestions
from tradespace.types import Question

PEOPLE = "questions of people"
ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "generated-questions.md"
WANTED, CALLS_OF_SMOLLM2 = 250, 225
RANKS = ("questions", "number", "Kendall's τ, F1", "Spearman's ρ, F1", "Kendall's τ, MRR")
CHOICES = ("questions", "on both frontiers", "on one of them", "lost, mean", "lost, most", "lost by its best")
RETRIEVERS = ("bm25", "dense", "hybrid")


def main() -> None:
    """Do all of it, or only what SmolLM2 writes."""
    space, runs = Path(__file__).parent / "space.yaml", ROOT / "runs"
    if "smollm2" in sys.argv[1:]:
        comparison = Comparison(space, runs / "generated-smollm2")
        write("smollm2", survivors(comparison.by_smollm2(comparison.asked_about, CALLS_OF_SMOLLM2)), PAGE)
        return
    comparison = Comparison(space, runs / "generated")
    everything = comparison.by_rule(comparison.dataset.documents, WANTED)
    chosen = comparison.by_rule(comparison.asked_about, WANTED)
    sets: dict[str, Sequence[Question]] = {
        "other questions of people": comparison.real.confirm,
        "by rule, about the same documents": chosen.questions,
        "by rule, about all documents": everything.questions,
    }
    truth = comparison.scores(comparison.real.explore)
    scores = {name: comparison.scores(questions) for name, questions in sets.items()}
    sections = [
        f"{len(comparison.pipelines)} pipelines, ranked by {len(comparison.real.explore)} questions of people and by:",
        table(RANKS, list(ranks(truth, scores))),
        "Who stands on the frontier of F1 and latency, and points of F1 that are lost by trusting it:",
        table(CHOICES, list(choices(truth, scores, comparison.seconds))),
        "Kendall's τ by F1 among the pipelines with one retriever:",
        table(("questions", *RETRIEVERS), list(within_retriever(comparison.pipelines, truth, scores))),
        "Mean F1 of the pipelines with each retriever, in points:",
        table(("questions", *RETRIEVERS), list(by_retriever(comparison.pipelines, {PEOPLE: truth, **scores}))),
        "What became of the questions by rule about the same documents:",
        survivors(chosen),
    ]
    write("agreement", "\n\n".join(sections), PAGE)


def ranks(truth: Mapping[str, Floats], scores: Mapping[str, Mapping[str, Floats]]) -> Iterator[list[str]]:
    """A row for each set of questions: how far its ranks agree with those of people's questions."""
    for name, of_set in scores.items():
        f1, mrr = (agreement(truth[measure], of_set[measure]) for measure in ("answer_f1", "mrr"))
        yield [name, f"{of_set['mrr'].shape[1]}", _kendall(f1), _spearman(f1), _kendall(mrr)]


def choices(
    truth: Mapping[str, Floats], scores: Mapping[str, Mapping[str, Floats]], seconds: Floats
) -> Iterator[list[str]]:
    """A row for each set: its frontier beside that of people's questions. Points of F1 are lost, by people's questions,
    against the best pipeline that is no slower; by the one that is best by the set, against the best of all."""
    real = truth["answer_f1"].mean(axis=1)
    on_real = frontier(real, seconds)
    for name, of_set in scores.items():
        by_set = of_set["answer_f1"].mean(axis=1)
        on_set = frontier(by_set, seconds)
        lost = 100 * np.array(regrets(on_set, real, seconds))
        by_best = 100 * (real.max() - real[by_set.argmax()])
        both, one = len(on_set & on_real), len(on_set ^ on_real)
        yield [name, str(both), str(one), f"{lost.mean():.1f}", f"{lost.max():.1f}", f"{by_best:.1f}"]


def by_retriever(pipelines: Sequence[Pipeline], scores: Mapping[str, Mapping[str, Floats]]) -> Iterator[list[str]]:
    """A row for each set of questions: the mean F1 of the pipelines with each retriever, in points."""
    for name, of_set in scores.items():
        means = of_set["answer_f1"].mean(axis=1)
        yield [name, *(f"{100 * means[places].mean():.1f}" for places in _places(pipelines))]


def within_retriever(
    pipelines: Sequence[Pipeline], truth: Mapping[str, Floats], scores: Mapping[str, Mapping[str, Floats]]
) -> Iterator[list[str]]:
    """A row for each set of questions: Kendall's tau-b, by F1, among the pipelines with each retriever alone."""
    for name, of_set in scores.items():
        left, right = (each["answer_f1"].mean(axis=1) for each in (truth, of_set))
        yield [name, *(f"{rank_correlations(left[places], right[places])[0]:.2f}" for places in _places(pipelines))]


def _places(pipelines: Sequence[Pipeline]) -> list[list[int]]:
    """The places of the pipelines with each retriever."""
    names = [pipeline.stages[Role.RETRIEVE].name for pipeline in pipelines]
    return [[place for place, name in enumerate(names) if name == kind] for kind in RETRIEVERS]


def survivors(generated: GeneratedQuestions) -> str:
    """How many questions of each type were written, and what became of them."""
    fates = [
        fate
        for fate in Fate
        if fate is Fate.KEPT or (fate is not Fate.NOTHING and any(each.get(fate) for each in generated.fates.values()))
    ]
    rows = [
        [kind, f"{sum(counts.get(fate, 0) for fate in fates)}", *(f"{counts.get(fate, 0)}" for fate in fates)]
        for kind, counts in generated.fates.items()
    ]
    return table(("type", "written", *fates), rows)


def _kendall(found: Agreement) -> str:
    low, high = found.kendall_interval
    return f"{found.kendall:.2f} ({low:.2f} to {high:.2f})"


def _spearman(found: Agreement) -> str:
    low, high = found.spearman_interval
    return f"{found.spearman:.2f} ({low:.2f} to {high:.2f})"


if __name__ == "__main__":
    main()
