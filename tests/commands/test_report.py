"""`tradespace report`: the same answer as a page, text, values, a table and pictures; and two studies side by side."""

from __future__ import annotations

import csv
import json
import os
import shutil
import sys
from html import unescape
from pathlib import Path

import pytest

from tests.commands.conftest import Run
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.storage.study import StudyFolder
from tradespace.reports.written_report import read_report


@pytest.fixture
def copies(study: Path, tmp_path: Path) -> tuple[Path, Path]:
    """The small study, twice: before and after."""
    return shutil.copytree(study, tmp_path / "before"), shutil.copytree(study, tmp_path / "after")


@pytest.mark.parametrize("format", ["html", "md", "json", "csv"])
def test_each_format_is_written_into_the_study_or_where_it_is_named(
    run: Run, copies: tuple[Path, Path], format: str
) -> None:
    """The path is printed; the recommended pipeline is in each."""
    study, other = copies
    ran = run("report", study, "--format", format)
    assert (ran.code, ran.out) == (0, f"{study / f'report.{format}'}\n")
    named = other / f"named.{format}"
    assert run("report", study, "--format", format, "--output", named).out == f"{named}\n"
    recommended = conclude(StudyFolder(study).results()).recommended
    assert recommended is not None
    for file in (study / f"report.{format}", named):
        assert recommended.evaluation.pipeline in unescape(file.read_text())


def test_all_formats_have_the_sections_of_the_page(run: Run, copies: tuple[Path, Path]) -> None:
    """A new section appears in all of them."""
    study, _ = copies
    for format in ("html", "md", "json"):
        assert run("report", study, "--format", format).code == 0
    report = read_report((study / "report.json").read_text())
    page, markdown = (study / "report.html").read_text(), (study / "report.md").read_text()
    assert len(report.sections) > 5
    for section in report.sections:
        assert f'id="{section.name}"' in page
        assert f"## {section.title}" in markdown
    assert len(report.rows) == len(StudyFolder(study).results().explored)


def test_another_preference_counts_in_every_format(run: Run, copies: tuple[Path, Path]) -> None:
    """As in the page."""
    study, _ = copies
    run("report", study, "--best", "latency_p95", "--limit", "mrr >= 0.1", "--format", "json")
    shown = json.loads(run("show", study, "--best", "latency_p95", "--limit", "mrr >= 0.1", "--format", "json").out)
    report = read_report((study / "report.json").read_text())
    assert report.first.pipeline is not None
    assert report.first.pipeline.notation == shown["recommended"]


def test_csv_is_that_of_show(run: Run, copies: tuple[Path, Path]) -> None:
    """All pipelines, in the same columns."""
    study, _ = copies
    run("report", study, "--format", "csv")
    assert (study / "report.csv").read_text() == run("show", study, "--all", "--format", "csv").out


@pytest.mark.browser
def test_figures_are_pictures(run: Run, copies: tuple[Path, Path], tmp_path: Path) -> None:
    """One PNG for each figure of the page, white where the page is clear."""
    if shutil.which("chromium") is None:
        reason = "no chromium on this machine: apt-get install chromium"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    study, _ = copies
    ran = run("report", study, "--format", "png", "--output", tmp_path / "pictures")
    assert (ran.code, ran.out) == (0, f"{tmp_path / 'pictures'}\n"), ran.err
    run("report", study, "--format", "json")
    figures = [
        figure.name
        for section in read_report((study / "report.json").read_text()).sections
        for figure in section.figures
    ]
    pictures = sorted((tmp_path / "pictures").iterdir())
    assert [picture.stem for picture in pictures] == sorted(figures)
    assert all(picture.read_bytes().startswith(b"\x89PNG") and picture.stat().st_size > 5000 for picture in pictures)


def test_pictures_say_what_they_need(run: Run, copies: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Kaleido is an extra: the message says what to install."""
    monkeypatch.setitem(sys.modules, "kaleido", None)
    ran = run("report", copies[0], "--format", "png")
    assert ran.code == 2
    assert "--format png needs kaleido" in ran.err and "pip install 'tradespace[png]'" in ran.err


def test_two_studies_are_compared_in_either_order_of_words(run: Run, copies: tuple[Path, Path], tmp_path: Path) -> None:
    """`--compare BEFORE AFTER` and `AFTER --compare BEFORE` say the same."""
    before, after = copies
    assert run("report", "--compare", before, after, "--format", "json").out == f"{after / 'comparison.json'}\n"
    other = tmp_path / "other.json"
    assert run("report", after, "--compare", before, "--format", "json", "--output", other).code == 0
    assert other.read_text() == (after / "comparison.json").read_text()
    report = read_report(other.read_text())
    assert report.first.headline.startswith("The same pipeline is recommended. Its MRR did not move beyond noise.")
    assert not any(row["moved"] for row in report.rows)


@pytest.mark.parametrize("format", ["html", "md", "csv"])
def test_a_comparison_has_the_formats_of_a_report(run: Run, copies: tuple[Path, Path], format: str) -> None:
    """Its page is one file as that of a study is."""
    before, after = copies
    assert run("report", after, "--compare", before, "--format", format).code == 0
    text = (after / f"comparison.{format}").read_text()
    if format == "csv":
        assert {row["moved"] for row in csv.DictReader(text.splitlines())} == {"false"}
    else:
        assert "The same pipeline is recommended." in text and "What moved beyond noise?" in text
    assert "<script src" not in text


def test_show_prints_a_comparison(run: Run, copies: tuple[Path, Path]) -> None:
    """As a table, or for a program."""
    before, after = copies
    shown = run("show", after, "--compare", before)
    assert shown.code == 0
    assert "The same pipeline is recommended." in shown.out
    assert "none of" in shown.out and "moved beyond noise" in shown.out
    content = json.loads(run("show", after, "--compare", before, "--format", "json").out)
    assert list(content) == ["format", "title", "headline", "recommended", "questions", "changes"]
    assert content["questions"] == {"explore": 40, "confirm": 10}
    assert content["recommended"][0] == content["recommended"][1] is not None


def test_a_comparison_has_no_pictures(run: Run, copies: tuple[Path, Path]) -> None:
    """And says what it has."""
    ran = run("report", copies[1], "--compare", copies[0], "--format", "png")
    assert ran.code == 2 and "html, md, json or csv" in ran.err


def test_a_study_that_is_none_is_told_by_name(run: Run, copies: tuple[Path, Path], tmp_path: Path) -> None:
    """Whichever of the two it is."""
    for words in ([copies[1], "--compare", tmp_path / "none"], [tmp_path / "none", "--compare", copies[0]]):
        ran = run("report", *words)
        assert ran.code != 0 and f"{tmp_path / 'none'} holds no study" in ran.err
