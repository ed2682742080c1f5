"""Write docs/replays.md.

    python -m bench.replays [SECTION ...]

Sections that are named are computed again, all of them without a name; the others are kept. The whole takes about ten
minutes on two cores, most of it in running the programs of HumanEval and AQuA.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bench.replays import aqua, game24, gsm8k, humaneval, primes

PAGE = Path(__file__).parents[2] / "docs" / "replays.md"
INTRODUCTION = (Path(__file__).parent / "introduction.md").read_text(encoding="utf-8")
SECTIONS: Mapping[str, Callable[[], str]] = {
    "game24": game24.page,
    "aqua": aqua.page,
    "humaneval": humaneval.page,
    "gsm8k": gsm8k.page,
    "primes": primes.page,
}


def main(wanted: Sequence[str]) -> None:
    """Compute the sections that are wanted, and write the page."""
    old = dict(re.findall(r"<!-- (\w+) -->\n(.*?)(?=<!-- |\Z)", _read(), re.DOTALL))
    new = {name: section() for name, section in SECTIONS.items() if name in (wanted or SECTIONS)}
    parts = [f"<!-- {name} -->\n{(old | new)[name].strip()}\n" for name in SECTIONS if name in old | new]
    PAGE.write_text("\n".join([INTRODUCTION, *parts]), encoding="utf-8")


def _read() -> str:
    return PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""


if __name__ == "__main__":
    main(sys.argv[1:])
