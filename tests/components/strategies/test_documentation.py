"""The page on strategies says what is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tradespace.components.base import Component
from tradespace.components.readers import READERS
from tradespace.components.readers.pointwise import PointwiseReader
from tradespace.components.readers.recorded import RecordedReader
from tradespace.components.retrievers import RETRIEVERS
from tradespace.components.retrievers.asking import ModelGuidedRetriever
from tradespace.components.strategies import STRATEGIES
from tradespace.components.strategies.base import Strategy
from tradespace.components.strategies.verifiers import VERIFIERS
from tradespace.search_space.specification import load_text
from tradespace.testing.scripted import Scripted
from tradespace.testing.strategy_contract import rounds

PAGE = (Path(__file__).parents[3] / "docs" / "strategies.md").read_text(encoding="utf-8")
EXAMPLE = (Path(__file__).parents[3] / "examples" / "strategies.yaml").read_text(encoding="utf-8")
OF_A_MODEL = (
    *STRATEGIES,
    *VERIFIERS,
    *(reader for reader in READERS if not issubclass(reader, PointwiseReader | RecordedReader)),
    *(retriever for retriever in RETRIEVERS if issubclass(retriever, ModelGuidedRetriever)),
)


@pytest.mark.parametrize("component", OF_A_MODEL, ids=lambda component: component.name)
def test_the_page_and_the_example_have_every_way_of_calling_a_model(component: type[Component]) -> None:
    """With its rounds of calls and its source on the page, and in the space of the example."""
    assert f"`{component.name}`" in PAGE
    assert component.name == "target" or re.search(rf"\b{component.name}\b", EXAMPLE)


def test_the_space_on_the_page_loads() -> None:
    """With a name, data and objectives around it."""
    (fragment,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    head = "name: page\ndata: {dataset: microworld}\nobjectives: {answer_em: maximize}\n"
    assert load_text(head + fragment).space.size() == 2 * (1 + 4 * 2 * 3 + 2 * 2)


def test_the_strategy_on_the_page_runs() -> None:
    """In one round or in two."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    scope: dict[str, type[Strategy]] = {"__name__": "page"}  # type: ignore[dict-item]
    exec(compile(code, "page", "exec", dont_inherit=True), scope)
    strategy = scope["FirstToThree"]()
    assert rounds(strategy, Scripted(script={"think": ("answer: 7",)}))[0] == [3]
    assert rounds(strategy, Scripted(script={"think": ("answer: 7", "answer: 8")}))[0] == [3, 3]
