"""Damaged indexes and embeddings change no answer, and no library's message reaches the user."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.components.test_store import cut, flip
from tradespace.components.base import Component, Operator
from tradespace.components.corpus import Corpus, whole_documents
from tradespace.components.indexes.hnsw import HNSW
from tradespace.components.rerankers.maxsim import MaxSim
from tradespace.components.retrievers.bm25 import BM25
from tradespace.components.retrievers.dense import Dense
from tradespace.components.store import ArtefactStore
from tradespace.testing.paragraphs import documents
from tradespace.types import Request

PASSAGES = whole_documents(documents()[:12])
REQUEST = Request("Who sang at the Super Bowl?", PASSAGES[:3])
COMPONENTS = [BM25(), Dense(), Dense(index=HNSW()), MaxSim()]


def opened(component: Component, folder: Path) -> Operator:
    """Open a component as a new process does."""
    return component.open(Corpus(PASSAGES, ArtefactStore(folder)))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that the components build."""
    folder = tmp_path_factory.mktemp("artefacts")
    for component in COMPONENTS:
        opened(component, folder)
    return folder


@pytest.mark.parametrize("damage", [flip, cut, lambda file: file.write_bytes(b""), Path.unlink])
@pytest.mark.parametrize("component", COMPONENTS, ids=repr)
def test_a_component_whose_files_are_damaged_answers_as_before(
    component: Component,
    damage: Callable[[Path], None],
    built: Path,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whichever file it was: all are built again, and a line says so."""
    folder = Path(shutil.copytree(built, tmp_path / "copy"))
    for file in folder.rglob("*.*"):
        if file.is_file():
            damage(file)
    assert opened(component, folder)([REQUEST]) == opened(component, built)([REQUEST])
    lines = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert lines
    assert all("is built again: " in line for line in lines)
