"""What `import tradespace` offers."""

from __future__ import annotations

import subprocess
import sys

import pytest

import tradespace


@pytest.mark.parametrize("name", tradespace.__all__)
def test_every_public_name_is_there(name: str) -> None:
    """Each is imported when it is first used."""
    assert getattr(tradespace, name).__name__ == name


def test_other_names_are_not() -> None:
    """A misspelt name is an AttributeError, as everywhere."""
    with pytest.raises(AttributeError, match="pipline"):
        _ = tradespace.pipline


def test_importing_it_loads_no_library() -> None:
    """So that a command starts at once."""
    code = "import sys, tradespace; print(sorted({'torch', 'pydantic', 'numpy', 'pandas'} & set(sys.modules)))"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )
