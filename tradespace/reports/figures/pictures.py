"""Figures as pictures (PNG). Kaleido draws them in a Chrome or Chromium of this machine; nothing else is contacted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tradespace.errors import InputError
from tradespace.extras import missing

PICTURE_WIDTH = 1000
PICTURE_SCALE = 2
"""Pixels of a picture for each of the figure."""
NO_BROWSER = (
    "pictures are drawn in Chrome or Chromium, and none was found: install one (Debian: apt-get install chromium), or "
    "name it in the environment variable BROWSER_PATH"
)


def write_pictures(figures: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write each figure to a file in a folder, which is made where it is missing, and return their paths.

    Args:
        figures: `plotly.graph_objects.Figure` by name.
        folder: where they go, as NAME.png.

    Raises:
        InputError: Kaleido or a browser is missing, or the folder cannot be written.
    """
    if lacking := missing(["kaleido"]):
        raise InputError(f"--format png {lacking}")
    paths = [folder / f"{_file_name(name)}.png" for name in figures]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _draw(list(figures.values()), paths)
    except OSError as error:
        raise InputError(f"--output {folder}: {error.strerror or error}") from None
    return paths


def _draw(figures: list[Any], paths: list[Path]) -> None:
    import kaleido
    from kaleido.errors import ChromeNotFoundError
    from plotly.offline import offline

    plotly_code = Path(offline.__file__).parents[1] / "package_data" / "plotly.min.js"
    pictures = [
        {
            "fig": figure.update_layout(paper_bgcolor="white", plot_bgcolor="white").to_plotly_json(),
            "path": path,
            "opts": {"format": "png", "width": PICTURE_WIDTH, "height": figure.layout.height, "scale": PICTURE_SCALE},
        }
        for figure, path in zip(figures, paths, strict=True)
    ]
    try:
        kaleido.write_fig_from_object_sync(pictures, kopts={"plotlyjs": plotly_code, "mathjax": False})
    except ChromeNotFoundError:
        raise InputError(NO_BROWSER) from None


def _file_name(name: str) -> str:
    """A name that is one of a file, whatever measures are called.

    >>> _file_name("frontier-answer_f1[language=../de]")
    'frontier-answer_f1_language_.._de_'
    """
    return re.sub(r"[^\w.-]", "_", name)
