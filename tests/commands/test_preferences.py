"""Limits on the command line: what is better is known of every score of a study."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.reports.conftest import evaluation, provenance
from tradespace.commands.preferences import Preferences
from tradespace.errors import InputError
from tradespace.explorer.results import QuestionSet, Results
from tradespace.search_space.bounds import Bound
from tradespace.search_space.goals import Goals, Objective

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
