"""Every fusion keeps its contract, and computes what its paper says."""

from __future__ import annotations

import pytest

from tradespace.components.fusions import FUSIONS
from tradespace.components.fusions.base import Fusion
from tradespace.components.fusions.rrf import RRF
from tradespace.components.fusions.weighted import Weighted
from tradespace.testing.fusion_contract import FusionContract, names, ranking_from

VARIANTS: tuple[Fusion, ...] = (RRF(), RRF(k=0), Weighted(), Weighted(alpha=0.1), Weighted(weights=(3, 1)))


@pytest.mark.parametrize("component", VARIANTS, ids=str)
class TestFusions(FusionContract):
    """The contract."""


def test_every_fusion_is_under_contract() -> None:
    """No fusion is listed without being tested."""
    assert {type(variant) for variant in VARIANTS} == set(FUSIONS)


def test_reciprocal_ranks_by_hand() -> None:
    """a is first and third, b second and first, c only third: 1/61 + 1/63, 1/62 + 1/61, 1/63."""
    fused = RRF(k=60).fuse(ranking_from("abc"), ranking_from("bda"))
    assert {scored.passage.id: scored.score for scored in fused} == pytest.approx(
        {"a": 1 / 61 + 1 / 63, "b": 1 / 62 + 1 / 61, "c": 1 / 63, "d": 1 / 62}
    )
    assert names(fused) == "badc"


def test_weighted_sum_by_hand() -> None:
    """Scores are stretched to 1, 0.5, 0 in each ranking; a quarter of the weight is the dense one's."""
    fused = Weighted(alpha=0.25).fuse(ranking_from("abc"), ranking_from("bda", first=0.3))
    assert {scored.passage.id: scored.score for scored in fused} == pytest.approx(
        {"a": 0.75, "b": 0.75 * 0.5 + 0.25, "c": 0.0, "d": 0.25 * 0.5}
    )


def test_weights_of_three_rankings_by_hand() -> None:
    """Each ranking has its weight. What a shorter one lacks scores 0 in it, so that its only match scores 1."""
    fused = Weighted(weights=(2, 1, 4)).fuse(ranking_from("abc"), ranking_from("cba"), ranking_from("b"))
    assert {scored.passage.id: scored.score for scored in fused} == pytest.approx({"a": 2, "b": 5.5, "c": 1})


def test_three_rankings_without_weights_count_alike() -> None:
    """A third each; each is stretched by its own lowest and highest score."""
    fused = Weighted().fuse(ranking_from("abc"), ranking_from("cba"), ranking_from("bac"))
    assert {scored.passage.id: scored.score for scored in fused} == pytest.approx({"a": 0.5, "b": 2 / 3, "c": 1 / 3})


def test_two_rankings_are_merged_as_they_were_before_there_could_be_more() -> None:
    """Without weights a dense ranking that is shorter than the lexical one is stretched alone."""
    fused = Weighted(alpha=0.5).fuse(ranking_from("abc"), ranking_from("ab"))
    assert {scored.passage.id: scored.score for scored in fused} == {"a": 1.0, "b": 0.25, "c": 0.0}


def test_alpha_and_weights_exclude_each_other() -> None:
    """One of the two would be ignored."""
    problem = Weighted(alpha=0.2, weights=(1, 2)).members_problem(2)
    assert problem == "weighted takes either alpha or weights; given: weighted(alpha=0.2, weights=(1.0, 2.0))"


def test_all_the_weight_on_one_ranking_keeps_its_order() -> None:
    """With alpha 1 the dense ranking leads in its order, with alpha 0 the lexical one."""
    lexical, dense = ranking_from("abcd"), ranking_from("dcba")
    assert names(Weighted(alpha=1).fuse(lexical, dense)) == "dcba"
    assert names(Weighted(alpha=0).fuse(lexical, dense)) == "abcd"
