"""Asking the exam and scoring what comes back."""

import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Literal

from tradespace.data.microworld.solutions import ANSWER, Mode
from training.reasoner.exam import Item

if TYPE_CHECKING:
    from tradespace.components.llms.engine import Engine, Generation

VOTES = (1, 2, 4, 8, 16, 32)


@dataclass(frozen=True, slots=True)
class Ask:
    """One way of calling a model on the exam."""

    mode: Mode
    complete: bool = True
    samples: int = 1
    temperature: float = 0.0
    proposal: Literal["true", "false"] | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers to every item (one list of samples each), whether the first is right, and the cost."""

    groups: tuple[str, ...]
    answers: tuple[tuple[str, ...], ...]
    right: tuple[bool, ...]
    milliseconds: tuple[float, ...]
    tokens_out: tuple[int, ...]


def group(item: Item) -> str:
    """Return the row of the tables that an item counts in."""
    if item.question.type == "lookup":
        return "one hop" if item.question.hops == 1 else "multi-hop"
    return "arithmetic" if item.question.type in ("sum", "difference") else "compare and count"


def final_answer(text: str) -> str:
    """Return what stands after the last "answer:", or the whole text; an expression is computed."""
    answer = text.rpartition(ANSWER)[2].strip()
    return calculated(answer)


def calculated(expression: str) -> str:
    """Compute a chain of additions and subtractions; anything else is returned as it is."""
    if not re.fullmatch(r"\d+( [+-] \d+)+", expression):
        return expression
    return str(sum(int(term) for term in re.findall(r"[+-]?\d+", expression.replace(" ", ""))))


def ask_all(engine: "Engine", items: Sequence[Item], ask: Ask) -> Answered:
    """Ask every item alone, one after the other, and score the first sample."""
    drawn, milliseconds = [], []
    for item in items:
        began = time.perf_counter()
        drawn.append(_generations(engine, item, ask))
        milliseconds.append(1000 * (time.perf_counter() - began))
    answers = tuple(tuple(final_answer(generation.text) for generation in samples) for samples in drawn)
    right = tuple(given[0] == _wanted(item, ask) for item, given in zip(items, answers, strict=True))
    tokens = tuple(sum(generation.tokens_out for generation in samples) for samples in drawn)
    return Answered(tuple(map(group, items)), answers, right, tuple(milliseconds), tokens)


def _generations(engine: "Engine", item: Item, ask: Ask) -> "list[Generation]":
    from tradespace.components.llms.engine import Sampling

    messages = item.messages(ask.mode, ask.complete)
    if ask.proposal is not None:
        messages[1]["content"] += f" proposed: {_proposed(item, ask)}"
    sampling = Sampling(ask.samples, ask.temperature, max_tokens=120, seed=int(item.question.question.id))
    return engine.generate([engine.prompt(messages)], sampling)[0]


def _proposed(item: Item, ask: Ask) -> str:
    """Return the true answer, or a false one: another number, or the name of another passage's entity."""
    if ask.proposal == "true":
        return item.answer
    random = Random(item.question.question.id)
    if item.answer.isdigit():
        return str(int(item.answer) + random.choice((1, 2, 10)))
    names = [passage.split()[0].lower() for passage in item.passages]
    return random.choice([name for name in names if name != item.answer])


def _wanted(item: Item, ask: Ask) -> str:
    """Return what the ideal model would end its text with."""
    if ask.mode == "ask":
        return item.missing_question
    if ask.proposal is not None:
        return "yes" if ask.proposal == "true" else "no"
    return item.answer


def votes(items: Sequence[Item], sampled: Answered) -> dict[str, Answered]:
    """Return the majority over the first k samples, for each k that there are samples for."""
    most = min(map(len, sampled.answers))
    return {f"majority of {k}": _majority(items, sampled, k) for k in VOTES if k <= most}


def _majority(items: Sequence[Item], sampled: Answered, k: int) -> Answered:
    """Vote among k samples; ties go to the answer that was drawn first."""
    answers = tuple((_winner(given[:k]),) for given in sampled.answers)
    right = tuple(given[0] == item.answer for item, given in zip(items, answers, strict=True))
    return Answered(sampled.groups, answers, right, sampled.milliseconds, sampled.tokens_out)


def _winner(given: Sequence[str]) -> str:
    return Counter(given).most_common(1)[0][0]
