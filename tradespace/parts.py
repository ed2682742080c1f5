"""Every component by its name, to write a space with: its settings may vary, as they may in YAML.

    from tradespace import Space, between
    from tradespace.parts import bm25, dense

    bm25(top_k=[1, 5], k1=between(0.6, 1.5))

Those that you registered are here too, and so are the kinds of measures. What may stand for a setting is checked by the
space that they are put into, so that all that is wrong with it is told together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import Parameter, Signature, getdoc
from typing import Any

from tradespace.components.base import Component, notation
from tradespace.components.registry import COMPONENTS, components
from tradespace.evals.measures.kinds import MEASURE_KINDS


@dataclass(frozen=True, repr=False)
class VariedComponent:
    """A component whose settings may vary.

    Attributes:
        kind: its class.
        settings: those that are given: a value, a list to choose from, a range (`tradespace.between`), or what may
            fill them of components; not checked yet.

    >>> from tradespace.parts import bm25
    >>> bm25(top_k=[1, 5])
    bm25(top_k=[1, 5])
    """

    kind: type[Component]
    settings: Mapping[str, Any]

    def __repr__(self) -> str:
        return notation(self.kind.name, dict(self.settings), repr)


def __getattr__(name: str) -> Callable[..., VariedComponent]:
    """The function that is called as a component or a kind of measure is (PEP 562)."""
    kind = _kinds().get(name)
    if kind is None:
        raise AttributeError(f"no component is called {name!r}; {COMPONENTS.instead(name, _kinds())}")
    return _varied(kind)


def __dir__() -> list[str]:
    """List the components, so that completion finds them (PEP 562)."""
    return sorted({*globals(), *_kinds()})


def _kinds() -> dict[str, type[Component]]:
    return {**MEASURE_KINDS, **components()}


def _varied(kind: type[Component]) -> Callable[..., VariedComponent]:
    """A function that takes the settings of a component, with its documentation and signature for editors to show."""

    def varied(**settings: Any) -> VariedComponent:
        return VariedComponent(kind, settings)

    varied.__name__ = varied.__qualname__ = kind.name
    varied.__doc__ = getdoc(kind)
    varied.__signature__ = Signature(  # type: ignore[attr-defined]
        [
            Parameter(
                name,
                Parameter.KEYWORD_ONLY,
                default=Parameter.empty if field.is_required() else field.get_default(call_default_factory=True),
            )
            for name, field in kind.fields()
        ]
    )
    return varied
