"""The small real corpus that component tests run on, built once per test process; and a server, for clients."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tradespace.components.corpus import Corpus, whole_documents
from tradespace.components.remote import requests
from tradespace.components.store import ArtefactStore
from tradespace.testing.completion_server import CompletionServer, completion_server
from tradespace.testing.paragraphs import documents


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """48 Wikipedia paragraphs, whole."""
    store = ArtefactStore(tmp_path_factory.mktemp("artefacts"))
    return Corpus(whole_documents(documents()), store, documents())


@pytest.fixture(scope="session")
def running_server() -> Iterator[CompletionServer]:
    """One server for all tests."""
    with completion_server() as server:
        yield server


@pytest.fixture
def server(running_server: CompletionServer, monkeypatch: pytest.MonkeyPatch) -> CompletionServer:
    """The server, as new, with pauses between attempts that a test can wait for."""
    monkeypatch.setattr(requests, "FIRST_PAUSE", 0.01)
    running_server.forget()
    return running_server
