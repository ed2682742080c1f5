"""The page on scores says what is true: its table is computed, and its functions are run as they stand."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
import yaml

from bench.scores import examples
from tradespace.evals.measures.base import Measure
from tradespace.search_space.document import parse_yaml
from tradespace.search_space.measures_yaml import read_measures
from tradespace.types import Answer, Passage, Question, ScoredPassage

TEXT = (Path(__file__).parents[2] / "docs" / "scores.md").read_text(encoding="utf-8")
SECTIONS = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
MODULES = dict(re.findall(r"```python\n# (my_\w+)\.py\n(.*?)```", TEXT, re.DOTALL))
QUESTION = Question("q", "How many?", ("12 of 40", "40"))


def measures() -> dict[str, Measure]:
    """Every measure that the page configures."""
    documents = [parse_yaml(section, "scores.md") for section in SECTIONS if "measures" in yaml.safe_load(section)]
    read = {}
    for document in documents:
        read |= read_measures(document.data["measures"], ("measures",), document)
        document.raise_faults()
    return {name: configured.measure(name) for name, configured in read.items()}


@pytest.fixture
def _modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page's modules, to be imported."""
    for name, code in MODULES.items():
        (tmp_path / f"{name}.py").write_text(code)
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.syspath_prepend(str(tmp_path))


def scored(measure: Measure, answer: str) -> float | None:
    ranking = (ScoredPassage(Passage("p", "d", "12 of 40"), 1.0),)
    return measure.score([QUESTION], [ranking], [Answer(answer, 0.0)])[0]


def test_the_table_of_answers_is_what_measures_say() -> None:
    """Six answers to one question, by five measures."""
    assert examples() in TEXT


@pytest.mark.usefixtures("_modules")
def test_functions_of_ones_own_score_as_the_page_says() -> None:
    """Exactly, by a rating from 1 to 5, and by a length of which less is better."""
    known = measures()
    assert [scored(known["exactness"], answer) for answer in ("40", "12 of 40", "12")] == [1.0, 1.0, 0.0]
    assert [scored(known["rating"], answer) for answer in ("12 or 40", "12", "none")] == [1.0, 0.5, 0.0]
    assert scored(known["wordy"], "one two three four five") == 0.01
    assert (known["wordy"].maximize, known["rating"].maximize) == (False, True)


@pytest.mark.usefixtures("_modules")
def test_an_evaluator_of_langchain_is_a_measure() -> None:
    """Where it is installed."""
    pytest.importorskip("langchain_classic")
    assert [scored(measures()["exact"], answer) for answer in ("12 OF 40", "13 of 40")] == [1.0, 0.0]


@pytest.mark.usefixtures("_modules")
def test_a_metric_of_ragas_is_a_measure() -> None:
    """Where it is installed."""
    pytest.importorskip("ragas")
    document = parse_yaml('measures: {theirs: {path: "my_ragas:similarity"}}', "scores.md")
    measure = read_measures(document.data["measures"], ("measures",), document)["theirs"].measure("theirs")
    assert scored(measure, "12 of 40") == 1.0
    assert scored(measure, "Rollo") != 1.0
