"""Every tool keeps the contract, and tells what it is there for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tradespace.components.base import Component
from tradespace.components.corpus import Corpus, whole_documents
from tradespace.components.retrievers.bm25 import BM25
from tradespace.components.retrievers.hyde import HyDE
from tradespace.components.store import ArtefactStore
from tradespace.components.strategies.programs import ProgramRunner
from tradespace.components.tools import TOOLS
from tradespace.components.tools.base import Tool
from tradespace.components.tools.calculator import Calculator
from tradespace.components.tools.look_up import LookUp
from tradespace.components.tools.python import Python
from tradespace.components.tools.search import SearchTool
from tradespace.components.trust import Trust
from tradespace.testing.paragraphs import questions
from tradespace.testing.scripted import Scripted
from tradespace.testing.tool_contract import ToolContract, used
from tradespace.types import Document, Program, Request

VARIANTS: tuple[Tool, ...] = (
    SearchTool(),
    SearchTool(retriever=BM25(k1=0.9, top_k=5), passages=2),
    LookUp(),
    LookUp(passages=1),
    Calculator(),
    Python(),
    Python(seconds=2.0, characters=3),
)


@pytest.mark.parametrize("component", VARIANTS, ids=str)
class TestTools(ToolContract):
    """All of them."""


def test_every_tool_is_under_contract() -> None:
    """None is listed without being tested."""
    assert {type(tool) for tool in VARIANTS} == set(TOOLS)


def test_a_search_is_a_call_of_its_retriever() -> None:
    """The one that a pipeline makes which is asked the same, however many passages are shown."""
    calls = next(SearchTool(passages=2).use("When was the bridge opened?"))
    assert list(calls) == list(next(BM25().process(Request("When was the bridge opened?"))))


def test_a_search_shows_the_best_passages(corpus: Corpus) -> None:
    """As many as it is told, which are then known."""
    question, passage = questions()[0], corpus.passages[0]
    (observation,) = used(SearchTool(passages=2), corpus, question.text)
    assert observation.passages[0] == passage
    assert observation.text == "\n\n".join(shown.text for shown in observation.passages)
    assert len(observation.passages) == 2


def test_any_retriever_searches(corpus: Corpus) -> None:
    """One that asks a model first makes its calls, and then those of its search."""
    guessing = SearchTool(retriever=HyDE(model=Scripted(script={"think": (corpus.passages[3].text,)}), suppositions=1))
    assert used(guessing, corpus, "Which one?")[0].passages[0] == corpus.passages[3]


FILES = (
    Document("a-1", "It has two towers.", "The Old_Bridge"),
    Document("a-2", "It was opened in 1932.", "The Old_Bridge"),
    Document("b", "A river."),
)


@pytest.fixture
def titled(tmp_path: Path) -> Corpus:
    """Three documents, two of them with one title."""
    return Corpus(whole_documents(FILES), ArtefactStore(tmp_path), FILES)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("the old bridge", "It has two towers.\n\nIt was opened in 1932."),
        (' "The Old Bridge" ', "It has two towers.\n\nIt was opened in 1932."),
        ("A 2", "It was opened in 1932."),
        ("B", "A river."),
        ("bridge", "nothing was found"),
        ("", "nothing was found"),
    ],
)
def test_a_document_is_looked_up_by_title_or_id(titled: Corpus, name: str, text: str) -> None:
    """The whole of the name, written as one likes."""
    assert used(LookUp(), titled, name)[0].text == text
    assert used(LookUp(passages=1), titled, name)[0].text == text.partition("\n\n")[0]


def test_titles_are_part_of_the_address_of_a_look_up(titled: Corpus) -> None:
    """What was found by other titles is not taken for what is found by these; other calls don't depend on them."""
    untitled = Corpus(titled.passages, titled.store)
    assert LookUp().address_in(titled) != LookUp().address_in(untitled)
    assert BM25().address_in(titled) == BM25().address_in(untitled) == titled.key


def test_how_much_is_shown_is_no_part_of_the_call() -> None:
    """It is looked up once for all."""
    assert LookUp(passages=1).key == LookUp(passages=2).key


@pytest.mark.parametrize(
    ("text", "told", "known"),
    [
        ("3 * (4 + 10) / 4", "10.5", ["3 * (4 + 10) / 4\n= 10.5"]),
        ("x + y = 10, x - y = 4", "x = 7, y = 3", ["x + y = 10, x - y = 4\n= x = 7, y = 3"]),
        ("three hats", "failed: this is no arithmetic expression: three hats", []),
    ],
)
def test_a_calculator_works_out_or_says_why_not(corpus: Corpus, text: str, told: str, known: list[str]) -> None:
    """Only what it worked out is known from then on."""
    (observation,) = used(Calculator(), corpus, text)
    assert (observation.text, [passage.text for passage in observation.passages]) == (told, known)
    assert all(passage.is_foreign for passage in observation.passages)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("```python\nprint(3 + 4)\n```", "7"),
        ("print('long' * 3)", "lon…"),
        ("x = 7", "nothing came of it"),
        ("raise SystemExit(3)", "failed: "),
    ],
)
def test_python_tells_what_was_printed(corpus: Corpus, code: str, told: str) -> None:
    """Up to a length; a program that prints nothing, or fails, has told nothing to go by."""
    (observation,) = used(Python(characters=3), corpus, code)
    assert observation.text.startswith(told)


def test_a_program_is_a_call_that_strategies_share() -> None:
    """Equal programs run once."""
    (call,) = next(Python().use("```python\nprint(7)\n```"))
    assert (call.component, call.request) == (ProgramRunner(), Program("print(7)"))


def test_programs_outside_the_sandbox_need_trust() -> None:
    """As those of strategies do."""
    assert needs([Python()]) == set()
    assert needs([Python(isolated=False)]) == {Trust.UNSANDBOXED}


def needs(components: Sequence[Component]) -> set[Trust]:
    """What they need, with their parts."""
    return {trust for component in components for part in component.parts() for trust in part.needs}
