"""Passages as LangChain documents, and back: by label, by content, by name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.documents import Document

from tradespace.components.langchain_documents import KnownPassages, as_documents
from tradespace.types import Passage, Ranking

PASSAGES = (Passage("a", "d", "same"), Passage("b", "d", "same"), Passage("c", "e", "other"))
HANDBOOK = (
    Passage("returns.md/1", "returns.md", "A purchase may be returned\nwithin 30 days."),
    Passage("returns.md/2", "returns.md", "Nobody asks why."),
    Passage("shipping/costs.txt/1", "shipping/costs.txt", "The customer pays for shipping. Nobody asks why it is so."),
    Passage("7/1", "7", "Lunch is at noon."),
)


def traced(*documents: Document) -> Ranking:
    return KnownPassages(HANDBOOK).ranking(documents)


def test_there_and_back() -> None:
    """Passages come back as they were, in order, those with equal texts included."""
    ranking = KnownPassages(PASSAGES).ranking(as_documents(PASSAGES))
    assert tuple(scored.passage for scored in ranking) == PASSAGES
    assert [scored.score for scored in ranking] == [1, 1 / 2, 1 / 3]


def test_without_metadata_the_text_decides() -> None:
    """A document without metadata is the first passage with its text."""
    assert KnownPassages(PASSAGES).ranking([Document("same")])[0].passage == PASSAGES[0]


def test_a_rewritten_passage_stays_in_its_document() -> None:
    """A document whose text was changed is a new passage of the same document, named by its content."""
    (document,) = as_documents(PASSAGES[2:])
    (scored,) = KnownPassages(PASSAGES).ranking([Document("oth", metadata=document.metadata)])
    assert scored.passage.id.startswith("c#")
    assert (scored.passage.document_id, scored.passage.text) == ("e", "oth")


def test_repeated_documents_count_once() -> None:
    """A passage found twice keeps its better rank."""
    ranking = KnownPassages(PASSAGES).ranking([Document("other"), Document("same"), Document("other")])
    assert [scored.passage.id for scored in ranking] == ["c", "a"]


@given(
    spaces=st.lists(st.sampled_from([" ", "\n", "\t", "  ", "\u00a0"]), min_size=12, max_size=12),
    labelled=st.booleans(),
)
def test_white_space_does_not_matter(spaces: list[str], labelled: bool) -> None:
    """A passage that a compressor or another splitter wrapped otherwise is that passage, with its own text."""
    for passage in HANDBOOK:
        text = "".join(word + space for word, space in zip(passage.text.split(), spaces, strict=False))
        metadata = as_documents([passage])[0].metadata if labelled else {"source": "elsewhere"}
        assert traced(Document(text, metadata=metadata))[0].passage == passage


@pytest.mark.parametrize(
    "document",
    [
        Document("Goods go back.", metadata={"source": "returns.md"}),
        Document("Goods go back.", metadata={"source": "/home/me/handbook/returns.md", "page": 3}),
        Document("Goods go back.", metadata={"file_path": "C:\\handbook\\returns.md"}),
        Document("Goods go back.", id="returns.md"),
        Document("Goods go back.", metadata={"doc_id": "returns.md", "source": "s3://bucket/unknown"}),
        Document("returned within", metadata={"source": "unknown.md"}),
        Document("A purchase may be returned within 30 days. Nobody asks why.", metadata={"source": 7}),
        Document("Preface. A purchase may be returned within 30 days. Epilogue."),
    ],
    ids=lambda document: repr(document)[:60],
)
def test_what_others_name_or_cut_otherwise_stays_in_its_document(document: Document) -> None:
    """By content if it stands in one document alone, whatever it is called; else by id, `source`, end of a path."""
    (scored,) = traced(document)
    assert scored.passage.document_id == "returns.md"
    assert scored.passage.text == document.page_content
    assert not scored.passage.is_foreign


def test_content_goes_before_names() -> None:
    """Numbers name other things elsewhere: the words of a document are surer."""
    assert traced(Document("within 30 days", metadata={"id": 7}))[0].passage.document_id == "returns.md"
    assert traced(Document("Supper is late.", metadata={"id": 7}))[0].passage.document_id == "7"


@pytest.mark.parametrize("text", ["Nothing of the kind.", "Nobody asks", "", "  "])
def test_what_matches_no_document_is_foreign(text: str) -> None:
    """Unknown words, words of several documents and no words at all belong to none."""
    (scored,) = traced(Document(text, metadata={"source": "unknown.md"}))
    assert scored.passage.is_foreign
    assert not HANDBOOK[0].is_foreign


def test_a_named_document_is_chosen_among_equal_texts() -> None:
    """Where several documents have the text, the one that is named has it."""
    passages = (Passage("x/1", "x", "All rights reserved."), Passage("y/1", "y", "All rights reserved."))
    (scored,) = KnownPassages(passages).ranking([Document("All rights reserved.", metadata={"source": "docs/y"})])
    assert scored.passage.id == "y/1"
