"""The store of built things: whole or not at all, built once, and noticed when it is damaged."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.processes import read_only
from tradespace.components.store import CHECKSUMS, ArtefactStore, writable

KILLED_WHILE_BUILDING = """
import os, signal, sys
from pathlib import Path
from tradespace.components.store import ArtefactStore

def build(folder):
    (folder / "file").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)

ArtefactStore(Path(sys.argv[1])).get("key", build, "a thing")
"""


def write(folder: Path) -> None:
    (folder / "file").write_text("built")
    (folder / "inner").mkdir()
    (folder / "inner" / "numbers").write_bytes(bytes(range(256)))


def never(folder: Path) -> None:
    """A build that must not be asked for."""
    raise AssertionError(f"{folder} is built a second time")


def get(root: Path, build: Callable[[Path], None] = write) -> Path:
    """Ask a new store, as a new process does."""
    return ArtefactStore(root).get("key", build, "a thing")


def test_a_folder_is_built_once(tmp_path: Path) -> None:
    """The second request for a key returns the folder and builds nothing, in a new store on the same place too."""
    store = ArtefactStore(tmp_path / "new")
    first = store.get("key", write, "a thing")
    assert store.get("key", never, "a thing") == first == get(tmp_path / "new", never)
    assert (first / "file").read_text() == "built"


def test_keys_have_folders_of_their_own(tmp_path: Path) -> None:
    """Different keys do not share a folder."""
    store = ArtefactStore(tmp_path)
    assert store.get("one", write, "a thing") != store.get("two", write, "a thing")


def test_a_build_that_fails_leaves_no_folder(tmp_path: Path) -> None:
    """If building raises, nothing half built is left and the next request builds again."""

    def fail(folder: Path) -> None:
        write(folder)
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError, match="full"):
        get(tmp_path, fail)
    assert [path for path in tmp_path.iterdir() if path.is_dir()] == []
    assert (get(tmp_path) / "file").exists()


def test_a_thing_that_is_being_built_is_waited_for(tmp_path: Path) -> None:
    """Who asks for it meanwhile gets what the first one built; nothing else is left in the store."""
    begun, go_on = threading.Event(), threading.Event()

    def build(folder: Path) -> None:
        begun.set()
        assert go_on.wait(30)
        write(folder)

    first = threading.Thread(target=get, args=(tmp_path, build))
    first.start()
    assert begun.wait(30)
    second: list[Path] = []
    waiting = threading.Thread(target=lambda: second.append(get(tmp_path, never)))
    waiting.start()
    go_on.set()
    first.join(30)
    waiting.join(30)
    assert second == [tmp_path / "key"]
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


@pytest.mark.crash
def test_what_a_killed_process_was_building_is_taken_over(tmp_path: Path) -> None:
    """Its lock is dead, its half is thrown away, and nothing of it is left."""
    killed = subprocess.run([sys.executable, "-c", KILLED_WHILE_BUILDING, tmp_path], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert list(tmp_path.iterdir())
    assert (get(tmp_path) / "file").read_text() == "built"
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def flip(file: Path) -> None:
    """Change one bit in the middle."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def cut(file: Path) -> None:
    """Lose the second half."""
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


@pytest.mark.parametrize("name", ["file", "inner/numbers", CHECKSUMS])
@pytest.mark.parametrize("damage", [flip, cut, lambda file: file.write_bytes(b""), Path.unlink])
def test_damage_is_noticed_told_and_mended(
    name: str, damage: Callable[[Path], None], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A changed, cut, empty or missing file: one line says what is built again and why, and it is as it was."""
    folder = get(tmp_path)
    damage(folder / name)
    with caplog.at_level(logging.WARNING):
        assert get(tmp_path) == folder
    (line,) = caplog.messages
    assert f"a thing in {folder} is built again: " in line
    assert name in line or name == CHECKSUMS
    assert (folder / "file").read_text() == "built"
    assert (folder / "inner" / "numbers").read_bytes() == bytes(range(256))
    assert get(tmp_path, never) == folder


def test_what_an_earlier_version_built_without_checksums_is_built_again(tmp_path: Path) -> None:
    """It cannot be told from what is damaged."""
    (tmp_path / "key").mkdir()
    (tmp_path / "key" / "file").write_text("old")
    assert (get(tmp_path) / "file").read_text() == "built"


def test_files_are_read_once_in_a_process(tmp_path: Path) -> None:
    """What was sound when it was opened is not read again for each component that opens it."""
    get(tmp_path)
    store = ArtefactStore(tmp_path)
    folder = store.get("key", never, "a thing")
    flip(folder / "file")
    assert store.get("key", never, "a thing") == folder


def test_in_a_folder_that_cannot_be_written_things_are_read_and_missing_ones_built_elsewhere(tmp_path: Path) -> None:
    """What is there is used; what is not is built in a temporary folder, which ends with the store."""
    folder = get(tmp_path)
    with read_only(tmp_path):
        assert not writable(tmp_path)
        store = ArtefactStore(tmp_path)
        assert store.get("key", never, "a thing") == folder
        other = store.get("other", write, "another thing")
        assert (other / "file").read_text() == "built"
        assert store.get("other", never, "another thing") == other
    assert [path.name for path in tmp_path.iterdir()] == ["key"]
    del store
    assert not other.exists()


def test_a_damaged_thing_that_cannot_be_written_is_built_elsewhere(tmp_path: Path) -> None:
    """The study is left as it is."""
    folder = get(tmp_path)
    cut(folder / "file")
    with read_only(tmp_path):
        store = ArtefactStore(tmp_path)
        assert (store.get("key", write, "a thing") / "file").read_text() == "built"
    assert (folder / "file").read_text() == "bu"


def test_a_folder_that_is_not_there_is_writable_where_it_can_be_made(tmp_path: Path) -> None:
    """Its nearest folder that exists decides."""
    assert writable(tmp_path / "some" / "where")
    with read_only(tmp_path):
        assert not writable(tmp_path / "some" / "where")
