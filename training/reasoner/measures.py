"""Asking the exam and scoring what comes back."""

import json
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from tradespace.data.microworld.solutions import ANSWER_MARKER, Mode
from training.reasoner.exam import Item
from training.reasoner.speed import MOST_TOKENS, Speed, speed_from_json

if TYPE_CHECKING:
    from tradespace.components.llms.engine import Generation, LlamaEngine

VOTES = (1, 2, 4, 8, 16, 32)


@dataclass(frozen=True, slots=True)
class Ask:
    """One way of calling a model on the exam."""

    mode: Mode
    complete: bool = True
    samples: int = 1
    temperature: float = 0.0


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers to every item (one list of samples each), what is right, whether the first is, and the cost."""

    groups: tuple[str, ...]
    answers: tuple[tuple[str, ...], ...]
    truths: tuple[str, ...]
    right: tuple[bool, ...]
    milliseconds: tuple[float, ...]
    tokens_out: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """All that was measured of one model: answers by way of calling, speed, and the conditions."""

    ways: dict[str, Answered]
    speed: Speed
    questions: int
    threads: int


def group(item: Item) -> str:
    """Return the row of the tables that an item counts in."""
    if item.question.type == "lookup":
        return "one hop" if item.question.hops == 1 else "multi-hop"
    return "arithmetic" if item.question.type in ("sum", "difference") else "compare and count"


def final_answer(text: str) -> str:
    """Return what stands after the last "answer:", or the whole text; an expression is computed."""
    answer = text.rpartition(ANSWER_MARKER)[2].strip()
    return calculated(answer)


def calculated(expression: str) -> str:
    """Compute a chain of additions and subtractions; anything else is returned as it is."""
    if not re.fullmatch(r"\d+( [+-] \d+)+", expression):
        return expression
    return str(sum(int(term) for term in re.findall(r"[+-]?\d+", expression.replace(" ", ""))))


def ask_all(engine: "LlamaEngine", items: Sequence[Item], ask: Ask) -> Answered:
    """Ask every item alone, one after the other, and score the first sample."""
    drawn, milliseconds = [], []
    for item in items:
        began = time.perf_counter()
        drawn.append(_generations(engine, item, ask))
        milliseconds.append(1000 * (time.perf_counter() - began))
    answers = tuple(tuple(final_answer(generation.text) for generation in samples) for samples in drawn)
    truths = tuple(_wanted(item, ask) for item in items)
    right = tuple(sampled[0] == truth for truth, sampled in zip(truths, answers, strict=True))
    tokens = tuple(sum(generation.tokens_out for generation in samples) for samples in drawn)
    return Answered(tuple(map(group, items)), answers, truths, right, tuple(milliseconds), tokens)


def _generations(engine: "LlamaEngine", item: Item, ask: Ask) -> "list[Generation]":
    from tradespace.components.llms.engine import Sampling

    messages = item.messages(ask.mode, ask.complete)
    if ask.mode == "judge":
        messages[1]["content"] += f" proposed: {_proposed(item)}"
    sampling = Sampling(ask.samples, ask.temperature, max_tokens=MOST_TOKENS, seed=int(item.question.question.id))
    return engine.generate([engine.prompt(messages)], sampling)[0]


def _proposed(item: Item) -> str:
    """Return the true answer or, for every second item, another number or the name of another passage's entity."""
    if _truly_proposed(item):
        return item.answer
    random = Random(item.question.question.id)
    if item.answer.isdigit():
        return str(int(item.answer) + random.choice((1, 2, 10)))
    names = [passage.split()[0].lower() for passage in item.passages]
    return random.choice([name for name in names if name != item.answer])


def _truly_proposed(item: Item) -> bool:
    return Random(f"proposed {item.question.question.id}").random() < 0.5


def _wanted(item: Item, ask: Ask) -> str:
    """Return what the ideal model would end its text with (though without a passage, the true answer still)."""
    if ask.mode == "ask":
        return item.missing_question
    if ask.mode == "judge":
        return "yes" if _truly_proposed(item) else "no"
    return item.answer


def votes(sampled: Answered) -> dict[str, Answered]:
    """Return the majority over the first k samples, for each k that there are samples for."""
    most = min(map(len, sampled.answers))
    return {f"majority of {k}": _majority(sampled, k) for k in VOTES if k <= most}


def _majority(sampled: Answered, k: int) -> Answered:
    """Vote among k samples; ties go to the answer that was drawn first."""
    answers = tuple((_winner(votes[:k]),) for votes in sampled.answers)
    right = tuple(votes[0] == truth for truth, votes in zip(sampled.truths, answers, strict=True))
    return Answered(sampled.groups, answers, sampled.truths, right, sampled.milliseconds, sampled.tokens_out)


def _winner(votes: Sequence[str]) -> str:
    return Counter(votes).most_common(1)[0][0]


def measured_to_json(measured: Measured) -> str:
    """Write what was measured as JSON."""
    return json.dumps(asdict(measured), allow_nan=False)


def measured_from_json(text: str) -> Measured:
    """Read back what `measured_to_json` wrote."""
    value = json.loads(text)
    ways = {way: Answered(**{k: _tuples(v) for k, v in its.items()}) for way, its in value["ways"].items()}
    return Measured(ways, speed_from_json(value["speed"]), value["questions"], value["threads"])


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
