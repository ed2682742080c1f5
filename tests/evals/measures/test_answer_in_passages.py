"""Whether an accepted answer stands in what was retrieved, in any script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.evals.measures import measure
from tradespace.evals.measures.normalisation import normalised_words
from tradespace.types import Passage, Question, Ranking, ScoredPassage

SASKI = "The Saxon Garden (Ogród Saski) is a 15.5-hectare public park; it was laid out in 1727–1728."
ROLLO = "Rollo was the first ruler of Normandy."


def ranking(*texts: str) -> Ranking:
    return tuple(ScoredPassage(Passage(f"p{place}", f"d{place}", text), 0.0) for place, text in enumerate(texts))


def score(question: Question, *texts: str, name: str = "answer_in_passages") -> float | None:
    return measure(name).score([question], [ranking(*texts)], [None])[0]


def asked(*answers: str, gold: tuple[str, ...] = ()) -> Question:
    return Question("q", "Which?", answers, gold)


@pytest.mark.parametrize(
    ("answer", "text", "stands"),
    [
        ("Saxon garden", SASKI, True),
        ("the Saxon Garden", SASKI, True),
        ("ogród saski", SASKI, True),
        ("1727–1728", SASKI, True),
        ("Garden Saxon", SASKI, False),
        ("Sax", SASKI, False),
        ("public car park", SASKI, False),
        ("北京", "中华人民共和国的首都是北京市。", True),
        ("京都", "中华人民共和国的首都是北京市。", False),
        ("ไทย", "ประเทศไทยมีประชากร", True),
        ("القاهرة", "القاهرة، عاصمة مصر", True),
        ("1727–1728", f"{SASKI} 北京", True),
        ("km²", "Its area is 5 km², which „Wikipedia“ says.", True),
        ("«Paris»", "They went to Paris.", True),
    ],
)
def test_an_answer_stands_in_a_text(answer: str, text: str, stands: bool) -> None:
    """As whole words in a row; a text with foreign signs is treated as the answer is, and the other way round."""
    assert score(asked(answer, gold=("d0",)), ROLLO, text) == float(stands)


def test_any_accepted_answer_in_any_passage_is_enough() -> None:
    """Without one it is zero, and zero it is where nothing was retrieved."""
    assert score(asked("Tesla", "Rollo"), SASKI, ROLLO) == 1
    assert score(asked("Tesla", "Edison"), SASKI, ROLLO) == 0
    assert score(asked("Rollo")) == 0


def test_an_answer_across_two_passages_stands_in_none() -> None:
    """They are read one by one."""
    assert score(asked("Normandy Rollo"), ROLLO, ROLLO) == 0


def test_a_cutoff_looks_at_the_first_passages() -> None:
    """The name says how many."""
    names = [f"answer_in_passages@{k}" for k in (1, 2)]
    assert [score(asked("Rollo"), SASKI, ROLLO, name=name) for name in names] == [0, 1]


@pytest.mark.parametrize("answers", [(), ("",), ("yes",), ("No", "no"), ("the",), ("7",), ("B",)])
def test_what_is_worked_out_or_says_nothing_is_not_looked_for(answers: tuple[str, ...]) -> None:
    """Such questions have no score, whatever was retrieved."""
    assert score(asked(*answers), "yes no the 7 B") is None


def test_a_number_in_a_gold_document_is_looked_for() -> None:
    """The question is about documents then."""
    assert score(asked("7", gold=("d",)), "a park of 7 hectares") == 1
    assert score(asked("7", gold=("d",)), "a park of 77 hectares") == 0


def test_it_is_about_passages() -> None:
    """An answer that was cut off says nothing about them; it needs accepted answers all the same."""
    assert measure("answer_in_passages").scores_passages
    assert not measure("answer_f1").scores_passages
    assert measure("evidence_recall").scores_passages and measure("mrr").scores_passages


def test_a_score_has_its_reason() -> None:
    """The first passage that has an answer."""
    said = measure("answer_in_passages").reason
    assert said(asked("Rollo"), ranking(SASKI, ROLLO, ROLLO), None) == "an accepted answer stands in passage 2"
    assert said(asked("Tesla"), ranking(SASKI), None) == "no accepted answer stands in a passage"
    assert said(asked("yes"), ranking(SASKI), None) == ""


words = st.lists(st.sampled_from(["red", "Blue", "a", "green.", "é", "10½", "-"]), max_size=8)


@given(words, words)
def test_words_in_a_row_are_found_as_a_naive_search_finds_them(answer: list[str], text: list[str]) -> None:
    """Word by word, of texts of one script."""
    sought, there = normalised_words(" ".join(answer)), normalised_words(" ".join(text))
    found = score(asked(" ".join(answer), gold=("d",)), " ".join(text))
    if not sought:
        assert found is None
    else:
        starts = range(len(there) - len(sought) + 1)
        assert found == float(any(there[start : start + len(sought)] == sought for start in starts))
