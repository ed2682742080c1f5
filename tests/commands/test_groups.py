"""Groups of questions on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import Run
from tests.explorer.test_crash import write_space
from tests.explorer.test_question_groups import explored


@pytest.fixture(scope="module")
def study_of_groups(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of fifty questions, half of which are of kind `a` and half of kind `b`."""
    place = tmp_path_factory.mktemp("groups")
    write_space(place)
    explored(place, place, "mrr >= 0.01 for each kind")
    return place / "study"


def test_groups_are_shown_below_the_pipelines(run: Run, study_of_groups: Path) -> None:
    """A table for each column of the questions, with what is known of limits, and the report has a section of it."""
    shown = run("show", study_of_groups)
    assert shown.code == 0 and "keeping mrr >= 0.01 for each kind" in shown.out
    assert "scores on groups of the questions" in shown.out and "mrr >= 0.01" in shown.out
    assert run("report", study_of_groups).code == 0
    assert "By kind" in (study_of_groups / "report.html").read_text(encoding="utf-8")


def test_another_limit_for_each_group_needs_no_model(run: Run, study_of_groups: Path) -> None:
    """What groups score follows from the records; a limit that no group keeps ends the command as any other does."""
    shown = run("show", study_of_groups, "--limit", "gold_recall@1 >= 0.999 for each kind")
    assert shown.code == 3
    assert "No pipeline keeps mrr >= 0.01 for each kind and gold_recall@1 >= 0.999 for each kind." in shown.out


@pytest.mark.parametrize(
    ("limit", "message"),
    [
        ("mrr >= 0.5 for each language", "the questions have no column 'language'. Columns: kind"),
        ("mrr >= 0.5 for each", "--limit: mrr must be compared with a number; given: '0.5 for each'"),
        ("latency_p50 <= 1 s for each kind", "only what questions score is known for each kind"),
    ],
)
def test_a_limit_for_groups_that_are_not_there_is_refused(
    run: Run, study_of_groups: Path, limit: str, message: str
) -> None:
    """With the columns that there are."""
    refused = run("show", study_of_groups, "--limit", limit)
    assert refused.code == 2 and message in refused.err
