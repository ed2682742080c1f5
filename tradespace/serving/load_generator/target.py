"""Where load is sent: this machine, unless another is named."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from tradespace.components.remote.location import on_this_machine
from tradespace.errors import InputError


@dataclass(frozen=True, slots=True)
class LoadTarget:
    """A server that load is sent to.

    Attributes:
        path: of the URL, without a slash at its end.
        encrypted: whether it is spoken to by TLS.
    """

    host: str
    port: int
    path: str = ""
    encrypted: bool = False

    @property
    def authority(self) -> str:
        """Host and port, as a URL and the header `Host` name them."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def __str__(self) -> str:
        return f"http{'s' if self.encrypted else ''}://{self.authority}{self.path}"


def load_target(url: str, allowed: Collection[str] = ()) -> LoadTarget:
    """Read the URL of a server that may be put under load.

    Args:
        url: up to its path, which may be left out.
        allowed: hosts other than this machine that load may be sent to.

    Raises:
        InputError: it is no such URL, or names another machine that is not allowed.

    >>> load_target("http://127.0.0.1:8000/v1/")
    LoadTarget(host='127.0.0.1', port=8000, path='/v1', encrypted=False)
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or parts.scheme not in ("http", "https"):
        raise InputError(f"must be the URL of a server, such as http://127.0.0.1:8000; given: {url!r}")
    if not on_this_machine(host) and host not in allowed:
        raise InputError(
            f"load is sent to this machine only, for it can take a server down; given: {host}. "
            f"If that server is yours to test, add --allow-remote {host}"
        )
    encrypted = parts.scheme == "https"
    return LoadTarget(host, port or (443 if encrypted else 80), parts.path.rstrip("/"), encrypted)
