"""Built things among nodes that share no disk: each is built on one of them, and copied to the others through Ray.

The exchange stands on the node of whoever explores, whose folder of built things it reads and fills: what is built on
another node is there when calls are timed, and for the next run.
"""

from __future__ import annotations

import asyncio
import io
import tarfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ray

from tradespace.components.store import CHECKSUMS, ArtefactStore, damage_of


class ArtefactExchange:
    """An actor that says who builds a thing, and hands on what was built. It answers many at a time."""

    def __init__(self, folder: Path) -> None:
        self._store = ArtefactStore(folder)
        self._built: dict[str, Any] = {}
        self._builders: dict[str, str] = {}
        self._changed = asyncio.Condition()

    async def claim(self, key: str, worker: str) -> Sequence[Any]:
        """Where a built thing can be had, as the only reference in a list; an empty list if the worker is to build it.
        Waits while another one builds it.
        """
        async with self._changed:
            await self._changed.wait_for(lambda: key not in self._builders)
            if key not in self._built and (archive := await asyncio.to_thread(self._found, key)):
                self._built[key] = ray.put(archive)
            if key in self._built:
                return [self._built[key]]
            self._builders[key] = worker
            return []

    async def deliver(self, key: str, archive: bytes, name: str, *, apart: bool) -> None:
        """Take what a worker built. What was built on a node `apart` is put into the folder here."""
        async with self._changed:
            self._built[key] = ray.put(archive)
            self._builders.pop(key, None)
            self._changed.notify_all()  # before anything waits for the folder, which a worker here may be filling
        if apart:
            await asyncio.to_thread(self._store.get, key, lambda folder: unarchive(archive, folder), name)

    async def give_up(self, worker: str) -> None:
        """Let others build what a worker was about to: it failed, or is gone."""
        async with self._changed:
            self._builders = {key: builder for key, builder in self._builders.items() if builder != worker}
            self._changed.notify_all()

    def _found(self, key: str) -> bytes:
        """What lies in the folder; nothing if that is damaged."""
        folder = self._store.root / key
        return as_archive(folder) if folder.exists() and damage_of(folder) is None else b""


@dataclass(frozen=True)
class ExchangedArtefacts(ArtefactStore):
    """The store of a worker: what is not in its node's folder is fetched, or built for all.

    Attributes:
        exchange: the actor.
        worker: what this one is called there.
        apart: whether its node is another than that of the exchange.
    """

    exchange: Any = field(default=None, repr=False, compare=False)
    worker: str = ""
    apart: bool = True

    def get(self, key: str, build: Callable[[Path], None], name: str) -> Path:
        """Return the folder for `key`, as any store does."""
        return super().get(key, lambda folder: self._fill(key, folder, build, name), name)

    def _fill(self, key: str, folder: Path, build: Callable[[Path], None], name: str) -> None:
        found = ray.get(self.exchange.claim.remote(key, self.worker))
        if found:
            unarchive(ray.get(found[0]), folder)
            return
        try:
            build(folder)
            ray.get(self.exchange.deliver.remote(key, as_archive(folder), name, apart=self.apart))
        except BaseException:
            ray.get(self.exchange.give_up.remote(self.worker))
            raise


def as_archive(folder: Path) -> bytes:
    """The files of a built thing, without their checksums: whoever unpacks them writes down what must be there."""
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and file.name != CHECKSUMS:
                archive.add(file, file.relative_to(folder).as_posix())
    return written.getvalue()


def unarchive(archived: bytes, folder: Path) -> None:
    """Fill a folder with the files of a built thing."""
    with tarfile.open(fileobj=io.BytesIO(archived)) as archive:
        archive.extractall(folder, filter="data")
