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


def test_public_names_are_listed() -> None:
    """Those too that were not used yet, so that completion finds them."""
    assert set(tradespace.__all__) <= set(dir(tradespace))
    code = "import tradespace; print(set(tradespace.__all__) <= set(dir(tradespace)), 'Study' in vars(tradespace))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["True", "False"]


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
