"""The page of measures is written from the classes."""

from __future__ import annotations

from pathlib import Path

from tradespace.evals.describe import page
from tradespace.evals.figures import FIGURES
from tradespace.evals.measures import measures
from tradespace.evals.measures.kinds import MEASURE_KINDS

PAGE = Path(__file__).parents[2] / "docs" / "measures.md"


def test_the_page_is_up_to_date() -> None:
    """`docs/measures.md` is what `python -m tradespace.evals.describe` writes."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_everything_that_can_be_an_objective_is_on_the_page() -> None:
    """Each score stands in a heading, each figure of running in a row."""
    headings = {name for line in page().splitlines() if line.startswith("### ") for name in line.split("`")[1::2]}
    running = page().partition("## Of running")[2]
    rows = {line.split("`")[1] for line in running.splitlines() if line.startswith("| `")}
    assert headings == {*measures(), *MEASURE_KINDS}
    assert rows == set(FIGURES)


def test_a_measure_says_what_it_measures() -> None:
    """In the first line of its class, its own and not that of what it is derived from."""
    for described in (*map(type, measures().values()), *MEASURE_KINDS.values()):
        assert described.__doc__ not in {base.__doc__ for base in described.__mro__[1:]}, described
