"""Limits on the command line: what is better is known of every score of a study."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.reports.conftest import evaluation, provenance
from tradespace.commands.preferences import Preferences
from tradespace.errors import InputError
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.results import QuestionSet, Results
from tradespace.search_space.bounds import Bound
from tradespace.search_space.goals import Goals, Objective, ServiceLevel

EXPLORE = QuestionSet.EXPLORE
SCORES = ("answer_f1", "abstention_rate", "slips", "close")


def results() -> Results:
    """Of one pipeline, also scored by two measures that are known to this study alone."""
    one = evaluation(
        QuestionSet.EXPLORE, "sentences() >> bm25() >> reader()", 0.5, {"retrieve": 2.0, "generate": 9.0}, seed=1
    )
    one = replace(one, scores=dict.fromkeys(SCORES, one.scores["answer_f1"]))
    goals = Goals((Objective("answer_f1", True),), limits=(Bound("slips", 0.9, floor=False),))
    return Results("generated", "name: generated\n", goals, (one,), (), provenance())


@pytest.mark.parametrize(
    ("limit", "instead"),
    [("abstention_rate <= 0.2", "abstention_rate >= 0.2"), ("slips <= 0.2", "slips >= 0.2"), ("close >= 0.2", "")],
)
def test_a_limit_is_on_the_side_that_is_worse(limit: str, instead: str) -> None:
    """As the measure says, or the study's own limits; more is better of what nothing says it of."""
    under = Preferences(limits=(limit,)).applied(results())
    assert limit in map(str, under.goals.limits)
    if instead:
        with pytest.raises(InputError, match=f"try `{limit}`"):
            Preferences(limits=(instead,)).applied(results())


def test_a_study_without_groups_says_how_it_comes_by_them() -> None:
    """It may be from before they were recorded."""
    with pytest.raises(InputError, match="None is recorded; exploring, again too, records those"):
        Preferences(limits=("answer_f1 >= 0.2 for each language",)).applied(results())


def timed() -> Results:
    """Of four pipelines: the better, the slower and dearer."""
    explored = tuple(
        replace(
            evaluation(EXPLORE, f"bm25(top_k={rank}) >> reader()", 0.2 * rank, {"retrieve": 10.0 * rank}, rank),
            metered={"usd": (0.001 * rank,) * 120},
        )
        for rank in (1, 2, 3, 4)
    )
    goals = Goals(
        (Objective("answer_f1", True),), ServiceLevel("latency_p95", 10.0), (Bound("latency_p50", 9.0, False),)
    )
    return Results("generated", "name: generated\n", goals, explored, (), provenance())


def recommended(preferences: Preferences) -> str:
    chosen = conclude(preferences.applied(timed())).recommended
    return chosen.evaluation.pipeline if chosen else "none"


@pytest.mark.parametrize(
    ("preferences", "expected"),
    [
        (Preferences(best="usd_per_1k"), 1),
        (Preferences(best="usd_per_1k", limits=("answer_f1 >= 0.5",)), 3),
        (Preferences(best="latency_mean", limits=("answer_f1 >= 0.3",)), 2),
        (Preferences(best="answer_f1", limits=("usd_per_1k <= 2.5",)), 2),
        (Preferences(limits=("usd_per_1k <= 3.5",)), 3),
    ],
    ids=["cheapest", "cheapest that is good enough", "fastest that is good enough", "best under a price", "the same"],
)
def test_what_people_ask(preferences: Preferences, expected: int) -> None:
    """The cheapest with an accuracy of at least x, the best under $y."""
    assert recommended(preferences) == f"bm25(top_k={expected}) >> reader()"


def test_an_sla_may_be_on_another_latency() -> None:
    """It takes the place of the study's, and of a limit on the same latency; groups and error stay."""
    goals = Preferences("latency_p50 <= 35 ms").applied(timed()).goals
    assert goals.sla == replace(timed().goals.sla, measure="latency_p50", seconds=0.035)  # type: ignore[type-var]
    assert goals.limits == ()
    assert goals.latency == "latency_p50"
    assert Preferences("35 ms").applied(timed()).goals.sla == ServiceLevel("latency_p95", 0.035)
    assert recommended(Preferences("latency_p50 <= 35 ms")) == "bm25(top_k=3) >> reader()"


@pytest.mark.parametrize(
    ("preferences", "message"),
    [
        (Preferences("latency_p80 <= 35 ms"), "'latency_p80' is none; did you mean"),
        (Preferences("answer_f1 <= 3 ms"), "--sla bounds a latency, and 'answer_f1' is none"),
        (Preferences("latency_p50 <= fast"), "--sla must be a duration"),
        (Preferences(best="usd_per_1000"), "--best: no pipeline of this study has a 'usd_per_1000'; did you mean"),
        (Preferences(best="joules_per_question"), "has a 'joules_per_question', which needs a section such as `power"),
        (Preferences(best="answer_f1", utility="answer_f1"), "leave one"),
    ],
)
def test_a_preference_that_is_none_is_told(preferences: Preferences, message: str) -> None:
    """With what was given and what is valid."""
    with pytest.raises(InputError, match=message):
        preferences.applied(timed())
