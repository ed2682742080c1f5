"""What some pipelines answered, in plain text: for a report, which reads no data and no ledger.

Texts are cut, and only questions that tell pipelines apart are kept: what a study holds of them stays small.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict


class GivenAnswer(BaseModel):
    """What a pipeline made of a question.

    Attributes:
        text: its answer, or in brackets that there is none.
        failure: what went wrong, or why nothing is known; else empty.
        passages: keys of the first passages that it answered from, best first.
        found: how many passages it answered from.
    """

    model_config = ConfigDict(frozen=True)

    text: str = ""
    failure: str = ""
    passages: tuple[str, ...] = ()
    found: int = 0


class AskedQuestion(BaseModel):
    """A question and what pipelines made of it.

    Attributes:
        place: its position in its split.
        references: the answers that are accepted.
        documents: how many documents hold its answer together; 0 where that is not known. Questions of
            several hops have as many.
        answers: by the notations of pipelines.
    """

    model_config = ConfigDict(frozen=True)

    place: int
    id: str
    text: str
    references: tuple[str, ...] = ()
    documents: int = 0
    answers: Mapping[str, GivenAnswer] = {}


class AnswerTexts(BaseModel):
    """What pipelines answered to the questions that tell them apart.

    Attributes:
        question_set: the split of the questions.
        context: the evaluations that they belong to, see `Manifest.context`.
        questions: in the order of the split.
        passages: the beginnings of passages, with their names, by key.
    """

    model_config = ConfigDict(frozen=True)

    question_set: str
    context: str
    questions: tuple[AskedQuestion, ...] = ()
    passages: Mapping[str, str] = {}
