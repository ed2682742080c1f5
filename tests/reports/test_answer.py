"""The answer in sentences."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tradespace.evals.statistics import Estimate
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.conclusions.split import SplitAnswer, SplitPoint
from tradespace.explorer.results import Results, Split
from tradespace.reports.answer import Verdict, answer, split_sentence
from tradespace.reports.info import split_info
from tradespace.search_space.goals import ServiceLevel

Make = Callable[..., Results]

SLA = ServiceLevel("latency_p95", 0.1)


def estimate(value: float, half: float = 0.05) -> Estimate:
    """A figure with a symmetric interval."""
    return Estimate(value, value - half, value + half, 300, 0)


def test_recommendation_quotes_confirmed_figures(make_results: Make) -> None:
    """The headline gives accuracy, latency and bound; the notes how many questions, and that no decision saw them."""
    results: Results = make_results()
    conclusion = conclude(results)
    found = answer(conclusion)
    assert conclusion.recommended is not None
    accuracy = conclusion.recommended.estimates["answer_f1"]
    assert found.verdict is Verdict.CONFIRMED
    assert found.pipeline == conclusion.recommended.evaluation.pipeline
    assert f"answer F1 {accuracy.value:.3f} ({accuracy.low:.3f}–{accuracy.high:.3f})" in found.headline
    assert found.headline.endswith("within the SLA of 100 ms.")
    assert "Accuracy on 120 questions that no decision has seen; latency measured end to end, on 80" in found.notes[0]


def test_unconfirmed_recommendation_says_so(make_results: Make) -> None:
    """Before confirmation the answer warns that the figures come from the questions that chose the pipeline."""
    found = answer(conclude(make_results(confirm=False)))
    assert found.verdict is Verdict.UNCONFIRMED
    assert found.notes[0].startswith("Not confirmed:")
    assert "latency predicted from stages that were timed alone" in found.notes[0]


def test_missed_service_level_names_the_nearest(make_results: Make) -> None:
    """Where nothing keeps the bound the headline says so first, then how near the nearest comes."""
    found = answer(conclude(make_results(), ServiceLevel("latency_p95", 0.010)))
    assert found.verdict is Verdict.MISSED
    assert found.headline.startswith(
        "No pipeline keeps the SLA of 10 ms. The nearest has a 95th-percentile latency of "
    )
    assert found.pipeline is not None


def test_without_service_level_no_bound_is_spoken_of(make_results: Make) -> None:
    """Without a service level the most accurate is recommended and no bound appears."""
    found = answer(conclude(make_results(sla=None)))
    assert "SLA" not in found.headline
    assert not any("bound" in note for note in found.notes)


def test_a_latency_that_nobody_knows_is_not_quoted(make_results: Make) -> None:
    """Where no call has its seconds and none failed, as with recorded calls that hold none."""
    results = make_results(sla=None)
    untimed = [
        replace(one, seconds={"generate": (None, None)}, end_to_end=(), failures={}) for one in results.confirmed
    ]
    found = answer(conclude(replace(results, confirmed=tuple(untimed))))
    assert found.headline.endswith("; how long it takes is not known.")
    assert "latency" not in found.notes[0]


def test_nothing_evaluated(make_results: Make) -> None:
    """An empty study says that nothing was evaluated; one without figures that none can be recommended."""
    empty: Results = replace(make_results(), explored=(), confirmed=())
    assert answer(conclude(empty)).headline == "No pipeline has been evaluated yet."
    blank = tuple(replace(evaluation, scores={}, seconds={}) for evaluation in make_results().explored)
    assert answer(conclude(replace(empty, explored=blank))).verdict is Verdict.NOTHING


def test_too_few_timed_questions_are_pointed_out(make_results: Make) -> None:
    """Where too few timed questions bound a percentile from above, the answer warns."""
    results: Results = make_results()
    short = tuple(replace(evaluation, end_to_end=evaluation.end_to_end[:20]) for evaluation in results.confirmed)
    short = tuple(replace(e, seconds={stage: row[:20] for stage, row in e.seconds.items()}) for e in short)
    assert any("too few timed questions" in note for note in answer(conclude(replace(results, confirmed=short))).notes)


def test_better_unconfirmed_pipeline_is_pointed_out(make_results: Make) -> None:
    """Asked under another bound, the answer names a clearly better pipeline that was never confirmed."""
    results = make_results()
    only = replace(results, confirmed=results.confirmed[:1])
    conclusion = conclude(only)
    assert conclusion.unconfirmed is not None
    assert any(conclusion.unconfirmed.pipeline in note for note in answer(conclusion).notes)


def points(**behind: Estimate | None) -> tuple[SplitPoint, ...]:
    """20/80 with pipeline a, and 80/20 with pipeline b that lacks this much."""
    other = SplitPoint(0.8, "b" if behind["reverse"] else "a", estimate(0.5), (0.07, 0.01), behind["reverse"])
    return (SplitPoint(0.2, "a", estimate(0.7), (0.01, 0.07)), other)


@pytest.mark.parametrize(
    ("behind", "expected"),
    [
        (estimate(0.2), "80/20, gives 0.500 and is worse: it lacks 0.200 (0.150–0.250) on the same 300 questions."),
        (estimate(0.01), "80/20, gives 0.500 and can't be told apart from it: it lacks 0.010"),
        (None, "80/20, allows the same pipeline, which needs neither share in full."),
    ],
)
def test_split_sentence_gives_both_ways_round(behind: Estimate | None, expected: str) -> None:
    """The sentence gives the winning split in milliseconds with its accuracy, and what the other way round gives."""
    found = points(reverse=behind)
    sentence = split_sentence(SplitAnswer(found, Split.CONFIRM, found[0], found[1]), "answer_f1", SLA)
    start = (
        "The best split of 100 ms is 20/80: 20 ms for retrieve + rerank and 80 ms for generate allow answer F1 0.700"
    )
    assert sentence.startswith(start)
    assert f"(0.650–0.750) on the confirm questions. The other way round, {expected}" in sentence


def test_split_sentence_names_equal_shares() -> None:
    """Shares that allow the same pipeline, or one that can't be told apart, are named with the winner."""
    best, reverse = points(reverse=estimate(0.2))
    more = (SplitPoint(0.3, "a", estimate(0.7)), SplitPoint(0.4, "c", estimate(0.69), (), estimate(0.01)))
    sentence = split_sentence(SplitAnswer((best, *more, reverse), Split.EXPLORE, best, reverse), "answer_f1", SLA)
    assert sentence.endswith(
        "30/70 allows the same pipeline. 40/60 gives an accuracy that can't be told apart from the best."
    )


def test_split_sentence_without_a_reverse() -> None:
    """Where nothing fits the other way round, or nothing at all, the sentence says that."""
    best = SplitPoint(0.2, "a", estimate(0.7), (0.01, 0.07))
    nothing = SplitPoint(0.8)
    sentence = split_sentence(SplitAnswer((best, nothing), Split.EXPLORE, best, nothing), "answer_f1", SLA)
    assert sentence.endswith("The other way round, 80/20, no pipeline fits.")
    assert split_sentence(SplitAnswer((nothing,)), "answer_f1", SLA).startswith("No pipeline fits 100 ms")
    half = SplitPoint(0.5, "a", estimate(0.7), (0.01, 0.07))
    assert "other way" not in split_sentence(SplitAnswer((half,), Split.EXPLORE, half, half), "answer_f1", SLA)


def test_one_group_of_stages_has_nothing_to_split(make_results: Make) -> None:
    """Where all of the bound goes to one stage, neither a sentence nor a figure speaks of shares."""
    sla = ServiceLevel("latency_p95", 0.1, (("retrieve", "rerank", "generate"),))
    conclusion = conclude(make_results(sla=sla))
    assert conclusion.split
    assert split_sentence(conclusion.split, "answer_f1", sla) == ""
    assert split_info(conclusion) is None
