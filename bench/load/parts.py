"""Components whose time and faults are known beforehand, for servers in processes of their own."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field

from tradespace.components.base import Operator, Reader, Retriever
from tradespace.components.corpus import Corpus
from tradespace.types import Answer, Request, ScoredPassage

HANG = "hang"
"""The word in a question that `Stuck` never comes back from."""


class First(Retriever):
    """Always finds the first passage, in no time."""

    name: ClassVar[str] = "first"

    def open(self, corpus: Corpus) -> Operator:
        """Nothing to open."""
        ranking = tuple(ScoredPassage(passage, 1.0) for passage in corpus.passages[:1])
        return lambda requests: [ranking for _ in requests]


class Echo(Reader):
    """Answers with the question, in no time."""

    name: ClassVar[str] = "echo"

    def open(self, corpus: Corpus) -> Operator:
        """Nothing to open."""
        return lambda requests: [Answer(request.question, 1.0) for request in requests]


class Sleeper(Reader):
    """Sleeps before it answers: mostly a little, at times long, whatever the question, so that asking again helps."""

    name: ClassVar[str] = "sleeper"

    seconds: float = Field(
        default=0.02, ge=0, description="of most calls in the mean, evenly from half to one and a half"
    )
    slow: float = Field(default=0.3, ge=0, description="seconds that a slow call takes")
    share: float = Field(default=0.04, ge=0, le=1, description="of calls that are slow")

    def drawn(self, chance: random.Random) -> float:
        """Seconds of a call."""
        return self.slow if chance.random() < self.share else self.seconds * (0.5 + chance.random())

    def open(self, corpus: Corpus) -> Operator:
        """Nothing to open."""
        chance = random.Random()  # each replica has its own: a call is slow by chance, not by its question

        def read(requests: Sequence[Request]) -> list[Answer]:
            time.sleep(sum(self.drawn(chance) for _ in requests))
            return [Answer(request.question, 1.0) for request in requests]

        return read


class Stuck(Reader):
    """Never answers a question with the word `hang`, and all others at once."""

    name: ClassVar[str] = "stuck"

    def open(self, corpus: Corpus) -> Operator:
        """Nothing to open."""

        def read(request: Request) -> Answer:
            while HANG in request.question:
                time.sleep(3600)
            return Answer(request.question, 1.0)

        return lambda requests: [read(request) for request in requests]
