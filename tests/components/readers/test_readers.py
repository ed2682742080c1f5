"""Every reader keeps its contract, and finds answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tradespace.components.base import Reader, answer_of
from tradespace.components.corpus import Corpus
from tradespace.components.readers import reader as module
from tradespace.components.readers.reader import TrainedReader
from tradespace.components.readers.selective import SelectiveReader
from tradespace.components.readers.sentence import SentenceReader
from tradespace.components.sentences import sentence_spans
from tradespace.testing.paragraphs import questions
from tradespace.testing.reader_contract import ReaderContract
from tradespace.testing.running import run_one
from tradespace.types import Passage, Request

TRAINED = (TrainedReader(), TrainedReader(layers=3, precision="int8", passages=1))
VARIANTS: tuple[Reader, ...] = (SentenceReader(), SentenceReader(passages=1), SentenceReader(passages=20), *TRAINED)


@pytest.mark.parametrize("component", VARIANTS, ids=str)
class TestReaders(ReaderContract):
    """The contract."""


def test_the_answer_is_one_whole_sentence(corpus: Corpus) -> None:
    """The sentence reader answers with exactly one sentence of a passage."""
    for question, passage in zip(questions()[:8], corpus.passages, strict=False):
        answer = answer_of(run_one(SentenceReader(), corpus, Request(question.text, (passage,))))
        assert answer.text in [passage.text[start:end] for start, end in sentence_spans(passage.text)]


def test_of_equal_answers_the_better_ranked_passage_wins(corpus: Corpus) -> None:
    """Where two passages say the same, the answer comes from the first."""
    text = "The bridge was opened in 1932."
    passages = (Passage("first", "first", text), Passage("second", "second", text))
    answer = answer_of(run_one(SentenceReader(), corpus, Request("When was the bridge opened?", passages)))
    assert (answer.text, answer.passage_id) == (text, "first")


def test_passages_share_calls_between_settings(corpus: Corpus) -> None:
    """However many passages are read, the call for one passage is the same."""
    request = Request("Who?", corpus.passages[:2])
    calls = [set(next(SentenceReader(passages=passages).process(request))) for passages in (1, 2)]
    assert calls[0] < calls[1]


def test_the_trained_reader_points_at_words_of_a_passage(corpus: Corpus) -> None:
    """Its answer stands in the passage that it names, with a confidence between 0 and 1 and the passage's relevance."""
    by_id = corpus.by_id
    for question in questions()[:8]:
        answer = answer_of(run_one(TrainedReader(passages=4), corpus, Request(question.text, corpus.passages[:4])))
        assert answer.passage_id is not None
        assert answer.text in by_id[answer.passage_id].text
        assert answer.confidence is not None
        assert 0 <= answer.confidence <= 1
        assert answer.relevance is not None


def test_other_weights_are_another_component(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read with one version of the weights is not taken for what another would read."""
    before = TrainedReader().key
    shipped = module.read_manifest(module.READER_FOLDER)
    assert TrainedReader().key == before
    monkeypatch.setattr(module, "read_manifest", lambda _: replace(shipped, sha256="0" * 64))
    assert TrainedReader().key != before


def test_a_reader_that_is_not_sure_enough_declines(corpus: Corpus) -> None:
    """The answer is empty, stands nowhere, and is as sure as it was; from nought on nothing is declined. All thresholds
    make the same calls, those of the reader."""
    request = Request(questions()[0].text, corpus.passages[:3])
    read = answer_of(run_one(TrainedReader(), corpus, request))
    assert read.text and 0 < (read.confidence or 0) < 1
    declined = answer_of(run_one(SelectiveReader(decline_below=1), corpus, request))
    assert declined == replace(read, text="", passage_id=None)
    assert answer_of(run_one(SelectiveReader(decline_below=0), corpus, request)) == read
    calls = [
        next(reader.process(request))
        for reader in (TrainedReader(), SelectiveReader(), SelectiveReader(decline_below=0.2))
    ]
    assert calls[0] == calls[1] == calls[2]
