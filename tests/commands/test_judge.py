"""From raw judged figures to corrected ones, as a newcomer does it: ask, label, look."""

from __future__ import annotations

import csv
import json
import random
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from tests.commands.conftest import Run, explored
from tradespace.addresses import digest
from tradespace.components.registry import COMPONENTS
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.labelling.board import LabelBoard
from tradespace.explorer.storage.study import StudyFolder
from tradespace.serving.labelling import LabelServer
from tradespace.testing.word_judge import WordJudge
from tradespace.types import Prompt

SPACE = """
name: lenient
data: {questions: questions.jsonl, documents: documents, explore: 12, confirm: 50}
pipeline:
  retrieve: {bm25: {b: [0.0, 0.9], top_k: 3}}
  generate: {sentence: {passages: [1, 3]}}
measures: {right: {judged_correct: {model: {lenient_judge: {}}}}}
objectives: {right: maximize, answer_f1: maximize}
search: {strategy: grid}
"""
ASK = 40


class LenientJudge(WordJudge):
    """Says yes to every answer that has the accepted word, and to one in three of the others."""

    name: ClassVar[str] = "lenient_judge"

    def _text(self, system: str, shown: str, prompt: Prompt) -> str:
        said = super()._text(system, shown, prompt)
        return said.replace("verdict: no", "verdict: yes") if int(digest([shown])[:8], 16) % 3 == 0 else said


@pytest.fixture(scope="module")
def judged_study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Documents of a few words in many orders, so that pipelines answer this or that; and a judge that is known while
    these tests run."""
    folder = tmp_path_factory.mktemp("lenient")
    write_data(folder)
    (folder / "space.yaml").write_text(SPACE)
    COMPONENTS.add(LenientJudge)
    yield explored(folder / "space.yaml", folder / "study")
    COMPONENTS._entries.pop(LenientJudge.name)  # type: ignore[attr-defined]
    COMPONENTS._added.discard(LenientJudge.name)


@pytest.fixture
def copy(judged_study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy to label."""
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copytree(judged_study, tmp_path / "copy"))


def write_data(folder: Path) -> None:
    generator = random.Random(1)
    words = [
        f"{first}{last}"
        for first in ("ba", "ko", "mi", "ru", "te", "vo")
        for last in ("dan", "lim", "nor", "sek", "tul")
    ]
    (folder / "documents").mkdir()
    lines = []
    for number in range(70):
        sentences = [[*generator.choices(words, k=6), f"name{number}x{place}"] for place in range(3)]
        text = " ".join(f"{' '.join(sentence).capitalize()}." for sentence in sentences)
        (folder / "documents" / f"{number}.txt").write_text(text)
        asked = generator.sample(sentences[0][:6], k=3)
        lines.append({"id": f"q{number}", "question": f"What of {' '.join(asked)}?", "answers": [sentences[0][-1]]})
    (folder / "questions.jsonl").write_text("\n".join(map(json.dumps, lines)))


def label(path: Path) -> int:
    """Fill a table in with the truth: whether the accepted word stands in the answer."""
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["label"] = "yes" if row["references"] in row["answer"].lower() else "no"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return len(rows)


def ids_in(path: Path) -> list[str]:
    """The answers that a table asks about."""
    with path.open(newline="") as file:
        return [row["id"] for row in csv.DictReader(file)]


def calibrate(run: Run, study: Path, *more: object) -> str:
    """Ask, label and read; what the last command printed."""
    asked = run("judge", study, "--ask", ASK, "--output", "labels.csv", "--policy", "Yes if the word is there.")
    assert asked.code == 0, asked.err
    label(Path("labels.csv"))
    read = run("judge", study, "--labels", "labels.csv", *more)
    assert read.code == 0, read.err
    return read.out


def test_raw_figures_are_marked(run: Run, copy: Path) -> None:
    """Where nobody was asked, everything that shows them says so, and how to mend it."""
    shown = run("show", copy).out
    assert "judged by lenient_judge() and not calibrated" in shown
    assert "raw 0." in shown
    ran = run("judge", copy)
    assert ran.code == 0
    assert f"Begin with a few dozen: tradespace judge {copy} --ask 40" in ran.out


def test_a_few_labels_correct_every_figure(run: Run, copy: Path) -> None:
    """The command says how far the judge is off, and so do show and report; the corrected figures are nearer to the
    truth, which is known here, and their intervals hold it."""
    out = calibrate(run, copy)
    assert re.search(
        r"Of right, judge and people agree on \d+ % of \d+ answers: κ .*, sensitivity 1\.000 .* and specificity 0\.",
        out,
    )
    assert "is corrected by what people said of" in out
    assert "people labelled by this policy: “Yes if the word is there.”" in out
    assert " → " in out
    assert "To know every corrected right to ±0.05" in out
    shown = run("show", copy).out
    assert "Use this pipeline: right 0." in shown
    assert ", corrected by " in shown
    assert run("report", copy).code == 0
    assert "How far is the judge off?" in (copy / "report.html").read_text()
    conclusion = conclude(StudyFolder(copy).results())
    for finalist in conclusion.finalists:
        scores = [score or 0.0 for score in finalist.evaluation.scores["answer_contained"]]
        true, corrected, raw = sum(scores) / len(scores), finalist.estimates["right"], finalist.raw["right"]
        assert corrected.low is not None and corrected.high is not None and corrected.value is not None
        assert corrected.low <= true <= corrected.high
        assert abs(corrected.value - true) < abs((raw.value or 0.0) - true)


def test_what_is_asked_says_how_it_was_drawn(run: Run, copy: Path) -> None:
    """How likely, by whether labels decide; the judge was asked once more; and the study knows."""
    ran = run("judge", copy, "--ask", ASK, "--output", "labels.csv")
    assert ran.code == 0
    drawn = re.findall(r"Drawn at random: \d+ of \d+ questions on which .* \(probability [01]\.\d{3}\)\.", ran.out)
    assert len(drawn) == 2
    assert "of them alike" in ran.out
    labels = StudyFolder(copy).labels().of("right")
    assert {answer.repeated for answer in labels.asked.values()} <= {0.0, 1.0}
    with Path("labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == list(labels.asked)
    assert 0.6 * ASK < len(rows) < 1.4 * ASK
    assert all(row["question"] and row["answer"] and row["references"] and row["passages"] for row in rows)


def test_asking_again_asks_about_others(run: Run, copy: Path) -> None:
    """And --ask 0 writes those that still wait."""
    run("judge", copy, "--ask", 20, "--output", "first.csv")
    count = label(Path("first.csv"))
    run("judge", copy, "--labels", "first.csv")
    run("judge", copy, "--ask", 20, "--output", "second.csv")
    first, second = (set(ids_in(Path(name))) for name in ("first.csv", "second.csv"))
    assert len(first) == count and not first & second
    waiting = run("judge", copy, "--ask", 0, "--output", "waiting.jsonl")
    assert {json.loads(line)["id"] for line in Path("waiting.jsonl").read_text().splitlines()} == second
    assert f"{len(second)} answers to" in waiting.out


def test_labels_move_with_the_study(run: Run, copy: Path, tmp_path: Path) -> None:
    """What a copy shows is corrected too."""
    calibrate(run, copy)
    moved = shutil.copytree(copy, tmp_path / "moved")
    here, there = (run("show", study).out.splitlines()[0] for study in (copy, moved))
    assert "corrected by" in here
    assert here == there


def test_a_judge_that_is_worse_than_demanded_corrects_nothing(run: Run, copy: Path) -> None:
    """It is refused, with its figures; and what is demanded stays in the study."""
    out = calibrate(run, copy, "--least-specificity", "0.95")
    assert re.search(
        r"The judge of right, lenient_judge\(\), is refused: its specificity of 0\.\d+ .* is lower than the 0\.95", out
    )
    assert "and not calibrated" in run("show", copy).out
    lenient = run("judge", copy, "--least-specificity", "0.05", "--least-sensitivity", "0.999").out
    assert "is corrected by" in lenient
    assert "That its sensitivity reaches the 0.999 that is demanded takes about" in lenient


def test_labels_of_other_answers_are_refused(run: Run, copy: Path) -> None:
    """Nothing is changed by a file of another study."""
    calibrate(run, copy)
    before = StudyFolder(copy).labels()
    Path("other.csv").write_text("id,label\nx1,yes\nx2,no\n")
    ran = run("judge", copy, "--labels", "other.csv")
    assert ran.code == 2
    assert "none of the 2 rows is about an answer that `tradespace judge --ask` asked about here" in ran.err
    assert StudyFolder(copy).labels() == before


def test_the_page_is_served_until_it_is_ended(run: Run, copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is labelled on it counts at once; Ctrl-C ends it in good order."""

    def label_all(server: LabelServer) -> None:
        for answer in server.board.labels.open:
            server.board.say(answer.key, 1 if answer.references[0] in answer.answer.lower() else 0)
        raise KeyboardInterrupt

    assert "nobody is asked about any answer yet" in run("judge", copy, "--page").err
    run("judge", copy, "--ask", ASK)
    assert Path("labels-right.csv").exists()
    monkeypatch.setattr(LabelServer, "serve_forever", label_all)
    ran = run("judge", copy, "--page", "--by", "ann")
    assert ran.code == 0
    assert re.search(r"Label here, on this machine alone: http://127\.0\.0\.1:\d+/[\w-]{20,}/", ran.out)
    assert "is corrected by what people said of" in ran.out
    assert {
        label.by for answer in StudyFolder(copy).labels().of("right").asked.values() for label in answer.labels
    } == {"ann"}


def test_people_who_disagree_are_told_of(run: Run, copy: Path) -> None:
    """Both labels are kept."""
    calibrate(run, copy)
    board = LabelBoard(StudyFolder(copy), "right", "bob")
    key, answer = next(iter(board.labels.asked.items()))
    board.say(key, 0 if answer.said else 1)
    assert "Of right, people disagree on 1 answer: the share that says yes counts." in run("judge", copy).out


def test_a_policy_may_be_a_file(run: Run, copy: Path) -> None:
    """And is never empty."""
    Path("policy.md").write_text("Yes if the word is there.\n")
    run("judge", copy, "--policy", "policy.md")
    assert StudyFolder(copy).labels().of("right").policies == ("Yes if the word is there.",)
    assert run("judge", copy, "--policy", "  ").code == 2
    assert run("judge", copy, "--policy", "missing.txt").code == 2


def test_what_cannot_be_calibrated_is_told(run: Run, copy: Path, study: Path) -> None:
    """A study without a judge, and a measure that none judges."""
    ran = run("judge", study)
    assert (ran.code, "no model judges answers in" in ran.err) == (2, True)
    ran = run("judge", copy, "--measure", "mrr")
    assert (ran.code, "--measure must be one that a model judges" in ran.err) == (2, True)


def test_finalists_may_have_been_asked_fewer_questions_than_are_held_out(run: Run, copy: Path) -> None:
    """As many as their figures needed: those are asked about, and shown by `questions`, and no others."""
    study = StudyFolder(copy)
    shorter = [
        replace(each, scores={name: row[:30] for name, row in each.scores.items()})
        for each in study.results().confirmed
    ]
    study.evaluations.write(study.manifest().context, study.results().provenance.host, shorter)
    assert run("judge", copy, "--ask", 1000).code == 0
    labels = StudyFolder(copy).labels().of("right")
    assert len(labels.drawn) == len(labels.strata) == 30
    assert "of 30 confirm questions shown" in run("questions", copy, "--confirm").out
