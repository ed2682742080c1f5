"""What becomes of the questions that were to be written."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from tradespace.data.generation.written import WrittenQuestion
from tradespace.types import Failure


class Fate(StrEnum):
    """Whether a question is kept, or why not; in the order in which that is found out."""

    KEPT = "kept"
    NOTHING = "nothing to ask"
    UNREADABLE = "no question in the reply"
    UNFIT = "does not stand for itself"
    UNSUPPORTED = "answer not in its passage"
    DUPLICATE = "asked already"
    NOT_ANSWERED = "not answered with its passage"
    ANSWERED_WITHOUT = "answered without its passage"
    ANSWERED = "answered, but to be unanswerable"
    FAILED = "a call failed"


FATE_ADVICE: Mapping[Fate, str] = {
    Fate.NOTHING: "the documents hold little to ask about; by rule, English sentences with names, dates or numbers",
    Fate.UNREADABLE: "the model does not keep to the form: name a larger one, or one that can be held to a JSON Schema",
    Fate.UNFIT: "they give their answers away, or speak of “the passage”: let a larger model write them (--model)",
    Fate.UNSUPPORTED: "the answers are in other words than the passage's: let a larger model write them (--model)",
    Fate.DUPLICATE: "there is no more to ask about these documents: add documents, or ask for fewer questions",
    Fate.NOT_ANSWERED: "whoever examines them finds another answer, or none: let a larger model do it (--model)",
    Fate.ANSWERED_WITHOUT: "they are known by heart, or other documents answer them too: use documents of your own",
    Fate.ANSWERED: "the documents seem to answer them: leave them out (--type), or let a larger model write them",
}
"""What many questions of one fate mean, and what to do. Of failed calls the failure says it."""

WritingResult = WrittenQuestion | Fate | Failure
"""A question, or why there is none."""
