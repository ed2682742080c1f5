"""Errors of components, with the component's name: third-party code may raise anything."""

from __future__ import annotations

from errno import ENOSPC
from types import TracebackType

from tradespace.components.base import Component
from tradespace.errors import ComponentError, LedgerError, ModelUnavailableError, component_error_in
from tradespace.secrets import shown

PASSING = (ComponentError, LedgerError, ModelUnavailableError, KeyboardInterrupt)
"""What says itself what there is to say."""


class component_errors:  # noqa: N801 - called like a function, as contextlib's; a class because entering it costs less
    """Turn whatever a component raises into a `ComponentError` that names it, also what would end the program.

    A full disk is not the component's fault: it passes unchanged, as do the ledger's own errors and Ctrl-C.

    Args:
        component: what is at work.
        advice: what to do about what it raises, a sentence.
    """

    __slots__ = ("advice", "component")

    def __init__(self, component: Component | None, advice: str = "") -> None:
        self.component = component
        self.advice = advice

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is None or isinstance(error, PASSING):
            return
        if isinstance(error, OSError) and error.errno == ENOSPC:
            return
        raised = component_error_in(error) or f"{type(error).__name__}: {error}".removesuffix(": ")
        advice = f". {self.advice}" if self.advice else ""
        raise ComponentError(f"{self.component!r} raised {raised}{advice}") from shown(error)
