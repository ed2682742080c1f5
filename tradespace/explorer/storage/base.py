"""What a ledger and a store of evaluations must do, whichever database keeps them.

Every storage, shared by threads or opened again by other processes, holds to the following. Suites in
`tradespace.testing` check it: `ledger_contract` and `evaluation_store_contract`.

- **Atomic.** A method that writes stores all that it was given or nothing: a kill, a full disk or an error in between
  leaves no half of it, and no call that reads sees one. What comes a batch at a time may grow between batches.
- **Durable.** What a method wrote is kept when it returns, even if the process is killed the moment after. After a
  power cut the last of these may be lost; what is left is whole.
- **Consistent.** A read sees all that was written before it began, by whomever.
- **Concurrent.** Any number of threads and processes read and write at once; no caller takes a lock. Writers wait for
  each other; one that would wait very long fails with a `LedgerError` that says so.
- **The first outcome stays.** An outcome is stored once: writing another under its key changes nothing, also when two
  writers meet. Timings are samples: each one that is recorded is added.
- **In order.** Outcomes, timings and evaluations are read back in the order of the writes that first stored them.
- **Damage is noticed.** An outcome that is not what was stored is never handed out.
- **Read-only.** A storage that may be read but not written opens all the same; only writing fails.
- **One kind of error.** All that can go wrong with it is raised as a `LedgerError`, which says what to do.

A database that outlives a process, and is open to others, says so (`Database.persistent`); one that does not keeps the
rest of it among the threads that share an object.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import ClassVar

from tradespace.errors import LedgerError
from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.explorer.storage.entries import Contents, Counts, Entry, Sample, Timing, checksum_of, sample_of


class Storage(ABC):
    """What every storage has, whatever is in it.

    Raises:
        LedgerError: it cannot be read or written, or is damaged; the message says what to do.
    """

    @property
    @abstractmethod
    def where(self) -> str:
        """Where it is kept, for messages; without passwords."""

    @property
    @abstractmethod
    def rescue(self) -> str:
        """What to do if it is damaged, as a sentence without its full stop."""

    @property
    @abstractmethod
    def writable(self) -> bool:
        """Whether anything can be stored by this process; what is there can be read all the same."""

    @abstractmethod
    def faults(self) -> list[str]:
        """What is wrong with its structure: one message each. Outcomes that were changed are found by reading them."""

    @abstractmethod
    def compact(self) -> None:
        """Give the room of what was removed back. Meanwhile it may take as much again."""

    @abstractmethod
    def close(self) -> None:
        """Let go of it until it is used again. What it is kept in may be moved meanwhile."""

    def damaged(self, what: str) -> LedgerError:
        """The error that says what is damaged and how to go on."""
        return LedgerError(f"{self.where} is damaged: {what}. {self.rescue}")


class Ledger(Storage):
    """Every call that any component made, written down once.

    Two records, never mixed up. An *outcome* is what a call returned, as bytes under the call's content address.
    *Timings* are samples of how long one piece of work took for one question, with the host and conditions of each.
    Texts may hold any character that UTF-8 can encode.

    >>> from tradespace.explorer.storage.databases import open_ledger
    >>> ledger = open_ledger("memory://")
    >>> ledger.write({b"key": b"outcome"}, component="bm25")
    >>> ledger.read([b"key", b"never called"]), len(ledger)
    ({b'key': b'outcome'}, 1)
    """

    def read(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """The stored outcomes among `keys`, however many; a key that is not there has not been called yet."""
        outcomes: dict[bytes, bytes] = {}
        for key, value, checksum in self._stored(sorted(set(keys))):
            if checksum_of(key, value) != checksum:
                raise self.damaged(f"the outcome of call {key.hex()} is not what was stored")
            outcomes[key] = value
        return outcomes

    def write(self, outcomes: Mapping[bytes, bytes], component: str = "") -> None:
        """Store outcomes of a component. A key that is already there keeps its first outcome."""
        self.add([Entry(key, value, component, checksum_of(key, value)) for key, value in outcomes.items()])

    def record(self, timings: Sequence[Timing]) -> None:
        """Add timing samples, however many there are of the same work already."""
        self._append([sample_of(timing) for timing in timings])

    @abstractmethod
    def _stored(self, keys: Sequence[bytes]) -> Iterable[tuple[bytes, bytes, int]]:
        """Key, value and checksum of those outcomes among distinct keys that are stored, in any order."""

    @abstractmethod
    def _append(self, samples: Sequence[Sample]) -> None:
        """Store samples."""

    @abstractmethod
    def __bool__(self) -> bool:
        """Whether any outcome is stored; soon known, however many there are."""

    @abstractmethod
    def __len__(self) -> int:
        """How many outcomes are stored."""

    @abstractmethod
    def entries(self) -> Iterator[list[Entry]]:
        """All outcomes, damaged ones too, a batch at a time. Those that one write stored come in any order."""

    @abstractmethod
    def add(self, entries: Sequence[Entry]) -> int:
        """Store entries as they are, and return how many are new. A key that is there keeps its first outcome."""

    @abstractmethod
    def timings(self, works: Iterable[str], host: str | None = None) -> list[Timing]:
        """All samples of some works on one host, or on all where it is None."""

    @abstractmethod
    def samples(self) -> Iterator[list[Sample]]:
        """All samples, a batch at a time."""

    @abstractmethod
    def add_samples(self, samples: Sequence[Sample]) -> int:
        """Store those samples that are not there yet, and return how many these are."""

    @abstractmethod
    def forget(self, keys: Sequence[bytes]) -> None:
        """Delete the outcomes and timings of calls, so that these are made again."""

    @abstractmethod
    def forget_components(self, components: Collection[str]) -> int:
        """Delete the outcomes of components, by name, and return how many there were."""

    @abstractmethod
    def forget_hosts(self, hosts: Collection[str]) -> int:
        """Delete what was timed on hosts, and return how many samples there were."""

    @abstractmethod
    def contents(self) -> Contents:
        """What it holds."""

    def repair(self) -> tuple[Counts, str]:
        """Put a sound ledger in the place of this damaged one, with all that can still be read. Nobody else may use it
        meanwhile.

        Returns:
            What was saved, and where the damaged one is kept.

        Raises:
            LedgerError: Tradespace cannot do that for this kind of database, or nothing can be read.
        """
        raise LedgerError(f"{self.where} cannot be repaired by Tradespace. {self.rescue}")


class EvaluationStore(Storage):
    """Evaluations by context, the content address of the questions and the space that they belong to, and by the host
    whose timings they hold: those of different hosts never mix.
    """

    @abstractmethod
    def read(self, context: str, host: str, question_set: QuestionSet) -> dict[str, Evaluation]:
        """All evaluations of a question set on a host by pipeline."""

    @abstractmethod
    def hosts(self, context: str) -> list[str]:
        """The hosts that there are evaluations of, in alphabetical order."""

    @abstractmethod
    def pipelines(self, context: str, question_set: QuestionSet) -> list[str]:
        """The pipelines that were evaluated on any host, each once."""

    @abstractmethod
    def write(self, context: str, host: str, evaluations: Sequence[Evaluation]) -> None:
        """Store evaluations. One that is there already, of the same pipeline and question set, is replaced where it
        stands.

        Raises:
            ValueError: a number is NaN or infinite; none of them is stored.
        """

    @abstractmethod
    def forget(self, context: str, pipelines: Iterable[str]) -> None:
        """Delete the evaluations of pipelines, of every question set and host."""

    @abstractmethod
    def counts(self) -> dict[tuple[str, str], int]:
        """How many evaluations there are of each context and host."""

    @abstractmethod
    def forget_places(self, places: Collection[tuple[str, str]]) -> int:
        """Delete all evaluations of some contexts and hosts, and return how many there were."""


class Database(ABC):
    """A kind of database that ledgers and evaluations can be kept in.

    Attributes:
        scheme: how URLs that it opens begin, as in "sqlite:///studies/NAME/ledger.sqlite".
        persistent: whether a URL opens what was stored there before, in this process and in others, all at once.
        on_server: whether it is kept by a server, which other machines can reach.
    """

    scheme: ClassVar[str]
    persistent: ClassVar[bool]
    on_server: ClassVar[bool] = False

    @abstractmethod
    def ledger(self, url: str) -> Ledger:
        """Open a ledger, or make it."""

    @abstractmethod
    def evaluations(self, url: str) -> EvaluationStore:
        """Open a store of evaluations, or make it."""

    def without_secrets(self, url: str) -> str:
        """A URL of its as it may be written down: what opens the same with a password from elsewhere."""
        return url
