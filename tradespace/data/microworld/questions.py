"""Questions about a world, of one to four hops, with their gold documents, hop count, type and answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Literal, get_args

from tradespace.data.microworld.words import MORE, MOST, RELATIONS
from tradespace.data.microworld.world import World
from tradespace.types import Question

QuestionType = Literal["lookup", "sum", "difference", "comparison", "superlative", "count"]
QUESTION_TYPES: tuple[QuestionType, ...] = get_args(QuestionType)
MOST_HOPS = 4


@dataclass(frozen=True, slots=True)
class Term:
    """A path through the world: start at an entity, then follow the nouns one by one."""

    start: int
    nouns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MicroQuestion:
    """A question with its type, the number of facts to look up, and the structure behind its text.

    `terms` are what to look up, `value` what a count counts. The gold documents together give the answer.
    """

    question: Question
    type: QuestionType
    hops: int
    terms: tuple[Term, ...]
    value: str = ""


def walk(world: World, term: Term) -> Iterator[tuple[int, str, str]]:
    """Yield (entity, noun, value) for each step along a term."""
    entity: int | None = term.start
    for noun in term.nouns:
        assert entity is not None, "only the last noun of a term may name no entity"
        fact = world.fact(entity, noun)
        yield entity, noun, fact.value
        entity = fact.target


def term_value(world: World, term: Term) -> str:
    """Return what a term evaluates to."""
    return list(walk(world, term))[-1][2]


def question(
    world: World, random: Random, kind: QuestionType, identifier: str, starts: tuple[int, ...] = ()
) -> MicroQuestion:
    """Draw one question of a type; its terms start at `starts` where given, else anywhere in the world.

    Where so few starts hardly allow the type (three people of one age have no oldest), a lookup is drawn instead.
    """
    for _ in range(50):
        drawn = _DRAW[kind](world, random, starts or range(world.size))
        if drawn is not None:
            terms, text, value, answer = drawn
            steps = [step for term in terms for step in walk(world, term)]
            gold = tuple(dict.fromkeys(world.document_id(entity) for entity, _, _ in steps))
            return MicroQuestion(Question(identifier, text, (answer,), gold), kind, len(steps), terms, value)
    return question(world, random, "lookup", identifier, starts)


_Drawn = tuple[tuple[Term, ...], str, str, str] | None
_Starts = tuple[int, ...] | range


def _lookup(world: World, random: Random, starts: _Starts) -> _Drawn:
    term = _path(world, random, random.choice(starts), random.choice((1, 1, 2, 2, 3, 4)))
    if term is None:
        return None
    inner = _phrase(world, Term(term.start, term.nouns[:-1]))
    relation = next(r for kind in RELATIONS.values() for r in kind if r.noun == term.nouns[-1])
    wording = random.choice((relation.question, f"what is the {relation.noun} of {{}}?"))
    return (term,), wording.format(inner), "", term_value(world, term)


def _sum(world: World, random: Random, starts: _Starts) -> _Drawn:
    terms = _numbers(world, random, starts)
    if terms is None:
        return None
    first, second = (_phrase(world, term) for term in terms)
    text = random.choice(("what is {} plus {}?", "what is the sum of {} and {}?")).format(first, second)
    return terms, text, "", str(sum(int(term_value(world, term)) for term in terms))


def _difference(world: World, random: Random, starts: _Starts) -> _Drawn:
    terms = _numbers(world, random, starts)
    if terms is None:
        return None
    first, second = (_phrase(world, term) for term in terms)
    values = [int(term_value(world, term)) for term in terms]
    text = f"what is the difference between {first} and {second}?"
    return terms, text, "", str(abs(values[0] - values[1]))


def _comparison(world: World, random: Random, starts: _Starts) -> _Drawn:
    terms = _alike(world, random, starts, 2, random.choice((1, 1, 2)))
    if terms is None:
        return None
    names = [world.name(term.start) for term in terms]
    prefix = "who" if len(terms[0].nouns) == 1 else f"whose {terms[0].nouns[0]}"
    text = f"{prefix} {MORE[terms[0].nouns[-1]]}, {_title(names[0])} or {_title(names[1])}?"
    return _extreme(world, terms, text)


def _superlative(world: World, random: Random, starts: _Starts) -> _Drawn:
    terms = _alike(world, random, starts, 3, 1)
    if terms is None:
        return None
    first, second, third = (_title(world.name(term.start)) for term in terms)
    return _extreme(world, terms, f"who {MOST[terms[0].nouns[-1]]} of {first}, {second} and {third}?")


def _count(world: World, random: Random, starts: _Starts) -> _Drawn:
    people = _distinct(random, [s for s in starts if world.kind(s) == "person"] if len(starts) < 99 else starts, 3)
    if any(world.kind(person) != "person" for person in people) or len(people) < 3:
        return None
    noun = random.choice(("home", "employer"))
    terms = tuple(Term(person, (noun,)) for person in people)
    value = term_value(world, random.choice(terms))
    first, second, third = (_title(world.name(person)) for person in people)
    verb = {"home": "live in", "employer": "work for"}[noun]
    text = f"how many of {first}, {second} and {third} {verb} {_title(value)}?"
    return terms, text, value, str(sum(term_value(world, term) == value for term in terms))


_DRAW = {
    "lookup": _lookup,
    "sum": _sum,
    "difference": _difference,
    "comparison": _comparison,
    "superlative": _superlative,
    "count": _count,
}


def _path(world: World, random: Random, start: int, hops: int) -> Term | None:
    """Draw a path that never visits an entity twice."""
    entity, visited, nouns = start, {start}, []
    for hop in range(hops):
        last = hop == hops - 1
        fact = random.choice([f for f in world.facts(entity) if last or f.target is not None])
        nouns.append(fact.relation.noun)
        if fact.target in visited:
            return None
        if fact.target is not None:
            entity = fact.target
            visited.add(entity)
    return Term(start, tuple(nouns))


def _numbers(world: World, random: Random, starts: _Starts) -> tuple[Term, ...] | None:
    """Draw two different terms that evaluate to numbers."""
    terms = tuple(_numeric(world, random, random.choice(starts), random.choice((1, 1, 1, 2))) for _ in range(2))
    return terms if terms[0] != terms[1] else None


def _numeric(world: World, random: Random, start: int, hops: int) -> Term:
    nouns: tuple[str, ...] = ()
    entity = start
    if hops == 2:
        fact = random.choice([f for f in world.facts(start) if f.target is not None])
        assert fact.target is not None, "the facts were filtered to those that name an entity"
        nouns, entity = (fact.relation.noun,), fact.target
    number = next(f.relation.noun for f in world.facts(entity) if f.relation.target == "number")
    return Term(start, (*nouns, number))


def _alike(world: World, random: Random, starts: _Starts, count: int, hops: int) -> tuple[Term, ...] | None:
    """Draw `count` terms with the same nouns from different entities of one kind."""
    first = _numeric(world, random, random.choice(starts), hops)
    kind = world.kind(first.start)
    same = [s for s in starts if world.kind(s) == kind] if len(starts) < 99 else starts
    entities = _distinct(random, same, count)
    if len(entities) < count or any(world.kind(entity) != kind for entity in entities):
        return None
    return tuple(Term(entity, first.nouns) for entity in entities)


def _distinct(random: Random, population: _Starts | list[int], count: int) -> list[int]:
    return random.sample(population, min(count, len(population)))


def _extreme(world: World, terms: tuple[Term, ...], text: str) -> _Drawn:
    values = [int(term_value(world, term)) for term in terms]
    if len(set(values)) < len(values):
        return None
    return terms, text, "", world.name(terms[values.index(max(values))].start)


def _phrase(world: World, term: Term) -> str:
    name = _title(world.name(term.start))
    return "".join(f"the {noun} of " for noun in reversed(term.nouns)) + name


def _title(name: str) -> str:
    return name.title()
