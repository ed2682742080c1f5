"""Race prompts on SmolLM2, compare what is found with the preset on fresh questions, and write the page.

    python -m bench.prompts

What is called is kept in runs/prompts: a run that was killed goes on when it is started again.
"""

from __future__ import annotations

from pathlib import Path

from bench.prompts.comparison import Comparison
from bench.prompts.page import PAGE, write_page

ROOT = Path(__file__).parents[2]
FRESH = 150


def main() -> None:
    """Do all of it."""
    comparison = Comparison(Path(__file__).parent / "space.yaml", ROOT / "runs" / "prompts", FRESH)
    write_page(comparison)
    print(PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
