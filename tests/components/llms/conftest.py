"""A tiny reasoner behind HTTP, for the models that need a server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tradespace.components.llms import remote
from tradespace.testing.completion_server import CompletionServer, completion_server


@pytest.fixture(scope="session")
def running_server() -> Iterator[CompletionServer]:
    """One server for all tests."""
    with completion_server() as server:
        yield server


@pytest.fixture
def server(running_server: CompletionServer, monkeypatch: pytest.MonkeyPatch) -> CompletionServer:
    """The server, as new, with pauses between attempts that a test can wait for."""
    monkeypatch.setattr(remote, "FIRST_PAUSE", 0.01)
    running_server.forget()
    return running_server
