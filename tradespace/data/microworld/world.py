"""A seeded world of any size whose documents are pure functions of (seed, size, number).

Nothing is stored: entity number i, its facts and its wording are drawn from a random stream seeded by i, so the
ten-millionth document costs what the first one does and a corpus streams in constant memory.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import gcd
from random import Random

from tradespace.data.microworld.words import ENTITY_NAMES, REGIONS, RELATIONS, EntityKind, Relation
from tradespace.types import Document

SMALLEST_WORLD = 10
_CYCLE: tuple[EntityKind, ...] = ("person", "person", "person", "town", "institution")
_SLOTS: dict[EntityKind, tuple[int, ...]] = {"person": (0, 1, 2), "town": (3,), "institution": (4,)}


@dataclass(frozen=True, slots=True)
class Fact:
    """What one document says about one relation: `value` as written, `target` the entity number it names, if any."""

    relation: Relation
    value: str
    target: int | None


@dataclass(frozen=True)
class World:
    """`size` entities numbered from 0: three persons, one town and one institution in every five.

    `extra_words` lengthens every name beyond what uniqueness needs (0: as short as possible); `joined` is the
    probability that a fact shares the sentence of the one before.
    """

    seed: int
    size: int
    extra_words: int = 0
    joined: float = 0.25

    def __post_init__(self) -> None:
        if self.size < SMALLEST_WORLD:
            raise ValueError(f"a world has at least {SMALLEST_WORLD} entities, not {self.size}: ask for more documents")

    def kind(self, entity: int) -> EntityKind:
        """Return what the entity is."""
        return _CYCLE[entity % len(_CYCLE)]

    def population(self, kind: EntityKind) -> int:
        """Return the number of entities of a kind."""
        cycles, rest = divmod(self.size, len(_CYCLE))
        return cycles * len(_SLOTS[kind]) + sum(slot < rest for slot in _SLOTS[kind])

    def member(self, kind: EntityKind, rank: int) -> int:
        """Return the number of the entity that is the `rank`-th of its kind."""
        cycle, slot = divmod(rank, len(_SLOTS[kind]))
        return cycle * len(_CYCLE) + _SLOTS[kind][slot]

    def name(self, entity: int) -> str:
        """Return the entity's name, unique within its kind: a seeded bijection from ranks to word sequences."""
        return _name(self, entity)

    def _rank(self, entity: int) -> int:
        slots = _SLOTS[self.kind(entity)]
        return entity // len(_CYCLE) * len(slots) + slots.index(entity % len(_CYCLE))

    def _name_width(self, kind: EntityKind) -> int:
        width = 1
        while len(ENTITY_NAMES[kind]) ** width < self.population(kind):
            width += 1
        return width + self.extra_words

    def facts(self, entity: int) -> tuple[Fact, ...]:
        """Return the entity's facts in the canonical order of its relations."""
        return _facts(self, entity)

    def fact(self, entity: int, noun: str) -> Fact:
        """Return one fact by its noun; KeyError when entities of this kind have no such relation."""
        for fact in self.facts(entity):
            if fact.relation.noun == noun:
                return fact
        raise KeyError(noun)

    def _drawn_facts(self, entity: int) -> tuple[Fact, ...]:
        random = self._stream(entity)
        return tuple(self._fact(entity, relation, random) for relation in RELATIONS[self.kind(entity)])

    def _fact(self, entity: int, relation: Relation, random: Random) -> Fact:
        if relation.target == "number":
            return Fact(relation, str(random.randint(10, 99)), None)
        if relation.target == "region":
            return Fact(relation, random.choice(REGIONS), None)
        target = self.member(relation.target, random.randrange(self.population(relation.target)))
        while target == entity:
            target = self.member(relation.target, random.randrange(self.population(relation.target)))
        return Fact(relation, self.name(target), target)

    def document_id(self, entity: int) -> str:
        """Return the id of the document about an entity."""
        return f"microworld-{self.seed}-{entity}"

    def entity(self, document_id: str) -> int:
        """Return the number of the entity that a document is about."""
        return int(document_id.rpartition("-")[2])

    def document(self, entity: int) -> Document:
        """Return the passage about an entity: all its facts, in shuffled order and varied wording."""
        random = self._stream(-1 - entity)
        name = self.name(entity).title()
        facts = list(self.facts(entity))
        random.shuffle(facts)
        clauses = [random.choice(fact.relation.clauses).format(_written(fact)) for fact in facts]
        return Document(self.document_id(entity), _passage(name, clauses, random, self.joined), name)

    def documents(self) -> Iterator[Document]:
        """Yield every document, lazily."""
        return (self.document(entity) for entity in range(self.size))

    def _stream(self, key: int) -> Random:
        return Random((self.seed << 48) ^ (2 * abs(key) + (key < 0)))


# A walk asks for the same facts again and again; bounded, so that streaming stays in constant memory.
@lru_cache(maxsize=4096)
def _facts(world: World, entity: int) -> tuple[Fact, ...]:
    return world._drawn_facts(entity)


@lru_cache(maxsize=4096)
def _name(world: World, entity: int) -> str:
    kind = world.kind(entity)
    words, width = ENTITY_NAMES[kind], world._name_width(kind)
    code = _scattered(world._rank(entity), len(words) ** width, world.seed)
    return " ".join(words[code // len(words) ** place % len(words)] for place in range(width))


def _written(fact: Fact) -> str:
    return fact.value if fact.value.isdigit() else fact.value.title()


def _passage(name: str, clauses: list[str], random: Random, joined: float) -> str:
    """Write clauses as sentences that each name their subject; a clause may join the sentence before."""
    text = f"{name} {clauses[0]}"
    for clause in clauses[1:]:
        text += f" and {clause}" if random.random() < joined else f". {name} {clause}"
    return text + "."


def _scattered(rank: int, capacity: int, seed: int) -> int:
    """Return the image of `rank` under an affine bijection of [0, capacity) drawn by the seed."""
    random = Random(seed)
    step = random.randrange(1, capacity)
    while gcd(step, capacity) != 1:
        step = random.randrange(1, capacity)
    return (rank * step + random.randrange(capacity)) % capacity
