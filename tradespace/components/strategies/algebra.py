"""A small algebra, of which strategies are made.

Each operator is a part of a process. What it costs follows from what it yields: calls of one round are made side by
side, and a round waits for the one before.

| operator | rounds | calls |
|---|---|---|
| `sample(k)` | 1 | k |
| `score`, `filter` | those of the longest member | those of all members |
| `cascade` | those of all members tried, one after the other | those of all members tried |
| `route` | those of the way taken | those of the way taken |
| `loop` | those of all turns, one after the other | those of all turns |
| `cluster`, `top`, `vote` | 0 | 0 |

`yield from` after `yield from` is serial, `side_by_side` is parallel, `sample` within `loop` draws in waves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tradespace.components.answers import Form, same
from tradespace.components.base import Call, completion_of
from tradespace.components.processes import Rounds, side_by_side
from tradespace.types import Answer, Completion

T = TypeVar("T")


def sample(ask: Callable[[int], Call], k: int, first: int = 0) -> Rounds[list[Completion]]:
    """Draw k completions in parallel, from number `first` on; `ask` makes the call for one number."""
    outcomes = yield [ask(number) for number in range(first, first + k)]
    return [completion_of(outcome) for outcome in outcomes]


def score(items: Sequence[T], judge: Callable[[T], Rounds[float]]) -> Rounds[list[float]]:
    """The verdict of a judge on each item, all judged in parallel."""
    return (yield from side_by_side([judge(item) for item in items]))


def filter(items: Sequence[T], test: Callable[[T], Rounds[bool]]) -> Rounds[list[T]]:
    """The items that pass a test, all tested in parallel, in their order."""
    passed = yield from side_by_side([test(item) for item in items])
    return [item for item, kept in zip(items, passed, strict=True) if kept]


def cascade(members: Iterable[tuple[Rounds[Answer], float]]) -> Rounds[Answer]:
    """The first answer at least as confident as its member must be, or else the last. Later members do not start."""
    answer = Answer("", 0.0)
    for member, accept in members:
        answer = yield from member
        if confidence(answer) >= accept:
            return answer
    return answer


def route(above: bool, high: Rounds[T], low: Rounds[T]) -> Rounds[T]:
    """One way or the other; the way not taken does not start."""
    return (yield from high if above else low)


def loop(state: T, turn: Callable[[T], Rounds[T]], until: Callable[[T], bool], deadline: int) -> Rounds[T]:
    """Take turns until the state will do, at most `deadline` of them.

    A deadline counts turns, not seconds: what a process comes to must not depend on how fast the machine is, or it
    could not be replayed from the ledger.
    """
    for _ in range(deadline):
        if until(state):
            break
        state = yield from turn(state)
    return state


def cluster(items: Iterable[T], alike: Callable[[T, T], bool]) -> list[list[T]]:
    """Items that are alike together, the largest cluster first, of equally large ones the one met first.

    `alike` is asked about the first item of each cluster, and must be an equivalence.
    """
    clusters: list[list[T]] = []
    for item in items:
        home = next((members for members in clusters if alike(members[0], item)), None)
        if home is None:
            clusters.append([item])
        else:
            home.append(item)
    return sorted(clusters, key=len, reverse=True)


def top(items: Sequence[T], scores: Sequence[float], n: int) -> list[T]:
    """The n items that score highest, best first; among equals the earlier one comes first."""
    order = sorted(range(len(items)), key=lambda place: -scores[place])
    return [items[place] for place in order[:n]]


@dataclass(frozen=True, slots=True)
class Ballot:
    """A vote for an answer. An empty answer is an abstention."""

    answer: str
    weight: float = 1.0


def vote(ballots: Sequence[Ballot], form: Form = "span") -> Answer:
    """The answer with the greatest weight; its score and confidence are its share of all the weight, abstentions too.

    Answers that are the same in their form stand together, in the wording of the first. Among equals the one with more
    ballots wins, then the one voted for first.
    """
    parties = cluster(
        (ballot for ballot in ballots if ballot.answer), lambda ballot, other: same(ballot.answer, other.answer, form)
    )
    weights = [sum(ballot.weight for ballot in party) for party in parties]
    if not parties:
        return Answer("", 0.0, confidence=0.0)
    (winner,) = top(parties, weights, 1)
    share = max(weights) / sum(ballot.weight for ballot in ballots)
    return Answer(winner[0].answer, share, confidence=share)


def confidence(answer: Answer) -> float:
    """How sure an answer is: its confidence or, where a component has none, its score. Cascades decide by it."""
    return answer.score if answer.confidence is None else answer.confidence
