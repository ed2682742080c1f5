"""Where load may be sent."""

from __future__ import annotations

import pytest

from tradespace.errors import InputError
from tradespace.serving.load_generator.apis import ANSWERS, CHAT, candidate_apis
from tradespace.serving.load_generator.target import load_target


def test_another_machine_is_refused_unless_it_is_named() -> None:
    """By the very name that the URL has."""
    with pytest.raises(InputError, match=r"--allow-remote 192\.0\.2\.1"):
        load_target("https://192.0.2.1/v1", ["192.0.2.2"])
    assert str(load_target("https://192.0.2.1/v1", ["192.0.2.1"])) == "https://192.0.2.1:443/v1"


@pytest.mark.parametrize(
    "url", ["localhost:8000", "ftp://localhost", "http://", "http://localhost:port", "http://[::1"]
)
def test_what_is_no_url_of_a_server(url: str) -> None:
    """It is told what one looks like."""
    with pytest.raises(InputError, match=r"such as http://127\.0\.0\.1:8000"):
        load_target(url)


@pytest.mark.parametrize(
    "url", ["http://localhost:80", "http://localhost:80/", "http://localhost:80/v1", "http://localhost:80/v1/answers"]
)
def test_a_url_may_end_anywhere(url: str) -> None:
    """The path of the interface is filled in."""
    target = load_target(url)
    assert ANSWERS in candidate_apis(None, target.path)
    assert ANSWERS.url_path(target.path) == "/v1/answers"


def test_the_path_names_the_interface() -> None:
    """Without one, all are candidates."""
    assert candidate_apis(None, "/v1/chat/completions") == (CHAT,)
    assert candidate_apis("chat", "") == (CHAT,)
    assert set(candidate_apis(None, "/v1")) == {ANSWERS, CHAT}


def test_an_unknown_interface_is_refused() -> None:
    """With what is valid."""
    with pytest.raises(InputError, match="answers, chat"):
        candidate_apis("chats", "")


def test_an_address_of_version_6_is_written_in_brackets() -> None:
    """As in its URL."""
    assert load_target("http://[::1]:8000").authority == "[::1]:8000"
