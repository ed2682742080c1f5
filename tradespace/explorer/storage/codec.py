"""Outcomes as bytes for the ledger, and the content address of a call."""

from __future__ import annotations

import zlib
from dataclasses import fields
from hashlib import sha256
from typing import Any

from pydantic_core import from_json, to_json

from tradespace.components.base import Call
from tradespace.components.corpus import Corpus
from tradespace.components.llms.replies import heard
from tradespace.types import Answer, Completion, NoAnswer, Outcome, Passage, Prompt, Request, ScoredPassage

COMPRESS_FROM = 256
"""Bytes from which a value is compressed: below, zlib's header eats what it saves."""
ANSWER = tuple(field.name for field in fields(Answer))
COMPLETION = tuple(field.name for field in fields(Completion))


def call_key(call: Call, corpus: Corpus) -> bytes:
    """The content address of a call: 32 bytes over the component's settings and what it is given.

    The corpus is part of it only where the component searches it; the pipeline never is.
    """
    component = call.component
    given = _request(call.request) if isinstance(call.request, Request) else _prompt(call.request)
    texts = [component.key, corpus.key if component.corpus_bound else "", *given]
    encoded = [text.encode() for text in texts]
    return sha256(b"".join([len(text).to_bytes(8, "big") + text for text in encoded])).digest()


def _request(request: Request) -> list[str]:
    return [request.question, *[text for passage in request.passages for text in (passage.id, passage.text)]]


def _prompt(prompt: Prompt) -> list[str]:
    messages = [text for message in prompt.messages for text in (message.role, message.content)]
    drawing = (prompt.temperature, prompt.top_p, prompt.max_tokens, prompt.stop, prompt.seed, prompt.sample)
    return [repr(drawing), *messages]


def encode(outcome: Outcome, corpus: Corpus) -> bytes:
    """Write an outcome down. Passages of the corpus are written as their ids, foreign ones whole."""
    text = to_json(_plain(outcome, corpus), inf_nan_mode="constants")
    return b"z" + zlib.compress(text, 6) if len(text) >= COMPRESS_FROM else b"j" + text


def decode(value: bytes, corpus: Corpus) -> Outcome | None:
    """Read back what `encode` wrote; None where an earlier version stored a reply that is no answer."""
    text = zlib.decompress(value[1:]) if value[:1] == b"z" else value[1:]
    return _outcome(from_json(text), corpus)


def _plain(outcome: Outcome, corpus: Corpus) -> dict[str, Any]:
    if isinstance(outcome, Answer):
        return {"answer": [getattr(outcome, name) for name in ANSWER]}
    if isinstance(outcome, Completion):
        return {"completion": [getattr(outcome, name) for name in COMPLETION]}
    return {"ranking": [[_reference(scored.passage, corpus), scored.score] for scored in outcome]}


def _reference(passage: Passage, corpus: Corpus) -> str | list[str]:
    known = corpus.by_id.get(passage.id)
    return passage.id if known is passage or known == passage else [passage.id, passage.document_id, passage.text]


def _outcome(plain: dict[str, Any], corpus: Corpus) -> Outcome | None:
    if "answer" in plain:
        return Answer(*plain["answer"])
    if "completion" in plain:
        return _completion(plain["completion"])
    return tuple(ScoredPassage(_passage(reference, corpus), score) for reference, score in plain["ranking"])


def _completion(values: list[Any]) -> Completion | None:
    """A stored completion. One without a place for thoughts was never judged: earlier versions stored every reply."""
    completion = Completion(*values)
    if len(values) == len(COMPLETION):
        return completion
    judged = heard(Prompt(()), completion)
    return None if isinstance(judged, NoAnswer) else judged


def _passage(reference: str | list[str], corpus: Corpus) -> Passage:
    return corpus.by_id[reference] if isinstance(reference, str) else Passage(*reference)
