"""The stage `retrieve`: lexical and dense retrieval, their fusion, and models that expand the question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tradespace.search_space.autorag.alternatives import Alternative, combinations, written
from tradespace.search_space.autorag.configuration import ModuleEntry, Parameter
from tradespace.search_space.autorag.counterparts import (
    EMBEDDER_COUNTERPARTS,
    TOKENIZERS,
    Counterpart,
    canonical_kind,
    squeezed_kind,
)
from tradespace.search_space.autorag.models import used_by_models
from tradespace.search_space.autorag.translator import Translator

Found = tuple[ModuleEntry, str, Counterpart]
PAIR = re.compile(r"\s*[(\[]\s*(\d*\.?\d+)\s*,\s*(\d*\.?\d+)\s*[)\]]\s*")
USUAL_WEIGHTS = 101
"""How many weights AutoRAG tries unless it is told."""
STORE = ("vectordb", "embedding_model")
FUSED = ("weight_range", "test_weight_size", "weights", "rrf_k", "weight", "target_modules", "target_module_params")
MIN_MAX = "mm"


def retrievers(translator: Translator) -> list[Alternative]:
    """All that may find passages: with and without a model that expands the question."""
    found = list(translator.counterparts("retrieve"))
    plain = [one for each in found for one in _plain(translator, *each)]
    plain += _hybrids(translator, found, plain)
    expansions = list(translator.counterparts("expand"))
    if not plain or not expansions:
        return plain
    within = {"retriever": [written(plain)]}
    if top_k := translator.passed(translator.nodes("retrieve")):
        within["top_k"] = top_k
    expanded = [one for each in expansions for one in _expanded(translator, *each, within)]
    unexpanded = any(not entry.component for _, _, entry in expansions)
    return (plain if unexpanded or not expanded else []) + expanded


def _expanded(
    translator: Translator, module: ModuleEntry, kind: str, entry: Counterpart, within: Mapping[str, list[Any]]
) -> list[Alternative]:
    if not entry.component:
        return []
    asked = module.parameters.get("generator_module_type")
    asked_by = canonical_kind(str(asked.values[0])) if asked else "llama_index_llm"
    settings = translator.settings(module, entry, used_by_models(asked_by))
    models = translator.reader.models(module, asked_by)
    return combinations(entry.component, {**within, **settings, "model": models})


def _plain(translator: Translator, module: ModuleEntry, kind: str, entry: Counterpart) -> list[Alternative]:
    if kind == "vectordb":
        settings = translator.settings(module, entry, STORE)
        return combinations("dense", {"embedder": _embedders(translator, module), **settings})
    if kind != "bm25":
        return []
    settings = translator.settings(module, entry, ("bm25_tokenizer",))
    return combinations("bm25", settings | _stemmers(translator, module))


def _stemmers(translator: Translator, module: ModuleEntry) -> dict[str, list[Any]]:
    tokenizers = module.parameters.get("bm25_tokenizer")
    if tokenizers is None:
        return {}
    for name in tokenizers.values:
        if str(name) not in TOKENIZERS:
            translator.remarks.add(f"bm25_tokenizer: {name!r}: terms are words, stemmed or not", tokenizers.where)
    stemmers = dict.fromkeys(TOKENIZERS[str(name)] for name in tokenizers.values if str(name) in TOKENIZERS)
    return {"stemmer": list(stemmers)} if stemmers else {}


def _embedders(translator: Translator, module: ModuleEntry) -> list[Any]:
    """The embedders of the vector databases that a module names; in older configurations it names them itself."""
    found: list[Any] = []
    for parameter in _embedding_models(translator, module):
        for model in parameter.values:
            if (embedder := _embedder(translator, model, parameter.where)) not in found:
                found.append(embedder)
    return found


def _embedding_models(translator: Translator, module: ModuleEntry) -> Iterator[Parameter]:
    if "embedding_model" in module.parameters:
        yield module.parameters["embedding_model"]
        return
    named = module.parameters.get("vectordb", Parameter(("default",), module.where))
    for name in named.values:
        store = translator.configuration.stores.get(str(name))
        if store is None and name != "default":
            translator.remarks.add(f"there is no vector database {name!r}; AutoRAG's default stands in", named.where)
        if store and (kind := store.parameters.get("db_type")):
            searched = "vectors are searched here, exactly; one of yours is `langchain_vector_store`"
            translator.remarks.add(f"{kind.values[0]}: {searched}", kind.where)
        models = store.parameters.get("embedding_model") if store else None
        yield models or Parameter(("openai",), named.where)


def _embedder(translator: Translator, model: Any, where: str) -> Any:
    """The embedder of this name, or of this `type` and `model_name`."""
    kind, name = (model.get("type"), model.get("model_name")) if isinstance(model, Mapping) else (model, None)
    if kind == "huggingface" and isinstance(name, str) and name:
        return {"sentence_transformer": {"model": name}}
    if kind == "openai" and isinstance(name, str) and name:
        return {"openai_embeddings": {"model": name}}
    if isinstance(kind, str) and kind in EMBEDDER_COUNTERPARTS:
        return EMBEDDER_COUNTERPARTS[kind]
    translator.remarks.add(f"embedding_model: {model!r} is not known; `minilm` stands in", where)
    return "minilm"


def _hybrids(translator: Translator, found: Iterable[Found], plain: Iterable[Alternative]) -> list[Alternative]:
    """A hybrid of what is searched alone, with the fusions of all modules that fuse."""
    fusing = [(module, entry) for module, kind, entry in found if entry.component in ("rrf", "weighted")]
    if not fusing:
        return []
    members, deep = _members(plain)
    fusions: dict[str, Any] = {}
    tops: list[int] = []
    for module, entry in fusing:
        translator.settings(module, entry, (*FUSED, "normalize_method"))
        _normalised(translator, module)
        if fusions.setdefault(entry.component, settings := _fusion(translator, module, entry)) != settings:
            translator.remarks.add(f"{module.kind}: its weights are those of the one before it", module.where)
        if "top_k" in module.parameters:
            tops = translator.reader.fitting("hybrid", "top_k", module.parameters["top_k"]) or tops
    settings = {"fusion": [fusions], **members, "top_k": tops or [10]}
    return combinations("hybrid", {"depth": [deep], **settings} if deep else settings)


def _members(plain: Iterable[Alternative]) -> tuple[dict[str, list[Any]], int]:
    """The settings of the hybrid's members, and how deep they search: 0 if that is not said."""
    alone = written((name, {key: one for key, one in settings.items() if key != "top_k"}) for name, settings in plain)
    members = {name: [settings] for name, settings in alone.items() if settings} if isinstance(alone, dict) else {}
    deepest = max((int(settings.get("top_k", 0)) for _, settings in plain), default=0)
    return members, max(deepest, 2) if deepest else 0


def _normalised(translator: Translator, module: ModuleEntry) -> None:
    if methods := module.parameters.get("normalize_method"):
        others = [str(one) for one in methods.values if one != MIN_MAX]
        if others:
            translator.remarks.add(f"normalize_method: {', '.join(others)}: scores are min-max scaled", methods.where)


def _fusion(translator: Translator, module: ModuleEntry, entry: Counterpart) -> dict[str, Any]:
    given = module.parameters
    if entry.component == "rrf":
        if constants := given.get("rrf_k") or given.get("weight"):
            values = translator.reader.fitting("rrf", "k", constants)
            return {"k": _one_or_several(values)} if values else {}
        return {"k": _range(translator, given.get("weight_range"), (4, 80), whole=True)}
    if weights := given.get("weights") or given.get("weight"):
        return _alphas(translator, weights, given.get("target_modules"))
    low_high = _range(translator, given.get("weight_range"), (0.0, 1.0), whole=False)
    count = given["test_weight_size"].values[0] if "test_weight_size" in given else USUAL_WEIGHTS
    if isinstance(count, int) and not isinstance(count, bool) and count > 1:
        low_high["step"] = round((low_high["to"] - low_high["from"]) / (count - 1), 6) or 1e-6
    return {"alpha": low_high}


def _alphas(translator: Translator, weights: Parameter, targets: Parameter | None) -> dict[str, Any]:
    """Pairs of weights, of the lexical and the dense ranking unless it is said otherwise, or the dense one's alone."""
    turned = targets is not None and squeezed_kind(str(targets.values)).lstrip("(['\"").startswith("vectordb")
    found: list[float] = []
    for one in weights.values:
        pair = PAIR.fullmatch(str(one))
        first, second = (float(pair[1]), float(pair[2])) if pair else (0.0, 0.0)
        alpha = one if isinstance(one, float) else None
        if first + second > 0:
            alpha = round((first if turned else second) / (first + second), 6)
        if alpha is None or not 0 <= alpha <= 1:
            translator.remarks.add(f"`weights` must be pairs such as (0.3, 0.7); given: {one!r}", weights.where)
        elif alpha not in found:
            found.append(alpha)
    return {"alpha": _one_or_several(found)} if found else {}


def _range(
    translator: Translator, given: Parameter | None, usual: tuple[float, float], *, whole: bool
) -> dict[str, Any]:
    """A range given as text, `(4, 80)`, or as a list of two."""
    text = "" if given is None else str(given.values[0] if len(given.values) == 1 else list(given.values))
    pair = PAIR.fullmatch(text)
    low, high = (float(pair[1]), float(pair[2])) if pair else usual
    most = 1000 if whole else 1
    if given and not (pair and low <= high <= most):
        translator.remarks.add(f"`weight_range` must be a pair such as {usual}; given: {text!r}", given.where)
        low, high = usual
    return {"from": int(low), "to": int(high)} if whole else {"from": low, "to": high}


def _one_or_several(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values
