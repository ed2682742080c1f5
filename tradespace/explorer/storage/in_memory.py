"""A ledger and evaluations in the memory of one process, gone when their object is: for plans, trials and tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from threading import Lock
from typing import ClassVar

from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.explorer.storage.base import Database, EvaluationStore, Ledger, Storage
from tradespace.explorer.storage.entries import Contents, Entry, Sample, Share, Timing, largest_first
from tradespace.explorer.storage.evaluation_codec import decode, encode
from tradespace.explorer.storage.timing_keys import call_timing_key


class InMemory(Database):
    """Every URL, such as "memory://", opens an empty one."""

    scheme: ClassVar[str] = "memory"
    persistent: ClassVar[bool] = False

    def ledger(self, url: str) -> Ledger:
        """A ledger that holds nothing yet."""
        return InMemoryLedger()

    def evaluations(self, url: str) -> EvaluationStore:
        """A store that holds nothing yet."""
        return InMemoryEvaluationStore()


class _InMemoryStorage(Storage):
    """Nothing of it lies on a disk. One thread at a time reads or changes it."""

    rescue = "Start afresh: its contents are stored nowhere else"
    writable = True

    def __init__(self) -> None:
        self._lock = Lock()

    def faults(self) -> list[str]:
        """Nothing can be wrong with its structure."""
        return []

    def compact(self) -> None:
        """What was removed takes no room."""

    def close(self) -> None:
        """There is nothing to let go of."""


class InMemoryLedger(_InMemoryStorage, Ledger):
    """Outcomes by their keys, and samples, in the order that they were stored in."""

    where = "a ledger in memory"

    def __init__(self) -> None:
        super().__init__()
        self._entries: dict[bytes, Entry] = {}
        self._samples: list[Sample] = []

    def _stored(self, keys: Sequence[bytes]) -> list[tuple[bytes, bytes, int]]:
        with self._lock:
            entries = [self._entries[key] for key in keys if key in self._entries]
        return [(entry.key, entry.value, entry.checksum) for entry in entries]

    def _append(self, samples: Sequence[Sample]) -> None:
        with self._lock:
            self._samples += samples

    def __bool__(self) -> bool:
        return bool(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def entries(self) -> Iterator[list[Entry]]:
        """All outcomes in one batch."""
        with self._lock:
            entries = list(self._entries.values())
        if entries:
            yield entries

    def add(self, entries: Sequence[Entry]) -> int:
        """Store entries, and return how many are new."""
        with self._lock:
            before = len(self._entries)
            for entry in entries:
                self._entries.setdefault(entry.key, entry)
            return len(self._entries) - before

    def timings(self, works: Iterable[str], host: str | None = None) -> list[Timing]:
        """Look at every sample."""
        chosen = set(works)
        with self._lock:
            samples = [sample for sample in self._samples if sample.work in chosen and host in (None, sample.host)]
        return [sample.timing for sample in samples]

    def samples(self) -> Iterator[list[Sample]]:
        """All samples in one batch."""
        with self._lock:
            samples = list(self._samples)
        if samples:
            yield samples

    def add_samples(self, samples: Sequence[Sample]) -> int:
        """Store the new ones."""
        with self._lock:
            known = set(self._samples)
            new = [sample for sample in dict.fromkeys(samples) if sample not in known]
            self._samples += new
        return len(new)

    def forget(self, keys: Sequence[bytes]) -> None:
        """Delete outcomes and timings of calls."""
        works = set(map(call_timing_key, keys))
        with self._lock:
            for key in keys:
                self._entries.pop(key, None)
            self._samples = [sample for sample in self._samples if sample.work not in works]

    def forget_components(self, components: Collection[str]) -> int:
        """Delete the outcomes of components."""
        with self._lock:
            kept = {key: entry for key, entry in self._entries.items() if entry.component not in components}
            removed, self._entries = len(self._entries) - len(kept), kept
        return removed

    def forget_hosts(self, hosts: Collection[str]) -> int:
        """Delete the samples of hosts."""
        with self._lock:
            kept = [sample for sample in self._samples if sample.host not in hosts]
            removed, self._samples = len(self._samples) - len(kept), kept
        return removed

    def contents(self) -> Contents:
        """What is stored takes the bytes of its keys and values."""
        sizes, counts = Counter[str](), Counter[str]()
        with self._lock:
            for entry in self._entries.values():
                counts[entry.component] += 1
                sizes[entry.component] += len(entry.key) + len(entry.value)
            hosts = Counter(sample.host for sample in self._samples)
        return Contents(
            largest_first(Share(name, counts[name], sizes[name]) for name in counts),
            largest_first(Share(host, count) for host, count in hosts.items()),
            sizes.total(),
        )


_Place = tuple[str, str, QuestionSet, str]
"""Context, host, question set and pipeline."""


class InMemoryEvaluationStore(_InMemoryStorage, EvaluationStore):
    """Evaluations as they would be written down, so that what could not be is refused here too."""

    where = "a store of evaluations in memory"

    def __init__(self) -> None:
        super().__init__()
        self._evaluations: dict[_Place, tuple[bytes, bytes]] = {}

    def read(self, context: str, host: str, question_set: QuestionSet) -> dict[str, Evaluation]:
        """Decode them."""
        return {place[3]: decode(*parts) for place, parts in self._all() if place[:3] == (context, host, question_set)}

    def hosts(self, context: str) -> list[str]:
        """The hosts of a context."""
        return sorted({place[1] for place, _ in self._all() if place[0] == context})

    def pipelines(self, context: str, question_set: QuestionSet) -> list[str]:
        """The pipelines of a context."""
        places = [place for place, _ in self._all()]
        return list(dict.fromkeys(place[3] for place in places if (place[0], place[2]) == (context, question_set)))

    def write(self, context: str, host: str, evaluations: Sequence[Evaluation]) -> None:
        """Encode all of them before any is stored."""
        parts = {
            (context, host, evaluation.question_set, evaluation.pipeline): encode(evaluation)
            for evaluation in evaluations
        }
        with self._lock:
            self._evaluations |= parts

    def forget(self, context: str, pipelines: Iterable[str]) -> None:
        """Delete the evaluations of pipelines."""
        doomed = set(pipelines)
        with self._lock:
            for place in [place for place in self._evaluations if place[0] == context and place[3] in doomed]:
                del self._evaluations[place]

    def counts(self) -> dict[tuple[str, str], int]:
        """Count them."""
        return Counter(place[:2] for place, _ in self._all())

    def forget_places(self, places: Collection[tuple[str, str]]) -> int:
        """Delete the evaluations of contexts and hosts."""
        with self._lock:
            doomed = [place for place in self._evaluations if place[:2] in places]
            for place in doomed:
                del self._evaluations[place]
        return len(doomed)

    def _all(self) -> list[tuple[_Place, tuple[bytes, bytes]]]:
        with self._lock:
            return list(self._evaluations.items())
