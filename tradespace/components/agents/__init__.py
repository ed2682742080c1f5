"""Protocols in which agents and their models speak of tools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from tradespace.components.agents.base import ToolProtocol
from tradespace.components.agents.native import NATIVE
from tradespace.components.agents.text import TEXT

ProtocolName = Literal["text", "native"]

TOOL_PROTOCOLS: Mapping[ProtocolName, ToolProtocol] = {"text": TEXT, "native": NATIVE}

__all__ = ["TOOL_PROTOCOLS", "ProtocolName", "ToolProtocol"]
