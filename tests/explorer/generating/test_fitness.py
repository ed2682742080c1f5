"""What can be told of a question without asking anybody."""

from __future__ import annotations

import pytest

from tradespace.data.generation.written import GeneratedType, WrittenQuestion
from tradespace.explorer.generating.fates import Fate
from tradespace.explorer.generating.fitness import fit_to_be_asked
from tradespace.explorer.generating.sources import Assignment, SourcePassage
from tradespace.types import Document, Passage

TEXT = "The Heron was built in 1814 by Nora Berg. It has 12 rooms. Nora Berg was 31 years old."
DOCUMENT = Document("heron.md", TEXT, "Heron")
SOURCE = SourcePassage.of(Passage("heron.md", "heron.md", TEXT), {"heron.md": DOCUMENT})
FACT, NUMBER = GeneratedType.FACT, GeneratedType.NUMBER


def fit(text: str, answer: str = "", kind: GeneratedType = FACT, sentence: int = 0) -> WrittenQuestion | Fate:
    """What is made of a question about the passage."""
    sources = (SOURCE, SOURCE) if kind is GeneratedType.TWO_PASSAGES else (SOURCE,)
    sentences = () if kind is GeneratedType.UNANSWERABLE else (sentence,) * len(sources)
    return fit_to_be_asked(WrittenQuestion(text, answer, sentences), Assignment(kind, sources))


@pytest.mark.parametrize(
    ("text", "answer", "kind"),
    [
        ("Who built the Heron?", "Nora Berg", FACT),
        ("Who built the Heron?", "nora  berg", FACT),
        ("When was the Heron built?", "1814", NUMBER),
        ("Was the Heron built in 1814?", "yes", GeneratedType.YES_NO),
        ("Who built the older one of Heron and Osprey?", "Nora Berg", GeneratedType.TWO_PASSAGES),
        ("Who painted the Heron?", "", GeneratedType.UNANSWERABLE),
    ],
)
def test_a_good_question_is_left_as_it_is(text: str, answer: str, kind: GeneratedType) -> None:
    """Of each type; letter case and white space of the answer play no part."""
    written = fit(text, answer, kind)
    assert isinstance(written, WrittenQuestion)
    assert (written.text, written.answer) == (text, answer)


@pytest.mark.parametrize(
    ("text", "answer", "kind", "fate"),
    [
        ("Tell me who built the Heron.", "Nora Berg", FACT, Fate.UNFIT),
        ("Who?", "Nora Berg", FACT, Fate.UNFIT),
        ("Who " * 60 + "?", "Nora Berg", FACT, Fate.UNFIT),
        ("Who built the Heron, according to the text?", "Nora Berg", FACT, Fate.UNFIT),
        ("Who built it, as the second passage says?", "Nora Berg", FACT, Fate.UNFIT),
        ("In this short document, who built the Heron?", "Nora Berg", FACT, Fate.UNFIT),
        ("Was Nora Berg who built the Heron?", "Nora Berg", FACT, Fate.UNFIT),
        ("Who built the Heron?", "Otto Lund", FACT, Fate.UNSUPPORTED),
        ("Who built the Heron?", "ora Ber", FACT, Fate.UNSUPPORTED),
        ("How many rooms has the Heron?", "2", NUMBER, Fate.UNSUPPORTED),
        ("Who built the Heron?", "Nora Berg", NUMBER, Fate.UNSUPPORTED),
        ("Who built the Heron?", "...", FACT, Fate.UNSUPPORTED),
        ("Was the Heron built in 1814?", "perhaps", GeneratedType.YES_NO, Fate.UNREADABLE),
        ("Who built both?", "Otto Lund", GeneratedType.TWO_PASSAGES, Fate.UNSUPPORTED),
    ],
)
def test_a_question_that_is_not_fit_to_be_asked(text: str, answer: str, kind: GeneratedType, fate: Fate) -> None:
    """No question, too short or long, not for itself, with its answer in it, or an answer that is nowhere."""
    assert fit(text, answer, kind) is fate


def test_the_sentence_that_holds_the_answer_is_the_evidence() -> None:
    """Where another one than the named holds it, and none besides."""
    written = fit("How many rooms has the Heron?", "12", NUMBER, sentence=0)
    assert isinstance(written, WrittenQuestion)
    assert SOURCE.evidence(written.sentences[0]).text == "It has 12 rooms."


def test_no_sentence_is_guessed() -> None:
    """Two others hold the answer: which of them was meant is not known."""
    assert fit("Who built the Heron?", "Nora Berg", sentence=1) is Fate.UNSUPPORTED


def test_answers_written_without_spaces_stand_within_words() -> None:
    """Chinese has no space between words."""
    text = "苍鹭楼建于一八一四年。建造者是李明。"
    source = SourcePassage.of(Passage("a", "a", text), {"a": Document("a", text)})
    written = fit_to_be_asked(WrittenQuestion("谁建造了苍鹭楼？", "李明", (1,)), Assignment(FACT, (source,)))
    assert isinstance(written, WrittenQuestion)
