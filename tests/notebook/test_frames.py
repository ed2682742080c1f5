"""The frames of a study: their columns are a contract, and what is missing is never 0."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tradespace.evals.figures import figure_of
from tradespace.explorer.conclusions.cohort import Cohort
from tradespace.explorer.results import Evaluation
from tradespace.explorer.storage.study import StudyFolder
from tradespace.notebook import columns
from tradespace.notebook.columns import DTYPES, FRAMES, columns_in_markdown
from tradespace.notebook.frames import frame_of
from tradespace.notebook.study import Study
from tradespace.notebook.tables import stage_table
from tradespace.reports.columns import (
    PIPELINE_COLUMNS,
    Column,
    ColumnKind,
    ColumnTable,
    figure_columns,
    plain_pipelines,
)
from tradespace.reports.section import findings_of

PAGE = (Path(__file__).parents[2] / "docs" / "notebook.md").read_text(encoding="utf-8")
MEASURES = ("answer_contained", "latency_p95", "usd_per_1k")
PIPELINES = (*PIPELINE_COLUMNS, *(column for measure in MEASURES for column in figure_columns(measure)))
CONTRACTS: dict[str, tuple[Callable[[Study], pd.DataFrame], tuple[Column, ...]]] = {
    "pipelines": (Study.pipelines, PIPELINES),
    "frontier": (Study.frontier, PIPELINES),
    "finalists": (Study.finalists, (*PIPELINES, *columns.JUDGED_COLUMNS)),
    "stages": (Study.stages, columns.STAGE_COLUMNS),
    "questions": (Study.questions, columns.QUESTION_COLUMNS),
    "calls": (Study.calls, columns.CALL_COLUMNS),
    "timings": (Study.timings, columns.TIMING_COLUMNS),
}


@pytest.mark.parametrize("name", CONTRACTS)
def test_a_frame_has_the_columns_of_its_contract(study: Study, name: str) -> None:
    """Their names in order, dtypes and units; those of single studies, such as measures of questions, follow."""
    ask, contract = CONTRACTS[name]
    frame = ask(study)
    assert not frame.empty
    assert list(frame.columns)[: len(contract)] == [column.name for column in contract]
    assert frame.dtypes.astype(str).to_dict() | {each.name: DTYPES[each.kind] for each in contract} == (
        frame.dtypes.astype(str).to_dict()
    )
    known = frame.attrs["units"]
    assert {each.name: each.unit for each in contract if each.unit} == {
        each.name: known[each.name] for each in contract if each.name in known
    }


@pytest.mark.parametrize("name", FRAMES)
def test_the_page_has_each_contract(name: str) -> None:
    """`python -m tradespace.notebook.columns` writes its tables."""
    assert columns_in_markdown(FRAMES[name]) in PAGE


def test_the_command_of_the_page_prints_its_tables() -> None:
    """To be copied after a change."""
    command = [sys.executable, "-m", "tradespace.notebook.columns"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert all(columns_in_markdown(table) in printed for table in FRAMES.values())


def test_a_missing_value_is_missing_in_every_dtype() -> None:
    """NaN or NA, also where a whole column is missing, and never 0 or the text None."""
    table = ColumnTable(
        tuple(Column(kind.name, kind, "") for kind in ColumnKind), ((None,) * 4, ("a", 1, 1.0, True), (None,) * 4)
    )
    assert frame_of(table).isna().all(axis=1).tolist() == [True, False, True]
    assert frame_of(replace(table, rows=((None,) * 4,))).isna().to_numpy().all()


def test_a_table_without_rows_keeps_its_dtypes() -> None:
    """So that code which reads it needs no special case."""
    empty = frame_of(ColumnTable(columns.CALL_COLUMNS, ()))
    assert empty.dtypes.astype(str).to_dict() == {each.name: DTYPES[each.kind] for each in columns.CALL_COLUMNS}


def test_the_frontier_and_finalists_are_rows_of_all_pipelines(study: Study) -> None:
    """With the same figures; the frontier is sorted by latency."""
    everything = study.pipelines().set_index("number")
    frontier = study.frontier()
    assert frontier["latency_p95_explored"].is_monotonic_increasing
    assert set(frontier["number"]) == set(everything.index[everything["on_frontier"]])
    finalists = study.finalists().set_index("number")
    pd.testing.assert_frame_equal(finalists[everything.columns], everything.loc[finalists.index], check_names=False)
    assert finalists["behind"].isna().sum() == 1


def test_figures_are_those_of_the_conclusion(study: Study) -> None:
    """Confirmed where there are any, with the ends of their intervals."""
    rows = study.pipelines().set_index("pipeline")
    for finalist in study.conclusion.finalists:
        known = finalist.estimates["answer_contained"]
        row = rows.loc[finalist.evaluation.pipeline]
        assert [row["answer_contained"], row["answer_contained_low"]] == [known.value, known.low]
        assert row["question_set"] == "confirm"


def test_stages_add_up_to_the_pipeline_in_the_mean(study: Study) -> None:
    """As means do, and quantiles do not."""
    stages = study.stages().query("question_set == 'explore'")
    whole = stages.groupby("pipeline")["seconds_mean"].sum()
    for evaluation in study.results().explored:
        composed = Cohort((evaluation,)).stage_seconds()[0]
        assert whole[evaluation.pipeline] == pytest.approx(composed.mean())


def test_a_failure_is_missing_and_never_zero(study: Study) -> None:
    """A pipeline that failed on a question has an infinite tail: its figures are missing, and `failed` says why."""
    results = study.results()
    first, *others = results.explored
    broken = findings_of(replace(results, explored=(failing(first), *others), confirmed=()))
    stages = frame_of(stage_table(broken)).set_index("pipeline").loc[first.pipeline]
    assert stages[["seconds_mean", "seconds_p95"]].isna().to_numpy().all()
    assert (stages["seconds_p50"] > 0).all()
    row = frame_of(plain_pipelines(broken.conclusion, broken.numbers)).set_index("pipeline").loc[first.pipeline]
    assert math.isnan(row["latency_p95"]) and row["failed"] == 3


def failing(evaluation: Evaluation) -> Evaluation:
    """The same pipeline, failed on the first three questions."""
    failures = dict.fromkeys(range(3), "no answer")
    seconds = {stage: (None,) * 3 + tuple(row[3:]) for stage, row in evaluation.seconds.items()}
    return replace(evaluation, failures=failures, seconds=seconds, end_to_end=())


def test_questions_tell_what_was_answered(study: Study) -> None:
    """With the scores that the study's figures are the mean of, and its groups; joined texts can be told apart."""
    questions = study.questions(confirm=True)
    (evaluation,) = (each for each in study.results().confirmed if each.pipeline == str(study.recommended))
    assert questions["answer_contained"].mean() == pytest.approx(np.mean(evaluation.scores["answer_contained"]))
    right = questions[questions["answer_contained"] == 1].iloc[0]
    assert right["references"].lower() in right["answer"].lower()
    assert right["source"] in right["passages"].split(" | ")
    assert questions[["failure", "lacking"]].isna().to_numpy().all()
    found = questions[questions["passages"].notna()]
    assert (found["seconds"] > 0).all() and (found["usd"] > 0).all()
    assert questions["group[topic]"].notna().all()


def test_calls_and_timings_are_those_of_the_ledger(study: Study) -> None:
    """Each once: what came back of a call, and what a sample took."""
    calls, timings, ledger = study.calls(), study.timings(), StudyFolder(study.folder).ledger
    assert len(calls) == len(ledger) == calls["key"].nunique()
    assert set(calls["component"]) == {"bm25", "sentence"}
    rankings = calls["component"] == "bm25"
    assert set(calls[rankings]["kind"]) == {"ranking"} and set(calls[~rankings]["kind"]) == {"answer"}
    assert calls[rankings]["passages"].notna().all() and calls[rankings]["text"].isna().all()
    assert calls[~rankings]["passages"].isna().all() and calls[~rankings]["text"].notna().all()
    assert len(timings) == sum(map(len, ledger.samples()))
    assert (timings["seconds"] > 0).all() and math.isfinite(timings["recorded"].max())


def test_splits_are_those_of_the_conclusion(study: Study) -> None:
    """One row for each; the shares of a row are 1 together."""
    split, answer = study.split(), study.conclusion.split
    assert answer is not None
    assert split[["share[retrieve]", "share[generate]"]].sum(axis=1).to_numpy() == pytest.approx(1)
    assert split["pipeline"].tolist() == [point.pipeline for point in answer.points]
    other = study.split("9 s", groups="generate, retrieve")
    assert list(other.columns)[:2] == ["share[generate]", "share[retrieve]"]


def test_units_are_those_of_the_figures(study: Study) -> None:
    """Seconds and dollars; a score has none."""
    units = study.pipelines().attrs["units"]
    assert units["latency_p95_high"] == figure_of("latency_p95").unit.name == "seconds"
    assert "answer_contained" not in units
