"""The section `pipeline`: the stages that stand for AutoRAG's nodes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tradespace.components.registry import component_class
from tradespace.search_space.autorag.alternatives import Alternative, combinations, written
from tradespace.search_space.autorag.configuration import ModuleEntry
from tradespace.search_space.autorag.counterparts import (
    AUTORAG_PARSERS,
    CHUNKER_COUNTERPARTS,
    Counterpart,
    canonical_kind,
)
from tradespace.search_space.autorag.models import used_by_models
from tradespace.search_space.autorag.prompts import prompts
from tradespace.search_space.autorag.retrieving import retrievers
from tradespace.search_space.autorag.translator import UNKNOWN_MODULE, Translator

MOST_READ = 20
"""Passages that a reader takes at most."""
ASKING = "llama_index_llm"
"""How AutoRAG's compressors call their model."""
PASSED_ON: Alternative = ("none", {})


def pipeline_stages(translator: Translator) -> dict[str, Any]:
    """What may fill each stage, as YAML has it; empty if nothing retrieves and nothing answers."""
    found = retrievers(translator)
    stages: dict[str, list[Alternative]] = {}
    if found:
        stages = {"chunk": list(_chunkers(translator)), "retrieve": found}
        for place, one in enumerate(_rerankers(translator), 1):
            stages["rerank" if place == 1 else f"rerank_{place}"] = one
    stages["generate"] = list(_readers(translator))
    return {stage: written(alternatives) for stage, alternatives in stages.items() if alternatives}


def passed_on(translator: Translator) -> list[int]:
    """How many passages the last node that says so passes on."""
    return translator.passed([*translator.nodes("retrieve"), *translator.nodes("rerank")])


def _rerankers(translator: Translator) -> Iterator[list[Alternative]]:
    """A stage for each node with a module that does something."""
    for node in translator.nodes("rerank"):
        alternatives: list[Alternative] = []
        for module, _, entry in translator.counterparts("rerank", [node]):
            if entry.component == "neighbours":
                alternatives += _neighbours(translator, module, entry)
            elif entry.component == "summarize":
                settings = translator.settings(module, entry, used_by_models(ASKING))
                alternatives += combinations(
                    "summarize", {**settings, "model": translator.reader.models(module, ASKING)}
                )
            elif entry.component:
                alternatives += combinations(entry.component, translator.settings(module, entry))
            else:
                alternatives.append(PASSED_ON)
        if any(one != PASSED_ON for one in alternatives):
            yield alternatives


def _neighbours(translator: Translator, module: ModuleEntry, entry: Counterpart) -> list[Alternative]:
    """What stands before or behind a passage, or both."""
    translator.settings(module, entry, ("mode", "num_passages", "embedding_model"))
    given = module.parameters
    counts = translator.reader.fitting("neighbours", "after", given["num_passages"]) if "num_passages" in given else [1]
    modes = given["mode"].values if "mode" in given else ("next",)
    return [
        ("neighbours", {"before": count * (mode != "next"), "after": count * (mode != "prev")})
        for mode in modes
        for count in counts
    ]


def _readers(translator: Translator) -> Iterator[Alternative]:
    """The language models, asked directly, with every prompt; those that write equally long answers together."""
    asked = prompts(translator)
    read = sorted({min(MOST_READ, number) for number in passed_on(translator)})
    for module, kind, entry in translator.counterparts("generate"):
        settings = translator.settings(module, entry, used_by_models(kind))
        settings |= {"model": translator.reader.models(module, kind), "strategy": ["direct"]}
        settings |= ({"prompt": asked} if asked else {}) | ({"passages": read} if read else {})
        yield from combinations("llm", settings)


def _chunkers(translator: Translator) -> Iterator[Alternative]:
    for module in translator.configuration.modules:
        kind = canonical_kind(module.kind)
        if kind in AUTORAG_PARSERS:
            other = "or name its files as `documents`, and `pypdf` or `pdfminer` under `parse`"
            translator.remarks.add(f"{kind}: hand over what it parsed; {other}", module.where)
            continue
        methods = module.parameters.get("chunk_method")
        for method in methods.values if methods else ():
            entry = CHUNKER_COUNTERPARTS.get((kind, str(method).lower()), UNKNOWN_MODULE)
            if not isinstance(entry, Counterpart):
                translator.remarks.add(f"{method}: {entry.why}", module.where)
                continue
            if entry.differs:
                translator.remarks.add(f"{method}: {entry.differs}", module.where)
            possible = combinations(entry.component, translator.settings(module, entry))
            yield from (one for one in possible if _is_possible(one))


def _is_possible(alternative: Alternative) -> bool:
    """Whether the component takes these settings together: no overlap is longer than its passage."""
    name, settings = alternative
    try:
        component_class(name).model_validate(settings)
    except ValueError:
        return False
    return True
