"""What finalists answered, read back from the ledger and kept beside the figures: a report reads no ledger.

Texts are cut, and filtered of secrets as all that leaves a component is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tradespace.components.trust import Trust
from tradespace.data import Dataset
from tradespace.errors import TradespaceError
from tradespace.explorer.answer_texts import AnswerTexts, AskedQuestion, GivenAnswer
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.conclusions.differing import DifferingPair, differing_pairs
from tradespace.explorer.progress import Progress
from tradespace.explorer.questions import Attempt, QuestionRecord, recorded_questions
from tradespace.explorer.results import Evaluation, Results
from tradespace.explorer.storage.study import StudyFolder
from tradespace.search_space.specification import Specification
from tradespace.secrets import scrubbed
from tradespace.types import ScoredPassage

KEPT_QUESTIONS = 60
"""Questions that are kept of each pair of pipelines: those on which they differ most."""
KEPT_PASSAGES = 3
"""Passages that are kept of each answer."""
QUESTION_CHARACTERS, ANSWER_CHARACTERS, PASSAGE_CHARACTERS = 600, 400, 240
CUT = " …"


def keep_texts(
    study: StudyFolder, specification: Specification, dataset: Dataset, results: Results, progress: Progress
) -> Results:
    """Keep in a study what its finalists answered to the questions on which they differ; return its results with that.

    No call is made. A run that was cut short leaves it to the next. Where something cannot be read back, that is warned
    of: figures need no texts.
    """
    if results.provenance.interrupted:
        return results
    try:
        texts = gather_texts(study, specification, dataset, results)
    except TradespaceError as error:
        progress.warn([f"the report shows no answers, as they could not be read back: {error}"])
        return results
    if texts:
        study.save_texts(texts)
    return replace(results, texts=texts)


def gather_texts(
    study: StudyFolder, specification: Specification, dataset: Dataset, results: Results
) -> AnswerTexts | None:
    """What the recommended pipeline and others answered to the questions on which they differ; None where none do.

    Whoever explores answers for the code that cuts the documents.

    Raises:
        InputError: a pipeline cannot be read back.
        ComponentError: documents cannot be cut as they were.
    """
    pairs = differing_pairs(results, conclude(results))
    if not pairs:
        return None
    evaluations = list({each.pipeline: each for pair in pairs for each in (pair.first, pair.second)}.values())
    question_set = pairs[0].first.question_set
    records = recorded_questions(study, specification, dataset, evaluations, question_set, allowed=[Trust.IMPORTS])
    return _texts(records, evaluations, _kept(pairs), question_set, study.manifest().context)


def _kept(pairs: Sequence[DifferingPair]) -> list[int]:
    return sorted({place for pair in pairs for place in pair.places[:KEPT_QUESTIONS]})


def _texts(
    records: Sequence[QuestionRecord],
    evaluations: Sequence[Evaluation],
    places: Sequence[int],
    question_set: str,
    context: str,
) -> AnswerTexts:
    passages = KeptPassages()
    asked = [
        AskedQuestion(
            place=place,
            id=cut_text(record.question.id, QUESTION_CHARACTERS),
            text=cut_text(record.question.text, QUESTION_CHARACTERS),
            references=tuple(cut_text(answer, ANSWER_CHARACTERS) for answer in record.question.answers[:KEPT_PASSAGES]),
            documents=len(record.question.gold_alternatives or record.question.gold),
            answers={
                evaluation.pipeline: given_answer(attempt, passages)
                for evaluation, attempt in zip(evaluations, record.attempts, strict=True)
            },
        )
        for place, record in ((place, records[place]) for place in places if place < len(records))
    ]
    return AnswerTexts(question_set=question_set, context=context, questions=tuple(asked), passages=passages.texts)


def given_answer(attempt: Attempt, passages: KeptPassages) -> GivenAnswer:
    """What one pipeline made of a question, in short; its passages are kept among the others."""
    return GivenAnswer(
        text=cut_text(attempt.answer.text if attempt.answer else "", ANSWER_CHARACTERS),
        failure=cut_text(attempt.failure or attempt.lacking, ANSWER_CHARACTERS),
        passages=tuple(passages.key(scored) for scored in attempt.passages[:KEPT_PASSAGES]),
        found=len(attempt.passages),
    )


@dataclass
class KeptPassages:
    """The beginnings of passages, each distinct one once."""

    _keys: dict[str, str] = field(default_factory=dict)

    def key(self, scored: ScoredPassage) -> str:
        passage = scored.passage
        text = f"{passage.id}: {cut_text(passage.text, PASSAGE_CHARACTERS)}"
        return self._keys.setdefault(cut_text(text, PASSAGE_CHARACTERS + QUESTION_CHARACTERS), str(len(self._keys)))

    @property
    def texts(self) -> Mapping[str, str]:
        """The texts by their keys."""
        return {key: text for text, key in self._keys.items()}


def cut_text(text: str, characters: int) -> str:
    """A text in one line, without secrets, and of so many characters at most.

    >>> cut_text("two\\nlines", 100), cut_text("a long text", 6)
    ('two lines', 'a long …')
    """
    line = " ".join(text[: 4 * characters].split())
    return scrubbed(line) if len(line) <= characters else f"{scrubbed(line[:characters])}{CUT}"
