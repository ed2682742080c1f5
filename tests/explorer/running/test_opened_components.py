"""Corpora are made once, components opened once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import pytest

from tests.explorer.conftest import DOCUMENTS, LastWord, Overlap, Unopenable
from tradespace.components.base import Chunker
from tradespace.errors import ComponentError
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.types import Document, Passage


class Words(Chunker):
    """Every word a passage."""

    name: ClassVar[str] = "words"

    def split(self, documents: Sequence[Document]) -> tuple[Passage, ...]:
        return tuple(
            Passage(f"{document.id}[{place}]", document.id, word)
            for document in documents
            for place, word in enumerate(document.text.split())
        )


class Clumsy(Words):
    """Drops everything."""

    name: ClassVar[str] = "clumsy"

    def split(self, documents: Sequence[Document]) -> tuple[Passage, ...]:
        raise ZeroDivisionError("oops")


@pytest.fixture
def opened_components(tmp_path: Path) -> OpenedComponents:
    return OpenedComponents(DOCUMENTS, tmp_path)


def test_without_a_chunker_documents_are_searched_whole(opened_components: OpenedComponents) -> None:
    """Each document is one passage with its id."""
    passages = opened_components.corpus(Overlap() >> LastWord()).passages
    assert [passage.id for passage in passages] == [
        "cat",
        "dog",
        "mouse",
        "owl",
        "bee",
    ]


def test_pipelines_with_the_same_chunker_share_a_corpus(opened_components: OpenedComponents) -> None:
    """It is cut once."""
    one, other = opened_components.corpus(Words() >> Overlap()), opened_components.corpus(Words() >> Overlap(top_k=1))
    assert one is other
    assert len(one.passages) == sum(len(document.text.split()) for document in DOCUMENTS)


def test_a_component_is_opened_once_for_each_corpus(opened_components: OpenedComponents) -> None:
    """Equal settings are the same component."""
    whole, words = opened_components.corpus(Overlap() >> LastWord()), opened_components.corpus(Words() >> Overlap())
    assert opened_components.operator(Overlap(), whole) is opened_components.operator(Overlap(), whole)
    assert opened_components.operator(Overlap(), whole) is not opened_components.operator(Overlap(), words)


def test_one_that_cannot_be_opened_says_so_every_time(opened_components: OpenedComponents) -> None:
    """Without being tried again."""
    corpus = opened_components.corpus(Overlap() >> LastWord())
    for _ in range(2):
        with pytest.raises(ComponentError, match="no weights here"):
            opened_components.operator(Unopenable(), corpus)


def test_a_chunker_that_raises_is_named(opened_components: OpenedComponents) -> None:
    """Foreign code may raise anything."""
    with pytest.raises(ComponentError, match=r"clumsy\(\) raised ZeroDivisionError: oops"):
        opened_components.corpus(Clumsy() >> Overlap())
