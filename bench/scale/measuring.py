"""Making one run: warm, through a ledger on a disk, as an exploration makes its calls."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.scale.records import ScaleCase, ScaleRun
from bench.scale.work import WORKS, Work
from tradespace.components.base import Call
from tradespace.components.corpus import Corpus
from tradespace.explorer.running.executors import BatchesMade, CallBatch, Executor, executor_on
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.runner import make_calls
from tradespace.explorer.storage.databases import open_ledger
from tradespace.search_space.call_place import CallPlace
from tradespace.search_space.run import RunSection
from tradespace.testing.cluster_components import Meeting
from tradespace.types import Request


@dataclass
class Counted:
    """An executor that counts what another makes."""

    executor: Executor
    batches: int = 0
    calls: int = 0

    def make(self, batches: Iterable[CallBatch]) -> BatchesMade:
        """The same batches."""
        for made in self.executor.make(batches):
            self.batches += 1
            self.calls += len(made.outcomes)
            yield made


def measured(case: ScaleCase) -> ScaleRun:
    """Make a run."""
    work = WORKS[case.work](case.size)
    with tempfile.TemporaryDirectory() as folder:
        opened = OpenedComponents(work.documents, Path(folder) / "artefacts")
        place = RunSection(on=CallPlace.RAY, workers=case.workers) if case.workers else RunSection()
        began = time.perf_counter()
        with executor_on(place)(opened) as executor:
            counted = Counted(executor)
            calls = RecordedCalls(opened, open_ledger(str(Path(folder) / "ledger.sqlite")), executor=counted)
            _start(executor, case.workers, Path(folder) / "met", opened.nothing)
            _make(calls, work, _warming(work, case.workers))
            started = time.perf_counter() - began
            counted.batches = counted.calls = 0
            began, busy = time.perf_counter(), time.process_time()
            _make(calls, work, work.questions)
            seconds, driver = time.perf_counter() - began, time.process_time() - busy
    return ScaleRun(
        case=case,
        started=started,
        seconds=seconds,
        driver_seconds=driver,
        calls=counted.calls,
        batches=counted.batches,
    )


def _start(executor: Executor, workers: int, folder: Path, corpus: Corpus) -> None:
    """Have all workers make a batch at once: only then is it sure that each of them runs."""
    folder.mkdir()
    meeting = Meeting(folder=str(folder), processes=workers)
    for _ in executor.make(CallBatch(number, meeting, [Request("?")], corpus) for number in range(workers)):
        pass


def _make(calls: RecordedCalls, work: Work, questions: Sequence[str]) -> None:
    """All pipelines on some questions; what only waits needs no pipeline, and gets all of its calls at once."""
    if work.documents:
        make_calls(calls, work.pipelines, questions)
        return
    (component,) = work.pipelines[0]
    calls.outcomes([Call(component, Request(text)) for text in questions], calls.opened_components.nothing)


def _warming(work: Work, workers: int) -> Sequence[str]:
    """Enough for every worker to open what it calls."""
    if work.documents:
        return work.warm_up
    (component,) = work.pipelines[0]
    return work.warm_up[: 2 * max(1, workers) * component.batch_size]
