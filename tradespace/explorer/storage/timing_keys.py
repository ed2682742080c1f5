"""What a timing is keyed by: the content address of what was timed. To change one is to change this file.

Timings of components are known by the corpus too: a larger one takes longer to search.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

from tradespace.addresses import digest
from tradespace.components.base import Component, Pipeline
from tradespace.components.corpus import Corpus

CALIBRATION = digest(["calibration", "3"])
"""The machine itself: how long a fixed piece of work takes when it is quiet."""


def stage_key(component: Component, corpus: Corpus) -> str:
    """A stage as a whole: one that makes no calls, or whose calls are not known."""
    return digest([corpus.key, component.key])


def calls_key(component: Component, corpus: Corpus) -> str:
    """Calls that one component answers together."""
    return digest([corpus.key, component.key, "calls"])


def passes_key(component: Component, corpus: Corpus) -> str:
    """Passes of a network for calls that are answered together: whatever the corpus, where it is not searched."""
    return digest([component.address_in(corpus), component.key, "passes"])


def own_key(component: Component, corpus: Corpus) -> str:
    """What a stage computes itself, between its calls."""
    return digest([corpus.key, component.key, "own"])


def pipeline_key(pipeline: Pipeline, corpus: Corpus) -> str:
    """A pipeline from end to end."""
    return digest([corpus.key, pipeline.address])


def call_timing_key(call_key: bytes) -> str:
    """One call that was timed as it was made: that of its outcome (`storage.codec.call_key`)."""
    return call_key.hex()


def speed_key(kind: str) -> str:
    """What components of a kind take by character and by call, tried on a sample."""
    return digest(["speed", kind])


def calls_question(question: str, timing_keys: Iterable[str]) -> str:
    """The question of calls that are answered together: which of them they are too, for others may follow."""
    return f"{question} {digest(timing_keys)}"


def replica_key(data: str, pipeline: Pipeline, stages: Iterable[str], threads: int) -> str:
    """Some stages of a pipeline in a replica that computes in so many threads, over the documents of a data set that is
    known by its key."""
    held = set(stages)
    components = [component.key for stage, component in pipeline.online.items() if stage in held]
    corpus = " ".join(component.key for component in pipeline.corpus_stages)
    return digest(["replica", data, corpus, str(threads), *components])


def server_key(component: Component) -> str:
    """A model that a server of one's own answers for, asked by so many at once."""
    return digest(["server", component.key])


def handed_on_by(pipeline: Pipeline, stages: Iterable[str]) -> str:
    """The stages before some: what these are given depends on them, and on the question."""
    held = set(stages)
    return digest(
        component.key for _, component in takewhile(lambda named: named[0] not in held, pipeline.online.items())
    )
