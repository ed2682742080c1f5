"""Limits for each group of questions: who keeps them on all questions, and who may be recommended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from tests.explorer.conclusions.test_conclusion import GOALS, PROVENANCE, QUESTIONS, confirmed, evaluation, results
from tradespace.evals.verdicts import BoundVerdict
from tradespace.explorer.conclusions.conclusion import Conclusion, conclude
from tradespace.explorer.conclusions.group_limits import GroupVerdicts
from tradespace.explorer.question_groups import with_group_scores
from tradespace.explorer.results import Evaluation, QuestionSet, Results
from tradespace.search_space.bounds import Bound
from tradespace.search_space.goals import Goals

COLUMN = ("de", "en", "fi", "en", "de") * (QUESTIONS // 5)
EACH = Bound("f1", 0.5, floor=True, column="language", groups=("de", "en", "fi"))


def scoring(pipeline: Evaluation, seed: int = 2, **shares: float) -> Evaluation:
    """The same pipeline, right on these shares of the questions of each language."""
    drawn = np.random.default_rng(seed).random(QUESTIONS)
    scores = [float(luck < shares[language]) for luck, language in zip(drawn, COLUMN, strict=True)]
    return replace(pipeline, scores={"f1": tuple(scores)})


def concluded(
    *finalists: Evaluation, explored: Sequence[Evaluation] = (), limits: tuple[Bound, ...] = (EACH,)
) -> Conclusion:
    """The conclusion from confirmed pipelines under limits."""
    known = replace(grouped(COLUMN, *finalists), explored=tuple(explored))
    return conclude(with_group_scores(known.under(Goals(GOALS, limits=limits))))


def grouped(column: tuple[str, ...], *finalists: Evaluation) -> Results:
    """Results over confirmed pipelines, whose questions are of these languages."""
    groups = {split: {"language": column} for split in QuestionSet}
    return replace(results([], list(finalists), None), provenance=replace(PROVENANCE, groups=groups))


FAIR = scoring(confirmed("fair", 0.5, 50), de=0.88, en=0.88, fi=0.88)
UNFAIR = scoring(confirmed("unfair", 0.5, 40), de=1.0, en=1.0, fi=0.1)


def test_only_a_pipeline_whose_every_group_keeps_the_limit_is_recommended() -> None:
    """Not the one that is better on the whole, and faster, at the cost of one group."""
    conclusion = concluded(FAIR, UNFAIR)
    assert conclusion.recommended is not None and conclusion.recommended.evaluation.pipeline == "fair"
    missed = {one.evaluation.pipeline: [str(bound) for bound in one.missed] for one in conclusion.finalists}
    assert missed == {"fair": [], "unfair": ["f1[language=fi] >= 0.5"]}
    without = concluded(FAIR, UNFAIR, limits=())
    assert without.recommended is not None and without.recommended.evaluation.pipeline == "unfair"


def test_where_no_pipeline_keeps_it_the_nearest_is_known() -> None:
    """Nothing is recommended."""
    conclusion = concluded(UNFAIR)
    assert conclusion.recommended is None
    assert conclusion.nearest is not None and conclusion.nearest.evaluation.pipeline == "unfair"


def test_each_group_has_a_verdict() -> None:
    """Shown to be kept, shown to be missed, or not to be decided with so few questions."""
    close = scoring(confirmed("close", 0.5, 50), de=0.95, en=0.95, fi=0.55)
    found = {one.evaluation.pipeline: one.groups for one in concluded(close, UNFAIR).finalists}
    ((undecided,), (unfair,)) = (found["close"], found["unfair"])
    assert undecided.groups == {"de": BoundVerdict.KEPT, "en": BoundVerdict.KEPT, "fi": BoundVerdict.UNDECIDED}
    assert unfair.groups["fi"] is BoundVerdict.MISSED
    assert (undecided.verdict, unfair.verdict) == (BoundVerdict.UNDECIDED, BoundVerdict.MISSED)


@pytest.mark.parametrize(
    ("verdicts", "whole"),
    [("kept kept", "kept"), ("kept undecided", "undecided"), ("undecided missed", "missed"), ("kept missed", "missed")],
)
def test_a_limit_is_kept_by_all_groups_and_missed_by_any(verdicts: str, whole: str) -> None:
    """It is decided as soon as one group is shown to miss it."""
    groups = {str(place): BoundVerdict(word) for place, word in enumerate(verdicts.split())}
    assert GroupVerdicts(EACH, groups).verdict == whole


def test_finalists_are_chosen_and_splits_filled_by_what_keeps_it() -> None:
    """On explore questions as on confirm questions."""
    explored = [
        scoring(evaluation("fair", 0.5, 50), de=0.88, en=0.88, fi=0.88),
        scoring(evaluation("unfair", 0.5, 40), de=1.0, en=1.0, fi=0.1),
    ]
    conclusion = concluded(explored=explored)
    assert conclusion.basis is QuestionSet.EXPLORE
    assert [one.evaluation.pipeline for one in conclusion.finalists] == ["fair"]
