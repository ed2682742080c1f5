"""Run the example notebook where a fresh clone would, and write it with its outputs: `python -m docs.make_notebook`."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parent.parent
NOTEBOOK = ROOT / "examples" / "notebook.ipynb"
READ = ("docs/*.md", "examples/own-documents/*")
"""What the notebook reads."""
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
"""All that is kept of what a kernel says of itself: the rest would change with every machine."""


def executed_notebook(folder: Path) -> nbformat.NotebookNode:
    """The notebook with its outputs, run in a copy of what it reads; a cell that fails is an error."""
    for pattern in READ:
        for file in ROOT.glob(pattern):
            copy = folder / file.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, copy)
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    where = {"metadata": {"path": str(folder / NOTEBOOK.parent.relative_to(ROOT))}}
    NotebookClient(notebook, timeout=600, kernel_name="python3", resources=where, record_timing=False).execute()
    notebook.metadata = nbformat.from_dict(METADATA)
    return notebook


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as clean:
        nbformat.write(executed_notebook(Path(clean)), NOTEBOOK)
