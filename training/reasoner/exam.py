"""The exam: questions about worlds that no training batch can draw, each with eight passages."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from tradespace.data.microworld.questions import QUESTION_TYPES, MicroQuestion, question
from tradespace.data.microworld.solutions import solve_question
from tradespace.data.microworld.world import World
from training.reasoner.conversations import MOST_PASSAGES, context, user_message

# Training draws world seeds below 2 ** 40, so worlds from there on are new to every model. Seeds between 2 ** 40 and
# 2 ** 41 belong to earlier exams, whose results shaped the training.
FIRST_SEED = 2**41
WORLD_SIZE = 30


@dataclass(frozen=True, slots=True)
class Item:
    """A question with its eight passages, and the same passages with one that it needs replaced by another.

    `missing_question` is the sub-question that the replaced passage would have answered.
    """

    question: MicroQuestion
    passages: tuple[str, ...]
    without: tuple[str, ...]
    missing_question: str

    @property
    def answer(self) -> str:
        """Return the true answer."""
        return self.question.question.answers[0]

    def messages(self, mode: str, complete: bool = True) -> list[dict[str, str]]:
        """Return the chat that asks the question in a mode, from complete passages or without one that it needs."""
        shown = list(self.passages if complete else self.without)
        content = user_message(shown, self.question.question.text)
        return [{"role": "system", "content": mode}, {"role": "user", "content": content}]


def exam(count: int) -> Iterator[Item]:
    """Yield the first `count` items; two thirds are not lookups, and lookups have one to four hops in turn."""
    for number in range(count):
        yield _item(number)


def _item(number: int) -> Item:
    world = World(FIRST_SEED + number, WORLD_SIZE)
    random = Random(FIRST_SEED + number)
    turn, rank = divmod(number, len(_SYLLABUS))
    asked = question(world, random, _SYLLABUS[rank], str(number))
    while asked.type == "lookup" and asked.hops != turn % 4 + 1:
        asked = question(world, random, "lookup", str(number))
    entities = context(world, random, asked, MOST_PASSAGES + 1)
    gold = [entity for entity in entities if world.document_id(entity) in asked.question.gold]
    others = [entity for entity in entities if entity not in gold]
    spare, missing = others.pop(), random.choice(gold)
    shown = [entity for entity in entities if entity != spare]
    without = [spare if entity == missing else entity for entity in shown]
    solution = solve_question(world, asked, without)
    return Item(asked, _texts(world, shown), _texts(world, without), solution.missing)


_SYLLABUS = ("lookup", "lookup", *QUESTION_TYPES[1:], "lookup", "sum", "difference")


def _texts(world: World, entities: list[int]) -> tuple[str, ...]:
    return tuple(world.document(entity).text for entity in entities)
