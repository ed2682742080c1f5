"""The CSV that promptfoo writes."""

from __future__ import annotations

import pytest

from tests.data.tables.conftest import Grid
from tradespace.errors import DataError

BLOCK = "Status,Score,Named Scores,Grader Reason,Comment"
TEXT = f"""\
Description,topic,[openai:gpt-5-mini] Be brief,{BLOCK},[ollama:llama3] Be brief,{BLOCK}
first,cats,Meow,PASS,1.00,{{}},,,Woof,FAIL,0.50,{{}},wrong,
second,dogs,Woof,PASS,0.75,{{}},,,,ERROR,,{{}},timeout,
"""
METRICS = """\
topic,[a] x,Status,Score,Named Scores,Metric: clarity,Metric: style,Grader Reason,Comment,\
[b] x,Status,Score,Named Scores,Metric: clarity,Grader Reason,Comment
cats,Meow,PASS,1.00,"{""clarity"": 1}",1.00,0.50,,,Woof,FAIL,0.20,,0.25,wrong,
dogs,Woof,PASS,1.00,"{""clarity"": 1}",,1.00,,,Meow,ERROR,,,,down,
"""


def test_each_prompt_is_a_pipeline(grid: Grid) -> None:
    """Each test is a question: whether it passed, and its score. One that ended with an error passed nothing."""
    read = grid(TEXT)
    assert read.settings == ({"pipeline": "[openai:gpt-5-mini] Be brief"}, {"pipeline": "[ollama:llama3] Be brief"})
    assert read.questions == ("1", "2")
    assert read.scores["passed"].tolist() == [[1.0, 1.0], [0.0, 0.0]]
    assert read.scores["score"].tolist() == [[1.0, 0.75], [0.5, 0.0]]


def test_named_scores_are_scores(grid: Grid) -> None:
    """Of prompts that have them; a cell that is empty is missing, unless the test ended with an error."""
    read = grid(METRICS)
    assert list(read.scores) == ["passed", "score", "clarity", "style"]
    assert repr(read.scores["clarity"].tolist()) == "[[1.0, nan], [0.25, 0.0]]"
    assert repr(read.scores["style"].tolist()) == "[[0.5, 1.0], [nan, 0.0]]"


def test_a_metric_may_be_called_as_anything(grid: Grid) -> None:
    """Also as what else there is of a test."""
    read = grid(METRICS.replace("Metric: clarity", "Metric: passed").replace("Metric: style", "Metric: score"))
    assert list(read.scores) == ["passed", "score", "Metric: passed", "Metric: score"]


def test_a_row_that_is_cut_short_is_said(grid: Grid) -> None:
    """With its line."""
    with pytest.raises(DataError, match=r"grid\.csv:4: a row must have as many cells as the header, 14; it has 2"):
        grid(f"{TEXT}third,birds\n")
