"""Jobs are numbered once, whatever pipelines they belong to."""

from __future__ import annotations

from tests.explorer.conftest import QUESTIONS, Fragile, LastWord, Overlap, Shortest, Twin
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.runner import Trace, run
from tradespace.explorer.timing.stage_jobs import FAILED, StageJobs
from tradespace.types import Failure, Question, Request

ASKED = [Question(f"q{place}", text) for place, text in enumerate(QUESTIONS)]


def naive(trace: Trace, stage: str) -> Request | None:
    """What a stage was given, by the trace's own account; None where it failed or was not reached."""
    failed = isinstance(trace.outcome, Failure) and trace.stage == stage
    return None if failed else trace.inputs.get(stage)


def test_numbers_are_those_of_what_stages_were_given(recorded_calls: RecordedCalls) -> None:
    """As read from the traces one by one; a stage that failed or was not reached has none."""
    pipelines = [
        Overlap() >> LastWord(),
        Twin() >> LastWord(),
        Overlap() >> Shortest() >> LastWord(),
        Overlap() >> Shortest() >> Fragile(),
        Overlap() >> Fragile(),
    ]
    traces = run(recorded_calls, pipelines, QUESTIONS)
    numbered = StageJobs(ASKED, recorded_calls.corpus)
    failed = 0
    for pipeline in pipelines:
        for stage, row in numbered.numbers(pipeline, traces[pipeline]).items():
            for trace, number in zip(traces[pipeline], row.tolist(), strict=True):
                given = naive(trace, stage)
                failed += given is None
                if given is None:
                    assert number == FAILED
                else:
                    job = numbered.jobs[number]
                    assert (job.component, job.request) == (pipeline.stages[stage], given)
                    assert ASKED[numbered.asked[number]].text == given.question
    assert failed == 2
    assert len(set(numbered.jobs)) == len(numbered.jobs)
    assert len(numbered.jobs) < sum(len(pipeline.online) for pipeline in pipelines) * len(QUESTIONS)
