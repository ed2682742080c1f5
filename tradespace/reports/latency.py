"""How the latencies of a study were taken, and how reliable they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from tradespace.explorer.results import Conditions, Evaluation, Results
from tradespace.plurals import count
from tradespace.reports.words import duration, listed


@dataclass(frozen=True, slots=True)
class TimingInfo:
    """How the latencies of a study were measured, over all its evaluations.

    Attributes:
        host: the machine whose timings these are.
        disturbed: the share of timed runs in which something else kept the machine busy.
        unsettled: the share of what was timed of which all runs were disturbed.
        drift: how many times slower than when quiet the machine was; None where nothing was timed on it.
        modelled: how many evaluations have stages with seconds from a fitted latency model.
        stages: those stages.
        median_error, p95_error: how far such models were off, in the evaluation where they were off by most; None where
            there was none.
        as_made: stages with calls that were timed as they were made.
        concurrency: the most calls under way at one server meanwhile; None where that is not known.
        served: timed runs that asked a server of one's own.
        cached: those of them that the server's cache of prompts helped, or may have helped.
        first_tokens: of each evaluation with calls whose text was streamed, the seconds to the first piece of it, in
            the median of these calls.
    """

    host: str
    disturbed: float
    unsettled: float
    drift: float | None
    modelled: int
    stages: tuple[str, ...]
    median_error: float | None
    p95_error: float | None
    as_made: tuple[str, ...] = ()
    concurrency: int | None = None
    served: int = 0
    cached: int = 0
    first_tokens: tuple[float, ...] = ()


def timing_info(results: Results) -> TimingInfo:
    """Sum up the conditions under which stages were timed."""
    evaluations = (*results.explored, *results.confirmed)
    conditions = [evaluation.conditions for evaluation in evaluations]
    unsettled = sum(condition.unsettled for condition in conditions)
    drifts = [condition.drift for condition in conditions if condition.drift is not None]
    return TimingInfo(
        host=results.provenance.host,
        disturbed=sum(condition.disturbed for condition in conditions)
        / max(1, sum(condition.samples for condition in conditions)),
        unsettled=unsettled / max(1, _timed_works(evaluations)) if unsettled else 0.0,
        drift=median(drifts) if drifts else None,
        modelled=sum(bool(condition.predicted) for condition in conditions),
        stages=tuple(dict.fromkeys(stage for condition in conditions for stage in condition.predicted)),
        median_error=max(
            (condition.median_error for condition in conditions if condition.median_error is not None), default=None
        ),
        p95_error=max(
            (condition.p95_error for condition in conditions if condition.p95_error is not None), default=None
        ),
        as_made=tuple(dict.fromkeys(stage for condition in conditions for stage in condition.as_made)),
        concurrency=max(
            (condition.concurrency for condition in conditions if condition.concurrency is not None), default=None
        ),
        served=sum(condition.served for condition in conditions),
        cached=sum(condition.cached for condition in conditions),
        first_tokens=tuple(condition.first_token for condition in conditions if condition.first_token is not None),
    )


def _timed_works(evaluations: Sequence[Evaluation]) -> int:
    """How much was timed; earlier studies, which foretold nothing, timed every second of a stage for a question."""
    works = sum(evaluation.conditions.works for evaluation in evaluations)
    return works or sum(len(row) - row.count(None) for each in evaluations for row in each.seconds.values())


def timing_sentences(info: TimingInfo) -> tuple[str, ...]:
    """What a careful reader should know of the latencies."""
    sentences: list[str] = []
    if info.drift is not None:
        sentences.append(
            f"Stages were timed on {info.host}, one question at a time with nothing else under way. It was "
            f"{_slower(info.drift)}. {info.disturbed:.1%} of the runs were disturbed, and repeated while there was "
            f"time; {info.unsettled:.1%} of what was timed rests on disturbed runs alone."
        )
    if info.modelled:
        sentences.append(
            f"Latency of {listed(info.stages)} is modelled for {count(info.modelled, 'evaluation')}: some calls are "
            "timed, the others follow from what they ask of their component. On calls kept from them the models "
            f"were off by {info.median_error or 0.0:.0%} in the median, and by {info.p95_error or 0.0:.0%} at the 95th "
            "percentile."
        )
    return (*sentences, *_load_sentences(info), *_cache_sentences(info), *_stream_sentences(info))


def load_words(conditions: Conditions) -> str:
    """For which load the latency of a pipeline holds.

    >>> load_words(Conditions()), load_words(Conditions(as_made=("generate",), concurrency=8))
    ('of one question at a time', 'of calls as they were made, up to 8 at once')
    """
    if not conditions.as_made or conditions.concurrency == 1:
        return "of one question at a time"
    company = "nobody knows how many" if conditions.concurrency is None else f"up to {conditions.concurrency}"
    return f"of calls as they were made, {company} at once"


def _load_sentences(info: TimingInfo) -> list[str]:
    """Under which load calls were timed that were not timed alone."""
    if not info.as_made:
        return []
    company = (
        "with as many others under way as was not recorded"
        if info.concurrency is None
        else "one at a time"
        if info.concurrency == 1
        else f"with up to {info.concurrency} of them under way at one server"
    )
    return [f"Latency of {listed(info.as_made)} holds calls that were timed as the exploration made them, {company}."]


def _cache_sentences(info: TimingInfo) -> list[str]:
    """How servers of one's own were timed, and whether their caches of prompts flatter them."""
    if not info.served:
        return []
    sentence = (
        "Calls of your own servers were repeated for timing, one at a time, with every prompt processed from scratch."
    )
    share = info.cached / info.served
    if not info.cached:
        return [sentence]
    return [
        f"{sentence} In {share:.1%} of the runs a cache of prompts helped, or may have helped: the server does not say."
    ]


def _stream_sentences(info: TimingInfo) -> list[str]:
    """When texts began that were streamed."""
    if not info.first_tokens:
        return []
    shortest, longest = duration(min(info.first_tokens)), duration(max(info.first_tokens))
    span = shortest if shortest == longest else f"{shortest} to {longest}, depending on the pipeline,"
    return [
        f"Where servers streamed, the first token of a call came after {span} in the median of a pipeline's calls; its "
        "other stages and earlier calls come before."
    ]


def _slower(drift: float) -> str:
    return "as fast as when quiet" if drift < 1.02 else f"{drift:.2f} times slower than when quiet, in the median"
