"""What holds for every tool of an agent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from tradespace.components.base import Call, Component, Operator, Pipeline
from tradespace.components.corpus import Corpus
from tradespace.components.direct import directly, succeeded
from tradespace.components.processes import drive, side_by_side
from tradespace.components.retrievers.bm25 import BM25
from tradespace.components.tools.base import Observation, Tool
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.storage.databases import open_ledger
from tradespace.testing.component_contract import ComponentContract
from tradespace.testing.paragraphs import documents
from tradespace.types import Outcome

ODD_TEXTS = ("", " ", "2 + 2", "print('7')", "1/0", "((", "9**9**9", "Where is Rome?", "\u0000 🎉", "word " * 500)
"""What a model may well write for any tool."""


class ToolContract(ComponentContract):
    """Given any text, it makes calls that are recorded, and says something. Inherit it and give it `component`."""

    def test_a_model_can_be_told_of_it(self, component: Tool) -> None:
        """By a name and a parameter that servers take, and in words."""
        told = component.declaration
        assert re.fullmatch(r"[a-zA-Z0-9_]{1,64}", told.name)
        assert re.fullmatch(r"[a-zA-Z0-9_]{1,64}", told.parameter)
        assert told.meaning.strip()
        assert "\n" not in told.meaning

    @pytest.mark.parametrize("text", ODD_TEXTS, ids=lambda text: repr(text[:8]))
    def test_something_is_observed_whatever_the_text(self, component: Tool, corpus: Corpus, text: str) -> None:
        """What is wrong with it is told, and not raised."""
        observation = used(component, corpus, text)[0]
        assert observation.text.strip()
        assert all(passage.text for passage in observation.passages)

    def test_the_same_text_has_the_same_observation(self, component: Tool, corpus: Corpus) -> None:
        """Used alone or beside other uses."""
        together = used(component, corpus, *ODD_TEXTS[:6])
        assert [used(component, corpus, text)[0] for text in reversed(ODD_TEXTS[:6])] == together[::-1]

    def test_every_use_is_recorded(self, component: Tool, tmp_path: Path) -> None:
        """The first makes calls through the ledger; the same again makes none, and observes the same."""
        recorded_calls = RecordedCalls(OpenedComponents(documents(), tmp_path), open_ledger("memory://"))
        corpus = recorded_calls.corpus(Pipeline((BM25(),)))

        def answer(calls: Sequence[Call]) -> list[Outcome]:
            return [succeeded(outcome) for outcome in recorded_calls.outcomes(calls, corpus)]

        first = drive(component.use("2 + 2"), answer)
        made = recorded_calls.budget.made
        assert made > 0
        assert drive(component.use("2 + 2"), answer) == first
        assert recorded_calls.budget.made == made


def used(tool: Tool, corpus: Corpus, *texts: str) -> list[Observation]:
    """What is observed of a tool that is used on texts side by side, with nothing recorded."""

    @cache
    def operator_of(part: Component) -> Operator:
        return part.open(corpus)

    return drive(side_by_side([tool.use(text) for text in texts]), directly(operator_of))
