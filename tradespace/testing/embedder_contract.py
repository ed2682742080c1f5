"""What holds for every embedder."""

from __future__ import annotations

import numpy as np

from tradespace.components.corpus import Corpus
from tradespace.components.embedders.base import Embedder, PassageVectors
from tradespace.testing.component_contract import ComponentContract
from tradespace.testing.stage_contract import ODD_QUESTIONS


class EmbedderContract(ComponentContract):
    """Turns texts into unit vectors."""

    def test_vectors_are_normalised_rows(self, component: Embedder, corpus: Corpus) -> None:
        """Each text has one row of 32-bit numbers with length 1."""
        vectors = component.load().encode(corpus.texts[:5])
        assert vectors.dtype == np.float32
        assert len(vectors) == 5
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)

    def test_batch_equals_one_by_one(self, component: Embedder, corpus: Corpus) -> None:
        """Texts of different lengths have the same vectors together as alone, in the order given."""
        encoder, texts = component.load(), corpus.texts[:5]
        alone = np.concatenate([encoder.encode([text]) for text in texts])
        np.testing.assert_allclose(encoder.encode(texts), alone, atol=1e-5)
        np.testing.assert_allclose(encoder.encode(texts[::-1]), alone[::-1], atol=1e-5)

    def test_odd_texts_have_finite_vectors(self, component: Embedder) -> None:
        """Empty, blank, very long and non-Latin texts have vectors without holes."""
        encoder = component.load()
        assert np.isfinite(encoder.encode(ODD_QUESTIONS)).all()
        assert np.isfinite(encoder.encode_questions(ODD_QUESTIONS)).all()

    def test_no_texts_no_rows(self, component: Embedder) -> None:
        """An empty batch has no rows."""
        assert len(component.load().encode([])) == len(component.load().encode_questions([])) == 0

    def test_corpus_vectors_are_kept_in_order(self, component: Embedder, corpus: Corpus) -> None:
        """The vectors kept for a corpus are those of its passages, in order, and are mapped from the store."""
        vectors = component.embed(corpus)
        assert isinstance(vectors, np.memmap)
        np.testing.assert_allclose(vectors, component.load().encode(corpus.texts), atol=1e-5)

    def test_passages_from_elsewhere_are_encoded(self, component: Embedder, corpus: Corpus) -> None:
        """Vectors are found for passages of the corpus and made for others."""
        lookup = PassageVectors.of(component, corpus)
        texts = [corpus.texts[3], "The bridge was opened in 1932."]
        vectors = lookup(texts)
        np.testing.assert_allclose([vectors[text] for text in texts], component.load().encode(texts), atol=1e-5)
