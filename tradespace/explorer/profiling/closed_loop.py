"""Replicas that are kept busy: each is handed its next batch as soon as it has answered one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from selectors import EVENT_READ, DefaultSelector
from typing import TypeVar

from tradespace.explorer.running.replicas import BatchAnswered, Replica
from tradespace.types import Request

Label = TypeVar("Label")


def keep_busy(
    replicas: Sequence[Replica], batches: Iterator[tuple[Label, Sequence[Request]]], count: int
) -> list[tuple[Label, BatchAnswered]]:
    """Have batches answered by replicas that all work until the last of them is.

    Args:
        replicas: started, and idle, as they are again when this returns.
        batches: what they are handed, without end; each with what it is known by.
        count: how many, in all.

    Raises:
        ReplicaLostError: a process ended.
    """
    under_way = {replica: _hand_over(replica, batches) for replica in replicas}
    answered: list[tuple[Label, BatchAnswered]] = []
    while len(answered) < count:
        for replica in _ready(list(under_way)):
            answered.append((under_way.pop(replica), replica.receive()))
            if len(answered) < count:
                under_way[replica] = _hand_over(replica, batches)
    for replica in under_way:
        replica.receive()  # it worked alone at the end
    return answered


def _hand_over(replica: Replica, batches: Iterator[tuple[Label, Sequence[Request]]]) -> Label:
    label, requests = next(batches)
    replica.send(requests)
    return label


def _ready(replicas: Sequence[Replica]) -> list[Replica]:
    """The replicas that have answered; waits until there are any."""
    with DefaultSelector() as selector:
        for replica in replicas:
            selector.register(replica.fileno(), EVENT_READ, replica)
        return [key.data for key, _ in selector.select()]
