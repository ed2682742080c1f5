"""What calls that are answered together ask of a component: what their seconds are foretold from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

from tradespace.components.base import Call
from tradespace.components.calls import kind_giving
from tradespace.components.passes import Passes


@dataclass(frozen=True, slots=True)
class CallSize:
    """What a call asks of a language model: tokens read, tokens written, and how many calls are answered together."""

    tokens_in: int
    tokens_out: int
    batch: int = 1


@dataclass(frozen=True, slots=True)
class TextSize:
    """How many calls are answered together, and how many characters they are given besides the question: all that is
    known of the work of a component which does not say what it is."""

    calls: int
    characters: int


Size: TypeAlias = CallSize | Passes | TextSize
_KINDS: tuple[type[Size], ...] = (CallSize, Passes, TextSize)


def size_of(calls: Sequence[Call]) -> Size:
    """What calls of one component ask of it: the passes that it says it makes, else the size of the texts."""
    requests = [call.request for call in calls]
    passes = calls[0].component.passes(requests)
    if passes is not None and passes.tokens:
        return passes
    texts = [text for request in requests for text in kind_giving(type(request)).texts(request)]
    return TextSize(len(calls), sum(map(len, texts)))


def extent(size: Size | None) -> float:
    """One number for how much calls ask: by it sizes are ordered, the smallest first."""
    match size:
        case CallSize(tokens_in, tokens_out, batch):
            return tokens_in + tokens_out * batch
        case Passes(tokens):
            return sum(tokens)
        case TextSize(calls, characters):
            return characters or calls
    return 0


def write_size(size: Size) -> str:
    """A size as the text that stands beside a timing.

    >>> write_size(Passes((120, 40), side_by_side=2))
    '{"tokens": [120, 40], "side_by_side": 2}'
    """
    return json.dumps(asdict(size))


def read_size(text: str) -> Size | None:
    """Read back what `write_size` wrote; None where another version wrote something else.

    >>> read_size('{"calls": 2, "characters": 812}')
    TextSize(calls=2, characters=812)
    """
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in json.loads(text).items()
    }
    kind = next((kind for kind in _KINDS if values.keys() == kind.__dataclass_fields__.keys()), None)
    return kind(**values) if kind else None
