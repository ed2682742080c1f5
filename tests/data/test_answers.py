"""What accepted answers are like."""

from __future__ import annotations

from tradespace.data import Dataset
from tradespace.data.answers import answer_profile
from tradespace.types import Document, Question

DOCUMENTS = (Document("a", "Ogr\u00f3d  SASKI\nis in Warsaw."), Document("b", "Elsewhere."))


def standing(*questions: Question) -> float | None:
    return answer_profile(Dataset("own", DOCUMENTS, questions)).standing


def test_answers_stand_in_their_gold_documents() -> None:
    """Whatever their letter case, white space and Unicode form; another document does not count."""
    assert standing(Question("1", "?", ("Ogro\u0301d Saski",), ("a",)), Question("2", "?", ("Warsaw",), ("b",))) == 0.5


def test_without_gold_documents_any_document_counts() -> None:
    """And one accepted answer is enough."""
    assert standing(Question("1", "?", ("nowhere", "elsewhere."))) == 1.0
    assert standing(Question("1", "?", ("nowhere",))) == 0.0


def test_questions_without_answers_play_no_part() -> None:
    """The empty answer, which is right where there is none, is no text that could stand anywhere."""
    assert standing(Question("1", "?"), Question("2", "?", ("",))) is None
    assert standing(Question("1", "?", ("Warsaw",)), Question("2", "?", ("",))) == 1.0


def test_lengths_are_those_of_the_shortest_answers() -> None:
    """In words, as of other texts."""
    asked = (Question("1", "?", ("a b c", "a")), Question("2", "?", ("a b c",)), Question("3", "?", ("",)))
    words = answer_profile(Dataset("own", DOCUMENTS, asked)).words
    assert (words.least, words.most) == (1, 3)
