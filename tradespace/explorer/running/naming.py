"""Errors of components, with the component's name: third-party code may raise anything."""

from __future__ import annotations

from errno import ENOSPC
from types import TracebackType

from tradespace.components.base import Component
from tradespace.errors import ComponentError, LedgerError
from tradespace.secrets import shown


class naming:  # noqa: N801 - called like a function, as contextlib's; a class because entering it costs less
    """Turn whatever a component raises into a `ComponentError` that names it.

    A full disk is not the component's fault: it passes unchanged, as do the ledger's own errors.
    """

    __slots__ = ("component",)

    def __init__(self, component: Component | None) -> None:
        self.component = component

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if not isinstance(error, Exception) or isinstance(error, ComponentError | LedgerError):
            return
        if isinstance(error, OSError) and error.errno == ENOSPC:
            return
        raise ComponentError(f"{self.component!r} raised {type(error).__name__}: {error}") from shown(error)
