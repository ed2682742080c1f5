"""Whether an address is this machine's own."""

from __future__ import annotations

import socket
from functools import cache
from ipaddress import ip_address


@cache
def on_this_machine(host: str) -> bool:
    """Whether a host name or address is this machine itself.

    Names are never looked up, so that nothing waits for a network: of names, `localhost`, those under it and the
    machine's own are known.

    >>> on_this_machine("localhost"), on_this_machine("127.0.0.2"), on_this_machine("::1"), on_this_machine("192.0.2.1")
    (True, True, True, False)
    """
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost") or host == socket.gethostname().lower()
    return address.is_loopback or address.is_unspecified or _is_bound(str(address), address.version)


def _is_bound(address: str, version: int) -> bool:
    """Whether one of this machine's interfaces has an address: only then can a socket be bound to it."""
    family = socket.AF_INET if version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((address, 0))
    except OSError:
        return False
    return True
