"""Requests out of spans: what was asked and when, how long it took, and what its stages used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from tradespace.data.traces.base import RecordedSpan
from tradespace.data.traces.conventions import (
    RecordedDocument,
    answer_of_span,
    documents_of,
    field_of,
    question_of,
    scores_of,
    stage_of,
    tokens_of,
    usd_of,
)

_Number = TypeVar("_Number", int, float)


@dataclass(frozen=True, slots=True)
class StageUse:
    """What a stage used for one request.

    Attributes:
        seconds: during which any of its spans was under way; None where none says how long it took.
        tokens_in, tokens_out: that models read and wrote; None where none was counted.
        usd: dollars; None where none are known.
    """

    seconds: float | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    usd: float | None = None


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """One request to a running system.

    Attributes:
        arrived: seconds since 1970.
        seconds: that it took as a whole; None where that is not known.
        failed: whether it ended with an error.
        question, answer: empty where they were not recorded.
        documents: the texts that were retrieved, best first.
        stages: by name, what they used.
        usd: dollars of all of it; None where none are known.
        scores: that it was given, by name.
        spans: its own, from which further fields are read.
    """

    arrived: float
    seconds: float | None
    failed: bool
    question: str = ""
    answer: str = ""
    documents: tuple[RecordedDocument, ...] = ()
    stages: Mapping[str, StageUse] = field(default_factory=dict)
    usd: float | None = None
    scores: Mapping[str, float] = field(default_factory=dict)
    spans: tuple[RecordedSpan, ...] = ()

    @property
    def tokens_in(self) -> int | None:
        """Tokens that its models read; None where none were counted."""
        return _sum(use.tokens_in for use in self.stages.values())

    @property
    def tokens_out(self) -> int | None:
        """Tokens that its models wrote; None where none were counted."""
        return _sum(use.tokens_out for use in self.stages.values())

    def field(self, name: str) -> str:
        """A further field of it, as `field_of` reads it of a span; empty where no span has it."""
        return next((value for span in self.spans if (value := field_of(span.attributes, name))), "")


def recorded_requests(spans: Iterable[RecordedSpan]) -> tuple[RecordedRequest, ...]:
    """One request for each trace, in the order of their arrival."""
    traces: defaultdict[str, list[RecordedSpan]] = defaultdict(list)
    for span in spans:
        traces[span.trace].append(span)
    return tuple(sorted(map(_request, traces.values()), key=lambda request: request.arrived))


def _request(spans: list[RecordedSpan]) -> RecordedRequest:
    """The request that a trace records; its spans come from the outermost."""
    known = {span.span for span in spans if span.span}
    tops = [span for span in spans if span.parent not in known or span.parent == span.span]
    tops = sorted(tops or spans, key=lambda span: (-(span.seconds or 0.0), span.start))
    outer = {id(span) for span in tops}
    ordered = [*tops, *(span for span in sorted(spans, key=lambda span: span.start) if id(span) not in outer)]
    work = [(stage, span) for stage, span in _outermost(ordered) if stage]
    stages = {name: _use([span for stage, span in work if stage == name]) for name in dict(work)}
    total = usd_of(tops[0].attributes)
    return RecordedRequest(
        arrived=min(span.start for span in spans),
        seconds=_whole_seconds(tops, spans),
        failed=tops[0].failed,
        question=_first(map(question_of, (span.attributes for span in ordered))),
        answer=_first(answer_of_span(span.attributes) for span in (*tops, *reversed(ordered)) if _answers(span)),
        documents=tuple(dict.fromkeys(document for span in ordered for document in documents_of(span.attributes))),
        stages=stages,
        usd=_sum(use.usd for use in stages.values()) if total is None else total,
        scores={name: score for span in ordered for name, score in scores_of(span.attributes).items()},
        spans=tuple(ordered),
    )


def _outermost(spans: Sequence[RecordedSpan]) -> Iterator[tuple[str, RecordedSpan]]:
    """Spans with their stages, without those within another of the same stage: what both note would count twice."""
    by_id = {span.span: span for span in spans if span.span}
    stages = {span.span: stage_of(span.attributes) for span in spans}
    for span in spans:
        above, seen, stage = span.parent, {span.span}, stage_of(span.attributes)
        while above in by_id and above not in seen and stages[above] != stage:
            seen.add(above)
            above = by_id[above].parent
        if above not in by_id or above in seen:
            yield stage, span


def _use(spans: Sequence[RecordedSpan]) -> StageUse:
    tokens = [tokens_of(span.attributes) for span in spans]
    return StageUse(
        _busy_seconds(spans),
        _sum(read for read, _ in tokens),
        _sum(written for _, written in tokens),
        _sum(usd_of(span.attributes) for span in spans),
    )


def _busy_seconds(spans: Sequence[RecordedSpan]) -> float | None:
    """Seconds during which any span is under way: what runs side by side counts once."""
    ends = sorted((span.start, span.start + span.seconds) for span in spans if span.seconds is not None)
    if not ends:
        return None
    total, reached = 0.0, ends[0][0]
    for start, end in ends:
        total += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return total


def _whole_seconds(tops: Sequence[RecordedSpan], spans: Sequence[RecordedSpan]) -> float | None:
    """Those of the outermost span; where it does not say, until the last one ends that does."""
    if tops[0].seconds is not None:
        return tops[0].seconds
    ends = [span.start + span.seconds for span in spans if span.seconds is not None]
    return max(ends) - min(span.start for span in spans) if ends else None


def _answers(span: RecordedSpan) -> bool:
    """Whether what a span returned may be the answer: it is that of the whole, or of a model."""
    return stage_of(span.attributes) in ("", "generate")


def _first(texts: Iterable[str]) -> str:
    return next((text for text in texts if text), "")


def _sum(values: Iterable[_Number | None]) -> _Number | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
