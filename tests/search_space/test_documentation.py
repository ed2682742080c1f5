"""The reference of the YAML."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tradespace.components.roles import STAGES
from tradespace.evals.figures import FIGURES
from tradespace.evals.measures import measures
from tradespace.explorer.search import SEARCH_ALGORITHMS
from tradespace.search_space.goals import SECONDS_OF_UNIT
from tradespace.search_space.sections import BudgetLimits, Data
from tradespace.search_space.specification import FILE_SECTIONS, load_specification, load_text

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "space.md").read_text()
MEASURES = (ROOT / "docs" / "measures.md").read_text()
SHAPES = (ROOT / "docs" / "architectures.md").read_text()
BLOCKS = re.findall(r"```yaml\n(.*?)```", TEXT + SHAPES, re.DOTALL)
REST = {"name": "n", "data": {"dataset": "d"}, "pipeline": {"retrieve": "bm25"}, "objectives": {"f1": None}}
BUDGET = {"search": {"budget": {"pipelines": 9}}}


@pytest.mark.parametrize("block", BLOCKS)
def test_every_example_loads(block: str) -> None:
    """An example is a whole file, or some of its sections."""
    sections = yaml.safe_load(block)
    missing = {name: section for name, section in (REST | BUDGET).items() if name not in sections}
    specification = load_text(block + (yaml.safe_dump(missing) if missing else ""), strategies=SEARCH_ALGORITHMS)
    assert next(iter(specification.space.members()))


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.yaml")), ids=lambda path: path.name)
def test_every_example_file_loads(path: Path) -> None:
    """So do the files in the folder of examples."""
    assert load_specification(path, strategies=SEARCH_ALGORITHMS).name


def test_every_shape_has_its_example() -> None:
    """What is not one component for a stage is shown as YAML on the page of shapes."""
    shapes = {"hybrid", "chain", "score_threshold", "distinct", "neighbours", "parents", "extract", "summarize"}
    assert {name for name in shapes if not re.search(rf"\b{name}: {{|\b{name}:\n", SHAPES)} == set()


def test_everything_that_can_be_written_is_described() -> None:
    """Sections, stages, strategies with their settings, measures, units and budgets are all named."""
    names = {*FILE_SECTIONS, *STAGES, *SEARCH_ALGORITHMS, *FIGURES, *SECONDS_OF_UNIT, *BudgetLimits.model_fields}
    names |= {setting for strategy in SEARCH_ALGORITHMS.values() for setting in strategy.model_fields}
    names |= set(Data.model_fields)
    assert {name for name in names - {"µs"} if not re.search(rf"\b{name}\b", TEXT)} == set()


def test_every_measure_that_can_be_an_objective_is_described() -> None:
    """On the page of measures, to which the reference leads."""
    assert "](measures.md)" in TEXT
    assert [name for name in (*measures(), *FIGURES) if f"`{name}`" not in MEASURES] == []
