"""Study folders say what is wrong with them, and belong to one exploration at a time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tradespace.errors import StudyError
from tradespace.explorer.results import Provenance, QuestionSet
from tradespace.explorer.storage.study import Manifest, StudyFolder
from tradespace.search_space.goals import Objective, ServiceLevel

MANIFEST = Manifest(
    name="small",
    base="/somewhere",
    context="abc",
    objectives=(Objective("mrr", maximize=True),),
    sla=ServiceLevel("latency_p95", 0.1),
    provenance=Provenance(
        tradespace="0.1.0",
        created="2026-01-01T00:00:00+00:00",
        host="a machine",
        dataset="wikipedia",
        data_key="f00",
        documents=3,
        questions={QuestionSet.EXPLORE: 2, QuestionSet.CONFIRM: 1},
        seed=0,
        space_size=None,
        versions={"python": "3.11"},
        seconds_spent=1.5,
        calls_made=3,
        calls_asked=7,
    ),
)


def test_a_manifest_is_read_back_as_it_was_saved(tmp_path: Path) -> None:
    """Nothing turns into something else on the way to a file and back."""
    study = StudyFolder(tmp_path)
    study.save(MANIFEST)
    assert study.manifest() == MANIFEST


def test_a_folder_without_a_study_is_named(tmp_path: Path) -> None:
    """The message says what is missing and what to name instead."""
    with pytest.raises(StudyError, match=r"holds no study.*study\.json.*studies/NAME"):
        StudyFolder(tmp_path).manifest()


def test_a_study_of_another_format_is_refused(tmp_path: Path) -> None:
    """A newer or older study is not misread: the message says which format it has and what to do."""
    StudyFolder(tmp_path).save(MANIFEST)
    plain = json.loads((tmp_path / "study.json").read_text())
    (tmp_path / "study.json").write_text(json.dumps({**plain, "format": 99}))
    with pytest.raises(StudyError, match=r"format 99.*reads format 3.*--study NEW"):
        StudyFolder(tmp_path).manifest()


def test_a_manifest_cut_short_is_damaged(tmp_path: Path) -> None:
    """Half a file is an error with a name, not a traceback."""
    StudyFolder(tmp_path).save(MANIFEST)
    path = tmp_path / "study.json"
    path.write_text(path.read_text()[:40])
    with pytest.raises(StudyError, match="damaged"):
        StudyFolder(tmp_path).manifest()


def test_a_study_belongs_to_one_exploration_at_a_time(tmp_path: Path) -> None:
    """A second one is turned away with advice, and let in when the first has ended."""
    study = StudyFolder(tmp_path / "new")
    with study.lock(), pytest.raises(StudyError, match="another process"), StudyFolder(tmp_path / "new").lock():
        pass
    with study.lock():
        pass


def test_a_study_may_be_named_by_text(tmp_path: Path) -> None:
    """As a notebook does."""
    assert StudyFolder(str(tmp_path)) == StudyFolder(tmp_path)
    StudyFolder(str(tmp_path)).save(MANIFEST)
    assert StudyFolder(tmp_path).manifest() == MANIFEST
