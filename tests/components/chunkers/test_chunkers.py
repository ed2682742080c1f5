"""Every chunker keeps its contract; each does what its settings say."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.components.base import Chunker
from tradespace.components.chunkers import CHUNKERS
from tradespace.components.chunkers.characters import Characters
from tradespace.components.chunkers.documents import Documents
from tradespace.components.chunkers.langchain import LangChainSplitter
from tradespace.components.chunkers.sections import Sections
from tradespace.components.chunkers.sentences import Sentences
from tradespace.components.chunkers.tokens import Tokens
from tradespace.components.encoders.base import tokenizer
from tradespace.components.sentences import sentence_spans
from tradespace.errors import ComponentError
from tradespace.testing.chunker_contract import ChunkerContract, assert_covered
from tradespace.testing.paragraphs import documents
from tradespace.types import Document

RECURSIVE = "langchain_text_splitters.RecursiveCharacterTextSplitter"
VARIANTS: tuple[Chunker, ...] = (
    Documents(),
    Sentences(),
    Sentences(size=16, overlap=2),
    Sections(),
    Sections(size=16, headings=True),
    Characters(size=200),
    Characters(size=200, overlap=50),
    Tokens(size=32),
    Tokens(size=32, overlap=31),
    LangChainSplitter(path=RECURSIVE, arguments={"chunk_size": 300, "chunk_overlap": 20}),
)

sentences_of_words = st.lists(
    st.lists(st.sampled_from([word for document in documents() for word in document.text.split()]), min_size=1),
    max_size=30,
).map(lambda sentences: " ".join(f"{' '.join(words)}." for words in sentences))


@pytest.mark.parametrize("component", VARIANTS, ids=str)
class TestChunkers(ChunkerContract):
    """The contract."""


def test_every_chunker_is_under_contract() -> None:
    """No chunker is listed without being tested."""
    assert {type(variant) for variant in VARIANTS} == set(CHUNKERS)


@given(text=sentences_of_words, size=st.integers(16, 200), overlap=st.integers(0, 15))
def test_any_text_is_covered(text: str, size: int, overlap: int) -> None:
    """Whatever the text and the settings, sentence and token passages lose no word."""
    document = Document("any", text)
    for chunker in (Sentences(size=size, overlap=overlap), Tokens(size=size, overlap=overlap)):
        assert_covered(document, chunker.split([document]))


@given(text=sentences_of_words, size=st.integers(16, 64), overlap=st.integers(0, 5))
def test_sentence_passages_hold_whole_sentences_and_fit(text: str, size: int, overlap: int) -> None:
    """A passage is a run of whole sentences, brings in a new one, and exceeds the size only if it is one sentence."""
    spans = sentence_spans(text)
    starts, ends = [start for start, _ in spans], [end for _, end in spans]
    reached = -1
    for start, end in Sentences(size=size, overlap=overlap)._spans(text, spans):
        first, last = starts.index(start), ends.index(end)
        assert last > reached
        assert first >= reached + 1 - overlap
        assert first == last or len(text[start:end].split()) <= size
        reached = last
    assert reached == len(spans) - 1


def test_sentences_are_repeated_as_asked() -> None:
    """With an overlap of one, a passage begins with the last sentence of the one before."""
    sentences = [f"This is the sentence with the number {number} of all." for number in range(6)]
    document = Document("d", " ".join(sentences))
    passages = Sentences(size=20, overlap=1).split([document])
    assert [passage.text for passage in passages] == [f"{first} {second}" for first, second in pairwise(sentences)]


def test_token_passages_have_their_size() -> None:
    """All token passages but the last hold exactly as many tokens as asked for."""
    document = Document("d", " ".join(document.text for document in documents()[:3]))
    *full, last = Tokens(size=32).split([document])
    count = tokenizer().encode
    assert {len(count(passage.text, add_special_tokens=False).ids) for passage in full} == {32}
    assert len(count(last.text, add_special_tokens=False).ids) <= 32


def test_character_passages_fit() -> None:
    """No passage is longer than asked for."""
    assert max(len(passage.text) for passage in Characters(size=100, overlap=20).split(documents())) <= 100


@pytest.mark.parametrize("chunker", [Characters, Tokens])
def test_overlap_must_be_smaller_than_size(chunker: type[Chunker]) -> None:
    """A passage cannot repeat all of the one before."""
    with pytest.raises(ValueError, match="overlap must be less than size; given overlap=64, size=64"):
        chunker(size=64, overlap=64)


def test_rewritten_pieces_are_numbered() -> None:
    """Pieces that are not in the document, since the splitter rewrites the text, are named by their number."""
    path = "tradespace.testing.langchain_classes.LowerCaseSplitter"
    passages = LangChainSplitter(path=path).split([Document("d", "One TWO. three Four.")])
    assert [(passage.id, passage.text) for passage in passages] == [
        ("d[part 0]", "one two."),
        ("d[part 1]", "three four."),
    ]
    with pytest.raises(ComponentError, match=r"LowerCaseSplitter.*model_name"):
        LangChainSplitter(path=path, arguments={"model_name": "gpt2"}).split([])
