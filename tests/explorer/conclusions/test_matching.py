"""What two studies have in common."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.reports import conftest as reports
from tests.reports.conftest import Make
from tradespace.explorer.conclusions.matching import common_questions, match_pipelines
from tradespace.explorer.results import Evaluation, QuestionSet, Results

make_results = reports.make_results
EXPLORE = QuestionSet.EXPLORE


def with_keys(results: Results, *keys: str) -> Results:
    """The same study of questions with these keys."""
    return replace(results, provenance=replace(results.provenance, question_keys={EXPLORE: keys}))


def pipeline(*stages: str) -> Evaluation:
    named = dict(zip(("retrieve", "generate"), stages, strict=False))
    return Evaluation(" >> ".join(stages), "", EXPLORE, named, {"answer_f1": (1.0,)})


def test_questions_are_the_same_where_id_and_text_are(make_results: Make) -> None:
    """In whatever order, of whatever data."""
    results = make_results()
    before, after = with_keys(results, "a", "b", "c"), with_keys(results, "c", "x", "a")
    assert common_questions(before, after, EXPLORE) == ((0, 2), (2, 0))
    whole = tuple((place, place) for place in range(120))
    assert common_questions(before, after, QuestionSet.CONFIRM) == whole, "which have no keys here"


def test_studies_from_before_there_were_keys_begin_with_the_same_questions(make_results: Make) -> None:
    """Where the data are the same, and were drawn by the same seed."""
    before = make_results()
    fewer = {**before.provenance.questions, EXPLORE: 5}
    after = replace(before, provenance=replace(before.provenance, questions=fewer))
    assert common_questions(before, after, EXPLORE) == tuple((place, place) for place in range(5))


@pytest.mark.parametrize("change", ["data", "seed", "no YAML"])
def test_other_data_are_never_silently_paired(make_results: Make, change: str) -> None:
    """Nor the same data in another order, nor what can't be known."""
    before = make_results()
    after = {
        "data": replace(before, provenance=replace(before.provenance, data_key="other")),
        "seed": replace(before, space_yaml="data: {seed: 3}"),
        "no YAML": replace(before, space_yaml="{"),
    }[change]
    assert common_questions(before, after, EXPLORE) == ()


def test_pipelines_are_matched_by_notation() -> None:
    """Those in only one study are named."""
    same, old, new = pipeline("bm25()", "reader()"), pipeline("bm25(k1=1)", "reader()"), pipeline("dense()", "reader()")
    matched = match_pipelines([same, old], [new, same])
    assert (matched.pairs, matched.replaced) == (((same, same),), None)
    assert (matched.only_before, matched.only_after) == ((old.pipeline,), (new.pipeline,))


def test_where_one_thing_was_replaced_the_others_are_matched() -> None:
    """As where a model has a successor: no notation is the same, and yet each pipeline has its partner."""
    before = [pipeline(f"bm25(top_k={k})", f"llm(model='a', passages={n})") for k in (1, 5) for n in (1, 3)]
    after = [pipeline(f"bm25(top_k={k})", f"llm(model='b', passages={n})") for k in (5, 1) for n in (3, 1)]
    matched = match_pipelines(before, after)
    assert str(matched.replaced) == "generate.model 'a' → 'b'"
    assert {(old.pipeline.replace("'a'", "'b'"), new.pipeline) for old, new in matched.pairs} == {
        (each.pipeline, each.pipeline) for each in after
    }
    assert (matched.only_before, matched.only_after) == ((), ())


def test_a_part_that_is_still_tried_was_not_replaced() -> None:
    """Two samples of one space have other settings by chance: nothing is matched that is not the same."""
    before = [pipeline("bm25(top_k=1)", "reader()"), pipeline("bm25(top_k=5)", "sentence()")]
    after = [pipeline("bm25(top_k=5)", "reader()"), pipeline("bm25(top_k=1)", "sentence()")]
    matched = match_pipelines(before, after)
    assert (matched.pairs, matched.replaced) == ((), None)


def test_the_same_notation_may_be_another_pipeline() -> None:
    """Its address says so: versions, weights or defaults changed."""
    before, after = replace(pipeline("bm25()"), address="1"), replace(pipeline("bm25()"), address="2")
    assert match_pipelines([before], [after]).readdressed == ("bm25()",)
    assert match_pipelines([before], [replace(after, address="")]).readdressed == ()
    assert match_pipelines([before], [before]).readdressed == ()
