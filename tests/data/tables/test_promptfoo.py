"""The CSV that promptfoo writes."""

from __future__ import annotations

from tests.data.tables.conftest import Grid

BLOCK = "Status,Score,Named Scores,Grader Reason,Comment"
TEXT = f"""\
Description,topic,[openai:gpt-5-mini] Be brief,{BLOCK},[ollama:llama3] Be brief,{BLOCK}
first,cats,Meow,PASS,1.00,{{}},,,Woof,FAIL,0.50,{{}},wrong,
second,dogs,Woof,PASS,0.75,{{}},,,,ERROR,,{{}},timeout,
"""


def test_each_prompt_is_a_pipeline(grid: Grid) -> None:
    """Each test is a question: whether it passed, and its score. One that ended with an error passed nothing."""
    read = grid(TEXT)
    assert read.settings == ({"pipeline": "[openai:gpt-5-mini] Be brief"}, {"pipeline": "[ollama:llama3] Be brief"})
    assert read.questions == ("1", "2")
    assert read.scores["passed"].tolist() == [[1.0, 1.0], [0.0, 0.0]]
    assert read.scores["score"].tolist() == [[1.0, 0.75], [0.5, 0.0]]
