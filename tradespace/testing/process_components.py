"""Readers that tell of the process they work in, in a module that every process can import."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from typing import ClassVar

from tradespace.components.base import Operator, Reader
from tradespace.components.corpus import Corpus
from tradespace.components.threads import cores
from tradespace.types import Answer, Request


class Threads(Reader):
    """Answers with the threads that it may use, and those that numpy uses."""

    name: ClassVar[str] = "threads"

    def open(self, corpus: Corpus) -> Operator:
        from threadpoolctl import threadpool_info

        used = {library["num_threads"] for library in threadpool_info()}
        return lambda requests: [Answer(f"{cores()} {sorted(used)}", 1.0) for _ in requests]


class Sleeper(Reader):
    """Takes as many seconds as the question says."""

    name: ClassVar[str] = "sleeper"

    def open(self, corpus: Corpus) -> Operator:
        def answer(request: Request) -> Answer:
            time.sleep(float(request.question) if request.question.replace(".", "").isdigit() else 0.0)
            return Answer(str(os.getpid()), 1.0)

        def operate(requests: Sequence[Request]) -> list[Answer]:
            return [answer(request) for request in requests]

        return operate
