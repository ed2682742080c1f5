"""What is printed is read, not obeyed."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from tradespace.commands.console import escape
from tradespace.encoding import visible

COMMANDS = {
    "the title of the window": "\x1b]0;owned\x07",
    "the clipboard": "\x1b]52;c;b3duZWQ=\x07",
    "what stood there": "\x1b[2J\x1b[H",
    "a line": "harmful\rharmless",
    "the same in one byte": "\x9b2J",
    "markup": "[bold]a[/bold]",
}


@pytest.mark.parametrize("text", COMMANDS.values(), ids=COMMANDS)
def test_texts_from_elsewhere_command_no_terminal(text: str) -> None:
    """They are shown as they are, on a terminal too."""
    file = io.StringIO()
    Console(file=file, force_terminal=True, color_system=None).print(escape(text), highlight=False, soft_wrap=True)
    assert file.getvalue() == visible(text) + "\n"


@given(st.text())
def test_only_controls_are_changed(text: str) -> None:
    """Tabs and line breaks stay, and nothing is left out."""
    shown = visible(text)
    assert len(shown) == len(text)
    assert all(after == before for before, after in zip(text, shown, strict=True) if before.isprintable())
    assert not any(ord(after) < 32 or 127 <= ord(after) < 160 for after in shown.replace("\t", "").replace("\n", ""))
