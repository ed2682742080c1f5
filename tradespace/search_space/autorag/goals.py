"""The sections `objectives` and `sla`: from the metrics and speed thresholds of AutoRAG's strategies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tradespace.search_space.autorag.counterparts import (
    ANSWER_METRICS,
    METRICS_WITHOUT,
    NODES,
    RETRIEVAL_METRICS,
    canonical_kind,
)
from tradespace.search_space.autorag.pipeline import passed_on
from tradespace.search_space.autorag.translator import Translator

LATENCY = "latency_p95"
MEAN = "latency_mean"
USUAL_TOP = 10


def objectives(translator: Translator, stages: Mapping[str, Any]) -> dict[str, str]:
    """What is traded off: the measures of answers where answers are made, else those of rankings; and latency."""
    found = dict.fromkeys(_measures(translator, "generate" in stages))
    usual = "answer_f1" if "generate" in stages else f"gold_recall@{_top(translator)}"
    bounded = MEAN if service_level(translator) else LATENCY
    return {**dict.fromkeys(found or [usual], "maximize"), bounded: "minimize"}


def service_level(translator: Translator) -> dict[str, str]:
    """The sum of the speed thresholds, where every node has one: each bounds its node's mean seconds for a question."""
    nodes = translator.configuration.nodes
    thresholds = [node.speed_threshold for node in nodes if node.speed_threshold is not None]
    if not thresholds:
        return {}
    without = [node for node in nodes if node.speed_threshold is None]
    for node in without:
        translator.remarks.add(
            "has no speed_threshold; so the others bound no whole, and there is no `sla`", node.where
        )
    return {} if without else {MEAN: f"{sum(thresholds):g} s"}


def _measures(translator: Translator, answering: bool) -> Iterator[str]:
    top = _top(translator)
    for node in translator.configuration.nodes:
        purpose = NODES.get(canonical_kind(node.kind))
        for metric, where in node.metrics:
            measure = ANSWER_METRICS.get(metric) or RETRIEVAL_METRICS.get(metric, "").format(k=top)
            if not measure:
                why = METRICS_WITHOUT.get(metric, "no measure stands for it (docs/measures.md)")
                translator.remarks.add(f"{metric}: {why}", where)
            elif answering is (metric in ANSWER_METRICS) and (purpose == "generate" or not answering):
                if measure == "answer_f1":
                    translator.remarks.add(f"{metric}: `{measure}` stands in: the words shared with an answer", where)
                yield measure


def _top(translator: Translator) -> int:
    return max(passed_on(translator), default=USUAL_TOP)
