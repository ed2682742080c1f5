"""The JSON Schema for editors, beside the loader."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
import yaml

from tests.search_space.small import EVERY
from tests.search_space.test_reading import FAULTS
from tradespace.explorer.search import SEARCH_ALGORITHMS
from tradespace.search_space.schema import schema
from tradespace.search_space.starter import starter

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").rglob("*.yaml"))
REST = {"name": "n", "data": {"dataset": "d"}, "objectives": {"f1": "maximize"}}
BEYOND = ("before it", "twice", "exceed", "combination", "left out", "above 0 where", "number; given: inf")
"""Rules between values, which JSON Schema does not know."""


def problems(data: object) -> list[str]:
    """What the schema finds wrong in a document."""
    validator = jsonschema.Draft202012Validator(schema(SEARCH_ALGORITHMS))
    return [error.message for error in validator.iter_errors(data)]


def test_the_schema_is_valid_for_its_draft() -> None:
    """The schema itself follows draft 2020-12."""
    jsonschema.Draft202012Validator.check_schema(schema(SEARCH_ALGORITHMS))
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("text", [starter("s"), *(path.read_text() for path in EXAMPLES)])
def test_the_starter_and_the_examples_are_accepted(text: str) -> None:
    """What loads is valid."""
    assert problems(yaml.safe_load(text)) == []


def test_a_table_stands_in_the_place_of_a_pipeline() -> None:
    """One of them is needed, and not both."""
    table = {**REST, "data": {"table": "t.csv", "columns": {"scores": ["f1"], "ranges": {"f1": [1, 5]}}}}
    assert problems(table) == []
    assert problems({**table, "pipeline": {"retrieve": "bm25"}})
    assert problems(REST)


def test_columns_of_questions_and_documents_are_in_the_schema() -> None:
    """An editor completes what they are, and marks what they are not."""
    data = {
        "questions": "q.csv",
        "documents": "d",
        "columns": {"question": "query", "groups": ["lang"], "text": "body"},
    }
    whole = {**REST, "pipeline": {"retrieve": "bm25"}}
    assert problems({**whole, "data": data}) == []
    assert problems({**whole, "data": {**data, "columns": {"anwsers": "references"}}})


@pytest.mark.usefixtures("small_registry")
@pytest.mark.parametrize(
    "stages", [stages for stages, _, message in FAULTS if not any(rule in message for rule in BEYOND)]
)
def test_what_the_loader_refuses_is_not_valid(stages: str) -> None:
    """Unknown names, wrong types and impossible values are marked in the editor already."""
    assert problems({**REST, "pipeline": yaml.safe_load(stages)})


@pytest.mark.parametrize(
    "section",
    [
        {"nam": 5},
        {"data": {"dataset": "d", "explore": 0}},
        {"objectives": {"f1": "best"}},
        {"objectives": {}},
        {"sla": {"latency_p95": 100}},
        {"sla": "100"},
        {"sla": {"latency_p95": "100 parsecs"}},
        {"sla": {"latency_p90": "1 s", "latency_p95": "1 s"}},
        {"sla": {"split": ["retrieve"]}},
        {"limits": "answer_f1 >= 0.6"},
        {"limits": ["answer_f1 > 0.6"]},
        {"limits": ["answer_f1 > 0.6 for each type"]},
        {"utility": 5},
        {"recommend": "no"},
        {"observed": 5},
        {"constraints": "a < b"},
        {"search": {"strategy": "climb"}},
        {"search": {"strategy": {"tpe": {"startup": 0}}}},
        {"search": {"budget": {"hours": 5}}},
        {"search": {"proposals": {}}},
        {"search": {"proposals": {"model": "nobody"}}},
        {"search": {"proposals": {"model": "smollm2", "rounds": 0}}},
        {"name": ""},
    ],
)
def test_wrong_sections_are_not_valid(section: dict[str, object]) -> None:
    """The other sections are checked like the pipeline."""
    assert problems({**REST, "pipeline": {"retrieve": "bm25"}, **section})
    assert not problems({**REST, "pipeline": {"retrieve": "bm25"}, "sla": "100 ms"})


@pytest.mark.usefixtures("small_registry")
def test_every_setting_is_in_the_schema() -> None:
    """The schema is derived from the components, so that it cannot lag behind them."""
    definitions = schema()["$defs"]
    for component in EVERY:
        assert list(definitions[f"component {component.name}"]["properties"]) == [
            name for name, _ in component.fields()
        ]
