"""Which addresses are this machine's own."""

from __future__ import annotations

import socket

import pytest

from tradespace.components.remote.location import on_this_machine


@pytest.mark.parametrize("host", ["localhost", "llama.localhost", "127.0.0.1", "127.8.9.10", "::1", "0.0.0.0"])
def test_loopback_is_this_machine(host: str) -> None:
    """However it is written."""
    assert on_this_machine(host)


def test_the_machines_own_name_is_this_machine() -> None:
    """A server may be named as other machines know it."""
    assert on_this_machine(socket.gethostname().lower())


@pytest.mark.parametrize("host", ["", "api.openai.com", "192.0.2.1", "2001:db8::1", "localhost.example.com"])
def test_other_addresses_are_other_machines(host: str) -> None:
    """The numeric ones are reserved for documentation, so that nobody has them."""
    assert not on_this_machine(host)
