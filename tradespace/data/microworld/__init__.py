"""`microworld`: a synthetic world as a dataset, of any number of documents, streamed and seeded.

Every document tells about one person, town or institution in varied wording; questions need one to four of them,
and ask for a fact, a sum, a difference, a comparison, a superlative or a count.
"""

from collections.abc import Iterator
from random import Random

from tradespace.data.microworld.questions import QUESTION_TYPES, MicroQuestion, QuestionType, question
from tradespace.data.microworld.world import World
from tradespace.types import Document

__all__ = ["QUESTION_TYPES", "MicroQuestion", "QuestionType", "World", "world_documents", "world_questions"]


def world_documents(seed: int, count: int) -> Iterator[Document]:
    """Yield the `count` documents of a world (at least 10), lazily and in constant memory."""
    return World(seed, count).documents()


def world_questions(
    seed: int, documents: int, count: int, types: tuple[QuestionType, ...] = QUESTION_TYPES
) -> Iterator[MicroQuestion]:
    """Yield `count` questions about the world of `world_documents(seed, documents)`, the types in turn."""
    world = World(seed, documents)
    for number in range(count):
        random = Random((seed << 48) ^ number)
        yield question(world, random, types[number % len(types)], f"microworld-{seed}-{documents}-q{number}")
