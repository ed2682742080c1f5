"""The benchmark's own environment: what Tradespace is compared with, beside what it is made of."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

ENVIRONMENT = Path(__file__).parent / ".venv"


def enter(package: str) -> None:
    """Run this script again in an environment that has `package` besides all that this one has."""
    if Path(sys.prefix) == ENVIRONMENT:
        return
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        venv.create(ENVIRONMENT, with_pip=True)
        own = subprocess.check_output(
            [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True
        )
        (Path(own.strip()) / "beneath.pth").write_text(sysconfig.get_path("purelib"))
        subprocess.check_call([python, "-m", "pip", "install", "--quiet", package])
    os.execv(python, [str(python), *sys.argv])
