"""`tradespace judge`: what people say of a judge's scores, and what follows for the figures."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from tradespace.commands.console import escape, wide_console
from tradespace.commands.entry import Exit
from tradespace.commands.section_tables import print_table
from tradespace.components.trust import Trust
from tradespace.errors import InputError, TradespaceError, nearest
from tradespace.evals.agreement import labels_for_share
from tradespace.evals.prediction_powered import labels_for_half_width
from tradespace.explorer.conclusions.calibration import JudgeCalibration, JudgeStanding
from tradespace.explorer.conclusions.cohort import Cohort
from tradespace.explorer.conclusions.conclusion import Conclusion
from tradespace.explorer.files import specification_of
from tradespace.explorer.labelling.asking import brought_up_to_date, drawn_shares, with_more_drawn
from tradespace.explorer.labelling.board import LabelBoard
from tradespace.explorer.labelling.judged_answers import JudgedAnswers, judged_answers
from tradespace.explorer.labelling.label_files import read_labels, write_asked
from tradespace.explorer.labelling.second_judgement import judged_once_more
from tradespace.explorer.results import Results
from tradespace.explorer.storage.labels import MeasureLabels
from tradespace.explorer.storage.study import StudyFolder
from tradespace.files import read_text
from tradespace.plurals import agreeing, count
from tradespace.reports.judge_calibration import judge_notes
from tradespace.reports.section import findings_of
from tradespace.reports.sections.judged import judged_table
from tradespace.reports.words import measure_name

MOST_POLICY_BYTES = 100_000


@dataclass(frozen=True)
class JudgeWishes:
    """What the command line says.

    Attributes:
        measure: the judged measure; None where that is not said.
        ask: about how many more answers people are to be asked; None where no file is wanted.
        output: where answers to be labelled are written.
        labels: a file of labels to read.
        page: whether to open the page.
        port: of the page.
        by: who labels.
        policy: by which people label: a text, or the path of a file; None where nothing is said.
        half_width: how well corrected means are to be known.
        least_sensitivity, least_specificity: below which the judge is not believed; None leaves what was said before.
    """

    measure: str | None = None
    ask: int | None = None
    output: Path | None = None
    labels: Path | None = None
    page: bool = False
    port: int = 0
    by: str = ""
    policy: str | None = None
    half_width: float = 0.05
    least_sensitivity: float | None = None
    least_specificity: float | None = None


def run_judge(folder: Path, wishes: JudgeWishes, allowed: Collection[Trust]) -> Exit:
    """Ask people about answers, read what they say, and say what follows.

    Raises:
        InputError: no measure of the study is judged, or no answer of it can be labelled.
        DataError: the labels are none, or of other answers.
    """
    study, console = StudyFolder(folder), wide_console()
    results = study.results()
    name = _judged_measure(results, wishes.measure)
    answers = judged_answers(study, results, specification_of(study).measure(name), allowed)
    labels = _changed(study, name, wishes, answers, results)
    if wishes.ask is not None:
        _ask_again(console, study, answers, allowed)
        _write(console, study, labels, wishes, name)
    if wishes.labels:
        _read(console, study, name, wishes.labels)
    if wishes.page:
        _open_page(console, study, name, wishes)
    _print_standing(console, study, name, wishes)
    return Exit.DONE


def _judged_measure(results: Results, wanted: str | None) -> str:
    judged = list(results.judges)
    if not judged:
        raise InputError(
            f"no model judges answers in {results.name}: judged measures are stated in the section `measures`, such as "
            "`measures: {right: {judged_correct: {model: ...}}}`, and named by `objectives`"
        )
    if wanted is not None and wanted not in judged:
        raise InputError(f"--measure must be one that a model judges; given: {wanted!r}; {nearest(wanted, judged)}")
    first = next((each.measure for each in results.goals.objectives if each.measure in judged), judged[0])
    return wanted or first


def _changed(
    study: StudyFolder, name: str, wishes: JudgeWishes, answers: JudgedAnswers, results: Results
) -> MeasureLabels:
    """The labels of the measure, with all that the command line says but what people said."""

    def changed(labels: MeasureLabels) -> MeasureLabels:
        labels = brought_up_to_date(labels, answers, results)
        stated = {
            "least_sensitivity": wishes.least_sensitivity,
            "least_specificity": wishes.least_specificity,
        }
        labels = labels.model_copy(update={place: value for place, value in stated.items() if value is not None})
        labels = labels.with_policy(_policy(wishes.policy)) if wishes.policy is not None else labels
        return with_more_drawn(labels, answers, wishes.ask) if wishes.ask else labels

    return study.change_labels(lambda stored: stored.changed(name, changed(stored.of(name)))).of(name)


def _policy(text: str) -> str:
    """A policy that is given as a text, or as the path of a file."""
    path = Path(text)
    stands_for_a_file = len(text) < 500 and "\n" not in text and path.suffix in (".md", ".txt")
    policy = read_text(path, MOST_POLICY_BYTES).strip() if stands_for_a_file else text.strip()
    if not policy:
        raise InputError("--policy must say by which rule people label, or name a file that does; it is empty")
    return policy


def _ask_again(console: Console, study: StudyFolder, answers: JudgedAnswers, allowed: Collection[Trust]) -> None:
    """Ask the judge once more about the answers that people are asked about."""
    name = answers.measure.name
    labels = study.labels().of(name)
    new = [key for key, asked in labels.asked.items() if asked.repeated is None and key in answers.attempts]
    try:
        scores = judged_once_more(study, answers, new, allowed)
    except TradespaceError as problem:
        console.print(f"[dim]The judge was not asked once more: {escape(str(problem))}[/dim]", soft_wrap=True)
        return

    def noted(labels: MeasureLabels) -> MeasureLabels:
        again = (labels.asked[key].model_copy(update={"repeated": score}) for key, score in scores.items())
        return labels.with_answers(again)

    study.change_labels(lambda stored: stored.changed(name, noted(stored.of(name))))


def _write(console: Console, study: StudyFolder, labels: MeasureLabels, wishes: JudgeWishes, name: str) -> None:
    path = wishes.output or Path(f"labels-{name}.csv")
    waiting = labels.open
    write_asked(path, waiting)
    places = {answer.place for answer in waiting}
    console.print(
        f"{count(len(waiting), 'answer')} to {count(len(places), 'question')} to be labelled: "
        f"{escape(str(path))}. Fill in the column `label` with yes or no, then: tradespace judge "
        f"{escape(str(study.folder))} --labels {escape(str(path))}. Or label by keyboard, with --page.",
        soft_wrap=True,
    )
    for decisive, drawn, whole in drawn_shares(labels):
        kind = "on which the finalists differ" if decisive else "on which they do not"
        share = drawn / whole
        console.print(
            f"Drawn at random: {drawn:,} of {count(whole, 'question')} {kind} (probability {share:.3f}).",
            soft_wrap=True,
        )


def _read(console: Console, study: StudyFolder, name: str, path: Path) -> None:
    read = read_labels(path, study.labels().of(name))
    study.change_labels(lambda stored: stored.changed(name, read.added_to(stored.of(name))))
    rest = f"; {agreeing(read.empty, 'row has', 'rows have')} no label yet" if read.empty else ""
    console.print(f"{count(len(read.said), 'answer')} labelled in {escape(str(path))}{rest}.", soft_wrap=True)


def _open_page(console: Console, study: StudyFolder, name: str, wishes: JudgeWishes) -> None:
    from tradespace.serving.labelling import LabelServer

    board = LabelBoard(study, name, wishes.by)
    if not board.labels.asked:
        raise InputError("nobody is asked about any answer yet: say about how many with --ask, such as --ask 40")
    with LabelServer(board, wishes.port) as server:
        console.print(f"Label here, on this machine alone: {server.url}", soft_wrap=True)
        console.print("[dim]Keys: y yes, n no, s skip, b back. Each label is stored at once. End with Ctrl-C.[/dim]")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            console.print("Ended; what was labelled is kept.")


def _print_standing(console: Console, study: StudyFolder, name: str, wishes: JudgeWishes) -> None:
    findings = findings_of(study.results())
    conclusion = findings.conclusion
    standing = next(each for each in conclusion.judges if each.measure == name)
    alone = replace(findings, conclusion=replace(conclusion, judges=(standing,)))
    for note in judge_notes(alone.conclusion):
        console.print(escape(note), soft_wrap=True)
    if (table := judged_table(alone)).rows:
        print_table(console, table)
    for sentence in _needed(standing, conclusion, study, wishes):
        console.print(escape(sentence), soft_wrap=True)


def _needed(standing: JudgeStanding, conclusion: Conclusion, study: StudyFolder, wishes: JudgeWishes) -> list[str]:
    """How many more labels it takes."""
    if standing.calibration is JudgeCalibration.UNLABELLED:
        waiting = len(study.labels().of(standing.measure).open)
        begin = f"Begin with a few dozen: tradespace judge {study.folder} --ask 40"
        return [f"{agreeing(waiting, 'answer waits', 'answers wait')} to be labelled." if waiting else begin]
    return [*_for_certainty(standing), *(_for_width(standing, conclusion, wishes) if standing.corrected else [])]


def _for_certainty(standing: JudgeStanding) -> list[str]:
    found, labels = standing.agreement, standing.labels
    if found is None:
        return []
    demanded = (
        ("sensitivity", found.sensitivity, labels.least_sensitivity, standing.yes),
        ("specificity", found.specificity, labels.least_specificity, 1 - standing.yes),
    )
    sentences = []
    for name, share, least, frequency in demanded:
        needed = labels_for_share(share, least, frequency) if least else 0
        if needed:
            sentences.append(
                f"That its {name} reaches the {least:g} that is demanded takes about {needed:,} more labels to show, "
                "if it stays what it is."
            )
    return sentences


def _for_width(standing: JudgeStanding, conclusion: Conclusion, wishes: JudgeWishes) -> list[str]:
    assert standing.design is not None
    corrected = tuple(each.evaluation for each in conclusion.finalists if standing.measure in each.evaluation.designs)
    rows = Cohort(corrected).scores(standing.measure).tolist()
    questions = labels_for_half_width(rows, standing.design, wishes.half_width)
    name = measure_name(standing.measure)
    if questions == 0:
        return [f"Every corrected {name} is known to ±{wishes.half_width:g}."]
    if questions is None:
        return [
            f"To know every corrected {name} to ±{wishes.half_width:g}, labels are not enough: there are too few "
            "questions."
        ]
    several = (standing.agreement.answers if standing.agreement else 0) / max(1, standing.questions)
    answers = max(questions, round(questions * several))
    return [
        f"To know every corrected {name} to ±{wishes.half_width:g} takes labels of about {answers:,} more answers, to "
        f"{count(questions, 'question')}: --ask {answers}."
    ]
