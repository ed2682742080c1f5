"""A judge that goes by words: what it says can be worked out by hand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field

from tradespace.components.base import Operator
from tradespace.components.corpus import Corpus
from tradespace.components.llms.base import LanguageModel
from tradespace.components.sentences import sentence_spans
from tradespace.evals.measures.judged_faithful import CLAIMS_MANNER
from tradespace.types import Completion, Failure, Prompt

_REFERENCE = re.compile(r"^Reference answer: (.*)$", re.MULTILINE)
_JUDGED, _CLAIM, _LISTED = "Answer to be judged: ", "Claim to be judged: ", "Answer: "


class WordJudge(LanguageModel):
    """Replies to the prompts of judged measures as they are by default.

    An answer is right if it has all words of a reference, and relevant if it shares a word with its question; a claim
    is supported if all its words stand in the passages; each sentence is a claim.
    """

    name: ClassVar[str] = "word_judge"

    prose_on: str = Field(default="", description="text whose prompts get prose without a verdict; none if empty")
    fail_on: str = Field(default="", description="text whose prompts fail; none if empty")
    contrary: int = Field(default=0, ge=0, description="each how many-th sample says the contrary; 0 for none")

    def open(self, corpus: Corpus) -> Operator:
        def operate(prompts: Sequence[Prompt]) -> list[Completion | Failure]:
            return [self._reply(prompt) for prompt in prompts]

        return operate

    def _reply(self, prompt: Prompt) -> Completion | Failure:
        system, shown = (message.content for message in prompt.messages)
        if self.fail_on and self.fail_on in shown:
            return Failure("the line is dead")
        text = "Well, that depends." if self.prose_on and self.prose_on in shown else self._text(system, shown, prompt)
        return Completion(text, len(f"{system} {shown}".split()), len(text.split()))

    def _text(self, system: str, shown: str, prompt: Prompt) -> str:
        if CLAIMS_MANNER in system:
            answer = shown.partition(_LISTED)[2]
            return "\n".join(f"- {answer[start:end]}" for start, end in sentence_spans(answer))
        says_the_contrary = self.contrary and prompt.sample % self.contrary == self.contrary - 1
        return f"Word by word.\nverdict: {'yes' if _judged(shown) != bool(says_the_contrary) else 'no'}"


def _judged(shown: str) -> bool:
    passages, claimed, claim = shown.partition(_CLAIM)
    if claimed:
        return _words(claim) <= _words(passages)
    question, _, answer = shown.partition(_JUDGED)
    if references := _REFERENCE.findall(question):
        return any(_words(reference) <= _words(answer) for reference in references)
    return bool(_words(question) & _words(answer) - {"question"})


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))
