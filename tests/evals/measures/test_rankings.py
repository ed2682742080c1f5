"""Measures of rankings, against hand-computed cases and ir_measures over the raw rankings."""

import math

import ir_measures
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradespace.evals.measures import MEASURES, measure
from tradespace.evals.measures.formulas import WITH_CUTOFF
from tradespace.evals.measures.ranking import RankingMeasure, score_rankings
from tradespace.types import Passage, Question, Ranking, ScoredPassage

FORMULAS = [RankingMeasure(name, name) for name in (*(f"{family}@3" for family in WITH_CUTOFF), "Rprec", "IPrec@0.1")]
RANKING_MEASURES = [*FORMULAS, *(each for each in MEASURES if isinstance(each, RankingMeasure))]


def ranking(documents: list[str]) -> Ranking:
    return tuple(
        ScoredPassage(Passage(f"{document}[{place}]", document, "text"), 0.0)
        for place, document in enumerate(documents)
    )


def score(name: str, gold: list[str], documents: list[str]) -> float | None:
    return measure(name).score([Question("q", "?", (), tuple(gold))], [ranking(documents)], [None])[0]


def test_recall_counts_gold_documents_among_the_first_k() -> None:
    """Two gold documents at places 2 and 4: none in 1, half in 3, all in 5."""
    gold, found = ["x", "y"], ["a", "x", "b", "y", "c"]
    assert [score(f"gold_recall@{k}", gold, found) for k in (1, 3, 5)] == [0.0, 0.5, 1.0]


def test_passages_of_one_document_take_one_place() -> None:
    """Three passages of document a leave x at the second place."""
    assert score("mrr", ["x"], ["a", "a", "a", "x"]) == 0.5
    assert score("gold_recall@3", ["x"], ["a", "a", "a", "x"]) == 1.0


def test_a_gold_document_found_twice_counts_once() -> None:
    """Its second passage adds nothing."""
    assert score("gold_recall@5", ["x", "y"], ["x", "x", "a"]) == 0.5


def test_reciprocal_rank_is_of_the_first_gold_document() -> None:
    """Gold at places 3 and 4 give a third."""
    assert score("mrr", ["x", "y"], ["a", "b", "y", "x"]) == pytest.approx(1 / 3)


def test_ndcg_discounts_by_the_logarithm_of_the_place() -> None:
    """Gold at place 2 of one is 1/log2(3); of two, relative to the ideal 1 + 1/log2(3)."""
    assert score("ndcg@10", ["x"], ["a", "x"]) == pytest.approx(1 / math.log2(3))
    assert score("ndcg@10", ["x", "y"], ["a", "x"]) == pytest.approx((1 / math.log2(3)) / (1 + 1 / math.log2(3)))


documents = st.lists(st.sampled_from([f"d{number}" for number in range(30)]), max_size=40)
judged = st.tuples(
    st.lists(st.sampled_from([f"d{number}" for number in range(35)]), min_size=1, unique=True), documents
)


@settings(deadline=None)
@given(st.lists(judged, min_size=1, max_size=5))
def test_shared_cases_score_as_ir_measures_does_one_by_one(cases: list[tuple[list[str], list[str]]]) -> None:
    """The few cases by place give what ir_measures gives for each whole ranking alone."""
    questions = [Question(str(place), "?", (), tuple(gold)) for place, (gold, _) in enumerate(cases)]
    scores = score_rankings(RANKING_MEASURES, questions, [ranking(found) for _, found in cases])
    for place, (gold, found) in enumerate(cases):
        relevant = {"q": dict.fromkeys(gold, 1)}
        run = {"q": {document: -float(rank) for rank, document in enumerate(dict.fromkeys(found))}}
        for each in RANKING_MEASURES:
            naive = ir_measures.calc_aggregate([ir_measures.parse_measure(each.formula)], relevant, run)
            assert scores[each.name][place] == pytest.approx(next(iter(naive.values())))


def test_the_document_that_the_question_is_takes_no_place() -> None:
    """As in BEIR's evaluation with ignore_identical_ids: what stands behind it moves up."""
    passages = [ScoredPassage(Passage(name, name, name), 1.0) for name in ("self", "gold", "other")]
    asked = Question("q", "?", gold=("gold",))
    themselves = Question("q", "?", gold=("gold",), itself="self")
    for name, places in {"mrr": (0.5, 1.0), "gold_recall@1": (0.0, 1.0)}.items():
        assert tuple(measure(name).score([asked, themselves], [tuple(passages)] * 2, [None] * 2)) == places


def test_a_score_has_its_reason() -> None:
    """At which places gold documents were found, counted as the measure counts them."""
    asked, found = Question("q", "?", gold=("x", "y")), ranking(["a", "a", "x"])
    assert measure("mrr").reason(asked, found, None) == "1 of 2 gold documents found at 2"
    assert measure("mrr").reason(asked, ranking(["a"]), None) == "0 of 2 gold documents found"
    assert measure("mrr").reason(Question("q", "?"), found, None) == ""


def score_groups(name: str, groups: list[list[str]], documents: list[str]) -> float | None:
    """Of a question of whose gold documents any of each group will do."""
    gold = tuple(document for group in groups for document in group)
    question = Question("q", "?", (), gold, gold_alternatives=tuple(map(tuple, groups)))
    return measure(name).score([question], [ranking(documents)], [None])[0]


def test_of_alternatives_any_is_enough() -> None:
    """A group is one gold document: two are needed here, at places 2 and 4."""
    groups, found = [["x", "y"], ["z"]], ["a", "y", "x", "z"]
    assert [score_groups(f"gold_recall@{k}", groups, found) for k in (1, 3, 5)] == [0.0, 0.5, 1.0]
    assert score_groups("mrr", groups, found) == 0.5
    assert score_groups("AP", groups, found) == pytest.approx((1 / 2 + 2 / 4) / 2)
    ideal = 1 + 1 / math.log2(3)
    assert score_groups("ndcg@10", groups, found) == pytest.approx((1 / math.log2(3) + 1 / math.log2(5)) / ideal)


def test_further_alternatives_take_a_place_and_add_nothing() -> None:
    """They are read all the same."""
    assert score_groups("P@2", [["x", "y"]], ["x", "y"]) == 0.5
    assert score_groups("ndcg@10", [["x", "y"]], ["x", "y"]) == 1.0


def test_a_document_of_two_groups_stands_for_both() -> None:
    """It takes a place for each, as a ranking has one gold document at a place."""
    groups = [["x", "y"], ["x", "z"]]
    assert score_groups("gold_recall@5", groups, ["x"]) == 1.0
    assert score_groups("gold_recall@5", groups, ["y", "a"]) == 0.5


@settings(deadline=None)
@given(judged)
def test_groups_of_one_score_as_no_groups_do(case: tuple[list[str], list[str]]) -> None:
    """Alternatives change nothing where there are none."""
    gold, found = case
    grouped = Question("q", "?", (), tuple(gold), gold_alternatives=tuple((name,) for name in gold))
    plain = Question("q", "?", (), tuple(gold))
    scores = score_rankings(RANKING_MEASURES, [grouped, plain], [ranking(found)] * 2)
    assert all(first == second for first, second in scores.values())


def test_a_reason_counts_groups() -> None:
    """Not the documents of which any will do."""
    asked = Question("q", "?", gold=("x", "y", "z"), gold_alternatives=(("x", "y"), ("z",)))
    assert measure("mrr").reason(asked, ranking(["a", "y"]), None) == "1 of 2 gold documents found at 2"
