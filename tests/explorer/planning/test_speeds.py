"""Components are tried on a sample of passages, within the time there is, and once for each host."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from hypothesis import given
from hypothesis import strategies as st

from tests.explorer.conftest import MADE, LastWord, Overlap, Shortest
from tradespace.components.base import Operator
from tradespace.components.corpus import Corpus
from tradespace.components.llms.base import LanguageModel
from tradespace.explorer.planning.plan import plan
from tradespace.explorer.planning.speeds import CHARACTERS, PASSAGES, Trial, kind_of, sampled_pieces
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.types import Completion, Document

LONGEST: list[int] = []


class Watchful(Overlap):
    """Notes how long the passages are that it is opened on."""

    name: ClassVar[str] = "watchful"

    def open(self, corpus: Corpus) -> Operator:
        LONGEST.append(max(len(passage.text) for passage in corpus.passages))
        return super().open(corpus)


@given(st.lists(st.integers(0, 40_000), min_size=1, max_size=200))
def test_a_sample_is_small_however_many_and_long_the_documents_are(lengths: list[int]) -> None:
    """Pieces of the documents, none longer than a passage."""
    documents = [Document(str(place), "abcdefghij" * (length // 10)) for place, length in enumerate(lengths)]
    pieces = sampled_pieces(documents)
    assert 1 <= len(pieces) <= 2 * PASSAGES
    assert max(len(piece.text) for piece in pieces) <= CHARACTERS
    assert len({piece.id for piece in pieces}) == len(pieces)


def test_no_component_is_tried_on_a_whole_document(tmp_path: Path) -> None:
    """Not even where nothing cuts the documents."""
    opened_components = OpenedComponents([Document("huge", "word " * 1_000_000)], tmp_path)
    LONGEST.clear()
    chosen = [Watchful() >> LastWord()]
    planned = plan(chosen, ["what is a word"], opened_components)
    speeds = Trial(opened_components, 10.0).speeds(planned.missing, planned.examples)
    assert speeds.keys() == {kind_of(Watchful()), kind_of(LastWord())}
    assert max(LONGEST) <= CHARACTERS


def test_what_was_tried_is_kept_for_its_host(recorded_calls: RecordedCalls) -> None:
    """The next start tries nothing; another machine does."""
    planned = plan([Overlap() >> Shortest() >> LastWord()], ["a mouse"], recorded_calls.opened_components)
    first = Trial(recorded_calls.opened_components, 10.0, recorded_calls.ledger, "here").speeds(
        planned.missing, planned.examples
    )
    made = dict(MADE)
    assert made["overlap"] > 0
    assert (
        Trial(recorded_calls.opened_components, 10.0, recorded_calls.ledger, "here").speeds(
            planned.missing, planned.examples
        )
        == first
    )
    assert dict(MADE) == made
    Trial(recorded_calls.opened_components, 10.0, recorded_calls.ledger, "there").speeds(
        planned.missing, planned.examples
    )
    assert MADE["overlap"] > made["overlap"]


def test_without_time_nothing_is_tried(recorded_calls: RecordedCalls) -> None:
    """An estimate takes no more of a budget than it may."""
    planned = plan([Overlap() >> LastWord()], ["a mouse"], recorded_calls.opened_components)
    assert Trial(recorded_calls.opened_components, 0.0).speeds(planned.missing, planned.examples) == {}
    assert not MADE


class Loaded(LanguageModel):
    """Counts how often it is loaded."""

    name: ClassVar[str] = "loaded"

    def open(self, corpus: Corpus) -> Operator:
        MADE["loaded"] += 1
        return lambda prompts: [Completion("", 1, 1) for _ in prompts]


def test_a_language_model_is_opened_once_for_all_corpora(tmp_path: Path) -> None:
    """What a trial has loaded, an exploration finds."""
    MADE.clear()
    opened_components = OpenedComponents([Document("one", "text")], tmp_path)
    whole = opened_components.corpus(Overlap() >> LastWord())
    other = Corpus(whole.passages[:0], whole.store)
    assert opened_components.operator(Loaded(), whole) is opened_components.operator(Loaded(), other)
    assert MADE["loaded"] == 1
