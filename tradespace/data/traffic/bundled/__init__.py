"""Traces that come with the package, in a folder with their licences. A new one joins through the list here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

from tradespace.data.traffic.trace import ArrivalTrace
from tradespace.data.traffic.trace_file import read_trace


@dataclass(frozen=True)
class BundledTrace:
    """A file of this folder, and who recorded what is in it."""

    file: str
    source: str


BUNDLED_TRACES: Mapping[str, BundledTrace] = {
    "azure_conv": BundledTrace("azure_conv.csv.xz", "a language model service for conversation, Azure, November 2023"),
    "azure_code": BundledTrace("azure_code.csv.xz", "a language model service for code, Azure, November 2023"),
    "deepseek_r1": BundledTrace("deepseek_r1.csv.xz", "73 clients of DeepSeek-R1 in production, drawn after ServeGen"),
}


@cache
def bundled_trace(name: str) -> ArrivalTrace:
    """One of the `BUNDLED_TRACES`."""
    bundled = BUNDLED_TRACES[name]
    with as_file(files(__package__) / bundled.file) as path:
        return read_trace(path, name=name, source=bundled.source)
