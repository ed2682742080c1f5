"""Instructions by ask and tell: a model is shown what was tried with its scores, and writes what to try next.

After OPRO (Yang et al. 2023, "Large Language Models as Optimizers"), which shows past instructions with their scores,
worst first, and MIPRO (Opsahl-Ong et al. 2024), which shows solved examples of the task beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tradespace.components.prompts.tasks import DIRECT
from tradespace.search_space.sections import ProposalsSection
from tradespace.types import Completion, Message, Prompt

MOST_SHOWN = 12
"""Instructions that are shown, the best so far."""
MARK = "instruction:"
QUOTES = "\"'`“”*"
ROLE = (
    "You improve instructions for a language model. It is given an instruction, passages and a question, and writes "
    "an answer, which is compared with the right one. How the answer is to be marked is added to the instruction, so "
    "say nothing of that."
)


@dataclass
class InstructionProposer:
    """Says which prompts ask for new instructions, and reads them from the replies.

    Deterministic given its settings and what it was told, so that a run that is continued asks the same.

    Attributes:
        solved: questions with right answers, to show what is asked.
        scores: the mean score of each instruction that was tried, from 0 to 1.
    """

    settings: ProposalsSection
    solved: Sequence[tuple[str, str]]
    scores: dict[str, float] = field(default_factory=dict)
    _asked: int = field(default=0, init=False)

    def ask(self) -> list[Prompt]:
        """The prompts of the next round: samples of one, that go on from those of the last round."""
        settings = self.settings
        messages = (Message("system", ROLE), Message("user", self._request()))
        samples = range(self._asked, self._asked + settings.candidates)
        self._asked = samples.stop
        return [
            Prompt(messages, settings.temperature, 1.0, settings.max_tokens, (), settings.seed, sample)
            for sample in samples
        ]

    def read(self, replies: Iterable[Completion]) -> list[str]:
        """The instructions in replies that can be tried: not empty, not too long, not cut off, and not known."""
        known = set(map(_plain, self.scores))
        fresh: dict[str, str] = {}
        for reply in replies:
            instruction = _instruction(reply.text)
            fits = 0 < len(instruction.split()) <= self.settings.most_words and reply.finish_reason == "stop"
            if fits and _plain(instruction) not in known:
                fresh.setdefault(_plain(instruction), instruction)
        return list(fresh.values())

    def tell(self, scores: Mapping[str, float]) -> None:
        """Say what instructions scored."""
        self.scores |= scores

    @property
    def best(self) -> list[str]:
        """All that were tried, best first; of equal scores the one that was tried first."""
        return sorted(self.scores, key=lambda instruction: -self.scores[instruction])

    def _request(self) -> str:
        solved = "\n".join(f"Question: {question}\nAnswer: {answer}" for question, answer in self.solved)
        tried = "\n".join(
            f"{100 * self.scores[instruction]:.1f}: {_in_words(instruction)}"
            for instruction in reversed(self.best[:MOST_SHOWN])
        )
        return (
            f"Some questions with their right answers:\n\n{solved}\n\n"
            f"Instructions that were tried, each behind its score from 0 to 100, the best last:\n\n{tried}\n\n"
            "Write another instruction that scores higher. Let it differ from all of these. It has at most "
            f"{self.settings.most_words} words. Write it on a line that reads `{MARK}` followed by the instruction, "
            "and write nothing behind it."
        )


def _in_words(instruction: str) -> str:
    """An empty instruction is the usual one."""
    return instruction or DIRECT.goal


def _instruction(reply: str) -> str:
    """The instruction in a reply: what follows the last mark, or all of it; on one line, without quotation marks."""
    place = reply.lower().rfind(MARK)
    written = reply if place < 0 else reply[place + len(MARK) :]
    return " ".join(written.strip(QUOTES + " \t\r\n").split())


def _plain(instruction: str) -> str:
    """By which instructions are told apart: neither case nor punctuation at the ends makes another one."""
    return _in_words(instruction).casefold().strip(" .!:")
