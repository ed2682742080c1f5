"""Training text: conversations about fresh worlds, copying drills and sums, all drawn from one seeded stream."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from tradespace.data.microworld.questions import MicroQuestion, QuestionType, question
from tradespace.data.microworld.solutions import (
    MODES,
    UNKNOWN_ANSWER,
    Mode,
    Solution,
    addition,
    solve_question,
    subtraction,
)
from tradespace.data.microworld.world import SMALLEST_WORLD, World

MOST_PASSAGES = 8
MODE_WEIGHTS = {"direct": 3, "think": 5, "calculate": 1.5, "ask": 1, "judge": 1.5}
TYPE_WEIGHTS: dict[QuestionType, float] = {
    "lookup": 6, "sum": 1.5, "difference": 1.5, "comparison": 1, "superlative": 1, "count": 1,
}  # fmt: skip
UNKNOWN_SHARE = 0.12


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation, the mode it is asked in, and what should be written."""

    asked: str
    mode: Mode
    written: str


def user_message(passages: list[str], asked: str, proposed: str = "") -> str:
    """Return the content of the user message: the passages, the question and, in mode judge, a proposed answer."""
    documents = "".join(f"* {passage} " for passage in passages)
    return f"{documents}question: {asked}" + (f" proposed: {proposed}" if proposed else "")


def conversation(random: Random, level: float) -> Iterator[Turn]:
    """Yield turns without end about one fresh world; the first carries the passages.

    `level` in [0, 1] is the place in the curriculum: contexts grow from 2-3 to 3-8 passages.
    """
    size = random.randint(SMALLEST_WORLD, 40)
    joined = random.choice((0.0, 0.25 * level))
    world = World(random.getrandbits(40), size, extra_words=int(random.random() < 0.1 * level), joined=joined)
    count = random.randint(2 + round(level), 3 + round((MOST_PASSAGES - 3) * level))
    first = _question(world, random, ())
    visible = context(world, random, first, count)
    passages = [world.document(entity).text for entity in visible]
    while True:
        asked, solution = _answerable(world, random, visible)
        yield _turn(world, random, asked, solution, passages)
        passages = []


def context(world: World, random: Random, wanted: MicroQuestion, count: int) -> list[int]:
    """Choose whose documents are shown: the wanted ones, linked ones, ones of the same kinds, and others."""
    chosen = [world.entity(document) for document in wanted.question.gold][:count]
    while len(chosen) < count:
        links = [fact.target for entity in chosen for fact in world.facts(entity) if fact.target is not None]
        kind = world.kind(random.choice(chosen))
        alike = world.member(kind, random.randrange(world.population(kind)))
        drawn = random.choice((random.choice(links), alike, random.randrange(world.size)))
        if drawn not in chosen:
            chosen.append(drawn)
    random.shuffle(chosen)
    return chosen


def _question(world: World, random: Random, starts: tuple[int, ...]) -> MicroQuestion:
    kinds, weights = zip(*TYPE_WEIGHTS.items(), strict=True)
    kind = random.choices(kinds, weights)[0]
    people = sum(world.kind(start) == "person" for start in starts)
    if starts and people < 3 and kind != "lookup":
        kind = "lookup" if len(starts) < 2 else random.choice(("lookup", "sum", "difference"))
    return question(world, random, kind, "", starts)


def _answerable(world: World, random: Random, visible: list[int]) -> tuple[MicroQuestion, Solution]:
    """Draw a question that the visible documents answer or, in a fixed share of cases, one that they do not."""
    unknown = random.random() < UNKNOWN_SHARE
    for _ in range(20):
        asked = _question(world, random, tuple(visible))
        solution = solve_question(world, asked, visible)
        if (solution.answer == UNKNOWN_ANSWER) == unknown:
            break
    return asked, solution


def _turn(world: World, random: Random, asked: MicroQuestion, solution: Solution, passages: list[str]) -> Turn:
    mode: Mode = random.choices(MODES, [MODE_WEIGHTS[mode] for mode in MODES])[0]
    proposed = _proposal(world, random, asked) if mode == "judge" else ""
    return Turn(user_message(passages, asked.question.text, proposed), mode, solution.written(mode, proposed))


def _proposal(world: World, random: Random, asked: MicroQuestion) -> str:
    """Return the true answer or, as often, a false one of the same kind."""
    answer = asked.question.answers[0]
    if random.random() < 0.5:
        return answer
    if answer.isdigit():
        return str(max(0, int(answer) + random.choice((-10, -2, -1, 1, 2, 10))))
    return world.name(random.randrange(world.size))


def sums(random: Random) -> Iterator[Turn]:
    """Yield additions and subtractions of two-digit numbers without end, asked without any passage."""
    while True:
        small, large = sorted((random.randint(10, 99), random.randint(10, 99)))
        first, second = random.sample((small, large), 2)
        mode: Mode = random.choice(("direct", "think", "think"))
        plus = random.random() < 0.5
        working = addition(first, second) if plus else subtraction(large, small)
        solution = Solution((), working, str(first + second if plus else large - small), "", "none")
        text = f"{first} plus {second}" if plus else f"the difference between {first} and {second}"
        yield Turn(user_message([], f"what is {text}?"), mode, solution.written(mode))
