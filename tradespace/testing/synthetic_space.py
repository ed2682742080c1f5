"""A space of real component values with computed figures, so that its frontier is known. No component is opened."""

from __future__ import annotations

import math
from functools import cache

from tradespace.components.base import Pipeline
from tradespace.explorer.search import Failed, Measured, Search, TrialResult
from tradespace.search_space.specification import Specification, load_text

STAGES_YAML = """
pipeline:
  chunk: {sentences: {size: [64, 128, 256, 512], overlap: [0, 1, 2]}}
  retrieve:
    bm25: {k1: {from: 0.5, to: 1.5, step: 0.25}, b: [0.4, 0.75], top_k: [1, 3, 5, 10, 20]}
    dense: {index: {flat: {}, hnsw: {ef_search: [8, 32, 128]}}, top_k: [1, 3, 5, 10, 20]}
  rerank: {none: {}, maxsim: {keep: [1, 3, 5]}}
  generate: {sentence: {passages: [1, 3, 5]}}
"""
SMALL_STAGES_YAML = """
pipeline:
  retrieve: {bm25: {top_k: [1, 3, 5]}, dense: {index: [flat, hnsw], top_k: [1, 3]}}
  rerank: {none: {}, maxsim: {keep: [1, 3]}}
"""
INFINITE = """
pipeline:
  retrieve:
    bm25: {k1: {from: 0.5, to: 2}, b: {from: 0.1, to: 0.9, log: true}, top_k: {from: 1, to: 50, log: true}}
    dense: {}
  rerank: {maxsim: {keep: {from: 1, to: 9, step: 2}}, none: {}}
"""
SLA = 0.1


def specification(stages: str) -> Specification:
    """A space of these stages with two objectives, an SLA and a constraint."""
    return load_text(
        f"name: synthetic\ndata: {{dataset: none}}\n{stages}\n"
        "objectives: {accuracy: maximize, latency_p95: minimize}\nsla: {latency_p95: 100 ms}\n"
        "constraints: [rerank.keep <= retrieve.top_k]\nsearch: {budget: {pipelines: 1000}}\n"
    )


@cache
def measured(pipeline: Pipeline) -> Measured:
    """Figures with diminishing returns, interactions between stages, and settings that matter little."""
    settings = {
        f"{role}.{name}": value for role, each in pipeline.stages.items() for name, value in each.settings.items()
    }
    top_k = settings["retrieve.top_k"]
    size, keep = settings.get("chunk.size", 128), settings.get("rerank.keep", top_k)
    read = min(keep, settings.get("generate.passages", 3))
    recall, seconds = _retrieval(settings, top_k)
    if "rerank.keep" in settings:
        recall += 0.08 * (1 - 0.125 * abs(keep - 3))
        seconds += 0.003 * top_k
    accuracy = (recall - 0.03 * abs(math.log2(size / 256))) * (0.8 + 0.05 * math.log(read))
    seconds += 0.008 * read * (0.5 + size / 256)
    return Measured({"accuracy": accuracy, "latency_p95": seconds})


def _retrieval(settings: dict[str, object], top_k: int) -> tuple[float, float]:
    gain = math.log(top_k) / 3
    if "retrieve.k1" in settings:
        return 0.7 + 0.1 * gain - 0.08 * abs(float(str(settings["retrieve.k1"])) - 1.25), 0.003 + 0.0002 * top_k
    effort = getattr(settings["retrieve.index"], "ef_search", None)
    if effort is None:
        return 0.8 + 0.12 * gain, 0.027 + 0.0003 * top_k
    return 0.8 + 0.12 * gain - 0.3 / effort, 0.012 + 0.00004 * effort + 0.0003 * top_k


def outcome(pipeline: Pipeline) -> TrialResult:
    """As measured, but every pipeline that keeps three passages fails."""
    if any(getattr(component, "keep", 0) == 3 for component in pipeline):
        return Failed("keeps three")
    return measured(pipeline)


def asked_pipelines(search: Search, count: int) -> list[Pipeline]:
    """Ask for so many pipelines, and leave the questions out."""
    return [step.pipeline for step in search.ask(count)]


def run_search(search: Search, pipelines: int, batch: int = 8) -> list[Pipeline]:
    """Ask and tell until so many pipelines were asked for, or there are no more; all that were asked for, in order."""
    asked: list[Pipeline] = []
    while len(asked) < pipelines and (proposed := asked_pipelines(search, min(batch, pipelines - len(asked)))):
        for pipeline in proposed:
            search.tell(pipeline, outcome(pipeline))
        asked += proposed
    return asked
