"""Whether corrected intervals hold, on simulated studies whose truth is known, beside other ways to do it.

    python -m bench.judging [STUDIES]

Writes docs/benchmarks-judging.md. Other packages (ppi-python, cje-eval) are installed in an environment of their own,
bench/.venv-judging; one that cannot be installed is left out, and said to be.
"""

from __future__ import annotations

import sys

from bench.judging.page import write_page
from bench.judging.peers import enter_environment

STUDIES = 1000

if __name__ == "__main__":
    enter_environment()
    write_page(int(sys.argv[1]) if len(sys.argv) > 1 else STUDIES)
