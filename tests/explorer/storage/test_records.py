"""Evaluations are stored and read back as they were; missing values stay missing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.explorer.results import Conditions, Evaluation, QuestionSet, Replies
from tradespace.explorer.storage.records import Records, decode, encode

numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False)
rows = st.lists(numbers, max_size=4).map(tuple)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
evaluations = st.builds(
    Evaluation,
    pipeline=texts,
    yaml=texts,
    question_set=st.sampled_from(QuestionSet),
    stages=st.dictionaries(texts, texts, max_size=3),
    scores=st.dictionaries(texts, rows, max_size=3),
    failures=st.dictionaries(st.integers(0, 99), texts, max_size=3),
    usd=rows,
    seconds=st.dictionaries(texts, rows, max_size=3),
    end_to_end=rows,
    replies=st.builds(Replies, st.integers(0), st.integers(0), st.integers(0)),
    unmatched=st.integers(0, 99),
)
ONE = Evaluation("bm25()", "retrieve: bm25", QuestionSet.EXPLORE, {"retrieve": "bm25()"}, {"answer_f1": (0.5, None)})


@given(evaluation=evaluations)
def test_an_evaluation_is_read_back_as_it_was_written(evaluation: Evaluation) -> None:
    """None stays None, floats stay exact, positions stay integers."""
    assert decode(*encode(evaluation)) == evaluation


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
@pytest.mark.parametrize("field", ["scores", "seconds"])
def test_numbers_that_were_never_measured_are_refused(bad: float, field: str) -> None:
    """A NaN would come back as a missing value."""
    with pytest.raises(ValueError, match="finite"):
        encode(replace(ONE, **{field: {"answer_f1": (bad,)}}))


def test_equal_rows_are_read_as_one(tmp_path: Path) -> None:
    """Pipelines that share a stage share its seconds, also in memory."""
    records = Records(tmp_path / "evaluations.sqlite")
    timed = replace(ONE, seconds={"retrieve": (0.1, None, 0.3)})
    records.write("here", "host", [timed, replace(timed, pipeline="bm25(k1=2)")])
    one, other = records.read("here", "host", QuestionSet.EXPLORE).values()
    assert one.seconds["retrieve"] is other.seconds["retrieve"]


def test_evaluations_are_kept_by_context_and_split(tmp_path: Path) -> None:
    """Those of another space, host or split are not mixed in."""
    records = Records(tmp_path / "evaluations.sqlite")
    confirmed = replace(ONE, question_set=QuestionSet.CONFIRM)
    records.write("here", "host", [ONE, confirmed])
    records.write("there", "host", [replace(ONE, yaml="other")])
    assert records.read("here", "host", QuestionSet.EXPLORE) == {"bm25()": ONE}
    assert records.read("here", "host", QuestionSet.CONFIRM) == {"bm25()": confirmed}


def test_a_second_evaluation_of_a_pipeline_replaces_the_first(tmp_path: Path) -> None:
    """One row for each pipeline and split."""
    records = Records(tmp_path / "evaluations.sqlite")
    better = replace(ONE, scores={"answer_f1": (1.0, 1.0)})
    records.write("here", "host", [ONE])
    records.write("here", "host", [better])
    assert list(records.read("here", "host", QuestionSet.EXPLORE).values()) == [better]


def test_evaluations_of_different_hosts_never_mix(tmp_path: Path) -> None:
    """Each host has its own; which pipelines there are is known over all of them."""
    records = Records(tmp_path / "evaluations.sqlite")
    records.write("here", "one", [ONE])
    records.write("here", "two", [replace(ONE, conditions=Conditions(3, 1, 0, 1.02, ("generate",)))])
    assert records.read("here", "one", QuestionSet.EXPLORE)["bm25()"].conditions == Conditions()
    assert records.read("here", "two", QuestionSet.EXPLORE)["bm25()"].conditions.predicted == ("generate",)
    assert records.hosts("here") == ["one", "two"]
    assert records.pipelines("here", QuestionSet.EXPLORE) == ["bm25()"]
