"""Measures whose scores are made by calls: of a language model that judges, or of an embedder that is paid."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import gettempdir

from tradespace.components.base import Call, Component, Operator
from tradespace.components.corpus import Corpus
from tradespace.components.direct import call_operator, succeeded
from tradespace.components.processes import Rounds, drive
from tradespace.components.store import ArtefactStore
from tradespace.evals.measures.base import Measure
from tradespace.types import Answer, Failure, NoAnswer, Outcome, Question, Ranking, Timed


@dataclass(frozen=True, slots=True)
class Scoring:
    """What an answer is worth, and how that was found.

    Attributes:
        score: from 0 to 1; None where it is missing.
        reason: why it is so, or why it is missing, for a reader.
        judgements: replies that a model was asked for; 0 where none judges.
        unread: those of them that could not be read.
        compared: judgements of which there are several about the same.
        outvoted: those of them that most of the others contradict.
    """

    score: float | None
    reason: str = ""
    judgements: int = 0
    unread: int = 0
    compared: int = 0
    outvoted: int = 0


class CallingMeasure(Measure):
    """Scores answers by calls of models.

    An exploration makes these calls as it makes all others: through its ledger, each distinct one once, within its
    budget. They are none of the pipeline's: neither its latency nor its cost has them in it.

    >>> from tradespace.components.base import completion_of
    >>> from tradespace.components.llms import TinyReasoner
    >>> from tradespace.evals.measures.base import Needs
    >>> from tradespace.types import Message, Prompt
    >>> class Brief(CallingMeasure):
    ...     needs = Needs.TEXT
    ...
    ...     def process(self, question, ranking, answer):
    ...         prompt = Prompt((Message("user", f"Is this brief? {answer.text}"),))
    ...         (outcome,) = yield (Call(TinyReasoner(), prompt),)
    ...         return Scoring(float("yes" in completion_of(outcome).text), judgements=1)
    >>> process = Brief("brief").process(Question("1", "Who sat?"), (), Answer("the cat", score=0.0))
    >>> next(process)[0].request.messages[0].content
    'Is this brief? the cat'
    """

    @abstractmethod
    def process(self, question: Question, ranking: Ranking, answer: Answer) -> Rounds[Scoring]:
        """Score one answer: yield rounds of calls, be sent their outcomes, return what the answer is worth.

        It is begun for questions that have what the measure needs, where there is an answer. A model's reply that is
        no answer comes as an empty one. A call that fails ends it: then the score is missing.
        """

    def assumed(self, outcome: Outcome, answer: Answer) -> Outcome:
        """What a call is taken to come to where calls are only counted; `outcome` has nothing but its shape."""
        return outcome

    def score(
        self, questions: Sequence[Question], rankings: Sequence[Ranking | None], answers: Sequence[Answer | None]
    ) -> list[float | None]:
        """The same for whoever has no ledger: every call is made at once, and nothing is kept.

        Raises:
            ComponentError: a call failed.
            ModelUnavailableError: a model's server is down.
        """
        return [
            self._scored_alone(question, ranking or (), answer)
            if answer is not None and self.applies_to(question)
            else None
            for question, ranking, answer in zip(questions, rankings, answers, strict=True)
        ]

    def _scored_alone(self, question: Question, ranking: Ranking, answer: Answer) -> float | None:
        return drive(self.process(question, ranking, answer), lambda calls: [*map(_made_alone, calls)]).score


def received(outcome: Outcome | Failure) -> Outcome | Failure:
    """What a measure is sent for an outcome: a reply that is no answer is an empty one, which was paid for."""
    return replace(outcome.reply, text="") if isinstance(outcome, NoAnswer) else outcome


def _made_alone(call: Call) -> Outcome:
    (outcome,) = call_operator(call.component, _opened(call.component), [call.request])
    heard = outcome.outcome if isinstance(outcome, Timed) else received(outcome)
    return succeeded(heard)


@cache
def _opened(component: Component) -> Operator:
    """Models search nothing, so they are opened on nothing."""
    return component.open(Corpus((), ArtefactStore(Path(gettempdir()))))
