"""What people said is kept in the study's folder, and moves with it."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import ValidationError

from tradespace.errors import StudyError
from tradespace.explorer.storage.labels import AskedAnswer, HumanLabel, MeasureLabels, StudyLabels
from tradespace.explorer.storage.study import StudyFolder

ASKED = AskedAnswer(key="a1", place=3, question_id="q", question="Who?", answer="Rollo", references=("Rollo",))


def labels_with(*answers: AskedAnswer, **others: object) -> MeasureLabels:
    return MeasureLabels(data_key="data", seed=1, drawn=(3,), **others).with_answers(answers)  # type: ignore[arg-type]


@pytest.fixture
def study(tmp_path: Path) -> StudyFolder:
    (tmp_path / "study").mkdir()
    return StudyFolder(tmp_path / "study")


def test_a_study_that_nobody_labelled_has_no_labels(study: StudyFolder) -> None:
    """And no file of them."""
    assert study.labels() == StudyLabels()
    assert not study.labels_path.exists()


def test_labels_move_with_the_study(study: StudyFolder, tmp_path: Path) -> None:
    """They are read in the copy as they were written."""
    said = ASKED.labelled([1], "ann", None)
    written = study.change_labels(lambda labels: labels.changed("right", labels_with(said)))
    copy = StudyFolder(shutil.copytree(study.folder, tmp_path / "copy"))
    assert copy.labels() == written
    assert copy.labels().of("right").asked["a1"].said == 1.0


def test_labels_of_other_data_correct_nothing(study: StudyFolder) -> None:
    """Neither of other questions nor of another choice of them."""
    study.change_labels(lambda labels: labels.changed("right", labels_with(ASKED)))
    assert study.labels().summarised("data", 1).keys() == {"right"}
    assert study.labels().summarised("data", 2) == study.labels().summarised("other", 1) == {}


def test_a_person_may_think_again(study: StudyFolder) -> None:
    """What the same person said before does not count any more; what others said does."""
    thought = ASKED.labelled([0], "ann", None).labelled([1], "bob", 0).labelled([1], "ann", 0)
    assert thought.labels == (HumanLabel(value=1, by="bob", policy=0), HumanLabel(value=1, by="ann", policy=0))
    assert not thought.disputed


def test_two_labels_that_differ_are_both_kept() -> None:
    """Of two people, or of one who said both: the answer is half right, and the dispute is counted."""
    of_two, of_one = ASKED.labelled([1], "ann", None).labelled([0], "bob", None), ASKED.labelled([1, 0, 1], "", None)
    assert [label.value for label in of_one.labels] == [1, 0]
    for answer in (of_two, of_one):
        assert (answer.said, answer.disputed) == (0.5, True)
        assert labels_with(answer).summarised().disputed == 1


def test_the_policy_stays_with_its_labels() -> None:
    """A new one is that of labels to come; those that no label was made by are not told."""
    first = labels_with(ASKED).with_policy("strict")
    assert first.with_policy("strict") == first
    labelled = first.with_answers([ASKED.labelled([1], "", first.policy)]).with_policy("lax")
    assert (labelled.policies, labelled.policy) == (("strict", "lax"), 1)
    assert labelled.summarised().policies == ("strict",)
    assert labels_with(ASKED.labelled([1], "", None)).summarised().without_policy == 1


def test_what_nobody_spoke_of_is_open() -> None:
    """Until there is a label, or somebody skips it."""
    skipped = ASKED.model_copy(update={"key": "a2", "skipped": True})
    labels = labels_with(ASKED, skipped, ASKED.model_copy(update={"key": "a3"}).labelled([0], "", None))
    assert [answer.key for answer in labels.open] == ["a1"]
    assert labels.summarised().skipped == {"a2"}


def test_people_who_label_at_once_lose_nothing(study: StudyFolder) -> None:
    """Each change is made to what the others left."""

    def say(number: int) -> None:
        study.change_labels(lambda labels: labels.changed(f"m{number}", labels_with(ASKED)))

    with ThreadPoolExecutor(8) as people:
        list(people.map(say, range(16)))
    assert len(study.labels().measures) == 16


def test_a_change_that_fails_changes_nothing(study: StudyFolder) -> None:
    """What was there is still there."""
    before = study.change_labels(lambda labels: labels.changed("right", labels_with(ASKED)))
    with pytest.raises(KeyError):
        study.change_labels(lambda labels: labels.changed("right", MeasureLabels(drawn=({}["nothing"],))))
    assert study.labels() == before


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "labels.json is damaged"),
        ('{"measures": {"right": {"least_sensitivity": 3}}}', "less than or equal to 1"),
        ('{"measures": {"right": {"spells": "evil"}}}', "Extra inputs are not permitted"),
        ('{"format": 9}', "labels.json was written in study format 9; this version of Tradespace reads format 1"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(study: StudyFolder, text: str, message: str) -> None:
    """With what to do about it."""
    study.labels_path.write_text(text)
    with pytest.raises(StudyError, match=message):
        study.labels()


def test_only_yes_and_no_are_labels() -> None:
    """Whatever else a file holds is no label."""
    with pytest.raises(ValidationError):
        HumanLabel.model_validate_json(json.dumps({"value": 2}))
