"""Whatever is chosen by name: built in, added by installed packages, or registered.

A package adds by an entry point of the kind's group, whose name is that of what it points to
(https://packaging.python.org/en/latest/specifications/entry-points/). Entry points are imported when names of their
kind are first looked up, and one that cannot be used is left out: the others, and all commands, go on without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points
from inspect import isabstract
from threading import RLock
from typing import Any, Protocol, TypeVar

from tradespace.errors import InputError, nearest


class Named(Protocol):
    """Has a name by which it is chosen."""

    @property
    def name(self) -> str:
        """Unique among all of its kind."""


Entry_co = TypeVar("Entry_co", covariant=True, bound=Named)


class Registry(Mapping[str, Entry_co]):
    """All entries of one kind by name; those that come with Tradespace come first.

    Args:
        kind: what one of them is called in messages.
        group: the group of entry points that add to it.
        shipped: those that come with Tradespace; asked for when names are first looked up.
        problem: what is wrong with something that is to be added, as the rest of a sentence about it; or None.

    >>> from tradespace.evals.measures.answer_em import ANSWER_EM
    >>> measures = Registry("measure", "no.group", shipped=lambda: [ANSWER_EM], problem=lambda entry: None)
    >>> list(measures), measures.instead("answer_me")
    (['answer_em'], "did you mean 'answer_em'? Valid: answer_em")
    """

    def __init__(
        self,
        kind: str,
        group: str,
        shipped: Callable[[], Iterable[Entry_co]],
        problem: Callable[[Any], str | None],
    ) -> None:
        self.kind, self.group = kind, group
        self._shipped, self._problem = shipped, problem
        self._entries: dict[str, Entry_co] = {}
        self._added: set[str] = set()
        self._unusable: dict[str, str] = {}
        self._loading = RLock()

    def __getitem__(self, name: str) -> Entry_co:
        return self._loaded()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._loaded())

    def __len__(self) -> int:
        return len(self._loaded())

    @property
    def unusable(self) -> tuple[str, ...]:
        """Why installed entry points of this kind are left out: one message for each."""
        self._loaded()
        return tuple(self._unusable.values())

    def instead(self, name: str, valid: Iterable[str] | None = None) -> str:
        """The message for a name that is not valid: why it was left out, or which is closest."""
        names = list(self if valid is None else valid)
        return self._unusable.get(name) or nearest(name, names)

    def add(self, entry: Any) -> None:
        """Add one by its name. A redefinition of an earlier one, as in a notebook, replaces it.

        Raises:
            InputError: it is not of this kind, or its name is taken.
        """
        if problem := self._problem(entry):
            raise InputError(f"{entry!r} cannot be registered as a {self.kind}: it {problem}")
        earlier = self._loaded().get(entry.name)
        if earlier not in (None, entry) and (entry.name not in self._added or _origin(earlier) != _origin(entry)):
            raise InputError(
                f"the name {entry.name!r} is taken: {_origin(earlier)} is the {self.kind} of that name; "
                f"give {_origin(entry)} another `name`"
            )
        if earlier != entry:
            self._added.add(entry.name)
            self._entries[entry.name] = entry

    def _loaded(self) -> dict[str, Entry_co]:
        """All, read when first asked for. A module that is imported for it may add entries; other threads wait."""
        with self._loading:
            if not self._entries:
                self._entries.update((entry.name, entry) for entry in self._shipped())
                for point in entry_points(group=self.group):
                    self._add_installed(point)
            return self._entries

    def _add_installed(self, point: EntryPoint) -> None:
        try:
            entry = point.load()
            if getattr(entry, "name", point.name) != point.name:
                raise InputError(f"the entry point must have the name of what it points to, {entry.name!r}")
            self.add(entry)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - somebody else's module may raise anything
            origin = f"{point.dist.name} {point.dist.version}" if point.dist else "an installed package"
            reason = str(error) if isinstance(error, InputError) else f"{type(error).__name__}: {error}"
            self._unusable[point.name] = (
                f"the {self.kind} {point.name!r} of {origin} ({point.value}) cannot be used: {reason}. "
                "Mend that package, or uninstall it"
            )


def class_problem(entry: Any, base: type) -> str | None:
    """Why something can't be chosen by name as a class derived from `base`, as the rest of a sentence."""
    if not (isinstance(entry, type) and issubclass(entry, base)):
        return f"must be a class derived from {base.__name__}"
    if isabstract(entry):
        return f"must define {', '.join(sorted(getattr(entry, '__abstractmethods__', ())))}"
    name = getattr(entry, "name", None)
    if not isinstance(name, str) or not name or name.split() != [name]:
        return f"needs a class attribute `name` without spaces, by which it is chosen; its name is {name!r}"
    return None


def _origin(entry: Any) -> str:
    """Where something was defined, as in `package.module.Class`; a value by its class."""
    defined = entry if isinstance(entry, type) else type(entry)
    return f"{defined.__module__}.{defined.__qualname__}"
