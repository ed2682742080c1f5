"""Answering a batch of requests together, stage after stage."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tradespace.components.base import Call, Component
from tradespace.components.corpus import Corpus
from tradespace.explorer.running.call_answers import CallAnswers
from tradespace.explorer.running.executors import CallBatch, Executor, InProcess
from tradespace.explorer.running.jobs import TokensUsed, run_jobs
from tradespace.explorer.running.one_question import Span
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.replicas.values import BatchAnswered
from tradespace.types import Answer, Failure, Outcome, Ranking, Request, Timed


@dataclass(frozen=True)
class UnrecordedCalls:
    """Answers the calls of a round by making them, those of one component together. Nothing is stored."""

    executor: Executor

    @classmethod
    def of(cls, opened_components: OpenedComponents) -> UnrecordedCalls:
        """By components that are opened in this process."""
        return cls(InProcess(opened_components))

    def outcomes(self, calls: Sequence[Call], corpus: Corpus) -> list[Outcome | Failure]:
        """Answer every call, in order. One that fails has a `Failure`; the others are not affected."""
        places: dict[Component, list[int]] = {}
        for place, call in enumerate(calls):
            places.setdefault(call.component, []).append(place)
        indices = list(places.values())
        batches = [
            CallBatch(number, component, [calls[index].request for index in indices[number]], corpus)
            for number, component in enumerate(places)
        ]
        outcomes: dict[int, Outcome | Failure] = {}
        for batch, made in self.executor.make(batches):
            outcomes.update(zip(indices[batch.number], map(_untimed, made), strict=True))
        return [outcomes[index] for index in range(len(calls))]


def run_batch(
    stages: Mapping[str, Component], requests: Sequence[Request], corpus: Corpus, answers: CallAnswers
) -> BatchAnswered:
    """Run stages one after the other, each on all requests that have neither failed nor been answered."""
    results: list[Answer | Request | Failure] = list(requests)
    rankings: list[Ranking] = [()] * len(requests)
    tokens = [TokensUsed()] * len(requests)
    spans: list[Span] = []
    start = before = time.perf_counter()
    for stage, component in stages.items():
        going = [(place, result) for place, result in enumerate(results) if isinstance(result, Request)]
        ended = run_jobs(answers, corpus, [(component, request) for _, request in going])
        for (place, request), done in zip(going, ended, strict=True):
            results[place] = _after(request, done.outcome)
            tokens[place] = TokensUsed(*map(sum, zip(tokens[place], done.tokens, strict=True)))
            if isinstance(done.outcome, tuple):
                rankings[place] = done.outcome
        now = time.perf_counter()
        spans.append(Span(stage, repr(component), now - before))
        before = now
    return BatchAnswered(tuple(results), tuple(rankings), tuple(tokens), before - start, tuple(spans))


def _untimed(made: Outcome | Timed | Failure) -> Outcome | Failure:
    return made.outcome if isinstance(made, Timed) else made


def _after(request: Request, outcome: Outcome | Failure) -> Answer | Request | Failure:
    return outcome if isinstance(outcome, Answer | Failure) else request.after(outcome)
