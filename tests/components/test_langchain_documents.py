"""Passages as LangChain documents, and back."""

from __future__ import annotations

from langchain_core.documents import Document

from tradespace.components.langchain_documents import as_documents, as_ranking
from tradespace.types import Passage

PASSAGES = (Passage("a", "d", "same"), Passage("b", "d", "same"), Passage("c", "e", "other"))


def test_there_and_back() -> None:
    """Passages come back as they were, in order, those with equal texts included."""
    ranking = as_ranking(as_documents(PASSAGES), PASSAGES)
    assert tuple(scored.passage for scored in ranking) == PASSAGES
    assert [scored.score for scored in ranking] == [1, 1 / 2, 1 / 3]


def test_without_metadata_the_text_decides() -> None:
    """A document without metadata is the first passage with its text."""
    assert as_ranking([Document("same")], PASSAGES)[0].passage == PASSAGES[0]


def test_a_rewritten_passage_stays_in_its_document() -> None:
    """A document whose text was changed is a new passage of the same document, named by its content."""
    (document,) = as_documents(PASSAGES[2:])
    (scored,) = as_ranking([Document("oth", metadata=document.metadata)], PASSAGES)
    assert scored.passage.id.startswith("c#")
    assert (scored.passage.document_id, scored.passage.text) == ("e", "oth")


def test_repeated_documents_count_once() -> None:
    """A passage found twice keeps its better rank."""
    ranking = as_ranking([Document("other"), Document("same"), Document("other")], PASSAGES)
    assert [scored.passage.id for scored in ranking] == ["c", "a"]
