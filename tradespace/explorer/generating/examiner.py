"""Examining questions: they are kept if they are answered with their passage, and not without it.

The round trip is that of Alberti et al. 2019, "Synthetic QA Corpora Generation with Roundtrip Consistency": from the
passage, a question must be answered with the answer that it was made for. That it is not answered without the passage
is what makes it a question of retrieval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tradespace.components.base import Call, Reader, answer_of, ranking_of
from tradespace.components.corpus import Corpus
from tradespace.components.llms.base import LanguageModel
from tradespace.components.prompts.standard import Standard
from tradespace.components.readers.llm import LLMReader
from tradespace.components.readers.reader import TrainedReader
from tradespace.components.strategies.answers import is_known
from tradespace.data.generation.written import GeneratedType, WrittenQuestion
from tradespace.evals.measures.answer_f1 import ANSWER_F1
from tradespace.explorer.generating.assigning import NEAREST
from tradespace.explorer.generating.base import MadeCalls
from tradespace.explorer.generating.fates import Fate
from tradespace.explorer.generating.sources import Assignment
from tradespace.explorer.running.jobs import Job, run_jobs
from tradespace.types import Answer, Evidence, Failure, Outcome, Passage, Request

NEAREST_READ = 5
"""How many of the nearest passages are read."""
RIGHT_F1 = 0.5
"""F1 from which an answer is right."""
SURE = 0.5
"""Confidence from which the bundled reader claims that it found an answer."""
BY_HEART = "Answer the question from what you know."


class Examinee(NamedTuple):
    """A question that is fit to be asked."""

    assignment: Assignment
    written: WrittenQuestion

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The sentences that it is answered from; none where nothing answers it."""
        named = zip(self.assignment.sources, self.written.sentences, strict=False)
        return tuple(source.evidence(number) for source, number in named)

    @property
    def fact(self) -> object:
        """The answer with the evidence: questions with the same ask the same, in whatever words. None where many have
        this answer, or nothing answers."""
        if self.assignment.type in (GeneratedType.YES_NO, GeneratedType.UNANSWERABLE):
            return None
        return self.evidence, self.written.answer.casefold()


@dataclass(frozen=True)
class Examiner:
    """Answers questions with their passages, and without.

    Attributes:
        reader: answers from passages, and says so where they do not tell.
        by_heart: answers without passages; None for a reader that knows nothing by heart: that is given the nearest
            passages of other documents instead, which must not hold the answer.
        sure: confidence below which an answer counts as none; None where every answer counts.
    """

    reader: Reader
    by_heart: Reader | None = None
    sure: float | None = None

    def fates(self, examinees: Sequence[Examinee], answers: MadeCalls, corpus: Corpus) -> list[Fate | Failure]:
        """What becomes of questions, in their order."""
        searched = [each for each in examinees if self._needs_others(each)]
        outcomes = answers.outcomes([Call(NEAREST, Request(each.written.text)) for each in searched], corpus)
        found = dict(zip(searched, outcomes, strict=True))
        jobs = [self._jobs(each, found.get(each, ())) for each in examinees]
        done = iter(run_jobs(answers, corpus, [job for some in jobs for job in some]))
        answered = [[next(done).outcome for _ in some] for some in jobs]
        return [self._fate(each, outcomes) for each, outcomes in zip(examinees, answered, strict=True)]

    def _needs_others(self, examinee: Examinee) -> bool:
        """Whether passages besides its own are read, which have to be found."""
        return self.by_heart is None or examinee.assignment.type is GeneratedType.UNANSWERABLE

    def _jobs(self, examinee: Examinee, ranking: Outcome | Failure) -> list[Job]:
        """What is asked: first with all that is needed, then with too little; nothing where the search failed."""
        if isinstance(ranking, Failure):
            return []
        assignment, asked = examinee.assignment, examinee.written.text
        own = tuple(source.passage for source in assignment.sources)
        found = tuple(scored.passage for scored in ranking_of(ranking))
        if assignment.type is GeneratedType.UNANSWERABLE:
            others = tuple(passage for passage in found if passage not in own)
            return [(self.reader, Request(asked, own + others[:NEAREST_READ]))]
        reader = self._reader_of(assignment.type)
        each_alone: list[Job] = [(reader, Request(asked, (passage,))) for passage in own] if len(own) > 1 else []
        return [(reader, Request(asked, own)), *each_alone, *self._without(assignment, asked, own, found)]

    def _without(
        self, assignment: Assignment, asked: str, own: tuple[Passage, ...], found: tuple[Passage, ...]
    ) -> list[Job]:
        """What is asked without the passages. Whether yes or no, a coin would tell as often: nobody is asked."""
        if assignment.type is GeneratedType.YES_NO:
            return []
        if self.by_heart:
            return [(self.by_heart, Request(asked))]
        documents = {passage.document_id for passage in own}
        others = tuple(passage for passage in found if passage.document_id not in documents)
        return [(self.reader, Request(asked, others[:NEAREST_READ]))]

    def _reader_of(self, question_type: GeneratedType) -> Reader:
        return self.reader.with_settings(form="yes_no") if question_type is GeneratedType.YES_NO else self.reader

    def _fate(self, examinee: Examinee, outcomes: Sequence[Outcome | Failure]) -> Fate | Failure:
        failures = [outcome for outcome in outcomes if isinstance(outcome, Failure)]
        if failures or not outcomes:
            return failures[0] if failures else Failure("the nearest passages could not be searched")
        wholly, *partly = [answer_of(outcome) for outcome in outcomes if not isinstance(outcome, Failure)]
        if examinee.assignment.type is GeneratedType.UNANSWERABLE:
            return Fate.KEPT if self._declines(wholly) else Fate.ANSWERED
        if not _right(wholly, examinee.written):
            return Fate.NOT_ANSWERED
        return Fate.ANSWERED_WITHOUT if any(_right(answer, examinee.written) for answer in partly) else Fate.KEPT

    def _declines(self, answer: Answer) -> bool:
        unsure = self.sure is not None and (answer.confidence or 0.0) < self.sure
        return unsure or not is_known(answer.text)


def model_examiner(model: LanguageModel) -> Examiner:
    """A model that is asked with passages, and told that they may not tell; and by heart."""
    reader = LLMReader(model=model, passages=NEAREST_READ + 1, prompt=Standard(decline=True))
    return Examiner(reader, LLMReader(model=model, prompt=Standard(instruction=BY_HEART)))


def reader_examiner() -> Examiner:
    """The bundled reader, offline."""
    return Examiner(TrainedReader(precision="int8", passages=NEAREST_READ + 1), sure=SURE)


def _right(answer: Answer, written: WrittenQuestion) -> bool:
    return ANSWER_F1.grade(answer.text, (written.answer,)) >= RIGHT_F1
