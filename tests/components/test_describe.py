"""The page of components is written from the classes."""

from __future__ import annotations

from pathlib import Path

from tradespace.components.describe import page
from tradespace.components.registry import components

PAGE = Path(__file__).parents[2] / "docs" / "components.md"


def test_the_page_is_up_to_date() -> None:
    """`docs/components.md` is what `python -m tradespace.components.describe` writes."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_component_and_setting_is_on_the_page() -> None:
    """Each component has its heading, each setting its row."""
    written = page()
    for name, component in components().items():
        assert f"### `{name}`" in written
        for setting, _ in component.fields():
            assert f"| `{setting}` |" in written
