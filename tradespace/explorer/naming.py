"""Errors of components, with the component's name: third-party code may raise anything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from errno import ENOSPC

from tradespace.components.base import Component
from tradespace.errors import ComponentError, LedgerError


@contextmanager
def naming(component: Component | None) -> Iterator[None]:
    """Turn whatever a component raises into a `ComponentError` that names it.

    A full disk is not the component's fault: it passes unchanged, as do the ledger's own errors.
    """
    try:
        yield
    except (ComponentError, LedgerError):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno == ENOSPC:
            raise
        raise ComponentError(f"{component!r} raised {type(error).__name__}: {error}") from error
