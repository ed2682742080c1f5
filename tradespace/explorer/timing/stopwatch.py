"""Work that can be timed, and one quiet run of it: a batch of one, warm, on its own."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial

from tradespace.components.base import Call, Component, Pipeline
from tradespace.components.calls import kind_giving
from tradespace.components.corpus import Corpus
from tradespace.components.direct import OperatorOf, run_directly, succeeded
from tradespace.components.processes import Running, drive
from tradespace.errors import ComponentError
from tradespace.explorer.running.component_errors import component_errors
from tradespace.explorer.running.stages import run_stages
from tradespace.explorer.storage.timing_keys import own_key, pipeline_key, stage_key
from tradespace.explorer.timing.call_sizes import Size, TextSize
from tradespace.explorer.timing.counters import counted_since, read_counters
from tradespace.types import Answer, Outcome, Request, Timed

Answered = Sequence[Sequence[Outcome]]
"""The outcomes of each round of calls."""
SIZE_RATIO = 1.25
"""Requests whose texts differ by less than about this factor in length take the same time, as near as it matters."""


class PromptCache(StrEnum):
    """Whether a server answered from prompts that it had kept; unknown where it does not say."""

    UNUSED = "unused"
    USED = "used"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One stage setting, or a whole pipeline, on one question. Equal works are timed once, whoever needs them.

    Attributes:
        key: the content address of what is timed.
        question: the question's id, and the shape of what a stage is given for it.
        run: does it; served work returns the replies.
        size: what it asks of the component that does it: such work can be predicted where it is not measured.
        served: whether a server does it: it may keep prompts, and waiting for its limits is no part of the work.
    """

    key: str
    question: str
    run: Callable[[], object] = field(compare=False, repr=False)
    size: Size | None = field(default=None, compare=False)
    served: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Run:
    """One timed run.

    Attributes:
        seconds: of wall time.
        lost: the share of them in which the process was kept off the cores; 0 where it waited of its own will.
        cache: whether a server's cache of prompts helped; None where no server was asked.
        counted: what this machine counted meanwhile, by quantity; nothing where a server was asked.
        first_token: seconds to the first piece of text that a server streamed; None where it streamed none.
    """

    seconds: float
    lost: float
    cache: PromptCache | None = None
    counted: Mapping[str, float] = field(default_factory=dict)
    first_token: float | None = None


def stage_work(
    component: Component, corpus: Corpus, question: str, request: Request, operator_of: OperatorOf
) -> WorkItem:
    """One stage on what it was given. Passages of about the same length, as many in each call, are the same work."""
    return WorkItem(
        stage_key(component, corpus),
        f"{question} {shape(component, request)}",
        lambda: run_directly(component.process(request), operator_of),
        size_of_texts(request),
    )


def own_work(component: Component, corpus: Corpus, question: str, request: Request, rounds: Answered) -> WorkItem:
    """What a stage computes between its calls, whose outcomes are at hand: putting together, ordering, fusing."""

    def run() -> Outcome:
        outcomes = iter(rounds)
        return drive(component.process(request), lambda calls: next(outcomes))

    size = size_of_texts(request)
    return WorkItem(own_key(component, corpus), f"{question} {size.calls} {_magnitude(size.characters)}", run, size)


def size_of_texts(request: Request) -> TextSize:
    """How many passages a stage is given, and how long they are."""
    return TextSize(len(request.passages), sum(len(passage.text) for passage in request.passages))


def pipeline_work(pipeline: Pipeline, corpus: Corpus, question: str, text: str, operator_of: OperatorOf) -> WorkItem:
    """A whole pipeline end to end on a question's text, as a user would wait for it."""
    run = partial(answer, pipeline, Request(text), operator_of)
    return WorkItem(pipeline_key(pipeline, corpus), question, run)


def answer(pipeline: Pipeline, request: Request, operator_of: OperatorOf) -> Answer | Request:
    """Run a pipeline's online stages one after the other, nothing shared: the way a served pipeline works.

    Returns the answer, or the request with its final passages where no stage answers.
    """
    for stage in run_stages(pipeline, request, operator_of):
        if isinstance(stage.outcome, Answer):
            return stage.outcome
        request = stage.handed_on
    return request


def run_once(work: WorkItem) -> Run | None:
    """Time one run; None where the work raises."""
    counts = read_counters()
    switches, busy, start = _switches(), time.process_time(), time.perf_counter()
    try:
        with component_errors(None):
            outcome = work.run()
            if work.served and isinstance(outcome, Sequence):
                list(map(succeeded, outcome))
    except ComponentError:
        return None
    seconds = time.perf_counter() - start
    if work.served:
        return _served(seconds, outcome)
    idle = max(0.0, seconds - (time.process_time() - busy))
    lost = idle / seconds if _switches() > switches else 0.0
    return Run(seconds, lost, counted=counted_since(counts))


def _served(seconds: float, replies: object) -> Run:
    """A run whose seconds a server took; what its limits and failed attempts took is the exploration's own doing."""
    timed = [reply for reply in replies if isinstance(reply, Timed)] if isinstance(replies, Sequence) else []
    waited = max((reply.waited for reply in timed), default=0.0)
    kept = [reply.cached for reply in timed if reply.cached is not None]
    unused = PromptCache.UNUSED if len(kept) == len(timed) > 0 else PromptCache.UNKNOWN
    first_token = min((reply.first_token for reply in timed if reply.first_token is not None), default=None)
    cache = PromptCache.USED if any(kept) else unused
    return Run(max(seconds - waited, 0.0), 0.0, cache, first_token=first_token)


def shape(component: Component, request: Request) -> str:
    """How much a stage is given: the calls it makes first, the passages in each, and how long the texts are in all."""
    calls = first_calls(component, request)
    counts = ",".join(f"{call.component.name}:{_texts(call)[0]}" for call in calls)
    size = sum(_texts(call)[1] for call in calls)
    return f"{counts} {_magnitude(size)}"


def _magnitude(size: int) -> str:
    return str(round(math.log(size, SIZE_RATIO))) if size else "-"


def first_calls(component: Component, request: Request) -> list[Call]:
    """The calls that a stage makes at once; none where it needs none."""
    first = Running(component.process(request))
    first.close()
    return list(first.calls)


def _texts(call: Call) -> tuple[int, int]:
    """How many texts a call is given besides the question, and their characters."""
    texts = kind_giving(type(call.request)).texts(call.request)
    return len(texts), sum(map(len, texts))


def _switches() -> int:
    """How often this thread was taken off its core against its will; 0 where the system does not tell."""
    try:
        import resource

        return resource.getrusage(resource.RUSAGE_THREAD).ru_nivcsw
    except (ImportError, AttributeError):
        return 0
