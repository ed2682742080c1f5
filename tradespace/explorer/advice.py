"""A starting point for your own data: measures and components that fit its questions and answers."""

from __future__ import annotations

from collections.abc import Iterator

from tradespace.data.answers import AnswerProfile
from tradespace.data.dataset import Dataset
from tradespace.errors import InputError
from tradespace.evals.figures import figure_of
from tradespace.evals.measures import measure, measures
from tradespace.plurals import agreeing, count
from tradespace.search_space.starter import Choice
from tradespace.types import Question

MOST_QUESTIONS = 200
"""Questions in each split, as a starting point."""
FEWEST_EXPLORED = 24
"""Minimum of questions for the search, before confirming gets the 72 that bound a 95th percentile."""
LONG = 10
"""Median answer length, in words, from which answers are sentences, not spans."""
MOSTLY = 0.5
FORMS = ("answer_yes_no", "answer_number", "answer_choice", "answer_expression", "answer_code")
"""Measures of answers that have a form of their own, which is found in whatever text a model writes."""

SENTENCE = "sentence: {passages: [1, 2, 3, 5]}"
READER = "reader: {passages: [1, 3, 5]}"
MODEL = "# llm: {model: …}      a language model writes answers of any kind: see docs/models.md"
CROSS_ENCODER = "cross_encoder: {keep: [1, 3, 5]}"


def advise(dataset: Dataset, answers: AnswerProfile) -> Choice:
    """Choose a starting point; the reasons are part of the choice.

    Raises:
        InputError: no measure can score any of the questions.
    """
    questions = dataset.questions
    objective = _objective(questions)
    stages, reason = _stages(objective, answers)
    explore, confirm, sla, sizes = _sizes(len(questions))
    about = {"answer": "answers", "evidence": "evidence"}.get(objective.partition("_")[0], "gold documents")
    comparable = sum(map(measure(objective).applies_to, questions))
    all_of_them = agreeing(len(questions), "question has", "questions have")
    first = f"the objective {objective}, as {comparable:,} of {all_of_them} {about} that it can compare"
    return Choice(explore, confirm, objective, sla, (CROSS_ENCODER,), stages, (first, *reason, *sizes))


def _objective(questions: tuple[Question, ...]) -> str:
    """The measure of a form that most answers have, F1 for other answers, else recall of evidence or gold documents."""
    answered = [question for question in questions if any(question.answers)]
    for name in FORMS:
        if answered and sum(map(measures()[name].applies_to, answered)) > 0.9 * len(answered):
            return name
    gold = [question for question in questions if question.gold]
    if len(answered) < MOSTLY * len(gold) or not answered:
        if not gold:
            raise InputError(
                "no measure can score these questions: each needs `answers`, `gold` documents or `evidence`"
            )
        evident = sum(bool(question.evidence) for question in gold)
        return "evidence_recall@5" if evident >= MOSTLY * len(gold) else "gold_recall@5"
    return "answer_f1"


def _stages(objective: str, answers: AnswerProfile) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Candidates for the stage `generate`, and why."""
    if not objective.startswith("answer"):
        return (), ("no stage `generate`, as hardly any question has an accepted answer",)
    median, standing = answers.words.median, answers.standing or 0.0
    if objective != "answer_f1":
        return (READER, MODEL), (
            "answers of such a form are a language model's: name one below, as `reader` knows only spans of text",
        )
    if median >= LONG:
        return (SENTENCE, MODEL), (
            f"`sentence`, as half of the answers have {median} words or more, and `reader` gives spans of a few; "
            "a language model words its own",
            "answer_f1 compares words: what is fairer to answers in sentences is told in docs/scores.md",
        )
    if standing < MOSTLY:
        why = f"only {standing:.0%} of the answers occur verbatim in their documents; a language model can give others"
        return (READER, MODEL), (why,)
    why = f"`reader`, as answers are short ({_at_most(median)}), and {standing:.0%} stand in documents"
    return (READER,), (why,)


def _at_most(median: int) -> str:
    return "half have a single word" if median == 1 else f"half have {median} words or fewer"


def _sizes(count: int) -> tuple[int, int, str, tuple[str, ...]]:
    """Questions to explore and to confirm, the latency that they can bound, and what they can't."""
    needed = {name: figure_of(name).summary.questions_to_bound for name in ("latency_p95", "latency_p90")}
    most = count - min(FEWEST_EXPLORED, count // 2)
    confirm = min(MOST_QUESTIONS, max(count // 2, min(needed["latency_p95"], most)))
    explore = min(MOST_QUESTIONS, max(1, count - confirm))
    sla = next((name for name, least in needed.items() if confirm >= least), "latency_p95")
    return explore, min(confirm, count - explore), sla, tuple(_unbounded(count, confirm, sla, needed["latency_p95"]))


def _unbounded(questions: int, confirm: int, sla: str, needed: int) -> Iterator[str]:
    if confirm < needed:
        few = f"with {count(questions, 'question')} no interval of a 95th percentile has an upper end"
        short = f"{few}: {needed} must be confirmed"
        yield f"{short}; so the SLA is on the 90th" if sla == "latency_p90" else f"{short}. Add questions"
