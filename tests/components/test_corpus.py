"""A corpus is known by its content."""

from __future__ import annotations

from pathlib import Path

from tradespace.components.corpus import Corpus, whole_documents
from tradespace.components.store import ArtefactStore
from tradespace.types import Document, Passage


def corpus_of(*texts: str, root: Path = Path("nowhere")) -> Corpus:
    passages = tuple(Passage(str(place), str(place), text) for place, text in enumerate(texts))
    return Corpus(passages, ArtefactStore(root))


def test_equal_passages_have_equal_keys() -> None:
    """The key depends on ids, texts and their order, and on nothing else."""
    assert corpus_of("a", "b").key == corpus_of("a", "b", root=Path("elsewhere")).key
    assert len({corpus_of("a", "b").key, corpus_of("b", "a").key, corpus_of("ab").key, corpus_of().key}) == 4


def test_artefacts_belong_to_a_corpus_and_a_name(tmp_path: Path) -> None:
    """The same name for another corpus, or another name, is another folder; the same again is built once."""
    built: list[Path] = []
    corpora = [corpus_of("a", root=tmp_path), corpus_of("b", root=tmp_path), corpus_of("a", root=tmp_path)]
    folders = [corpus.artefact(name, built.append) for corpus in corpora for name in ("one", "two")]
    assert len(set(folders)) == len(built) == 4
    assert folders[:2] == folders[4:]


def test_passages_are_found_by_id() -> None:
    """A passage is looked up by its id; texts come in order."""
    corpus = corpus_of("first", "second")
    assert corpus.by_id["1"] == corpus.passages[1]
    assert corpus.texts == ["first", "second"]


def test_whole_documents_keep_their_ids() -> None:
    """A document that is not cut is one passage with the document's id and text."""
    assert whole_documents([Document("d", "text", "title")]) == (Passage("d", "d", "text"),)
