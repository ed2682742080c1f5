"""What the operators yield, and what they come to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.components.base import Call
from tradespace.components.processes import Rounds
from tradespace.components.strategies import algebra
from tradespace.components.strategies.algebra import Ballot, cascade, cluster, loop, route, sample, score, top, vote
from tradespace.testing.scripted import Scripted
from tradespace.types import Answer, Completion, Outcome, Prompt

T = TypeVar("T")
MODEL = Scripted()


def ask(number: int) -> Call:
    """The call for one sample."""
    return Call(MODEL, Prompt((), sample=number))


def steps(process: Rounds[T]) -> tuple[list[list[int]], T]:
    """The sample numbers of each round's calls, and the result; sample n is answered with the text n."""
    yielded: list[list[int]] = []
    outcomes: Sequence[Outcome] | None = None
    while True:
        try:
            calls = next(process) if outcomes is None else process.send(outcomes)
        except StopIteration as finished:
            return yielded, finished.value
        yielded.append([call.request.sample for call in calls])
        outcomes = [Completion(str(call.request.sample), 1, 1) for call in calls]


def asking(*numbers: int, answer: Answer) -> Rounds[Answer]:
    """A process with one call in each of its rounds."""
    for number in numbers:
        yield (ask(number),)
    return answer


def test_samples_are_drawn_in_one_round() -> None:
    """From the number asked for on."""
    yielded, completions = steps(sample(ask, 3, first=4))
    assert yielded == [[4, 5, 6]]
    assert [completion.text for completion in completions] == ["4", "5", "6"]


def test_scores_are_given_side_by_side() -> None:
    """As many rounds as the longest judge takes; items and scores keep their order."""

    def judge(item: int) -> Rounds[float]:
        for number in range(item):
            yield (ask(10 * item + number),)
        return float(item)

    assert steps(score([2, 0, 1], judge)) == ([[20, 10], [21]], [2.0, 0.0, 1.0])


def test_a_filter_keeps_what_passes_in_order() -> None:
    """All are tested in the same round."""

    def test(item: int) -> Rounds[bool]:
        yield (ask(item),)
        return item % 2 == 0

    assert steps(algebra.filter([4, 3, 2], test)) == ([[4, 3, 2]], [4, 2])


@pytest.mark.parametrize(
    ("accept", "rounds", "text"),
    [((0.5, 0.5), [[1]], "a"), ((0.7, 0.5), [[1], [2], [3]], "b"), ((0.7, 0.9), [[1], [2], [3], [4]], "c")],
)
def test_a_cascade_adds_the_rounds_of_all_that_it_tried(
    accept: tuple[float, float], rounds: list[list[int]], text: str
) -> None:
    """Members after the first that is sure enough are not started; the last answer stands in any case."""
    sure, surer, unsure = Answer("a", 0, confidence=0.6), Answer("b", 0, confidence=0.8), Answer("c", 0, confidence=0.1)
    members = [
        (asking(1, answer=sure), accept[0]),
        (asking(2, 3, answer=surer), accept[1]),
        (asking(4, answer=unsure), 1),
    ]
    yielded, answer = steps(cascade(members))
    assert (yielded, answer.text) == (rounds, text)


@pytest.mark.parametrize(("above", "rounds"), [(True, [[1]]), (False, [[2], [3]])])
def test_a_route_takes_one_way(above: bool, rounds: list[list[int]]) -> None:
    """The other is never started."""
    high, low = asking(1, answer=Answer("high", 0)), asking(2, 3, answer=Answer("low", 0))
    assert steps(route(above, high, low))[0] == rounds


@pytest.mark.parametrize(("deadline", "turns"), [(0, 0), (2, 2), (9, 5)])
def test_a_loop_ends_when_its_state_will_do_or_time_is_up(deadline: int, turns: int) -> None:
    """Turns follow one another."""

    def turn(state: int) -> Rounds[int]:
        yield (ask(state),)
        return state + 1

    yielded, state = steps(loop(0, turn, until=lambda state: state >= 5, deadline=deadline))
    assert (yielded, state) == ([[number] for number in range(turns)], turns)


@given(st.lists(st.integers(0, 6), max_size=30))
def test_clusters_hold_what_is_alike_largest_first(items: list[int]) -> None:
    """Every item once; of equally large clusters the one met first comes first."""
    clusters = cluster(items, lambda one, other: one % 3 == other % 3)
    assert sorted(item for members in clusters for item in members) == sorted(items)
    assert all(len({item % 3 for item in members}) == 1 for members in clusters)
    expected = sorted(dict.fromkeys(item % 3 for item in items), key=lambda kind: -sum(i % 3 == kind for i in items))
    assert [members[0] % 3 for members in clusters] == expected


@given(st.lists(st.integers(-3, 3), max_size=20), st.integers(0, 25))
def test_the_top_are_the_best_in_order(scores: list[int], n: int) -> None:
    """Equal scores keep the order of their items."""
    expected = sorted(range(len(scores)), key=lambda place: (-scores[place], place))[:n]
    assert top(range(len(scores)), [float(one) for one in scores], n) == expected


@given(st.lists(st.sampled_from(["yes", "YES", "no", "maybe", ""]), max_size=20))
def test_a_vote_is_won_by_the_most_frequent_answer(votes: list[str]) -> None:
    """Its confidence is its share of all votes, abstentions too; answers are compared in their normal form."""
    answer = vote([Ballot(one) for one in votes])
    counts = {name: sum(one.lower() == name for one in votes) for name in ("yes", "no", "maybe")}
    assert (answer.text.lower() or "nothing") in (
        {n for n, c in counts.items() if c == max(counts.values()) > 0} or {"nothing"}
    )
    assert answer.confidence == (max(counts.values()) / len(votes) if votes else 0.0)


def test_weights_may_beat_numbers() -> None:
    """One very probable answer against two improbable ones."""
    answer = vote([Ballot("a", 0.1), Ballot("b", 0.9), Ballot("a", 0.2)])
    assert (answer.text, answer.confidence) == ("b", pytest.approx(0.75))


def test_numbers_are_the_same_however_they_are_written() -> None:
    """The first wording stands."""
    assert vote([Ballot("2"), Ballot("0.5"), Ballot("1/2")], form="number").text == "0.5"
