"""Outcomes as bytes for the ledger, and the content address of a call. Kinds of calls say what stands in them."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from pydantic_core import from_json, to_json

from tradespace.components.base import Call
from tradespace.components.calls import kind_giving, kind_marked, kind_returning
from tradespace.components.checked import OutcomeKind
from tradespace.components.corpus import Corpus
from tradespace.types import Outcome

COMPRESS_FROM = 256
"""Bytes from which a value is compressed: below, zlib's header eats what it saves."""


def call_key(call: Call, corpus: Corpus) -> bytes:
    """The content address of a call: 32 bytes over the component's settings and what it is given.

    The corpus is part of it only where outcomes depend on it; the pipeline never is.
    """
    component = call.component
    address = kind_giving(type(call.request)).address(call.request)
    texts = [component.key, component.address_in(corpus), *address]
    encoded = [text.encode() for text in texts]
    return sha256(b"".join([len(text).to_bytes(8, "big") + text for text in encoded])).digest()


def encode(outcome: Outcome, corpus: Corpus) -> bytes:
    """Write an outcome down. Passages of the corpus are written as their ids, foreign ones whole."""
    kind = kind_returning(type(outcome))
    text = to_json({kind.mark: kind.written(outcome, corpus)}, inf_nan_mode="constants")
    return b"z" + zlib.compress(text, 6) if len(text) >= COMPRESS_FROM else b"j" + text


def decode(value: bytes, corpus: Corpus, returns: OutcomeKind | None = None) -> Outcome | None:
    """Read back what `encode` wrote; None where an earlier version stored a reply that is no answer.

    `returns` tells kinds apart that are marked alike: without it, the run of a program is read as an answer.
    """
    mark, values = marked_values(value)
    kind = kind_returning(returns) if returns else kind_marked(mark)
    return (kind if kind.mark == mark else kind_marked(mark)).read(values, corpus)


def marked_values(value: bytes) -> tuple[str, Sequence[Any]]:
    """The mark of an outcome's kind and its plain values, as they are stored: what can be known without its corpus."""
    ((mark, values),) = from_json(zlib.decompress(value[1:]) if value[:1] == b"z" else value[1:]).items()
    return mark, values
