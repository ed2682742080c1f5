"""Generated studies that sections have something to say to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.judged_results import judged_results, judged_study, labels_of
from tests.reports.conftest import QUESTIONS, Make
from tests.reports.test_under_load import info
from tradespace.explorer.results import Dropped, QuestionSet, Results, SearchAccount, Usage
from tradespace.reports.section import Findings, findings_of


@pytest.fixture
def eventful(make_results: Make) -> Results:
    """A study in which everything happened that sections tell of, but that a model judged."""
    results = make_results()
    first, second = results.explored[:2]
    account = SearchAccount(
        candidates=210,
        whole_space=True,
        classes=46,
        missing_sla=0,
        raced_out=1,
        complete=45,
        failed=0,
        open=0,
        questions=QUESTIONS,
        dropped=(Dropped("never(top_k=2)", first.pipeline, 50),),
        alike={first.pipeline: ("never(top_k=3)",)},
    )
    column = tuple("de" if place % 3 else "en" for place in range(QUESTIONS))
    where = replace(results.provenance, search=account, groups={split: {"language": column} for split in QuestionSet})
    used = {"generate": (Usage(100, 10, 0.001),)}
    return replace(
        results,
        explored=(replace(first, failures={5: "the reader timed out"}), second, *results.explored[2:]),
        confirmed=tuple(replace(each, usage=used) for each in results.confirmed),
        provenance=where,
    )


@pytest.fixture
def findings(eventful: Results) -> Findings:
    """Of that study, under a load."""
    load = info(2.0)
    pipeline = eventful.explored[0].pipeline
    rows = tuple(replace(row, pipeline=pipeline) for row in load.frontier.rows)
    return findings_of(eventful, [replace(load, pipeline=pipeline, frontier=replace(load.frontier, rows=rows))])


@pytest.fixture
def judged() -> Findings:
    """Of a study in which a model judges answers, and people said what they think of some."""
    study = judged_study()
    return findings_of(judged_results(study, labels_of(study)))
