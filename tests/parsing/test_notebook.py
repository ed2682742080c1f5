"""What is read of notebooks."""

from __future__ import annotations

import json

import pytest

from tests.parsing.made_files import notebook
from tradespace.errors import FileError
from tradespace.parsing.notebook import NotebookFile


def test_prose_and_code_are_read_in_order() -> None:
    """Code in fences of its language; what it printed is left out. Headings are those of the prose."""
    parsed = NotebookFile().parse(notebook(), "a.ipynb")
    assert parsed.text == (
        "# Returns\nHow often are things sent back?\n\n```python\nrate = 30 / 100\n```\n\n## Costs\nThe customer pays."
    )
    assert [(each.start, each.level, each.text) for each in parsed.headings] == [
        (0, 1, "Returns"),
        (parsed.text.index("## Costs"), 2, "Costs"),
    ]


def test_code_is_left_out_on_request() -> None:
    """Then a notebook is its prose."""
    assert "rate" not in NotebookFile(code=False).parse(notebook(), "a.ipynb").text


@pytest.mark.parametrize("content", ["[]", "{}", '{"cells": 5}', '{"worksheets": []}'])
def test_json_that_is_no_notebook_is_a_fault(content: str) -> None:
    """Nor one of an old format."""
    with pytest.raises(FileError, match=r"a\.ipynb: must be a Jupyter notebook of format 4"):
        NotebookFile().parse(content.encode(), "a.ipynb")


def test_a_notebook_that_was_cut_short_is_a_fault() -> None:
    """With its line."""
    with pytest.raises(FileError, match=r"a\.ipynb:1: .*the file may be cut short"):
        NotebookFile().parse(notebook()[:-40], "a.ipynb")


def test_cells_of_other_kinds_are_passed_over() -> None:
    """Raw cells, and what is no cell at all."""
    cells = [{"cell_type": "raw", "source": "raw"}, 5, {"cell_type": "markdown"}, {"cell_type": "code", "source": []}]
    content = json.dumps({"cells": [*cells, {"cell_type": "code", "source": ["x\n", "y"]}]}).encode()
    assert NotebookFile().parse(content, "a.ipynb").text == "```\nx\ny\n```"
