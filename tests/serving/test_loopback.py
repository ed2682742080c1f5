"""What every page on loopback refuses, whatever it is for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPConnection
from pathlib import Path
from socket import create_connection
from typing import ClassVar

import pytest

from tests.serving.answering import answering
from tradespace.errors import InputError
from tradespace.serving.loopback import LOOPBACK, PAGE_HEADERS, LoopbackRequest, LoopbackServer


class Noting(LoopbackRequest):
    """Notes what it is told."""

    folder: ClassVar[Path] = Path(__file__).parent
    told: ClassVar[list[bytes]] = []

    def posts(self) -> Mapping[str, Callable[[bytes], None]]:
        return {"note": self._note}

    def _note(self, body: bytes) -> None:
        self.told.append(body)
        self.send_json({})


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    """A server, until the test ends."""
    Noting.told.clear()
    with answering(LoopbackServer(Noting)) as running:
        yield running


def status(server: LoopbackServer, method: str, path: str, headers: Mapping[str, str] = {}) -> tuple[int, str]:
    """Status and body of a reply."""
    connection = HTTPConnection(LOOPBACK, server.server_port, timeout=60)
    connection.request(method, path, b"{}", {"Content-Type": "application/json", **headers})
    reply = connection.getresponse()
    assert dict(reply.getheaders()).items() >= PAGE_HEADERS.items()
    found = reply.status, reply.read().decode()
    connection.close()
    return found


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "HEAD", "EVIL"])
def test_there_are_no_other_methods(server: LoopbackServer, method: str) -> None:
    """Not even for who knows the address."""
    assert status(server, method, f"/{server.token}/note")[0] == 501
    assert Noting.told == []


def test_what_another_site_can_send_does_nothing(server: LoopbackServer) -> None:
    """A form sends no JSON, a guess has another token, and a name that leads here is not this machine's."""
    path = f"/{server.token}/note"
    for sent in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        assert status(server, "POST", path, {"Content-Type": sent})[0] == 400
    for host in ("evil.example", f"evil.example:{server.server_port}", f"{LOOPBACK}:1", "localhost"):
        assert status(server, "POST", path, {"Host": host}) == (404, "Not Found")
    for wrong in ("/", "/note", f"/{server.token}", f"/{server.token}x/note", f"/{server.token[:-1]}/note", "//note"):
        assert status(server, "POST", wrong) == (404, "Not Found")
    assert Noting.told == []
    assert status(server, "POST", path, {"Host": f"localhost:{server.server_port}"}) == (200, "{}")
    assert Noting.told == [b"{}"]


def test_what_is_no_request_is_refused(server: LoopbackServer) -> None:
    """In a word, which says nothing of the server."""
    with create_connection((LOOPBACK, server.server_port), timeout=60) as connection:
        connection.sendall(b"GET / HTTP/9.9.9\r\n\r\n")
        reply = connection.makefile("rb").read()
    assert reply == b"Bad Request"


def test_every_server_has_an_address_of_its_own(server: LoopbackServer) -> None:
    """That nobody can guess: 128 random bits."""
    with LoopbackServer(Noting) as other:
        assert other.token != server.token
        assert len(other.token) >= 22
        assert other.url == f"http://127.0.0.1:{other.server_port}/{other.token}/"


def test_a_port_that_is_taken_is_told_by_its_option(server: LoopbackServer) -> None:
    """With what to do."""
    with pytest.raises(InputError, match="--page-port must be free on this machine; given"):
        LoopbackServer(Noting, server.server_port, "--page-port")
