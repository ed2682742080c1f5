"""`tradespace questions`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from rich.console import Console

from tradespace.commands.console import SHOWN_PASSAGES, escape, print_labelled, wide_console
from tradespace.commands.exchanges import print_exchanges
from tradespace.commands.passages import named_passage, shown_answer
from tradespace.components.notation import parse
from tradespace.components.trust import Trust
from tradespace.errors import InputError
from tradespace.evals.measures.evidence_overlap import stands_in
from tradespace.explorer.conclusions.conclusion import Conclusion, conclude
from tradespace.explorer.questions import Attempt, QuestionRecord, question_records
from tradespace.explorer.results import Evaluation, QuestionSet, Results
from tradespace.explorer.storage.study import StudyFolder
from tradespace.plurals import count
from tradespace.reports.info import pipeline_numbers
from tradespace.reports.words import measure_name, quantity
from tradespace.types import Document, Evidence, Question, ScoredPassage

PASSAGE_CHARACTERS = 200


def print_questions(
    folder: Path,
    pipeline: str | None,
    compare: str | None,
    *,
    failed: bool,
    confirm: bool,
    prompts: bool,
    allowed: Collection[Trust],
) -> None:
    """Show what one pipeline, or two, did with each question of a split.

    Raises:
        InputError: a pipeline was not evaluated on these questions, is compared with itself, or the data have changed
            since.
    """
    study, split = StudyFolder(folder), QuestionSet.CONFIRM if confirm else QuestionSet.EXPLORE
    results = study.results()
    names = [pipeline or recommended_or_nearest(conclude(results)), *([compare] if compare else [])]
    evaluations = [named_evaluation(results, name, split) for name in names]
    _require_distinct(evaluations, results)
    records = question_records(study, evaluations, split, allowed, with_exchanges=prompts)
    measures = _measures(results, evaluations)
    shown = [record for record in records if _wanted(record, measures, failed=failed)]
    console, numbers = wide_console(), pipeline_numbers(results)
    for evaluation in evaluations:
        console.print(f"[bold]#{numbers[evaluation.pipeline]}[/bold] {escape(evaluation.pipeline)}", soft_wrap=True)
    labels = [f"#{numbers[evaluation.pipeline]}" for evaluation in evaluations]
    for record in shown:
        _print_record(console, record, labels, measures)
    console.print(f"\n{_summary(records, len(shown), labels, measures, split)}", soft_wrap=True)


def _require_distinct(evaluations: Sequence[Evaluation], results: Results) -> None:
    pipelines = [evaluation.pipeline for evaluation in evaluations]
    if len(set(pipelines)) < len(pipelines):
        number = pipeline_numbers(results)[pipelines[0]]
        raise InputError(
            f"two different pipelines can be compared; both are #{number}. --compare names another than --pipeline, "
            "which is the recommended one where it is not given; `tradespace show` lists them with their numbers"
        )


def recommended_or_nearest(conclusion: Conclusion) -> str:
    """The notation of the pipeline that is recommended, or else of the one that comes nearest to that.

    Raises:
        InputError: there is none.
    """
    chosen = conclusion.recommended or conclusion.best or conclusion.useless or conclusion.nearest
    if chosen is None:
        raise InputError("the study recommends no pipeline: `tradespace show` says why. Name one (--pipeline)")
    return chosen.evaluation.pipeline


def named_evaluation(results: Results, name: str, question_set: QuestionSet) -> Evaluation:
    """The evaluation of a pipeline that is named by its notation, or by its number.

    Raises:
        InputError: it was not evaluated on these questions, or nothing is called so.
    """
    numbered = {str(number): pipeline for pipeline, number in pipeline_numbers(results).items()}
    notation = numbered.get(name.removeprefix("#")) or str(parse(name))
    evaluations = results.explored if question_set is QuestionSet.EXPLORE else results.confirmed
    for evaluation in evaluations:
        if evaluation.pipeline == notation:
            return evaluation
    raise InputError(
        f"{notation} was not evaluated on the {question_set} questions. `tradespace show` lists pipelines with their "
        "numbers, and the questions that their figures come from"
    )


def _measures(results: Results, evaluations: Sequence[Evaluation]) -> list[str]:
    """The objectives and limits that score questions, or where there is none of them all that does."""
    known = dict.fromkeys(name for evaluation in evaluations for name in evaluation.scores)
    return [name for name in results.goals.scores if name in known] or list(known)


def _wanted(record: QuestionRecord, measures: Sequence[str], *, failed: bool) -> bool:
    differ = len(record.attempts) == 1 or any(
        len({attempt.scores.get(measure) for attempt in record.attempts}) > 1 for measure in measures
    )
    return differ and (not failed or any(_is_wrong(attempt, measures) for attempt in record.attempts))


def _is_wrong(attempt: Attempt, measures: Sequence[str]) -> bool:
    """Whether it failed, or is as bad as can be by the first objective."""
    return bool(attempt.failure) or attempt.scores.get(measures[0] if measures else "") == _worst(attempt, measures)


def _worst(attempt: Attempt, measures: Sequence[str]) -> float:
    """The worst score by the first objective."""
    known = attempt.measures.get(measures[0]) if measures else None
    return known.worst if known else 0.0


def _print_record(console: Console, record: QuestionRecord, labels: Sequence[str], measures: Sequence[str]) -> None:
    question = record.question
    console.print(f"\n[bold]{escape(question.text)}[/bold] [dim]{escape(question.id)}[/dim]", soft_wrap=True)
    print_labelled(console, "reference", " | ".join(question.answers) or "(none)")
    print_labelled(console, "gold", _gold_words(question))
    for piece in question.evidence:
        print_labelled(console, "evidence", _evidence_words(piece))
    for label, attempt in zip(labels, record.attempts, strict=True):
        _print_attempt(console, label, attempt, measures, question)


def _print_attempt(console: Console, label: str, attempt: Attempt, measures: Sequence[str], question: Question) -> None:
    print_labelled(console, label, _answer_words(attempt))
    scores = [f"{measure_name(name)} {quantity(attempt.scores.get(name), name)}" for name in measures]
    print_labelled(console, "", ", ".join(scores))
    for reason in attempt.reasons(question, measures):
        print_labelled(console, "", reason)
    for place, scored in enumerate(attempt.passages[:SHOWN_PASSAGES], start=1):
        print_labelled(console, f"  {place}", _passage_words(scored, question, attempt.documents))
    if (more := len(attempt.passages) - SHOWN_PASSAGES) > 0:
        print_labelled(console, "", f"… and {count(more, 'passage')} more")
    print_exchanges(console, attempt.exchanges)


def _answer_words(attempt: Attempt) -> str:
    if attempt.failure:
        return f"failed: {attempt.failure}"
    if attempt.lacking:
        return f"not known: {attempt.lacking}"
    source = f" (from {attempt.answer.passage_id})" if attempt.answer and attempt.answer.passage_id else ""
    return f"{_one_line(shown_answer(attempt.answer))}{source}"


def _gold_words(question: Question) -> str:
    groups = question.gold_alternatives or [(name,) for name in question.gold]
    return ", ".join(" or ".join(group) for group in groups)


def _evidence_words(piece: Sequence[Evidence]) -> str:
    """A piece of evidence, and how many others would do."""
    first, *others = piece
    more = f" (or {count(len(others), 'alternative')})" if others else ""
    return f"{first.document_id}: {_cut(first.text)}{more}"


def _passage_words(scored: ScoredPassage, question: Question, documents: Mapping[str, Document]) -> str:
    passage = scored.passage
    holds = {"gold": passage.document_id in question.gold, "evidence": stands_in(question, passage)}
    marks = ", ".join(name for name, held in holds.items() if held)
    return f"{named_passage(passage, documents)}{f' [{marks}]' if marks else ''}: {_cut(passage.text)}"


def _cut(text: str) -> str:
    line = _one_line(text)
    return line if len(line) <= PASSAGE_CHARACTERS else f"{line[:PASSAGE_CHARACTERS]} …"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _summary(
    records: Sequence[QuestionRecord],
    shown: int,
    labels: Sequence[str],
    measures: Sequence[str],
    question_set: QuestionSet,
) -> str:
    """How many questions there are, how many are shown, and how the pipelines did."""
    sentences = [f"{shown:,} of {count(len(records), f'{question_set} question')} shown."]
    for place, label in enumerate(labels):
        attempts = [record.attempts[place] for record in records]
        failures = sum(bool(attempt.failure) for attempt in attempts)
        lacking = sum(bool(attempt.lacking) and not attempt.failure for attempt in attempts)
        wrong = sum(_is_wrong(attempt, measures) for attempt in attempts) - failures
        worst = next((_worst(attempt, measures) for attempt in attempts), 0.0)
        sentences.append(f"{label}: {failures:,} failed, {wrong:,} more scored {worst:g}.")
        if lacking:
            sentences.append(f"{lacking:,} of its answers are not in the ledger.")
    if len(labels) > 1 and measures:
        sentences.append(_comparison(records, labels, measures[0]))
    return " ".join(sentences)


def _comparison(records: Sequence[QuestionRecord], labels: Sequence[str], measure: str) -> str:
    pairs = [tuple(attempt.scores.get(measure) or 0.0 for attempt in record.attempts) for record in records]
    first, second = (sum(pair[place] > pair[1 - place] for pair in pairs) for place in (0, 1))
    return f"{labels[0]} has more {measure_name(measure)} on {first:,}, {labels[1]} on {second:,}."
