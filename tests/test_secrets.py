"""No secret passes the filter, whole, cut, or as it is written in addresses; nothing else changes."""

from __future__ import annotations

import logging
import os
import threading
import traceback
import warnings
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, SecretStr

from tradespace import secrets
from tradespace.errors import ComponentError
from tradespace.types import Failure

KEY = "sk-test+4f9/aQ7zXw2mN8vR5tK1"
VARIABLE = "TRADESPACE_TEST_API_KEY"


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key stands in the environment, as in a file that was written on Windows."""
    monkeypatch.setenv(VARIABLE, f"{KEY}\r")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"Illegal header value {f'Bearer {KEY}'.encode() + bytes([13])!r}", rf"b'Bearer [{VARIABLE}]\r'"),
        (f"GET /models?key={quote(KEY, safe='')}&n=1", f"key=[{VARIABLE}]&n=1"),
        (f"input_value='{KEY[:15]}...{KEY[-14:]}'", f"'[{VARIABLE}]...[{VARIABLE}]'"),
        (f"given: {KEY[:20]}", f"given: [{VARIABLE}]"),
        (f"{KEY}{KEY} and {KEY}", f"[{VARIABLE}] and [{VARIABLE}]"),
        (f"Incorrect API key provided: {KEY[:7]}***{KEY[-4:]}", f"{KEY[:7]}***{KEY[-4:]}"),
    ],
    ids=["header", "address", "abridged", "cut off", "repeated", "masked"],
)
def test_a_secret_is_shown_by_its_name(text: str, expected: str) -> None:
    """However it was written down on its way; what a server masked itself tells which key it was."""
    assert secrets.scrubbed(text).endswith(expected)
    assert secrets.scrubbed(secrets.scrubbed(text)) == secrets.scrubbed(text)


OTHERS = st.text(st.characters(exclude_characters=KEY))


@given(before=OTHERS, after=OTHERS, start=st.integers(0, 8), end=st.integers(20, len(KEY)))
def test_no_long_stretch_of_a_secret_passes(before: str, after: str, start: int, end: int) -> None:
    """Wherever a text was cut, and whatever stands around it; the text around it is kept."""
    clean = secrets.scrubbed(before + KEY[start:end] + after)
    assert not any(KEY[place : place + secrets.WIDTH] in clean for place in range(len(KEY) - secrets.WIDTH + 1))
    assert clean.startswith(before)
    assert clean.endswith(after)


@given(text=st.text())
def test_a_text_without_secrets_is_unchanged(text: str) -> None:
    """To the last character."""
    assert secrets.scrubbed(text) == text


def test_a_short_secret_is_hidden_where_it_stands_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """And what is shorter still is none: people write `none` and `EMPTY` for servers that need no key."""
    monkeypatch.setenv("FIRST", "ollama")
    monkeypatch.setenv("SECOND", "none")
    assert (secrets.read_secret("FIRST"), secrets.read_secret("SECOND")) == ("ollama", "none")
    assert secrets.scrubbed("ollama: none of ollamas") == "[FIRST]: none of ollamas"


@pytest.mark.parametrize("name", ["MAX_TOKENIZERS", "KEYBOARD", "SSH_KEY_FILE", "API_TOKENS_PATH", "PWD"])
def test_other_variables_are_no_secrets(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Paths and switches are needed to understand a message."""
    monkeypatch.setenv(name, "/home/me/something-long")
    assert secrets.scrubbed("no such file: /home/me/something-long") == "no such file: /home/me/something-long"


@pytest.mark.parametrize("given", [f" {KEY}", f"{KEY}\r", f"{KEY}\r\n", f'"{KEY}"', f"'{KEY}'\r\n"])
def test_a_key_is_read_without_what_files_put_around_it(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    """Blanks, line breaks of Windows, and the quotation marks that Docker keeps; known by any name from then on."""
    monkeypatch.setenv("MINE", given)
    assert secrets.read_secret("MINE") == KEY
    monkeypatch.delenv("MINE")
    monkeypatch.delenv(VARIABLE)
    assert secrets.scrubbed(KEY) == "[MINE]"


def test_keys_that_others_read_are_stripped_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not have the name of a secret is left as it is."""
    monkeypatch.setenv("TRADESPACE_TEST_SEPARATOR", " \r\n")
    secrets.strip_environment()
    assert os.environ[VARIABLE] == KEY
    assert os.environ["TRADESPACE_TEST_SEPARATOR"] == " \r\n"


def test_errors_and_failures_carry_no_secret() -> None:
    """Nobody has to think of it: they are filtered as they are made."""
    assert str(ComponentError(f"given {KEY}")) == f"given [{VARIABLE}]"
    assert Failure(f"given {KEY}").message == f"given [{VARIABLE}]"


def test_a_cause_that_would_show_a_secret_is_left_out() -> None:
    """Python prints the cause of an error above it; one without a secret is kept."""
    harmless = ValueError("no")
    assert secrets.shown(harmless) is harmless
    try:
        raise ComponentError("it raised") from secrets.shown(ValueError(KEY))
    except ComponentError as error:
        assert KEY not in "".join(traceback.format_exception(error))


def test_logs_and_warnings_of_others_carry_no_secret(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the message, in its arguments, and in the traceback that goes with it; from when a secret was read."""
    secrets.read_secret(VARIABLE)
    logger = logging.getLogger("somebody.else")
    logger.warning("sending %s to %s", KEY, "host")
    try:
        raise ValueError(KEY)
    except ValueError:
        logger.exception("failed")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        print(warnings.formatwarning(KEY, UserWarning, "file.py", 1, ""))
    thread = threading.Thread(target=int, args=(KEY,))
    thread.start()
    thread.join()
    written = caplog.text + "".join(capsys.readouterr())
    assert f"sending [{VARIABLE}] to host" in written
    assert f"ValueError: [{VARIABLE}]" in written
    assert KEY not in written


class Client(BaseModel):
    """A class of somebody else's."""

    password: SecretStr


class Wrapper(BaseModel):
    """One that has it as a part."""

    client: Client
    api_token: str
    tokenizer: str = "a-long-name-of-one"
    myself: Any = None


def test_what_an_object_keeps_as_a_secret_is_one() -> None:
    """In its own type or under the name of one, also in its parts."""
    made = Wrapper(client=Client(password=SecretStr("correct horse")), api_token="battery-staple")
    made.myself = made
    secrets.hold_all(made)
    clean = secrets.scrubbed("correct horse, battery-staple, a-long-name-of-one")
    assert clean == "[password], [api_token], a-long-name-of-one"


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:{}@host:5432/calls",
        "--ledger=postgresql://me:{}@host/calls?application_name=mine",
        "postgresql://host/calls?user=me&password={}&connect_timeout=3",
        "https://me:{}@host/path",
    ],
)
@pytest.mark.parametrize("password", ["open@sesame", "open/sesame?7", "opensesame"])
def test_the_password_of_an_address_is_a_secret(address: str, password: str) -> None:
    """As it is written there, and as it is meant; what stands around it is none."""
    written = quote(password, safe="")
    secrets.hold_passwords(f"tradespace explore space.yaml {address.format(written)}")
    clean = secrets.scrubbed(f"{address.format(written)} was refused: {password}")
    assert clean == f"{address.format('[password]')} was refused: [password]"


def test_an_address_without_a_password_holds_none() -> None:
    """Neither its port nor its path."""
    secrets.hold_passwords("tradespace load http://127.0.0.1:8000/v1/answers postgresql://me@host:5432/calls?a=b")
    assert secrets._held == {}
