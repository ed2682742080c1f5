"""The store of built things: whole or not at all, and built once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradespace.components.store import ArtefactStore


def write(folder: Path) -> None:
    (folder / "file").write_text("built")


def test_a_folder_is_built_once(tmp_path: Path) -> None:
    """The second request for a key returns the folder and builds nothing, in a new store on the same place too."""
    calls: list[Path] = []

    def build(folder: Path) -> None:
        calls.append(folder)
        write(folder)

    first = ArtefactStore(tmp_path / "new").get("key", build)
    second = ArtefactStore(tmp_path / "new").get("key", build)
    assert first == second
    assert (second / "file").read_text() == "built"
    assert len(calls) == 1


def test_keys_have_folders_of_their_own(tmp_path: Path) -> None:
    """Different keys do not share a folder."""
    store = ArtefactStore(tmp_path)
    assert store.get("one", write) != store.get("two", write)


def test_a_build_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """If building raises, no folder is left and the next request builds again."""

    def fail(folder: Path) -> None:
        write(folder)
        raise RuntimeError("the disk is full")

    store = ArtefactStore(tmp_path)
    with pytest.raises(RuntimeError, match="full"):
        store.get("key", fail)
    assert list(tmp_path.iterdir()) == []
    assert (store.get("key", write) / "file").exists()


def test_whoever_finishes_first_wins(tmp_path: Path) -> None:
    """If another process finishes the same key in the meantime, its folder is used and this one's is discarded."""
    store = ArtefactStore(tmp_path)

    def build_late(folder: Path) -> None:
        (folder / "file").write_text("late")
        store.get("key", write)

    assert (store.get("key", build_late) / "file").read_text() == "built"
    assert [path.name for path in tmp_path.iterdir()] == ["key"]
