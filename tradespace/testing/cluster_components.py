"""Components that get workers into trouble, in a module that every process can import."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import ClassVar

from tradespace.components.base import Operator, Reader, Retriever
from tradespace.components.corpus import Corpus
from tradespace.types import Answer, Request, ScoredPassage


class Deadly(Reader):
    """Ends its process where the question is `die`, as a lack of memory does; answers others with the question."""

    name: ClassVar[str] = "deadly"

    def open(self, corpus: Corpus) -> Operator:
        def answer(request: Request) -> Answer:
            if request.question == "die":
                os.kill(os.getpid(), signal.SIGKILL)
            return Answer(request.question, 1.0)

        return lambda requests: [answer(request) for request in requests]


class Straggling(Reader):
    """Takes ten minutes for the question `slow` where it is asked for the first time; answers with the process.

    A file, which all nodes see, tells whether it was asked before.
    """

    name: ClassVar[str] = "straggling"
    file: str

    def open(self, corpus: Corpus) -> Operator:
        def answer(request: Request) -> Answer:
            if request.question == "slow" and self._first():
                time.sleep(600)
            return Answer(str(os.getpid()), 1.0)

        return lambda requests: [answer(request) for request in requests]

    def _first(self) -> bool:
        try:
            Path(self.file).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True


class Catalogue(Retriever):
    """Builds a list of the passages; finds the first, with the length of the list as its score. Each time that it is
    built is a line in a file that all nodes see."""

    name: ClassVar[str] = "catalogue"
    file: str

    def open(self, corpus: Corpus) -> Operator:
        def build(folder: Path) -> None:
            (folder / "parts").mkdir()
            (folder / "parts" / "list.txt").write_text("\n".join(passage.id for passage in corpus.passages))
            with Path(self.file).open("a") as built:
                built.write(f"{folder}\n")

        listed = (corpus.artefact("catalogue", build) / "parts" / "list.txt").read_text().splitlines()
        found = (ScoredPassage(corpus.by_id[listed[0]], float(len(listed))),)

        return lambda requests: [found] * len(requests)


class Meeting(Reader):
    """Answers with its process, once as many processes are asked as are to meet. Each leaves a file in a folder that
    all nodes see."""

    name: ClassVar[str] = "meeting"
    folder: str
    processes: int

    def open(self, corpus: Corpus) -> Operator:
        def answer(request: Request) -> Answer:
            here = Path(self.folder)
            (here / str(os.getpid())).touch()
            while len(list(here.iterdir())) < self.processes:
                time.sleep(0.01)
            return Answer(str(os.getpid()), 1.0)

        return lambda requests: [answer(request) for request in requests]


class Unhurried(Reader):
    """Waits for each call, so that no core is busy; answers with the question."""

    name: ClassVar[str] = "unhurried"
    unkeyed: ClassVar[frozenset[str]] = frozenset({"seconds", "batch"})
    seconds: float = 0.05
    batch: int = 4

    @property
    def batch_size(self) -> int:
        return self.batch

    def open(self, corpus: Corpus) -> Operator:
        def answer(request: Request) -> Answer:
            time.sleep(self.seconds)
            return Answer(request.question, 1.0)

        return lambda requests: [answer(request) for request in requests]
