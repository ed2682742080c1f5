"""What a study says where its results are awkward: nothing ends in a traceback, and nothing useless is recommended."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.commands.conftest import Run
from tradespace.explorer.results import Evaluation
from tradespace.explorer.storage.study import StudyFolder

Change = Callable[[Evaluation], Evaluation]


@pytest.fixture
def changed(study: Path, tmp_path: Path) -> Callable[..., StudyFolder]:
    """A copy of the explored study, with other evaluations in its records."""

    def change(explored: Change, confirmed: Change) -> StudyFolder:
        copy = StudyFolder(shutil.copytree(study, tmp_path / "copy"))
        results, context = copy.results(), copy.manifest().context
        evaluations = [*map(explored, results.explored), *map(confirmed, results.confirmed)]
        copy.evaluations.write(context, results.provenance.host, evaluations)
        return copy

    return change


def same(evaluation: Evaluation) -> Evaluation:
    return evaluation


def slow(evaluation: Evaluation) -> Evaluation:
    """The same pipeline, a second slower on every question."""
    return replace(evaluation, end_to_end=tuple(1.0 + (seconds or 0.0) for seconds in evaluation.end_to_end))


def wrong(evaluation: Evaluation) -> Evaluation:
    """The same pipeline with nothing found."""
    return replace(evaluation, scores={name: (0.0,) * len(row) for name, row in evaluation.scores.items()})


def failed(evaluation: Evaluation) -> Evaluation:
    """The same pipeline, failed on every question."""
    questions = len(evaluation.scores["mrr"])
    messages = {place: f"retrieve: no key after {place} s" for place in range(questions)}
    seconds = {stage: (None,) * len(row) for stage, row in evaluation.seconds.items()}
    return replace(
        wrong(evaluation), failures=messages, seconds=seconds, end_to_end=(None,) * len(evaluation.end_to_end)
    )


def test_confirmed_pipelines_that_miss_the_sla_stand_beside_unconfirmed_ones(
    run: Run, changed: Callable[..., StudyFolder]
) -> None:
    """Explored on 24 timed questions and confirmed on 10: every command says which is recommended, and from which."""
    study = changed(same, slow)
    assert len(study.results().explored) > len(study.results().confirmed) > 0
    shown = run("show", study.folder, "--sla", "900 ms")
    assert shown.code == 0
    assert "Use this pipeline: MRR" in shown.out and "Not confirmed:" in shown.out
    assert "misses the SLA" in shown.out
    assert run("report", study.folder, "--sla", "900 ms").code == 0
    assert run("ask", study.folder, "amber birch cedar").code == 0


@pytest.mark.parametrize(
    ("change", "why"), [(wrong, "which can't be distinguished from zero"), (failed, "failed on every question")]
)
def test_nothing_useless_is_recommended(
    run: Run, changed: Callable[..., StudyFolder], change: Change, why: str
) -> None:
    """`show` says why, and ends with 1; the report has it as its headline."""
    study = changed(change, change)
    shown = run("show", study.folder)
    assert (shown.code, shown.err) == (1, "")
    assert "No pipeline can be recommended" in shown.out and why in shown.out
    assert "Use this pipeline" not in shown.out
    asked = run("ask", study.folder, "amber birch")
    assert (asked.code, asked.out) == (2, "") and "says why" in asked.err
    assert run("report", study.folder).code == 0
    assert "No pipeline can be recommended" in study.report_path.read_text(encoding="utf-8")


def test_status_counts_failures_of_both_splits(run: Run, changed: Callable[..., StudyFolder]) -> None:
    """Those while confirming are no less worth knowing; messages that differ in a number are one line of the report."""
    study = changed(same, failed)
    confirmed = len(study.results().confirmed)
    assert (
        f"0 pipelines failed on some question while exploring, {confirmed} while confirming"
        in run("status", study.folder).out
    )
    run("report", study.folder)
    page = study.report_path.read_text(encoding="utf-8")
    assert page.count(">retrieve: no key after") == 1
    assert "(and 9 that differ in numbers alone)" in page


def test_the_version_is_printed(run: Run) -> None:
    """As for every command line."""
    ran = run("--version")
    assert (ran.code, ran.out.strip()) == (0, version("tradespace"))


@pytest.mark.parametrize(
    ("ending", "said"),
    [
        ({"stopped": "the server is down"}, "The exploration was stopped: the server is down."),
        ({"interrupted": True}, "The exploration is not finished: the same explore command continues it."),
    ],
)
def test_a_study_that_was_cut_short_is_shown_as_such(
    run: Run, changed: Callable[..., StudyFolder], ending: dict[str, object], said: str
) -> None:
    """What is recommended then rests on what was known by then."""
    study = changed(same, same)
    assert said not in run("show", study.folder).out
    manifest = study.manifest()
    study.save(manifest.model_copy(update={"provenance": replace(manifest.provenance, **ending)}))
    assert said in run("show", study.folder).out
