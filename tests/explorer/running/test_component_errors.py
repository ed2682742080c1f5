"""Whatever a component raises names the component; what is not its fault passes."""

from __future__ import annotations

import errno
import sys

import pytest

from tests.explorer.conftest import LastWord
from tradespace.errors import ComponentError, LedgerError
from tradespace.explorer.running.component_errors import component_errors


def test_any_exception_becomes_a_component_error() -> None:
    """With its type, its message and the component's notation."""
    with (
        pytest.raises(ComponentError, match=r"last_word\(passages=1\) raised KeyError: 'x'"),
        component_errors(LastWord(passages=1)),
    ):
        raise KeyError("x")


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "No space left"), LedgerError("gone"), ComponentError("known")]
)
def test_full_disks_and_known_errors_pass(error: Exception) -> None:
    """They say already what is wrong, and whose fault it is."""
    with pytest.raises(type(error)) as raised, component_errors(LastWord()):
        raise error
    assert raised.value is error


def test_a_component_may_not_end_the_program() -> None:
    """That it tries to is its failure."""
    with pytest.raises(ComponentError, match=r"last_word\(\) raised SystemExit: 3"), component_errors(LastWord()):
        sys.exit(3)


def test_an_error_without_words_is_named_by_its_type() -> None:
    """And by what to do, where that is known."""
    with (
        pytest.raises(ComponentError, match=r"raised KeyError\. Lock the door$"),
        component_errors(LastWord(), "Lock the door"),
    ):
        raise KeyError


def test_an_interrupt_passes() -> None:
    """Ctrl-C is no failure of a component."""
    with pytest.raises(KeyboardInterrupt), component_errors(LastWord()):
        raise KeyboardInterrupt
