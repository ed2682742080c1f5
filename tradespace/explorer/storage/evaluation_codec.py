"""Evaluations as bytes for a database, read back as they were."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from pydantic_core import from_json

from tradespace.explorer.results import CallRounds, Conditions, Evaluation, Judging, QuestionSet, Replies, Usage
from tradespace.explorer.storage.rows import Row, Rows, pack, unpack

ROWS = ("scores", "seconds")
"""What is packed, in this order."""


def encode(evaluation: Evaluation) -> tuple[bytes, bytes]:
    """An evaluation in two parts: compressed JSON, and its scores and seconds packed one after the other.

    Raises:
        ValueError: a number is NaN or infinite.
    """
    packed = {kind: {name: pack(row) for name, row in getattr(evaluation, kind).items()} for kind in ROWS}
    lengths = {kind: {name: len(row) for name, row in rows.items()} for kind, rows in packed.items()}
    plain = asdict(replace(evaluation, scores={}, seconds={}, designs={})) | lengths
    del plain["designs"]
    rows = b"".join(row for rows in packed.values() for row in rows.values())
    return zlib.compress(json.dumps(plain, allow_nan=False).encode()), rows


def decode(value: bytes, rows: bytes, unpacked: Callable[[bytes], Row] = unpack) -> Evaluation:
    """Read back what `encode` wrote; scores and seconds stay packed until they are asked for."""
    plain: dict[str, Any] = from_json(zlib.decompress(value))
    scores = Rows(plain["scores"], rows, 0, unpacked)
    seconds = Rows(plain["seconds"], rows, sum(scores.lengths.values()), unpacked)
    conditions: dict[str, Any] = {"as_made": ()} | plain["conditions"]
    stages = {name: tuple(conditions[name]) for name in ("predicted", "as_made")}
    return Evaluation(
        pipeline=plain["pipeline"],
        yaml=plain["yaml"],
        question_set=QuestionSet(plain.get("question_set") or plain["split"]),
        stages=plain["stages"],
        scores=scores,
        failures={int(position): message for position, message in plain["failures"].items()},
        metered=_metered(plain),
        seconds=seconds,
        end_to_end=tuple(plain["end_to_end"]),
        conditions=Conditions(**conditions | stages),
        usage={stage: tuple(row and Usage(**row) for row in rows) for stage, rows in plain["usage"].items()},
        address=plain.get("address", ""),
        replies=Replies(**plain.get("replies", {})),
        unmatched=plain.get("unmatched", 0),
        modelled=tuple(plain.get("modelled", ())),
        answers=plain.get("answers", ""),
        server_calls={stage: tuple(map(_rounds, row)) for stage, row in plain.get("server_calls", {}).items()},
        repeats={stage: tuple(map(_repeats, row)) for stage, row in plain.get("repeats", {}).items()},
        scored_by=plain.get("scored_by", {}),
        judging={name: _judging(each) for name, each in plain.get("judging", {}).items()},
    )


def _rounds(written: Sequence[Sequence[float]] | None) -> CallRounds | None:
    return None if written is None else tuple(map(tuple, written))


def _repeats(written: Sequence[float] | None) -> tuple[float, ...] | None:
    return None if written is None else tuple(written)


def _metered(plain: Mapping[str, Any]) -> dict[str, tuple[float | None, ...]]:
    """What was metered; earlier versions knew dollars alone."""
    rows = plain["metered"] if "metered" in plain else {"usd": plain["usd"]} if plain["usd"] else {}
    return {quantity: tuple(row) for quantity, row in rows.items()}


def _judging(written: Mapping[str, Any]) -> Judging:
    told = {
        "usage": Usage(**written["usage"]),
        "disagreement": tuple(written["disagreement"]),
        "missing": {int(position): reason for position, reason in written["missing"].items()},
        "failed": tuple(written["failed"]),
    }
    return Judging(**{**written, **told})
