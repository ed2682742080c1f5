"""One question is answered as a served pipeline would, with the time that each stage took."""

from __future__ import annotations

import pytest

from tests.explorer.conftest import QUESTIONS, LastWord, Overlap, Shortest, Unopenable
from tradespace.errors import ComponentError
from tradespace.explorer.running.asking import ask
from tradespace.explorer.running.caller import Caller


def test_an_answer_comes_with_its_passages_and_spans(caller: Caller) -> None:
    """One span for each online stage, in order."""
    asked = ask(Overlap(top_k=1) >> Shortest(keep=1) >> LastWord(), caller.workbench, QUESTIONS[0])
    assert asked.answer is not None
    assert asked.answer.text == "mat"
    assert [scored.passage.id for scored in asked.passages] == ["cat"]
    assert [span.stage for span in asked.spans] == ["retrieve", "rerank", "generate"]
    assert all(span.seconds >= 0 for span in asked.spans)


def test_a_pipeline_without_a_reader_answers_with_passages_alone(caller: Caller) -> None:
    """Retrieval is an answer too."""
    asked = ask(Overlap(top_k=2) >> Shortest(keep=2), caller.workbench, QUESTIONS[0])
    assert asked.answer is None
    assert len(asked.passages) == 2


def test_a_component_that_cannot_be_opened_is_named(caller: Caller) -> None:
    """The message is that of the exploration."""
    with pytest.raises(ComponentError, match=r"unopenable\(\) raised FileNotFoundError"):
        ask(Overlap() >> Unopenable(), caller.workbench, QUESTIONS[0])
