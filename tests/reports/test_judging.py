"""How judged scores came about is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.results import Judging, Results, Usage
from tradespace.reports import render_report
from tradespace.reports.judging import judging_sentences
from tradespace.reports.recommendation import recommendation
from tradespace.search_space.goals import Objective

Make = Callable[..., Results]


def judged(results: Results, *judgings: Judging, calls: int = 1240, usd: float = 0.31) -> Results:
    """Results whose first pipelines were judged like this."""
    explored = list(results.explored)
    explored[: len(judgings)] = [
        replace(evaluation, judging={"right": judging}) for evaluation, judging in zip(explored, judgings, strict=False)
    ]
    where = replace(results.provenance, judging_calls=calls, judging_usd=usd)
    return replace(results, explored=tuple(explored), provenance=where)


def test_nothing_is_said_where_nothing_is_judged(make_results: Make) -> None:
    """As in all studies from before there were judges."""
    assert judging_sentences(make_results()) == ()
    assert "Judging" not in render_report(make_results())


def test_what_judging_took_is_told_apart(make_results: Make) -> None:
    """Calls and dollars; no dollars where nothing has a price."""
    (sentence,) = judging_sentences(judged(make_results(), Judging(calls=9, judgements=9)))
    assert sentence.startswith("Judging answers took 1,240 calls and $0.31, each distinct one once.")
    (sentence,) = judging_sentences(judged(make_results(), Judging(calls=9, judgements=9), usd=0.0, calls=1))
    assert sentence.startswith("Judging answers took 1 call, each distinct one once.")


def test_what_could_not_be_read_is_counted(make_results: Make) -> None:
    """Over all pipelines, with the one that suffers most, and what becomes of it."""
    results = judged(
        make_results(),
        Judging(judgements=150, unread=2, missing={1: "no verdict", 4: "no verdict"}),
        Judging(judgements=150, unread=10, missing=dict.fromkeys(range(9), "no verdict")),
    )
    _, sentence = judging_sentences(results)
    assert sentence.startswith(
        f"12 of 300 judgements for right could not be read, most of them in {results.explored[1].pipeline}. "
        "11 answers have no score: these are left out of means, not counted as wrong."
    )
    assert "12 of 300 judgements for right could not be read" in render_report(results)


def test_failed_calls_are_told_with_their_reason(make_results: Make) -> None:
    """The most frequent one; a long or hostile one is cut and shown as text."""
    often, hostile = {0: "the line is dead", 1: "the line is dead"}, {2: "<script>" + "x" * 500}
    results = judged(make_results(), Judging(missing={**often, **hostile}, failed=(0, 1, 2)))
    _, sentence = judging_sentences(results)
    assert sentence.startswith(
        "3 answers could not be scored by right, as a call failed; most often: the line is dead."
    )
    only = judged(make_results(), Judging(missing=hostile, failed=(2,)))
    assert len(judging_sentences(only)[1]) < 400
    assert "&lt;script&gt;xxx" in render_report(only)


def test_disagreement_is_told(make_results: Make) -> None:
    """A judge that contradicts itself is no instrument."""
    results = judged(make_results(), Judging(compared=30, outvoted=3), Judging(compared=70, outvoted=9))
    _, sentence = judging_sentences(results)
    assert sentence == "Of the verdicts for right that were asked for several times, 12 % were outvoted."


def test_where_nothing_could_be_judged_the_reason_stands_first(make_results: Make) -> None:
    """A judge that writes prose is the cause, and not the questions."""
    results = make_results()
    goals = replace(results.goals, objectives=(Objective("right", True), *results.goals.objectives[1:]))
    prose = Judging(judgements=120, unread=120, missing=dict.fromkeys(range(120), "no verdict can be read in 'Well'"))
    unjudged = [
        tuple(
            replace(one, scores={"right": (None,) * 120}, judging={"right": replace(prose, usage=Usage(1, 1, None))})
            for one in some
        )
        for some in (results.explored, results.confirmed)
    ]
    answer = recommendation(conclude(replace(results, goals=goals, explored=unjudged[0], confirmed=unjudged[1])))
    assert answer.headline == "No pipeline can be recommended: no question could be scored by right."
    assert (
        "could not be judged; the first: no verdict can be read in 'Well'. Let another model judge" in answer.notes[0]
    )


def test_a_pipeline_is_counted_over_both_splits(make_results: Make) -> None:
    """What is its alone is said to be in it, wherever it was judged."""
    results = judged(make_results(), Judging(judgements=120, unread=3))
    (first, *others) = results.confirmed
    assert first.pipeline == results.explored[0].pipeline
    clean = replace(first, judging={"right": Judging(judgements=120)})
    _, sentence = judging_sentences(replace(results, confirmed=(clean, *others)))
    assert sentence.startswith(f"3 of 240 judgements for right could not be read, in {first.pipeline}.")
