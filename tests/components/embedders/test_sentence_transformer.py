"""Sentence encoders by folder or id: prefixes, shorter vectors, and what addresses tell of weights."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from tradespace.components.corpus import Corpus
from tradespace.components.embedders.base import Vectors
from tradespace.components.embedders.minilm import Minilm
from tradespace.components.embedders.sentence_transformer import SentenceTransformersEmbedder
from tradespace.components.encoders.base import model_folder
from tradespace.components.hub import LOOKUP_FORBIDDEN
from tradespace.components.retrievers.dense import Dense
from tradespace.errors import ComponentError
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.types import Document

QUESTION, PASSAGE = "Who built the bridge?", "The bridge was opened in 1932."
MINILM = str(model_folder())


def both(embedder: SentenceTransformersEmbedder) -> tuple[Vectors, Vectors]:
    """The vectors of the question and of the passage."""
    encoder = embedder.load()
    return encoder.encode_questions([QUESTION])[0], encoder.encode([PASSAGE])[0]


def minilm(text: str) -> Vectors:
    return Minilm().load().encode([text])[0]


def named(folder: Path, name: str) -> Path:
    """MiniLM in a folder of another name."""
    return Path(shutil.copytree(MINILM, folder / name))


def test_texts_stand_alone_where_no_prefix_is_known() -> None:
    """MiniLM was trained without."""
    question, passage = both(SentenceTransformersEmbedder(model=MINILM))
    np.testing.assert_allclose([question, passage], [minilm(QUESTION), minilm(PASSAGE)], atol=1e-5)


def test_a_family_is_known_by_the_name_of_its_folder(tmp_path: Path) -> None:
    """E5's prefixes stand before the texts; those that are set instead stand there in their place."""
    folder = str(named(tmp_path, "e5-small-v2"))
    question, passage = both(SentenceTransformersEmbedder(model=folder))
    np.testing.assert_allclose(question, minilm(f"query: {QUESTION}"), atol=1e-5)
    np.testing.assert_allclose(passage, minilm(f"passage: {PASSAGE}"), atol=1e-5)
    question, passage = both(SentenceTransformersEmbedder(model=folder, query_prefix="", document_prefix="text: "))
    np.testing.assert_allclose(question, minilm(QUESTION), atol=1e-5)
    np.testing.assert_allclose(passage, minilm(f"text: {PASSAGE}"), atol=1e-5)


def test_a_model_that_brings_prompts_is_given_those(tmp_path: Path) -> None:
    """They count more than what its name tells."""
    folder = named(tmp_path, "e5-small-v2")
    config = folder / "config_sentence_transformers.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), "prompts": {"query": "find: ", "document": ""}}))
    question, passage = both(SentenceTransformersEmbedder(model=str(folder)))
    np.testing.assert_allclose(question, minilm(f"find: {QUESTION}"), atol=1e-5)
    np.testing.assert_allclose(passage, minilm(f"passage: {PASSAGE}"), atol=1e-5)


def test_shorter_vectors_are_the_beginnings_of_whole_ones() -> None:
    """Scaled to length 1 again, unless they are not to be."""
    whole = minilm(QUESTION)[:32]
    question, _ = both(SentenceTransformersEmbedder(model=MINILM, dimensions=32))
    np.testing.assert_allclose(question, whole / np.linalg.norm(whole), atol=1e-5)
    question, _ = both(SentenceTransformersEmbedder(model=MINILM, dimensions=32, normalize=False))
    np.testing.assert_allclose(question, whole, atol=1e-5)


def test_vectors_cannot_be_longer_than_the_models() -> None:
    """The error says how long those are."""
    with pytest.raises(ComponentError, match=r"dimensions must be at most the length of the model's vectors, .* 384"):
        SentenceTransformersEmbedder(model=MINILM, dimensions=385).load()


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    """The error names the setting and what was given."""
    with pytest.raises(ComponentError, match=f"model must be the folder or id .* given '{tmp_path}'"):
        SentenceTransformersEmbedder(model=str(tmp_path)).load()


def test_a_model_that_may_not_be_fetched_says_who_forbade_it(
    tmp_path: Path, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what to do: the internet connection is not blamed."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    opened_components = OpenedComponents([Document("d", "Text.")], tmp_path)
    retriever = Dense(embedder=SentenceTransformersEmbedder(model="nobody/nothing"))
    with pytest.raises(ComponentError) as raised:
        opened_components.operator(retriever, corpus)
    assert str(raised.value).endswith(LOOKUP_FORBIDDEN)
    assert "internet connection" not in str(raised.value)


def test_weights_in_a_folder_are_part_of_the_address(tmp_path: Path) -> None:
    """A model that was trained on has another key; where it runs makes no difference."""
    (tmp_path / "model.safetensors").write_bytes(b"before")
    embedder = SentenceTransformersEmbedder(model=str(tmp_path))
    assert embedder.with_settings(device="cuda:0").key == embedder.key
    (tmp_path / "model.safetensors").write_bytes(b"behind")
    assert SentenceTransformersEmbedder(model=str(tmp_path)).key != embedder.key


def test_the_commit_of_a_hubs_model_is_part_of_the_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That of the files which are on this machine, in the layout of huggingface_hub's cache."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    keys = {SentenceTransformersEmbedder(model="some/model").key}
    for commit in ("a" * 40, "b" * 40):
        folder = tmp_path / "models--some--model"
        for file, text in ((folder / "refs" / "main", commit), (folder / "snapshots" / commit / "config.json", "{}")):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        embedder = SentenceTransformersEmbedder(model="some/model")
        assert embedder.weights_checksum == commit
        keys.add(embedder.key)
    assert len(keys) == 3
