"""Pipelines in plain words."""

from __future__ import annotations

import pytest

from tradespace.components.notation import parse
from tradespace.components.registry import words_of_components
from tradespace.reports.in_words import LONGEST, pipeline_words
from tradespace.search_space.pipeline_yaml import pipeline_yaml

TOLD = words_of_components()


@pytest.mark.parametrize(
    ("notation", "words"),
    [
        (
            "bm25(top_k=5) >> cross_encoder(keep=1) >> sentence()",
            "BM25 finds 5 passages, a cross-encoder keeps 1, a sentence reader answers",
        ),
        ("bm25() >> reader()", "BM25 finds 10 passages, a trained reader answers from the best 3"),
        ("sentences() >> bm25(top_k=1) >> none() >> reader()", "BM25 finds 1 passage, a trained reader answers"),
        ("dense(top_k=3)", "vectors of MiniLM find 3 passages"),
        (
            "bm25(top_k=3) >> llm(strategy=cot_at_k(route_below=0.5))",
            "BM25 finds 3 passages, the medium tiny reasoner answers by a vote of 8 chains of thought, directly where "
            "less than 0.5 of them agree",
        ),
        (
            "llm(model=replay(recording='game24/gpt-4'), form='expression', strategy=cot_at_k(k=16))",
            "the recording game24/gpt-4 answers by a vote of 16 chains of thought",
        ),
        (
            "bm25(top_k=3) >> cascade(first=sentence(), then=llm(model=tiny_reasoner(size='small')), accept=0.7)",
            "BM25 finds 3 passages, a sentence reader answers; below a confidence of 0.7 the small tiny reasoner "
            "answers directly",
        ),
        (
            "bm25(top_k=9) >> chain(steps=(maxsim(keep=5), cross_encoder(keep=2))) >> sentence(passages=1)",
            "BM25 finds 9 passages, late interaction keeps 5, then a cross-encoder keeps 2, a sentence reader answers "
            "from the best 1",
        ),
        (
            "llm(model=openai(model='gpt-5-mini'), strategy=program_of_thought(k=1))",
            "gpt-5-mini answers by a vote of 1 program",
        ),
    ],
)
def test_a_pipeline_is_told_stage_by_stage(notation: str, words: str) -> None:
    """With the numbers that matter, defaults among them, and without stages that do nothing."""
    assert pipeline_words(pipeline_yaml(parse(notation)), TOLD) == words


def test_a_component_that_says_nothing_is_called_by_its_name() -> None:
    """As one of a package that is not installed here."""
    yaml = "pipeline: {retrieve: {their_search: {top_k: 4}}, rerank: {cut: {}}, generate: {their_reader: {}}}"
    assert pipeline_words(yaml, {}) == "their search finds 4 passages, cut reorders them, their reader answers"


@pytest.mark.parametrize(
    "yaml",
    ["", "pipeline: [", "pipeline: {retrieve: {}}", "pipeline: 3", "[1]", "pipeline: {generate: {recorded: {}}}"],
)
def test_where_nothing_is_known_nothing_is_said(yaml: str) -> None:
    """Of YAML that is none, and of rows of a table."""
    assert pipeline_words(yaml, TOLD) == ""


def test_words_stay_short() -> None:
    """However long a study's own names are."""
    yaml = f"pipeline: {{generate: {{llm: {{model: {{openai: {{model: {'x' * 5000}}}}}, strategy: {{cot: {{}}}}}}}}}}"
    assert len(pipeline_words(yaml, TOLD)) < 120
    many = "pipeline: {" + ", ".join(f"rerank_{place}: {{{'long' * 20}: {{}}}}" for place in range(2, 90)) + "}"
    assert len(pipeline_words(many, TOLD)) <= LONGEST + 2
