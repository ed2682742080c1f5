"""What holds for every chunker."""

from __future__ import annotations

import re

import pytest

from tradespace.components.base import Chunker
from tradespace.testing.component_contract import ComponentContract
from tradespace.testing.paragraphs import documents
from tradespace.types import Document, Passage

_PLACE = re.compile(r"(?P<document>.+)\[(?P<start>\d+):(?P<end>\d+)\]")

CHUNKED_TEXTS = (
    "",
    " \n ",
    "One.",
    "no punctuation at all but quite a few words " * 40,
    "日本語の文章です。とても短い。" * 30,
    "Ünïcödé ånd émojis 🎉🎉. Next sentence! " * 30,
    "x" * 3000,
    "First paragraph. It has two.\n\nSecond paragraph.\r\n\r\nThird\tone. " * 20,
    "\u0000 control \u200b characters. " * 20,
)
"""Texts that users' documents may well hold."""


def place_of(passage: Passage, document: Document) -> tuple[int, int]:
    """The characters of the document that a passage's name says it holds."""
    if passage.id == document.id:
        return 0, len(document.text)
    match = _PLACE.fullmatch(passage.id)
    assert match
    assert match["document"] == document.id
    return int(match["start"]), int(match["end"])


def assert_covered(document: Document, passages: tuple[Passage, ...]) -> None:
    """Passages lie where their names say, in order, and only space lies between them."""
    reached = 0
    for passage in passages:
        start, end = place_of(passage, document)
        assert passage.text == document.text[start:end]
        assert not document.text[reached:start].strip()
        assert end >= reached
        reached = end
    assert not document.text[reached:].strip()


class ChunkerContract(ComponentContract):
    """Cuts documents into passages that together hold the whole text."""

    def test_the_whole_text_is_covered(self, component: Chunker) -> None:
        """No word of a document is lost, and every passage lies where its name says."""
        for document in documents()[:12]:
            assert_covered(document, component.split([document]))

    @pytest.mark.parametrize("text", CHUNKED_TEXTS, ids=lambda text: ascii(text[:10]))
    def test_odd_texts_are_covered(self, component: Chunker, text: str) -> None:
        """Empty, blank, endless and non-Latin texts are covered too."""
        document = Document("odd", text)
        assert_covered(document, component.split([document]))

    def test_documents_do_not_influence_each_other(self, component: Chunker) -> None:
        """Splitting documents together gives what splitting each alone gives, in order, with distinct names."""
        together = component.split(documents())
        assert together == tuple(passage for document in documents() for passage in component.split([document]))
        assert len({passage.id for passage in together}) == len(together)

    def test_no_documents_no_passages(self, component: Chunker) -> None:
        """Nothing is cut into nothing."""
        assert component.split([]) == ()
