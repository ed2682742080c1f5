"""What translating any of AutoRAG's modules takes: its counterpart, the values of its settings, and remarks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from tradespace.search_space.autorag.configuration import Configuration, ModuleEntry, NodeEntry
from tradespace.search_space.autorag.counterparts import (
    DIFFERENT,
    MODULE_COUNTERPARTS,
    NODES,
    UNNEEDED,
    Counterpart,
    NoCounterpart,
    canonical_kind,
)
from tradespace.search_space.autorag.models import ModelTranslator
from tradespace.search_space.autorag.remarks import Remarks

UNKNOWN_MODULE = NoCounterpart("is not known here; a part of your own can stand for it (docs/extending.md)")


class Translator:
    """One configuration under translation."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.remarks = Remarks()
        self.reader = ModelTranslator(self.remarks)

    def nodes(self, purpose: str) -> list[NodeEntry]:
        """The nodes whose modules are alternatives of one stage."""
        return [node for node in self.configuration.nodes if NODES.get(canonical_kind(node.kind)) == purpose]

    def counterparts(
        self, purpose: str, nodes: Iterable[NodeEntry] | None = None
    ) -> Iterator[tuple[ModuleEntry, str, Counterpart]]:
        """The modules of all nodes of a purpose, or of some, with their kind and what stands for them.

        Where nothing does, it is said why.
        """
        for module in (module for node in (self.nodes(purpose) if nodes is None else nodes) for module in node.modules):
            kind = canonical_kind(module.kind)
            entry = MODULE_COUNTERPARTS[purpose].get(kind, UNKNOWN_MODULE)
            if isinstance(entry, NoCounterpart):
                self.remarks.add(f"{module.kind}: {entry.why}", module.where)
                continue
            if entry.differs:
                self.remarks.add(f"{module.kind}: {entry.differs}", module.where)
            yield module, kind, entry

    def settings(self, module: ModuleEntry, entry: Counterpart, used: Iterable[str] = ()) -> dict[str, list[Any]]:
        """Values of the component's settings. Parameters that have no such setting, and are not `used`, are told."""
        settings = {setting: [value] for setting, value in entry.unless_given.items()}
        for name, parameter in module.parameters.items():
            if name in entry.settings:
                if values := self.reader.fitting(entry.component, entry.settings[name], parameter):
                    settings[entry.settings[name]] = values
            elif name not in UNNEEDED and name not in used:
                why = DIFFERENT.get(name, "has no counterpart, and is left out")
                self.remarks.add(f"`{name}` {why}", parameter.where)
        return settings

    def passed(self, nodes: Iterable[NodeEntry]) -> list[int]:
        """How many passages the last of some nodes that says so passes on: the values of its `top_k`."""
        given = [
            module.parameters["top_k"] for node in nodes for module in node.modules[:1] if "top_k" in module.parameters
        ]
        return self.reader.fitting("bm25", "top_k", given[-1]) if given else []
