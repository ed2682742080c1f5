"""A queue hands out batches by one rule, whatever comes in."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from tradespace.serving.batching import BatchQueue


@dataclass(eq=False)
class Item:
    """What waits."""

    kind: str = ""


arrivals = st.lists(
    st.tuples(st.floats(0, 5), st.sampled_from(["one pipeline", "another"])), min_size=1, max_size=30
).map(sorted)


def taken(queue: BatchQueue[Item], items: list[tuple[float, Item]]) -> list[tuple[float, list[Item]]]:
    """What a replica that is always free takes, with when: it looks whenever something enters or is due."""
    batches: list[tuple[float, list[Item]]] = []

    def look(now: float) -> None:
        while batch := queue.take(now):
            batches.append((now, batch))

    for now, item in items:
        while queue.due is not None and queue.due < now:
            look(queue.due)
        queue.enter(item, now)
        look(now)
    while queue.due is not None:
        look(queue.due)
    return batches


@given(arrivals, st.integers(1, 5), st.floats(0, 2))
def test_all_are_taken_once_in_batches_of_their_kind(arrived: list[tuple[float, str]], batch: int, wait: float) -> None:
    """In their order within a kind; of at most `batch`; none waits longer than `wait` for a free replica."""
    items = [(now, Item(kind)) for now, kind in arrived]
    entered = {item: now for now, item in items}
    batches = taken(BatchQueue(batch, wait), items)
    for now, together in batches:
        assert 1 <= len(together) <= batch
        assert len({item.kind for item in together}) == 1
        assert all(now <= entered[item] + wait for item in together)
        assert len(together) == batch or now == entered[together[0]] + wait
    for kind in ("one pipeline", "another"):
        in_order = [item for _, together in batches for item in together if item.kind == kind]
        assert in_order == [item for _, item in items if item.kind == kind]


def test_a_full_batch_does_not_wait() -> None:
    """Only one that may still fill up does."""
    queue: BatchQueue[Item] = BatchQueue(batch=2, wait=60)
    first, second = Item(), Item()
    queue.enter(first, 0.0)
    assert queue.take(59.0) == []
    queue.enter(second, 59.0)
    assert queue.take(59.0) == [first, second]


def test_what_leaves_is_not_taken() -> None:
    """Whoever waits no longer takes no replica's time."""
    queue: BatchQueue[Item] = BatchQueue()
    gone, stays = Item(), Item()
    queue.enter(gone, 0.0)
    queue.enter(stays, 0.0)
    queue.leave(gone)
    assert (queue.take(0.0), queue.take(0.0)) == ([stays], [])


def test_what_lost_its_replica_comes_first() -> None:
    """It has waited already."""
    queue: BatchQueue[Item] = BatchQueue(batch=2, wait=1.0)
    again, waiting = Item(), Item()
    queue.enter(waiting, 5.0)
    queue.enter_first(again, 5.5)
    assert queue.take(5.5) == [again, waiting]
