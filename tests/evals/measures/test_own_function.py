"""A measure of one's own: a function that is named by its path."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from tradespace.errors import ComponentError, MeasureError
from tradespace.evals import score_table
from tradespace.evals.measures.base import Measure, Needs
from tradespace.evals.measures.own_function import OwnFunction
from tradespace.testing.measure_contract import MeasureContract, a_ranking
from tradespace.types import Answer, Question

MODULE = '''
from pathlib import Path

Path(__file__).with_suffix(".imported").touch()
CALLED = []


def exactness(question, answer, passages, references):
    """Whether the answer is an accepted one."""
    CALLED.append((question, answer, passages, references))
    return answer in references


def words(question, answer, passages, references):
    """How long the answer is: it has nothing to say of an empty one."""
    return len(answer.split()) if answer else None


def broken(question, answer, passages, references):
    return 1 / len(passages)


def found(question, answer, passages, references):
    return bool(passages) and answer == ""


class Longer:
    """Whether the answer has more words than it may."""

    def __init__(self, limit=3):
        self.limit = limit

    def __call__(self, question, answer, passages, references):
        return float(len(answer.split()) > self.limit)


NUMBER = 5
'''
QUESTION = Question("q7", "Who led the Normans?", ("Rollo", "Hrólfr"), ("d1",))


@pytest.fixture(autouse=True)
def module(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A module of the user's, in a folder of theirs."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "my_scores.py").write_text(MODULE)
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, "my_scores", raising=False)
    return folder


def scored(measure: Measure, answer: str | None, question: Question = QUESTION) -> float | None:
    given = None if answer is None else Answer(answer, 0.0)
    return score_table([measure], [question], [a_ranking("d1")], [given])[measure.name][0]


@pytest.mark.parametrize(
    "measure",
    [
        OwnFunction(path="my_scores:exactness").measure("mine"),
        OwnFunction(path="my_scores.exactness", references=False).measure("mine"),
        OwnFunction(path="my_scores:Longer", arguments={"limit": 1}, direction="minimize").measure("wordy"),
    ],
    ids=["exactness", "any question", "less is better"],
)
class TestOwnFunction(MeasureContract):
    """The contract."""

    def worst(self, measure: Measure) -> Answer:
        return Answer("It was Tesla", 0.0)


def test_it_is_given_texts() -> None:
    """The question, the answer, the passages, best first, and the accepted answers."""
    assert scored(OwnFunction(path="my_scores:exactness").measure("mine"), "Rollo") == 1.0
    assert sys.modules["my_scores"].CALLED == [("Who led the Normans?", "Rollo", ["text"], ["Rollo", "Hrólfr"])]


def test_nothing_is_imported_before_it_scores(module: Path) -> None:
    """A study that names a function may be read by anybody."""
    measure = OwnFunction(path="my_scores:exactness").measure("mine")
    assert (measure.maximize, measure.needs, measure.applies_to(QUESTION)) == (True, Needs.ANSWERS, True)
    assert not (module / "my_scores.imported").exists()
    scored(measure, "Rollo")
    assert (module / "my_scores.imported").exists()


def test_its_range_becomes_a_share() -> None:
    """Its least number becomes 0 and its greatest 1, whichever is better."""
    measure = OwnFunction(path="my_scores:words", range=(0, 8), direction="minimize").measure("length")
    assert [scored(measure, answer) for answer in ("one two", "one two three four", "")] == [0.25, 0.5, None]
    assert (measure.maximize, measure.worst) == (False, 1.0)


def test_a_question_on_which_the_pipeline_failed_gets_the_worst_score() -> None:
    """Which is the greatest where less is better."""
    measure = OwnFunction(path="my_scores:words", range=(0, 8), direction="minimize").measure("length")
    table = score_table([measure], [QUESTION, Question("q", "?")], [None, None], [None, None], failed=[0, 1])
    assert table == {"length": (1.0, None)}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"path": "my_scores:words"},
            r"must give numbers from 0 to 1, or None; it gave 2\. If its numbers have another",
        ),
        ({"path": "my_scores:words", "range": (3, 9)}, "numbers from 3 to 9, or None; it gave 2"),
    ],
)
def test_numbers_outside_its_range_are_refused(settings: dict[str, object], message: str) -> None:
    """The measure, its path and the question are named."""
    with pytest.raises(MeasureError, match=message) as raised:
        scored(OwnFunction.model_validate(settings).measure("length"), "one two")
    assert "the measure length, my_scores:words, " in str(raised.value)
    assert "the question 'q7' ('Who led the Normans?')" in str(raised.value)


def test_what_it_raises_is_told_with_the_question() -> None:
    """And that nothing is lost."""
    measure = OwnFunction(path="my_scores:broken").measure("mine")
    with pytest.raises(
        MeasureError, match=r"raised ZeroDivisionError: division by zero\. This was for .*'q7'"
    ) as raised:
        measure.score([QUESTION], [()], [Answer("Rollo", 0.0)])
    assert "no call is lost" in str(raised.value)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("nowhere.at.all:function", "the module can't be imported: No module named 'nowhere'.*PYTHONPATH=FOLDER"),
        ("my_scores:exactnes", "the module 'my_scores' has no 'exactnes'"),
        ("my_scores:NUMBER", "must name a function, or a class whose objects can be called; it is 5"),
    ],
)
def test_a_path_that_leads_nowhere_is_explained(path: str, message: str) -> None:
    """When it is first used."""
    with pytest.raises(MeasureError, match=message):
        scored(OwnFunction(path=path).measure("mine"), "Rollo")


def test_arguments_that_a_class_refuses_are_explained() -> None:
    """With the arguments."""
    with pytest.raises(ComponentError, match=r"could not be made with arguments {'limits': 3}: TypeError"):
        scored(OwnFunction(path="my_scores:Longer", arguments={"limits": 3}).measure("mine"), "Rollo")


@pytest.mark.parametrize(
    "settings",
    [
        {"path": "function"},
        {"path": "a b:c"},
        {"path": "a:b:c"},
        {"path": "a:b", "range": (1, 1)},
        {"path": "a:b", "range": (0, float("inf"))},
        {"path": "a:b", "direction": "up"},
    ],
)
def test_impossible_settings_are_refused(settings: dict[str, object]) -> None:
    """When the file is read, without importing anything."""
    with pytest.raises(ValidationError):
        OwnFunction.model_validate(settings)


def test_it_may_be_about_passages() -> None:
    """Then it scores pipelines that only retrieve, whose answer is empty; one that found nothing has a score too."""
    measure = OwnFunction(path="my_scores:found", scores="passages").measure("found")
    scores = measure.score([QUESTION] * 3, [a_ranking("d1"), (), None], [None, None, Answer("Rollo", 0.0)])
    assert (scores, measure.scores_passages) == ([1.0, 0.0, None], True)
