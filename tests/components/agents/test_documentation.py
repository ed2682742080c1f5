"""The page on agents says what is true."""

from __future__ import annotations

import re
from pathlib import Path

from tradespace.components.tools import TOOLS
from tradespace.search_space.specification import load_text

PAGE = (Path(__file__).parents[3] / "docs" / "agents.md").read_text(encoding="utf-8")


def test_the_space_on_the_page_loads() -> None:
    """With a name, data and objectives around it: choices of passages, tools, steps and protocols."""
    (fragment,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    head = "name: page\ndata: {dataset: microworld}\nobjectives: {answer_em: maximize}\n"
    assert load_text(head + fragment).space.size() == 2 * 2 * 3 * 2 + 1


def test_the_page_has_every_tool() -> None:
    """With what it does and what it calls."""
    assert [tool.name for tool in TOOLS if f"| `{tool.name}` |" not in PAGE] == []
