"""Finding out how a server is asked, before a load is sent to it."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from tests.serving.load_generator.conftest import Serve
from tradespace.errors import InputError
from tradespace.serving.load_generator.apis import ANSWERS, CHAT, candidate_apis
from tradespace.serving.load_generator.asking import Asking
from tradespace.serving.load_generator.probing import found_api
from tradespace.serving.load_generator.target import load_target


def found(url: str, key: str = "", name: str | None = None) -> Asking:
    asking = Asking(load_target(url), key=key)
    return asyncio.run(found_api(asking, candidate_apis(name, asking.target.path), "Who was Ada?"))


async def guarded(asked: dict[str, Any], headers: dict[str, str]) -> tuple[int, Any]:
    """Answers those who know the word."""
    return (200, {}) if headers.get("authorization") == "Bearer sesame" else (401, {})


@pytest.mark.parametrize(
    ("path", "api"), [("/v1/answers", ANSWERS), ("/v1/chat/completions", CHAT)], ids=["answers", "chat"]
)
def test_the_interface_that_a_server_knows_is_found(serve: Serve, path: str, api: object) -> None:
    """By asking."""

    async def answer(asked: dict[str, Any], headers: dict[str, str]) -> tuple[int, Any]:
        return 200, {}

    assert found(serve(answer, path)).api == api


def test_a_server_that_knows_no_interface_is_told(serve: Serve) -> None:
    """With the paths that were tried."""
    with pytest.raises(InputError, match="knows no /v1/answers nor /v1/chat/completions"):
        found(serve(guarded, "/ask"))


def test_a_key_that_is_lacking_or_wrong_is_told(serve: Serve) -> None:
    """Apart."""
    url = serve(guarded)
    assert found(url, "sesame").key == "sesame"
    with pytest.raises(InputError, match="wants a key"):
        found(url)
    with pytest.raises(InputError, match="wants another key"):
        found(url, "open")


def test_a_server_that_is_not_there_is_told() -> None:
    """With how one is started."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with pytest.raises(InputError, match="tradespace serve STUDY"):
            found(f"http://127.0.0.1:{closed.getsockname()[1]}")
