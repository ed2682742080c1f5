"""The founding question: of 100 ms, 20 for the retriever and 80 for the model, or the other way round?"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.explorer.conclusions.split import SHARES, answer_split, best_per_share, group_figures
from tradespace.explorer.results import Evaluation, Split
from tradespace.search_space.goals import Objective, ServiceLevel

F1 = Objective("f1", maximize=True)
SLA = ServiceLevel("latency_p95", 0.100)


def evaluation(
    name: str, right: int, retrieve: float, generate: float, split: Split = Split.EXPLORE, *, rerank: float = 0.0
) -> Evaluation:
    """A pipeline that answers the first `right` of 20 questions, in these milliseconds by stage."""
    spent = {"retrieve": retrieve, "rerank": rerank, "generate": generate}
    scores = tuple(1.0 if place < right else 0.0 for place in range(20))
    return Evaluation(
        name, "", split, {}, {"f1": scores}, seconds={stage: (ms / 1000,) * 20 for stage, ms in spent.items()}
    )


BIG_MODEL = evaluation("big model", 16, 10, 75, rerank=5)
BIG_RETRIEVER = evaluation("big retriever", 10, 70, 15)
SMALL = evaluation("small", 4, 5, 5)


def test_best_pipeline_for_each_share() -> None:
    """Each share goes to the most accurate pipeline whose two sides keep their parts."""
    picks = best_per_share([BIG_MODEL, BIG_RETRIEVER, SMALL], F1, SLA)
    assert picks == (2, 0, 2, 2, 2, 2, 1, 1, 2)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 100), st.integers(0, 100)), max_size=12))
def test_picks_are_the_definition(drawn: list[tuple[int, int, int]]) -> None:
    """For any pipelines and any share, no pipeline that fits is more accurate than the one picked."""
    pipelines = [evaluation(str(i), *values) for i, values in enumerate(drawn)]
    for share, pick in zip(SHARES, best_per_share(pipelines, F1, SLA), strict=True):
        fits = [
            right
            for right, retrieve, generate in drawn
            if retrieve <= share * 100 + 1e-6 and generate <= (1 - share) * 100 + 1e-6
        ]
        assert (pick is None) == (not fits)
        assert pick is None or drawn[pick][0] == max(fits)


def test_answer_names_the_winner_and_the_other_way_round() -> None:
    """20/80 wins with the big model; 80/20 gives the big retriever, 6 of 20 questions worse."""
    answer = answer_split([BIG_MODEL, BIG_RETRIEVER, SMALL], [], F1, SLA)
    assert answer.best is not None and answer.reverse is not None and answer.reverse.behind is not None
    assert (answer.best.share, answer.best.pipeline) == (0.2, "big model")
    assert answer.best.seconds == pytest.approx((0.015, 0.075))
    assert (answer.reverse.share, answer.reverse.pipeline) == (0.8, "big retriever")
    assert answer.reverse.behind.value == pytest.approx(0.3)
    assert not answer.reverse.tied


def test_equal_shares_leave_most_room() -> None:
    """Where several shares allow the same pipeline, the one that leaves most room on its tighter side is named."""
    answer = answer_split([evaluation("only", 10, 8, 24)], [], F1, SLA)
    assert answer.best is not None and answer.best.share == 0.3
    assert [point.share for point in answer.points if point.pipeline] == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]


def test_confirmed_figures_are_quoted_when_all_picks_have_them() -> None:
    """Accuracies come from the confirm questions only where each pick was confirmed, so that shares stay comparable."""
    explored = [BIG_MODEL, BIG_RETRIEVER, SMALL]
    confirmed = [
        evaluation(pipeline.pipeline, right, 1, 1, Split.CONFIRM)
        for pipeline, right in zip(explored, (12, 14, 3), strict=True)
    ]
    whole, part = answer_split(explored, confirmed, F1, SLA), answer_split(explored, confirmed[:2], F1, SLA)
    assert (whole.basis, part.basis) == (Split.CONFIRM, Split.EXPLORE)
    assert whole.best is not None and whole.best.pipeline == "big retriever"
    assert whole.best.accuracy is not None and whole.best.accuracy.value == pytest.approx(0.7)
    assert part.best is not None and part.best.pipeline == "big model"


def test_nothing_fits() -> None:
    """Where no pipeline fits any share, every point is there and empty."""
    answer = answer_split([evaluation("slow", 20, 200, 200)], [], F1, SLA)
    assert answer.best is None
    assert [point.pipeline for point in answer.points] == [None] * len(SHARES)


def test_groups_take_quantiles_of_sums() -> None:
    """A group's figure is the quantile of its per-question sums; a failed question makes its stage endless."""
    uneven = Evaluation(
        "p",
        "",
        Split.EXPLORE,
        {},
        {},
        seconds={"retrieve": (0.03, 0.01), "rerank": (0.01, 0.03), "generate": (0.1, None)},
    )
    first, rest = group_figures([uneven], SLA)[0]
    assert first == pytest.approx(0.04)
    assert rest == math.inf


def test_stages_outside_the_groups_count_as_the_rest() -> None:
    """No stage's time is lost: what the first group does not name belongs to the other side."""
    extra = Evaluation(
        "p", "", Split.EXPLORE, {}, {}, seconds={"retrieve": (0.01,), "expand": (0.02,), "generate": (0.03,)}
    )
    assert np.allclose(group_figures([extra], SLA), [[0.01, 0.05]])
