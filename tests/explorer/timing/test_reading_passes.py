"""The embedded networks say what their work is, and calls of the same work are one."""

from __future__ import annotations

import pytest

from tradespace.components.readers.reader import TrainedReader
from tradespace.components.rerankers.cross_encoder import EmbeddedCrossEncoder
from tradespace.components.retrievers.bm25 import BM25
from tradespace.components.retrievers.dense import Dense
from tradespace.components.threads import cores
from tradespace.data import load_dataset
from tradespace.explorer.timing.call_sizes import Passes, size_of
from tradespace.explorer.timing.latency_model import busiest_core, fit
from tradespace.explorer.timing.stopwatch import first_calls
from tradespace.types import Passage, Request

DATA = load_dataset("wikipedia/xquad")
PASSAGES = tuple(Passage(document.id, document.id, document.text) for document in DATA.documents)


def request(place: int, passages: int) -> Request:
    """A question with passages that lie somewhere in the data."""
    return Request(DATA.questions[place].text, PASSAGES[7 * place : 7 * place + passages])


def size(component: TrainedReader | EmbeddedCrossEncoder, given: Request) -> Passes:
    passes = size_of(first_calls(component, given))
    assert isinstance(passes, Passes)
    return passes


def seconds(passes: Passes) -> float:
    """What was recorded of the reader on one machine, without its noise."""
    own = busiest_core(passes.tokens, passes.side_by_side, (6e-4, 8e-4, 6.4e-5, 1.3e-8, 5e-6))
    alone = sum(8e-4 + 6.4e-5 * tokens + 1.3e-8 * tokens**2 for tokens in own)
    return 6e-4 + alone + 5e-6 * (sum(passes.tokens) - sum(own))


def test_a_reader_says_how_many_tokens_it_reads_on_each_core() -> None:
    """Each passage behind the question is a pass, the longest first."""
    one, three = size(TrainedReader(passages=1), request(0, 3)), size(TrainedReader(passages=3), request(0, 3))
    assert (len(one.tokens), len(three.tokens)) == (1, 3)
    assert list(three.tokens) == sorted(three.tokens, reverse=True)
    assert set(one.tokens) <= set(three.tokens)
    assert three.side_by_side == cores()


def test_a_cross_encoder_and_a_reader_of_the_same_passages_make_the_same_calls() -> None:
    """So that what one takes is known of the other."""
    reranked = first_calls(EmbeddedCrossEncoder(layers=3, precision="int8", keep=1), request(0, 5))
    read = first_calls(TrainedReader(layers=3, precision="int8", passages=5), request(0, 5))
    assert reranked == read


def test_a_dozen_readings_foretell_all_others() -> None:
    """Of any number of passages, of real lengths."""
    shapes = [(place, passages) for place in range(12) for passages in (1, 2, 5)]
    sizes = [size(TrainedReader(passages=5), request(*shape)) for shape in shapes]
    model = fit(sizes, [seconds(passes) for passes in sizes])
    assert model.p95_error < 0.01
    for place in range(12, 40):
        other = size(TrainedReader(passages=5), request(place, 1 + place % 5))
        assert model.seconds(other) == pytest.approx(seconds(other), rel=0.01)


def test_encoding_a_question_is_a_pass_and_looking_words_up_is_none() -> None:
    """A longer question takes `dense` longer."""
    short, long = Request("Who?"), Request("Who " + "really " * 30 + "did it?")
    assert isinstance(size_of(first_calls(Dense(), short)), Passes)
    assert Dense().passes([long]).tokens > Dense().passes([short]).tokens  # type: ignore[union-attr]
    assert BM25().passes([short]) is None
