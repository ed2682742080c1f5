"""The file that is written: the nearest search space, below what it does not take over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tradespace.errors import Fault, SpaceError
from tradespace.search_space.autorag.configuration import read_configuration
from tradespace.search_space.autorag.counterparts import NODES, canonical_kind
from tradespace.search_space.autorag.goals import objectives, service_level
from tradespace.search_space.autorag.pipeline import pipeline_stages
from tradespace.search_space.autorag.translator import Translator
from tradespace.search_space.document import dump

DataSection = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TranslatedSpace:
    """The text of a search space, and what of the configuration it does not hold or holds otherwise."""

    text: str
    remarks: tuple[Fault, ...]


def translated(files: Sequence[Path], name: str, data: DataSection) -> TranslatedSpace:
    """Translate a configuration of AutoRAG; nothing but its files is read.

    Args:
        files: the configuration, and perhaps those of chunking and parsing.
        name: that of the space.
        data: its section `data`.

    Raises:
        SpaceError: the files are no configuration, or nothing in them has a counterpart; it carries every fault.
    """
    translator = Translator(read_configuration(files))
    for node in translator.configuration.nodes:
        if canonical_kind(node.kind) not in NODES:
            translator.remarks.add(f"{node.kind}: no stage stands for such a node", node.where)
    stages = pipeline_stages(translator)
    if not {"retrieve", "generate"} & {*stages}:
        why = Fault("needs a node that retrieves or generates, with a module that has a counterpart", str(files[0]))
        raise SpaceError([why, *translator.remarks])
    sections: dict[str, object] = {"name": name, "data": dict(data), "pipeline": stages}
    sections["objectives"] = objectives(translator, stages)
    if sla := service_level(translator):
        sections["sla"] = sla
    sections["search"] = {"strategy": "frontier", "budget": {"minutes": 5}}
    remarks = tuple(translator.remarks)
    return TranslatedSpace(f"{_head(files, remarks)}\n{dump(sections, flat=True)}", remarks)


def _head(files: Sequence[Path], remarks: Sequence[Fault]) -> str:
    lines = [
        f"The nearest search space to AutoRAG's configuration in {', '.join(map(str, files))}.",
        "AutoRAG keeps the best module of each node; here whole pipelines are compared, and all stages vary together.",
        *(["Not, or not in the same way, taken over:"] if remarks else []),
        *(f"  {remark}" for remark in remarks),
    ]
    return "".join(f"# {_in_a_comment(line)}\n" for line in lines)


def _in_a_comment(text: str) -> str:
    """The text in one line, without characters that end a comment."""
    return "".join(character if character.isprintable() else " " for character in text)
