"""The small real corpus that component tests run on; what is built from it is built once per test process."""

from __future__ import annotations

import pytest

from tradespace.components.corpus import Corpus, whole_documents
from tradespace.components.store import ArtefactStore
from tradespace.testing.paragraphs import documents


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """48 Wikipedia paragraphs, whole."""
    return Corpus(whole_documents(documents()), ArtefactStore(tmp_path_factory.mktemp("artefacts")))
