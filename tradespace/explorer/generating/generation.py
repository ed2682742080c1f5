"""Generating questions: written block by block, examined, and kept until there are enough.

Nothing but the calls is remembered. What is written next follows from the documents, the seed and what became of the
questions so far; so whoever starts again is answered from the ledger up to where the calls ended, and goes on there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from tradespace.addresses import digest
from tradespace.components.base import Pipeline
from tradespace.data.generation.written import GeneratedType, WrittenQuestion
from tradespace.errors import ModelUnavailableError
from tradespace.explorer.generating.assigning import ASKED_ABOUT, Assigning, PassageTurn
from tradespace.explorer.generating.base import MadeCalls, QuestionWriter
from tradespace.explorer.generating.duplicates import AskedQuestions
from tradespace.explorer.generating.examiner import Examinee, Examiner
from tradespace.explorer.generating.fates import Fate, WritingResult
from tradespace.explorer.generating.fitness import fit_to_be_asked
from tradespace.explorer.generating.sources import Assignment
from tradespace.explorer.questions import Recorded
from tradespace.explorer.running.budget import BudgetSpent
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.types import Failure, Question

AT_ONCE = 16
"""Questions that are written together."""
IN_VAIN = 40
"""Questions of a type, one after the other, of which none was kept: then no more of this type are written."""


@dataclass(frozen=True)
class GeneratedQuestions:
    """What was kept, and what became of all others.

    Attributes:
        fates: how many questions of each type came to each end.
        failure: the first reason why a call failed; empty where none did.
        stopped: why no more were written, though they were wanted; empty where there are enough.
    """

    questions: tuple[Question, ...]
    fates: Mapping[GeneratedType, Mapping[Fate, int]]
    failure: str = ""
    stopped: str = ""

    @property
    def tried(self) -> int:
        """How many questions were written, or asked for; passages with nothing to ask about are not counted."""
        ends = Counter[Fate]()
        for fates in self.fates.values():
            ends.update(fates)
        return ends.total() - ends[Fate.NOTHING]


class TriedQuestion(NamedTuple):
    """A question that was to be written, and what became of it; `kept` where it is worth it."""

    type: GeneratedType
    end: Fate | Failure
    kept: Examinee | None = None


@dataclass
class QuestionGeneration:
    """Questions about documents, by one writer and one examiner, through a ledger.

    Attributes:
        types: those that are wanted, by turns; all that the writer can write if empty.
        seed: which passages come first.
    """

    writer: QuestionWriter
    examiner: Examiner
    recorded_calls: RecordedCalls
    types: Sequence[GeneratedType] = ()
    seed: int = 0
    _kept: list[Question] = field(default_factory=list, init=False)
    _fates: dict[GeneratedType, Counter[Fate]] = field(default_factory=dict, init=False)
    _vain: Counter[GeneratedType] = field(default_factory=Counter, init=False)
    _asked: AskedQuestions = field(default_factory=AskedQuestions, init=False)
    _failure: str = field(default="", init=False)

    def run(self, wanted: int, after_block: Callable[[GeneratedQuestions], None]) -> GeneratedQuestions:
        """Generate so many questions, or as many as the documents, the writer and the budget allow. Once; what there is
        so far is told after every block.

        Raises:
            ComponentError: the documents cannot be cut.
        """
        turns = {each: self._assigning.turns(each) for each in self.types or self.writer.types}
        self._fates = {each: Counter() for each in turns}
        stopped = ""
        while not stopped and len(self._kept) < wanted:
            if block := self._block(turns, wanted):
                stopped = self._take(block)
                after_block(self._so_far(wanted, stopped))
            else:
                stopped = "there was nothing more to ask"
        return self._so_far(wanted, stopped)

    def _so_far(self, wanted: int, stopped: str) -> GeneratedQuestions:
        fates = {each: dict(counts) for each, counts in self._fates.items()}
        return GeneratedQuestions(tuple(self._kept[:wanted]), fates, self._failure, stopped)

    @cached_property
    def _assigning(self) -> Assigning:
        return Assigning(self.recorded_calls.corpus(Pipeline((ASKED_ABOUT,))), self.seed)

    def _block(self, turns: Mapping[GeneratedType, Iterator[PassageTurn]], wanted: int) -> list[PassageTurn]:
        """The next turns: always of the type with the fewest questions; one that comes to nothing is left out."""
        expected = Counter({each: self._fates[each][Fate.KEPT] for each in turns})
        block: list[PassageTurn] = []
        size = min(AT_ONCE, 2 * (wanted - len(self._kept)))
        while len(block) < size and (left := [each for each in turns if self._vain[each] < IN_VAIN]):
            scarcest = min(left, key=expected.__getitem__)
            if turn := next(turns[scarcest], None):
                block.append(turn)
                expected[scarcest] += 1
            else:
                self._vain[scarcest] = IN_VAIN
        return block

    def _take(self, block: Sequence[PassageTurn]) -> str:
        """Try a block, and keep what is worth it. Returns why that ended before its end: what was paid for until then
        is used."""
        try:
            self._account(self._tried(block, self.recorded_calls))
        except (BudgetSpent, ModelUnavailableError) as end:
            known = Recorded(self.recorded_calls.opened_components, self.recorded_calls.ledger)
            self._account([tried for tried in self._tried(block, known) if not isinstance(tried.end, Failure)])
            return str(end)
        return ""

    def _tried(self, block: Sequence[PassageTurn], answers: MadeCalls) -> list[TriedQuestion]:
        """Write questions, and examine those that are fit to be asked and were not asked before."""
        assigned = self._assigning.assigned(block, answers)
        assignments = [each for each in assigned if isinstance(each, Assignment)]
        fresh = iter(self._fresh(assignments, self.writer.write(assignments, answers, self._assigning.corpus)))
        found = [next(fresh) if isinstance(each, Assignment) else each for each in assigned]
        examinees = [each for each in found if isinstance(each, Examinee)]
        fates = dict(zip(examinees, self.examiner.fates(examinees, answers, self._assigning.corpus), strict=True))
        return [_ended(turn, each, fates) for turn, each in zip(block, found, strict=True)]

    def _fresh(
        self, assignments: Sequence[Assignment], written: Sequence[WritingResult]
    ) -> Iterator[Examinee | Fate | Failure]:
        """What was written, as far as it is fit to be asked and neither was asked before nor stands earlier here."""
        earlier = AskedQuestions()
        for assignment, result in zip(assignments, written, strict=True):
            checked = fit_to_be_asked(result, assignment) if isinstance(result, WrittenQuestion) else result
            if not isinstance(checked, WrittenQuestion):
                yield checked
                continue
            examinee = Examinee(assignment, checked)
            known = any(asked.knows(checked.text, examinee.fact) for asked in (self._asked, earlier))
            earlier.add(checked.text, examinee.fact)
            yield Fate.DUPLICATE if known else examinee

    def _account(self, block: Sequence[TriedQuestion]) -> None:
        """Note what became of questions, and keep what is worth it."""
        for question_type, end, examinee in block:
            fate = Fate.FAILED if isinstance(end, Failure) else end
            self._fates[question_type][fate] += 1
            if isinstance(end, Failure):
                self._failure = self._failure or end.message
            if fate is not Fate.NOTHING:
                self._vain[question_type] = 0 if fate is Fate.KEPT else self._vain[question_type] + 1
            if fate is Fate.KEPT and examinee:
                self._asked.add(examinee.written.text, examinee.fact)
                self._kept.append(self._question(examinee))

    def _question(self, examinee: Examinee) -> Question:
        question_type, text = examinee.assignment.type, examinee.written.text
        return Question(
            id=f"{question_type}/{digest([text])[:12]}",
            text=text,
            answers=(examinee.written.answer,),
            gold=tuple(dict.fromkeys(each.document_id for each in examinee.evidence)),
            evidence=tuple((each,) for each in examinee.evidence),
            groups=(("type", str(question_type)),),
            generated=True,
            generated_by=self.writer.name,
        )


def _ended(
    turn: PassageTurn, found: Examinee | Fate | Failure, fates: Mapping[Examinee, Fate | Failure]
) -> TriedQuestion:
    if isinstance(found, Examinee):
        return TriedQuestion(turn.type, fates[found], found)
    return TriedQuestion(turn.type, found)
