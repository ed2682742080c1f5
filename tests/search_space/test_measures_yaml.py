"""The section `measures`."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
import yaml

from tradespace.components.embedders.minilm import Minilm
from tradespace.components.embedders.openai import OpenAIEmbeddings
from tradespace.errors import InputError, SpaceError
from tradespace.evals.measures import measure
from tradespace.evals.measures.in_group import InGroup
from tradespace.evals.measures.own_function import OwnFunction
from tradespace.evals.measures.rouge_l import RougeL
from tradespace.evals.measures.semantic_similarity import SemanticSimilarity
from tradespace.explorer.search import SEARCH_ALGORITHMS
from tradespace.search_space.bounds import Bound
from tradespace.search_space.schema import schema
from tradespace.search_space.specification import Specification, load_text

REST = """
name: n
data: {dataset: d}
pipeline: {retrieve: bm25, generate: sentence}
search: {budget: {pipelines: 3}}
"""


def registered(name: str) -> bool:
    """The directions of measures that have no settings, as an exploration knows them."""
    return measure(name).maximize


def read(measures: str, objectives: str = "{answer_f1: maximize}", more: str = "") -> Specification:
    section = f"measures: {measures}\n" if measures else ""
    return load_text(f"{section}objectives: {objectives}\n{REST}{more}", "f", measures=registered)


def faults(measures: str, objectives: str = "{answer_f1: maximize}", more: str = "") -> list[str]:
    with pytest.raises(SpaceError) as caught:
        read(measures, objectives, more)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{close: semantic_similarity}", SemanticSimilarity()),
        ("{close: {semantic_similarity: {embedder: minilm}}}", SemanticSimilarity(embedder=Minilm())),
        (
            '{close: {semantic_similarity: {embedder: "openai_embeddings:e3"}}}',
            SemanticSimilarity(embedder=OpenAIEmbeddings(model="e3")),
        ),
        ("{close: {rouge_l: {beta: 2}}}", RougeL(beta=2)),
        ('{close: {function: {path: "m:f", range: [1, 5]}}}', OwnFunction(path="m:f", range=(1, 5))),
        ('{close: {path: "m:f", direction: minimize}}', OwnFunction(path="m:f", direction="minimize")),
        ('{close: "function:m.f"}', OwnFunction(path="m.f")),
    ],
)
def test_a_name_is_followed_by_a_kind_with_its_settings(written: str, expected: object) -> None:
    """Settings may be components; a function needs its path alone."""
    specification = read(written, "{close: }")
    assert specification.measures == {"close": expected}
    assert specification.measure("close").name == "close"
    assert (
        list(jsonschema.Draft202012Validator(schema(SEARCH_ALGORITHMS)).iter_errors(yaml.safe_load(specification.text)))
        == []
    )


def test_the_name_of_a_kind_is_followed_by_its_settings() -> None:
    """One that needs none is an objective without the section."""
    assert read("{rouge_l: {beta: 2}}", "{rouge_l: }").measures == {"rouge_l": RougeL(beta=2)}
    assert read("{rouge_l: }", "{rouge_l: }").measures == {"rouge_l": RougeL()}
    assert read("", "{rouge_l: , answer_f1: }").measures == {"rouge_l": RougeL()}
    assert read("").measures == {}


def test_the_direction_is_the_measures_own() -> None:
    """Unless an objective says otherwise; limits follow it, and utilities name it."""
    written = '{slips: {path: "m:f", direction: minimize}}'
    specification = read(written, "{slips: , answer_f1: }", "utility: answer_f1 - slips\nlimits: [slips <= 0.2]\n")
    assert [objective.maximize for objective in specification.goals.objectives] == [False, True]
    assert read(written, "{slips: maximize}").goals.maximize == (True,)
    assert faults(written, more="limits: [slips >= 0.2]\n") == [
        "f:8: `slips >= 0.2` would rule out the better pipelines: less of slips is better; try `slips <= 0.2`"
    ]


def test_only_measures_that_are_objectives_or_limits_have_keys() -> None:
    """What is scored by others holds whatever their settings are."""
    specification = read(
        "{a: rouge_l, b: {rouge_l: {beta: 2}}, c: {rouge_l: {beta: 3}}}", "{a: }", "limits: [b >= 0.1]"
    )
    assert specification.scored_by == {"a": RougeL().key, "b": RougeL(beta=2).key}
    assert [*specification.measures] == ["a", "b", "c"]


def test_a_group_is_scored_with_the_same_settings() -> None:
    """Its scores hold as long as those of all questions do."""
    name = "close[language=de]"
    stated = read("{close: {rouge_l: {beta: 2}}}", "{close: }")
    held = replace(stated, goals=replace(stated.goals, limits=(Bound(name, 0.1, floor=True),)))
    assert held.measure(name) == InGroup.of_group(RougeL(beta=2).measure("close"), "language", "de")
    assert held.scored_by == {"close": RougeL(beta=2).key, name: RougeL(beta=2).key}


def test_measures_without_settings_keep_their_names() -> None:
    """They are found beside the others; what is neither is told with the nearest name."""
    specification = read("{close: rouge_l}", "{close: }")
    assert specification.measure("answer_f1") is measure("answer_f1")
    with pytest.raises(InputError, match="no measure is called 'closs'"):
        specification.measure("closs")
    (fault,) = faults("{close: rouge_l}", "{closs: }")
    assert "no measure is called 'closs'" in fault
    assert "with settings: did you mean 'close'? " in fault


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("[rouge_l]", "f:1: must name measures and what they are, such as {close: {semantic_similarity: {embedder: "),
        ("{}", "f:1: must name measures"),
        ("{close: rouge}", "f:1: the measure `close` cannot be filled by 'rouge'; did you mean 'rouge_l'?"),
        ("{close: {rouge_l: {bta: 1}}}", "f:1: rouge_l has no setting 'bta'; did you mean 'beta'?"),
        ("{close: {rouge_l: {beta: -1}}}", "f:1: the setting `beta` of rouge_l must be greater than or equal to 0"),
        ("{close: {rouge_l: {beta: [1, 2]}}}", "f:1: the measure `close` must be one, with one value for each setting"),
        ("{close: [rouge_l, semantic_similarity]}", "f:1: the measure `close` must be one"),
        ("{close: {function: {}}}", "f:1: function needs the setting `path`"),
        ("{close: {semantic_similarity: {embedder: minlm}}}", "cannot be filled by 'minlm'; did you mean 'minilm'?"),
        ('{"ndcg@5x": rouge_l}', "f:1: a measure needs a name of letters, digits and _"),
        ("{answer_f1: rouge_l}", "f:1: a measure must have another name than one that has no settings"),
        ("{latency_p95: rouge_l}", "f:1: a measure must have another name than what is measured"),
        ('{close: {path: "no path"}}', "f:1: the setting `path` of function "),
        ('{close: {path: "m:f", range: [5, 1]}}', "must be two numbers, the lower first"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(written: str, message: str) -> None:
    """All faults of a file are reported together, those of this section among them."""
    assert any(message in fault for fault in faults(written))


def test_a_fault_stands_at_the_line_of_its_setting() -> None:
    """Also where a function is meant by its path."""
    (fault,) = faults('\n  mine:\n    path: "m:f"\n    direction: up\n  close: rouge_l')
    assert fault.startswith("f:4: the setting `direction` of function must be 'maximize' or 'minimize'")


def test_a_table_has_its_own_scores(tmp_path: Path) -> None:
    """Measures with settings need answers, and a table has none."""
    (tmp_path / "t.csv").write_text("k,question,score,latency\n1,q,0.5,1\n2,q,0.5,1\n")
    text = (
        f"name: n\ndata: {{table: {tmp_path / 't.csv'}, columns: {{scores: [score], settings: [k]}}}}\n"
        "measures: {close: rouge_l}\nobjectives: {score: maximize}\n"
    )
    with pytest.raises(SpaceError, match="the scores are those of the table: leave this section out"):
        load_text(text)


def test_reading_a_path_imports_nothing() -> None:
    """A study of somebody else's may be opened."""
    sys.modules.pop("antigravity", None)
    specification = read('{mine: {path: "antigravity:fly"}}', "{mine: }")
    assert specification.measure("mine").maximize
    assert "antigravity" not in sys.modules


@pytest.mark.parametrize(
    "section",
    [
        {},
        {"close": "rouge"},
        {"close": {"rouge_l": {"bta": 1}}},
        {"function": None},
        {"a b": "rouge_l"},
        {"close": {"path": "m:f", "direction": "up"}},
    ],
)
def test_the_schema_refuses_what_the_loader_does(section: object) -> None:
    """In the editor already."""
    data = {**yaml.safe_load(REST), "objectives": {"answer_f1": None}, "measures": section}
    assert list(jsonschema.Draft202012Validator(schema(SEARCH_ALGORITHMS)).iter_errors(data))


def test_a_measure_that_is_wrong_is_not_told_to_be_unknown_as_well() -> None:
    """Its own fault is enough."""
    (fault,) = faults("{close: {semantic_similarity: {embeder: minilm}}}", "{close: maximize}")
    assert "embeder" in fault
