"""Answers for programs: the keys and columns of JSON and CSV are a contract, which docs/answers.md tells."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import Run
from tests.commands.test_split import generated, make_results
from tradespace.explorer.storage.study import StudyFolder
from tradespace.reports.change_columns import CHANGE_COLUMNS
from tradespace.reports.columns import PIPELINE_COLUMNS, UTILITY, figure_columns

__all__ = ["generated", "make_results"]
PAGE = (Path(__file__).parents[2] / "docs" / "answers.md").read_text(encoding="utf-8")
KEYS = {
    "show": "format study verdict headline recommended notes goals under_load pipelines",
    "status": "format study folder state finished explored confirmed space_size space_size_exact questions_to_explore "
    "questions_to_confirm dataset documents generated failed_exploring failed_confirming replies replies_cut_off "
    "questions_without_answer calls_made calls_asked seconds usd_for_calls host megabytes ledger",
    "check": "format name errors warnings documents questions scored space estimates",
    "split": "format study measure sla recommended points basis own allowed reverse slas changes marginal",
}


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def asked(study: Path, space: Path) -> dict[str, list[object]]:
    """The commands with what they need."""
    return {
        "show": ["show", study],
        "status": ["status", study],
        "check": ["check", space, "--study", study],
        "split": ["split", study, "--sla", "500 ms", "--groups", "retrieve, rerank"],
    }


@pytest.mark.parametrize("command", KEYS)
def test_the_keys_of_json_are_a_contract(run: Run, asked: dict[str, list[object]], command: str) -> None:
    """In this order; the page names each of them."""
    ran = run(*asked[command], "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    assert list(json.loads(ran.out)) == KEYS[command].split()
    told = set(re.findall(r"`(\w+)`", PAGE))
    assert set(KEYS[command].split()) - told == set()


def test_show_as_json_holds_what_it_prints(run: Run, study: Path) -> None:
    """The answer, what it was asked, and the pipelines: the frontier and the finalists, or all."""
    content = json.loads(run("show", study, "--sla", "900 ms", "--format", "json").out)
    printed = run("show", study, "--sla", "900 ms").out
    assert content["headline"] in " ".join(printed.split())
    assert content["recommended"] in printed
    assert content["goals"]["sla"]["seconds"] == 0.9
    every = json.loads(run("show", study, "--all", "--format", "json").out)["pipelines"]
    assert len(every) == len(StudyFolder(study).results().explored) > len(content["pipelines"])
    assert {"recommended", "dominated"} <= {row["standing"] for row in every}


def test_show_all_prints_every_pipeline(run: Run, study: Path) -> None:
    """Those that are dominated, too; otherwise only what is worth a look."""
    every = [each.pipeline for each in StudyFolder(study).results().explored]
    printed, short = run("show", study, "--all").out, run("show", study).out
    assert all(pipeline in printed for pipeline in every)
    assert not all(pipeline in short for pipeline in every)


def test_csv_has_a_row_for_each_pipeline(run: Run, study: Path) -> None:
    """With plain numbers, which are those of JSON."""
    read = rows(run("show", study, "--all", "--format", "csv").out)
    plain = json.loads(run("show", study, "--all", "--format", "json").out)["pipelines"]
    assert [row["pipeline"] for row in read] == [row["pipeline"] for row in plain]
    assert all(float(row["mrr"]) == each["mrr"] for row, each in zip(read, plain, strict=True))
    assert {row["on_frontier"] for row in read} == {"true", "false"}


def test_status_is_one_row(run: Run, study: Path) -> None:
    """With the keys of JSON as columns."""
    (row,) = rows(run("status", study, "--format", "csv").out)
    content = json.loads(run("status", study, "--format", "json").out)
    assert list(row) == [name for name in content if name != "format"]
    assert (row["finished"], content["finished"]) == ("true", True)
    assert int(row["explored"]) == content["explored"] == len(StudyFolder(study).results().explored)


def test_check_counts_the_space_and_what_it_takes(run: Run, space: Path, study: Path) -> None:
    """And says of a pipeline whether it is one of the space."""
    content = json.loads(run("check", space, "--study", study, "--format", "json").out)
    assert content["errors"] == []
    assert content["space"]["allowed"] == 80
    (estimate,) = content["estimates"]
    assert estimate["questions"] == content["questions"]["explore"]
    assert set(estimate) == set(re.findall(r"`(\w+)`", PAGE.partition("is in `estimates`:")[2].partition("\n\n")[0]))
    named = json.loads(run("check", space, "--study", study, "--pipeline", "bm25(top_k=99)", "--format", "json").out)
    assert [(each["pipeline"], each["in_space"]) for each in named["estimates"]] == [("bm25(top_k=99)", False)]
    read = rows(run("check", space, "--study", study, "--format", "csv").out)
    assert {row["stage"] for row in read} == set(content["space"]["stages"])


def test_errors_of_a_space_are_part_of_its_json(run: Run, space: Path, tmp_path: Path) -> None:
    """Each with its place, for an editor or a CI job; the exit code is that of wrong input."""
    broken = tmp_path / "broken.yaml"
    broken.write_text(space.read_text().replace("bm25:", "bm52:"))
    ran = run("check", broken, "--format", "json")
    (error,) = json.loads(ran.out)["errors"]
    assert (ran.code, ran.err) == (2, "")
    assert error["where"].startswith(str(broken)) and "bm25" in error["message"]
    told = run("check", broken, "--format", "csv")
    assert (told.code, told.out) == (2, "") and "bm25" in told.err


def test_split_as_csv_has_a_row_for_each_split(run: Run, generated: str) -> None:
    """With the share and the seconds of each group."""
    read = rows(run("split", generated, "--format", "csv").out)
    assert len(read) == 9
    assert list(read[0]) == [
        *("share[retrieve + rerank]", "share[generate]", "pipeline", "answer_f1", "answer_f1_low", "answer_f1_high"),
        *("behind", "behind_low", "behind_high", "seconds[retrieve + rerank]", "seconds[generate]"),
    ]
    assert read[0]["share[retrieve + rerank]"] == "0.1"


@pytest.mark.parametrize("command", KEYS)
def test_answers_go_into_files(run: Run, asked: dict[str, list[object]], command: str, tmp_path: Path) -> None:
    """As they would be printed; a table is for a terminal."""
    for format in ("json", "csv"):
        file = tmp_path / f"answer.{format}"
        ran = run(*asked[command], "--format", format, "--output", file)
        assert (ran.code, ran.out) == (0, f"Written: {file}\n")
        assert json.loads(file.read_text()) if format == "json" else rows(file.read_text())
    refused = run(*asked[command], "--output", tmp_path / "table.txt")
    assert (refused.code, refused.out) == (2, "") and "--format json or csv" in refused.err
    nowhere = run(*asked[command], "--format", "json", "--output", tmp_path / "no" / "answer.json")
    assert nowhere.code == 2 and "No such file" in nowhere.err


def test_an_answer_that_is_none_ends_as_the_table_does(run: Run, study: Path) -> None:
    """A script sees by the exit code that no pipeline keeps the bound, in every format."""
    ran = run("show", study, "--sla", "1 us", "--format", "json")
    content: dict[str, Any] = json.loads(ran.out)
    assert ran.code == run("show", study, "--sla", "1 us").code == 3
    assert (content["verdict"], content["recommended"]) == ("missed", None)


def test_the_page_tells_the_columns_of_pipelines() -> None:
    """With their kinds and meanings."""
    for column in PIPELINE_COLUMNS:
        assert f"| `{column.name}` | {column.kind} | {column.meaning} |" in PAGE
    assert all(f"`{column.name}`" in PAGE for column in (*figure_columns("latency_p95"), UTILITY, *CHANGE_COLUMNS))
