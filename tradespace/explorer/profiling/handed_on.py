"""What stages of a pipeline are given for each question, as the ledger has it: nothing is called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from tradespace.components.base import Call, Pipeline
from tradespace.components.corpus import Corpus
from tradespace.explorer.running.jobs import run_jobs
from tradespace.explorer.running.lookup import look_up
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.storage.base import Ledger
from tradespace.types import Failure, Outcome, Question, Request


@dataclass(frozen=True)
class RecordedOutcomes:
    """Answers calls from the ledger alone; one that it lacks is a `Failure`."""

    ledger: Ledger

    def outcomes(self, calls: Sequence[Call], corpus: Corpus) -> list[Outcome | Failure]:
        """Answer every call, in order."""
        known = look_up(self.ledger, calls, corpus)
        return [known.outcomes.get(key, Failure("the ledger has no such call")) for key in known.keys]


def requests_of(
    opened_components: OpenedComponents,
    ledger: Ledger,
    pipeline: Pipeline,
    stages: Iterable[str],
    questions: Sequence[Question],
) -> dict[str, Request]:
    """What the first of some stages is given for each question, by the question's id.

    Questions on which a stage before them failed, or has not been run, are left out.

    Raises:
        ComponentError: the corpus cannot be made.
    """
    held, corpus = set(stages), opened_components.corpus(pipeline)
    requests = {question.id: Request(question.text) for question in questions}
    for _, component in takewhile(lambda named: named[0] not in held, pipeline.online.items()):
        done = run_jobs(RecordedOutcomes(ledger), corpus, [(component, request) for request in requests.values()])
        requests = {
            question: request.after(ended.outcome)
            for (question, request), ended in zip(requests.items(), done, strict=True)
            if not isinstance(ended.outcome, Failure)
        }
    return requests
