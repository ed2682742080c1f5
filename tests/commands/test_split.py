"""`tradespace split`: how the budget divides, from the records of a study."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.conftest import Run
from tests.reports import conftest as reports
from tests.reports.conftest import Make
from tradespace.explorer.storage.study import StudyFolder

make_results = reports.make_results


@pytest.fixture
def generated(make_results: Make, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a study of 45 pipelines with three stages, whose records are generated."""
    monkeypatch.setattr(StudyFolder, "results", lambda study, host=None: make_results())
    return "generated"


def test_each_split_has_its_best_pipeline(run: Run, generated: str) -> None:
    """With its accuracy, what it lacks, and what each group takes; and the pipelines by name below."""
    shown = run("split", generated)
    assert shown.code == 0
    assert "Use this pipeline" in shown.out
    assert "│ 10/90 " in shown.out and "20/80 to " in shown.out
    assert "a bound on the 95th-percentile latency is useful from" in shown.out
    assert "#34 sentences(size=128) >> bm25(top_k=10) >> maxsim(keep=5) >> reader(passages=1)" in shown.out


def test_other_groups_and_another_bound(run: Run, generated: str) -> None:
    """Three groups divide the bound in 36 ways."""
    shown = run("split", generated, "--groups", "retrieve, rerank, generate", "--sla", "60 ms")
    assert shown.code == 0
    assert "Of 60.0 ms" in shown.out
    assert "10/10/80" in shown.out and " more " in shown.out


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ("retrieve, generate", "'rerank' must be in one of the groups; its time counts too"),
        ("retrieve, retrieve + rerank, generate", "'retrieve' must be in one group only"),
        ("retrieve, rerank, generat", "no timings of a stage 'generat'; did you mean 'generate'"),
        ("retrieve + rerank + generate", "between two groups of stages or more"),
    ],
)
def test_groups_that_are_none_are_told(run: Run, generated: str, groups: str, message: str) -> None:
    """Each stage is in exactly one of at least two."""
    told = run("split", generated, "--groups", groups)
    assert told.code == 2
    assert message in " ".join(told.err.split())


def test_json_holds_all_that_is_known(run: Run, generated: str) -> None:
    """Infinities are null, as JSON has none."""
    content = json.loads(run("split", generated, "--format", "json").out)
    assert content["sla"] == {
        "measure": "latency_p95",
        "seconds": 0.1,
        "groups": [["retrieve", "rerank"], ["generate"]],
    }
    assert content["points"][0]["shares"] == [0.1, 0.9]
    assert content["own"]["pipeline"] == content["recommended"]
    assert content["slas"] and {"seconds", "pipeline", "accuracy"} <= content["slas"][0].keys()


def test_html_is_a_page_of_its_own(run: Run, generated: str, tmp_path: Path) -> None:
    """It needs no network; a file that cannot be written is told."""
    shown = run("split", generated, "--format", "html", "--output", tmp_path / "split.html")
    assert shown.out.strip() == f"Written: {tmp_path / 'split.html'}"
    page = (tmp_path / "split.html").read_text()
    assert page.count("Plotly.newPlot") == 2
    assert "<script src" not in page
    told = run("split", generated, "--format", "html", "--output", tmp_path / "no" / "split.html")
    assert told.code == 2 and "No such file" in told.err


def test_a_study_without_a_bound_is_told(run: Run, make_results: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what to do; with a bound it is answered."""
    monkeypatch.setattr(StudyFolder, "results", lambda study, host=None: make_results(sla=None))
    told = run("split", "generated")
    assert told.code == 2 and "name one, such as --sla '100 ms'" in told.err
    assert run("split", "generated", "--sla", "100 ms").code == 0


def test_a_real_study_is_split(run: Run, study: Path) -> None:
    """Its records are enough."""
    shown = run("split", study, "--sla", "500 ms", "--groups", "retrieve, rerank")
    assert shown.code == 0, shown.err
    assert "90/10" in shown.out
