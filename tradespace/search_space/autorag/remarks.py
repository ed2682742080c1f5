"""What a configuration of AutoRAG says that the space does not, each with its lines."""

from __future__ import annotations

from collections.abc import Iterator

from tradespace.errors import Fault


class Remarks:
    """Remarks in the order of their first lines; one that holds in several places is made once.

    >>> remarks = Remarks()
    >>> remarks.add("`temperature` is left out", "config.yaml:9")
    >>> remarks.add("no judge", "config.yaml:4")
    >>> remarks.add("`temperature` is left out", "config.yaml:30")
    >>> [str(fault) for fault in remarks]
    ['config.yaml:4: no judge', 'config.yaml:9, 30: `temperature` is left out']
    """

    def __init__(self) -> None:
        self._places: dict[str, list[tuple[str, int]]] = {}

    def add(self, message: str, where: str) -> None:
        """Say something of the place `file:line`."""
        file, _, line = where.rpartition(":")
        places = self._places.setdefault(message, [])
        if (file, int(line)) not in places:
            places.append((file, int(line)))

    def __iter__(self) -> Iterator[Fault]:
        for message, places in sorted(self._places.items(), key=lambda each: min(each[1])):
            yield Fault(message, _joined(sorted(places)))


def _joined(places: list[tuple[str, int]]) -> str:
    files = dict.fromkeys(file for file, _ in places)
    return "; ".join(f"{file}:" + ", ".join(str(line) for own, line in places if own == file) for file in files)
