"""A small real study, explored once: fifty documents, BM25, no models."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.explorer.test_crash import write_space
from tradespace.cli import main
from tradespace.explorer.storage.study import StudyFolder


@dataclass(frozen=True)
class Ran:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line in this process."""

    def run_command(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["tradespace", *map(str, arguments)])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(bool(end.code))
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run_command


@contextmanager
def copied(study: Path, folder: Path) -> Iterator[StudyFolder]:
    """A copy of a study, to be changed; its ledger and its evaluations are closed in the end."""
    copy = StudyFolder(shutil.copytree(study, folder))
    yield copy
    copy.ledger.close()
    copy.evaluations.close()


@pytest.fixture(scope="session")
def space(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A YAML space with its questions and documents."""
    return write_space(tmp_path_factory.mktemp("space"))


def explored(space: Path, folder: Path, *options: str) -> Path:
    """Explore a space into a study folder, in this process, where no test's own fixtures are at hand."""
    arguments, sys.argv = sys.argv, ["tradespace", "explore", str(space), "--study", str(folder), *options]
    where = Path.cwd()
    try:
        main()
    except SystemExit as end:
        assert not end.code, f"exploring ended with {end.code}"
    finally:
        sys.argv = arguments
        os.chdir(where)
    return folder


@pytest.fixture(scope="session")
def study(space: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That space, explored."""
    return explored(space, tmp_path_factory.mktemp("studies") / "small")
