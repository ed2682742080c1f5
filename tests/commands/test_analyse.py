"""`tradespace analyse`: what it prints of tables, and what it says of broken ones."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.commands.conftest import Run


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three models with two settings each, on 160 questions; the report is written beside."""
    monkeypatch.chdir(tmp_path)
    generator = random.Random(0)
    lines = ["model,top_k,query_id,correct,latency,cost,answer"]
    for model, ability, seconds, usd in (
        ("small", 0.4, 0.02, 0.0001),
        ("mid", 0.7, 0.05, 0.001),
        ("big", 0.8, 0.3, 0.01),
    ):
        for k in (1, 5):
            for question in range(160):
                took = seconds * generator.uniform(0.9, 1.1)
                lines.append(f"{model},{k},{question},{+(generator.random() < ability)},{took},{usd},text {question}")
    (tmp_path / "grid.csv").write_text("\n".join(lines))
    return tmp_path / "grid.csv"


def test_a_table_is_answered_without_a_word_said(run: Run, table: Path) -> None:
    """What every column was taken for is printed, then the answer, the frontier and the report."""
    ran = run("analyse", table)
    assert ran.code == 0, ran.err
    assert "grid.csv: 6 pipelines, 160 questions, 960 rows" in ran.out
    for line in (
        "settings    model, top_k (guessed; --setting says otherwise)",
        "scores      correct (guessed",
        "latency     latency (guessed",
        "not used    answer (text)",
        "objectives  maximize correct; minimize latency_p95 and usd_per_1k; ranked by correct",
        "80 choose the finalists, 80 that are held out judge them",
        "Use this pipeline: correct 0.",
        "Report: grid.html",
    ):
        assert line in ran.out
    assert "<title>grid.csv · Tradespace" in (table.parent / "grid.html").read_text()


def test_an_sla_changes_the_answer(run: Run, table: Path) -> None:
    """With its latency named, or as the bound of a 95th percentile."""
    named, short = (run("analyse", table, "--sla", sla) for sla in ("latency_p95=100ms", "100 ms"))
    assert named.out == short.out
    assert "within the SLA of 100 ms" in named.out
    assert "recorded(model='mid'" in named.out.splitlines()[named.out.splitlines().index(answer(named.out)) + 1]


def answer(out: str) -> str:
    return next(line for line in out.splitlines() if line.startswith("Use this pipeline"))


def test_an_sla_that_nothing_keeps_is_another_exit(run: Run, table: Path) -> None:
    """As of explorations."""
    ran = run("analyse", table, "--sla", "1 ms")
    assert ran.code == 3
    assert "No pipeline keeps the SLA of 1 ms" in ran.out


def test_objectives_and_columns_can_be_named(run: Run, table: Path) -> None:
    """What is named is not marked as guessed."""
    ran = run(
        *("analyse", table, "--setting", "model", "--setting", "top_k", "--question", "query_id", "--score", "correct"),
        *("--maximize", "correct", "--minimize", "latency_p50", "--confirm", "0", "--output", "other.html"),
    )
    assert ran.code == 0, ran.err
    assert "settings    model, top_k\n" in ran.out
    assert "objectives  maximize correct; minimize latency_p50; ranked by correct" in ran.out
    assert "none is held out" in ran.out
    assert "Not confirmed" in ran.out
    assert (table.parent / "other.html").exists()


def test_one_column_for_each_pipeline_is_read(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As people keep scores in a sheet."""
    monkeypatch.chdir(tmp_path)
    rows = "\n".join(f"q{place},1,{+(place % 4 > 1)},0.{place % 10}" for place in range(60))
    (tmp_path / "wide.csv").write_text(f"question,gpt,llama,other\n{rows}\n")
    ran = run("analyse", "wide.csv")
    assert ran.code == 0, ran.err
    assert "pipelines   gpt, llama, other (guessed; --pipeline says otherwise)" in ran.out
    assert "recorded(pipeline='gpt')" in ran.out


def test_a_range_lets_other_scores_in(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it they are said to be none, with row and column."""
    monkeypatch.chdir(tmp_path)
    rows = "\n".join(f"{model},{q},{1 + (q * step) % 5}" for model, step in (("a", 2), ("b", 3)) for q in range(40))
    (tmp_path / "rated.csv").write_text(f"model,id,rating\n{rows}\n")
    refused = run("analyse", "rated.csv", "--score", "rating")
    assert refused.code == 2
    assert "rated.csv:3: column 'rating': a score must lie from 0 to 1; given: 3" in refused.err
    ran = run("analyse", "rated.csv", "--score", "rating", "--range", "rating=1..5")
    assert ran.code == 0, ran.err
    assert "scores from 1 to 5 are shown as 0 to 1" in ran.out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--score", "corect"), "no column 'corect'; did you mean 'correct'?"),
        (("--maximize", "f1"), "no figures for the objective 'f1'"),
        (("--sla", "latencyp95=1 s"), "did you mean 'latency_p95'?"),
        (("--sla", "soon"), "--sla must be a duration above 0"),
        (("--limit", "correct ~ 1"), "a limit must be a figure"),
        (("--utility", "corect"), "did you mean 'correct'"),
        (("--limit", "f1 >= 0.5"), "grid.csv has no figures of f1"),
        (("--range", "correct=5..1"), "--range must read COLUMN=LOW..HIGH"),
        (("--range", "corect=1..5"), "did you mean 'correct'?"),
        (("--confirm", "160"), "some of the 160 questions must be left"),
    ],
)
def test_a_wrong_option_is_said(run: Run, table: Path, options: tuple[str, ...], message: str) -> None:
    """In a line, with what is valid; never a traceback."""
    ran = run("analyse", table, *options)
    assert ran.code == 2
    assert message in ran.err
    assert "Traceback" not in ran.err


ROOT = Path(__file__).parents[2]


def test_the_page_shows_what_is_printed(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`docs/tables.md` quotes the beginning of what the bundled table gives."""
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    quoted = page.partition("```text\n")[2].partition("```")[0]
    assert run("analyse", ROOT / "examples" / "measured-grid" / "per_question.csv.gz").out.startswith(quoted)
