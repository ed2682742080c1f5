"""The benchmark's own environment: what Tradespace is compared with, beside what it is made of."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Sequence
from pathlib import Path

ENVIRONMENT = Path(__file__).parent / ".venv"


def enter(
    packages: Sequence[str], environment: Path = ENVIRONMENT, program: Sequence[str] = (), *, optional: bool = False
) -> None:
    """Run this script again in an environment that has `packages` besides all that this one has.

    Args:
        packages: what pip is asked for.
        environment: its folder; it is made where it is not there.
        program: how Python is to be called there; by this script where it is empty.
        optional: whether to go on without a package that cannot be installed.
    """
    if Path(sys.prefix) == environment:
        return
    python = environment / "bin" / "python"
    if not python.exists():
        venv.create(environment, with_pip=True)
        own = subprocess.check_output(
            [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True
        )
        (Path(own.strip()) / "beneath.pth").write_text(sysconfig.get_path("purelib"))
        for package in packages:
            subprocess.run([python, "-m", "pip", "install", "--quiet", package], check=not optional)
    os.execv(python, [str(python), *(program or sys.argv)])
