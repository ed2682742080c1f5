"""From graded readings to the tables of docs/models.md. Pure: needs no model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy

from tradespace.components.rerankers.cross_encoder import EmbeddedCrossEncoder, with_prior
from training.reader.calibrate import RIGHT_FROM

PASSAGES_RERANKED = 20
PASSAGES_READ = 5
PRIOR = EmbeddedCrossEncoder().prior


@dataclass(frozen=True)
class GradedReading:
    """What the reader said of one passage, with its grades; `gold` says whether it is the question's own passage."""

    gold: bool
    f1: float
    exact: float
    score: float
    confidence: float
    relevance: float


@dataclass(frozen=True)
class Evaluated:
    """One question: the readings of BM25's passages, best first, and of the gold passage alone.

    `retrieved` is empty where no passages were retrieved for the question.
    """

    retrieved: list[GradedReading]
    alone: GradedReading

    @property
    def answered(self) -> GradedReading:
        """The answer with the highest score among BM25's first five passages."""
        return max(self.retrieved[:PASSAGES_READ], key=lambda reading: reading.score)

    def reranked(self, keep: int, prior: float = PRIOR) -> list[GradedReading]:
        """The passages that the cross-encoder ranks highest among BM25's twenty, whose order counts by `prior`."""
        scores = with_prior([reading.relevance for reading in self.retrieved], prior)
        order = sorted(range(len(scores)), key=lambda place: -scores[place])
        return [self.retrieved[place] for place in order[:keep]]

    def answered_after_reranking(self, keep: int) -> GradedReading:
        """The answer with the highest score among the `keep` passages left by the cross-encoder."""
        return max(self.reranked(keep), key=lambda reading: reading.score)


Results = Mapping[tuple[str, int], Sequence[Evaluated]]


def quality_tables(results: Results) -> str:
    """The tables of answers, reranking and calibration, in Markdown."""
    return "\n".join((_answers(results), _reranking(results), _calibration(results)))


def precision_table(name: str, depths: Mapping[int, tuple[Sequence[Evaluated], Sequence[Evaluated]]]) -> str:
    """Gold-passage F1 on the set called `name` in fp32 and int8, by layers, and the difference question by question."""
    lines = ["| questions | layers | n | fp32 F1 | int8 F1 | difference |", "|---|---|---|---|---|---|"]
    for layers, both in depths.items():
        whole, rounded = ([row.alone.f1 for row in rows] for rows in both)
        change = numpy.subtract(rounded, whole)
        cells = " | ".join((interval(whole), interval(rounded), interval(change.tolist())))
        lines.append(f"| {name} | {layers} | {len(whole)} | {cells} |")
    return "\n".join(["#### Precision", "", *lines, ""])


def interval(values: Sequence[float], resamples: int = 2000) -> str:
    """Mean in percent with its 95 % bootstrap interval, questions resampled (percentile method)."""
    array = numpy.asarray(values, dtype=float)
    draws = numpy.random.default_rng(0).integers(0, len(array), (resamples, len(array)))
    low, high = numpy.quantile(array[draws].mean(axis=1), [0.025, 0.975])
    return f"{100 * array.mean():.1f} [{100 * low:.1f}, {100 * high:.1f}]"


def expected_calibration_error(confidence: Sequence[float], right: Sequence[bool], bins: int = 10) -> float:
    """Gap between confidence and share right over equally wide bins, weighted by size (Guo et al. 2017)."""
    claimed, true = numpy.asarray(confidence), numpy.asarray(right, dtype=float)
    place = numpy.minimum((claimed * bins).astype(int), bins - 1)
    gaps = [abs((claimed - true)[place == b].sum()) for b in range(bins)]
    return float(sum(gaps) / len(claimed))


def _answers(results: Results) -> str:
    lines = [
        "| questions | layers | n | gold passage F1 | gold passage exact "
        "| n | BM25 top 5, F1 | share of gold | rerank 20, read 5, F1 | rerank 20, read 1, F1 |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for (name, layers), rows in results.items():
        opened = _opened(rows)
        share = numpy.sum([row.answered.f1 for row in opened]) / numpy.sum([row.alone.f1 for row in opened])
        cells = [
            interval([row.alone.f1 for row in rows]),
            interval([row.alone.exact for row in rows]),
            str(len(opened)),
            interval([row.answered.f1 for row in opened]),
            f"{100 * share:.0f} %",
            interval([row.answered_after_reranking(5).f1 for row in opened]),
            interval([row.answered_after_reranking(1).f1 for row in opened]),
        ]
        lines.append(f"| {name} | {layers} | {len(rows)} | " + " | ".join(cells) + " |")
    return "\n".join(["#### Answers", "", *lines, ""])


def _reranking(results: Results) -> str:
    lines = ["| questions | n | order | recall@1 | recall@3 | recall@5 |", "|---|---|---|---|---|---|"]
    for name in dict.fromkeys(name for name, _ in results):
        depths = {layers: rows for (of, layers), rows in results.items() if of == name}
        depths = {layers: _opened(rows) for layers, rows in depths.items()}
        orders = {"BM25": [row.retrieved for row in next(iter(depths.values()))]}
        for prior, words in ((0.0, ", network alone"), (PRIOR, "")):
            for layers, rows in depths.items():
                orders[f"cross-encoder, {layers} layers{words}"] = [row.reranked(20, prior) for row in rows]
        for order, ranked in orders.items():
            recalls = [interval([any(r.gold for r in row[:k]) for row in ranked]) for k in (1, 3, 5)]
            lines.append(f"| {name} | {len(ranked)} | {order} | " + " | ".join(recalls) + " |")
    return "\n".join(["#### Reranking BM25's top 20", "", *lines, ""])


def _calibration(results: Results) -> str:
    lines = [
        "| questions | layers | passages | mean confidence | right (F1 at least 0.5) | expected calibration error |",
        "|---|---|---|---|---|---|",
    ]
    sources: dict[str, Callable[[Evaluated], GradedReading]] = {
        "gold": lambda row: row.alone,
        "BM25 top 5": lambda row: row.answered,
    }
    for (name, layers), every in results.items():
        for source, choose in sources.items():
            rows = every if source == "gold" else _opened(every)
            confidence = [choose(row).confidence for row in rows]
            right = [choose(row).f1 >= RIGHT_FROM for row in rows]
            error = expected_calibration_error(confidence, right)
            means = f"{numpy.mean(confidence):.3f} | {numpy.mean(right):.3f}"
            lines.append(f"| {name} | {layers} | {source} | {means} | {error:.3f} |")
    return "\n".join(["#### Confidence", "", *lines, ""])


def _opened(rows: Sequence[Evaluated]) -> list[Evaluated]:
    """The questions that passages were retrieved for."""
    return [row for row in rows if row.retrieved]
