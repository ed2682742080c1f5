"""Starting programs of their own in tests, and folders that nobody can write."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def without_coverage() -> dict[str, str]:
    """The environment for a program that is interrupted: coverage takes locks between the program's instructions, an
    interrupt there leaves them taken, and coverage then waits for them forever when the program ends.
    """
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_PROCESS_")}


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Let nobody write a folder for a while: root, whom no permission holds back, is held back by a read-only mount.
    A test is skipped where this machine allows neither.
    """
    if os.geteuid() != 0:
        with _without_permission(folder):
            yield
        return
    if subprocess.run(["mount", "--bind", folder, folder], check=False, capture_output=True).returncode:
        pytest.skip("this machine does not allow mounting, and root may write everywhere else")
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True)
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@contextmanager
def _without_permission(folder: Path) -> Iterator[None]:
    inside = [folder, *folder.rglob("*")]
    modes = {path: path.stat().st_mode for path in inside}
    for path in reversed(inside):
        path.chmod(modes[path] & ~0o222)
    try:
        yield
    finally:
        for path in inside:
            path.chmod(modes[path])
