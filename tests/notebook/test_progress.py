"""Progress in a notebook is one output that is drawn in its place, and in scripts what a terminal or a file takes."""

from __future__ import annotations

import nbformat
import pytest
from nbclient import NotebookClient

from tradespace.notebook.progress import NotebookPanel, QuietDisplay, progress_display

CELL = """
from tradespace.notebook.progress import progress_display

with progress_display() as display:
    display.warn(["an odd document \\x1b[31m"])
    display.phase("Searching")
    for number in range(5000):
        display.working(f"call {number} \\x1b[31m")
"""


def test_a_cell_has_one_output_for_it_however_much_happens() -> None:
    """In a real kernel: 5000 reports neither grow the notebook nor colour it; a warning stands beside it."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    outputs = notebook.cells[0].outputs
    drawn = [each for each in outputs if each.output_type == "display_data"]
    told = "".join(each.text for each in outputs if each.output_type == "stream")
    assert len(drawn) == 1
    assert told.count("\n") == 1 and "an odd document ␛[31m" in told
    assert "\x1b" not in str(outputs)


def test_a_script_without_a_terminal_has_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """One for each phase, and no control characters."""
    with progress_display() as display:
        display.phase("Searching")
        display.working("call 1")
    assert capsys.readouterr().out == "Searching …\n"


def test_quiet_says_what_is_amiss_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """As a warning of Python's."""
    with progress_display(quiet=True) as display, pytest.warns(UserWarning, match="no gold"):
        display.phase("Searching")
        display.warn(["no gold"])
    assert isinstance(display, QuietDisplay)
    assert capsys.readouterr().out == ""


def test_the_end_tells_how_far_the_search_came() -> None:
    """The last status stays when phases that have none follow."""
    panel = NotebookPanel()
    panel.output = outputs = Outputs()
    panel.show("Searching", ["4 pipelines tried"], "bm25()")
    panel.show("Searching", ["5 pipelines tried"], "bm25()")
    panel.show("Confirming", [], "")
    panel.stop()
    assert outputs.drawn == ["Searching …\n4 pipelines tried\nbm25()", "Confirming …", "5 pipelines tried"]


class Outputs:
    """Notes what an output was drawn as."""

    def __init__(self) -> None:
        self.drawn: list[str] = []

    def update(self, data: dict[str, str], *, raw: bool) -> None:
        assert raw
        self.drawn.append(data["text/plain"])
