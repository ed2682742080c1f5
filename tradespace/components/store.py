"""A folder of built things (indexes, embeddings), each kept under its content address and built once."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ArtefactStore:
    """Content-addressed folders below `root`. A folder that exists is complete: it is built aside and then renamed."""

    root: Path

    def get(self, key: str, build: Callable[[Path], None]) -> Path:
        """Return the folder for `key`; if it is not there, let `build` fill a new one."""
        folder = self.root / key
        if not folder.exists():
            self._build(folder, build)
        return folder

    def _build(self, folder: Path, build: Callable[[Path], None]) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".building-", dir=self.root))
        try:
            build(aside)
            aside.rename(folder)
        except OSError:
            if not folder.exists():  # another process may have finished the same artefact first
                raise
        finally:
            shutil.rmtree(aside, ignore_errors=True)
