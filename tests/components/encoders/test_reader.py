"""The span reader with the shipped weights."""

from __future__ import annotations

import pytest

from tradespace.components.encoders import CrossEncoder, Layers, SpanReader

PASSAGES = [
    "The Kestrel Bridge was opened in 1932 by the engineer Maria Lund. It crosses the river Aare near Bern.",
    "Bread is made of flour, water and yeast. It is baked for about forty minutes.",
]


@pytest.fixture(scope="module", params=[3, 6])
def layers(request: pytest.FixtureRequest) -> Layers:
    depth: Layers = request.param
    return depth


@pytest.fixture(scope="module")
def reader(layers: Layers) -> SpanReader:
    return SpanReader(layers)


def test_answer_stands_in_its_passage(reader: SpanReader) -> None:
    """The text of a reading is the passage from start to end, and its confidence a probability."""
    for reading, passage in zip(reader.read("Who opened the Kestrel Bridge?", PASSAGES), PASSAGES, strict=True):
        assert passage[reading.start : reading.end] == reading.text != ""
        assert 0.0 <= reading.confidence <= 1.0


def test_plain_question_is_answered(reader: SpanReader) -> None:
    """A year asked for in the passage's own words is found, in the right passage."""
    right, wrong = reader.read("When was the Kestrel Bridge opened?", PASSAGES)
    assert right.text == "1932"
    assert right.score > wrong.score
    assert right.confidence > wrong.confidence


def test_reading_ignores_the_other_passages(reader: SpanReader) -> None:
    """A passage's reading is the same alone as beside others."""
    question = "What is bread made of?"
    assert reader.read(question, PASSAGES)[1] == reader.read(question, PASSAGES[1:])[0]


def test_nothing_to_read(reader: SpanReader) -> None:
    """No passages give no readings; an empty passage gives an empty answer that loses to any other."""
    assert reader.read("Why?", []) == []
    empty, full = reader.read("When was the Kestrel Bridge opened?", ["", PASSAGES[0]])
    assert empty.text == ""
    assert empty.score < full.score


def test_answer_in_a_later_window_is_found(reader: SpanReader) -> None:
    """A passage longer than the network reads at once is read to its end."""
    passage = " ".join(["Bread is baked for about forty minutes."] * 60) + " " + PASSAGES[0]
    [reading] = reader.read("When was the Kestrel Bridge opened?", [passage])
    assert reading.text == "1932"
    assert passage[reading.start : reading.end] == "1932"


def test_relevance_is_the_cross_encoders_score(reader: SpanReader, layers: Layers) -> None:
    """The reader's relevance is the cross-encoder's score, in long passages too; the passage that answers wins."""
    question = "When was the Kestrel Bridge opened?"
    passages = [*PASSAGES, " ".join([PASSAGES[1]] * 30 + [PASSAGES[0]])]
    scores = CrossEncoder(layers).score([(question, passage) for passage in passages])
    assert scores[0] > scores[1]
    assert scores == [reading.relevance for reading in reader.read(question, passages)]
