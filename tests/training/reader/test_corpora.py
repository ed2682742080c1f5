"""Reading the corpora and finding answers in them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from training.reader.corpora import Passage, Question, answer_spans, hotpot_questions, natural_questions, part_of


def test_answers_are_found_up_to_case_accents_and_space() -> None:
    """Spans point into the text as it stands."""
    text = "Wilhelm  Röntgen won. rontgen again; Röntgenite not."
    assert [text[a:b] for a, b in answer_spans(text, ("Rontgen", "wilhelm röntgen"))] == [
        "Wilhelm  Röntgen",
        "Röntgen",
        "rontgen",
    ]


@given(st.text(max_size=60), st.text(max_size=10))
def test_spans_lie_in_the_text(text: str, answer: str) -> None:
    """Whatever the text and the answer, spans are in order and inside."""
    spans = answer_spans(text, (answer,))
    assert spans == sorted(spans)
    assert all(0 <= a < b <= len(text) for a, b in spans)


def test_questions_on_one_page_stay_together() -> None:
    """Two questions whose passages are of one page are in the same part, so that no page is on both sides."""
    page = Passage("Kestrel Bridge", "Kestrel Bridge\nIt was opened in 1932.")
    assert part_of(Question("when", ("1932",), page)) == part_of(Question("what", ("It",), page))


def test_natural_questions_are_read(tmp_path: Path) -> None:
    """A passage starts with its title on a line of its own, and its body leaves it out."""
    record = {"question": "q", "answers": ["a", "b"], "ctxs": [{"title": "T", "text": "One.  Two."}]}
    (tmp_path / "nq_open_oracle").mkdir()
    with gzip.open(tmp_path / "nq_open_oracle" / "nq-open-oracle.jsonl.gz", "wt") as file:
        file.write(json.dumps(record) + "\n")
    [question] = natural_questions(tmp_path)
    assert question == Question("q", ("a", "b"), Passage("T", "T\nOne. Two."))
    assert question.passage.body == "One. Two."


def test_hotpot_questions_keep_the_document_that_answers(tmp_path: Path) -> None:
    """The passage is the first supporting document with the answer; a yes/no question has none and is left out."""
    context = [["A", ["Of a."]], ["B", ["The answer is ", "Bern."]]]
    facts = [["A", 0], ["B", 1]]
    records = [
        {"question": "where", "answer": "Bern", "supporting_facts": facts, "context": context},
        {"question": "is it", "answer": "yes", "supporting_facts": facts, "context": context},
    ]
    (tmp_path / "hotpotqa").mkdir()
    with gzip.open(tmp_path / "hotpotqa" / "qa_train.json.gz", "wt") as file:
        json.dump(records, file)
    [question] = hotpot_questions(tmp_path)
    assert question.passage == Passage("B", "B\nThe answer is Bern.")
