"""Components whose work a test holds up, or that end the process that they run in."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from tradespace.components.base import Operator, Reader, Retriever
from tradespace.components.corpus import Corpus
from tradespace.types import Answer, Outcome, Request, ScoredPassage


class First(Retriever):
    """The first passage of the corpus."""

    name: ClassVar[str] = "first"

    def open(self, corpus: Corpus) -> Operator:
        return lambda requests: [(ScoredPassage(corpus.passages[0], 1.0),) for _ in requests]


class Gated(Reader):
    """Answers with the question and how many were asked with it, once no file of the name `gate` is there.

    What is asked to `die` takes its process along, and what is asked to `fail` raises.
    """

    name: ClassVar[str] = "gated"
    gate: str = ""

    def open(self, corpus: Corpus) -> Operator:
        def read(requests: Sequence[Request]) -> Sequence[Outcome]:
            while self.gate and Path(self.gate).exists():
                time.sleep(0.01)
            if any("die" in request.question for request in requests):
                os.kill(os.getpid(), signal.SIGKILL)
            return [_answer(request, len(requests)) for request in requests]

        return read


def _answer(request: Request, together: int) -> Answer:
    if "fail" in request.question:
        raise ValueError("it was asked to")
    return Answer(request.question, float(together))


class Calm(Reader):
    """Answers everything alike."""

    name: ClassVar[str] = "calm"

    def open(self, corpus: Corpus) -> Operator:
        return lambda requests: [Answer("calm", 0.0) for _ in requests]
