"""Turns a training checkpoint into shipped weights: quantises, then fits scores and confidences.

    python -m training.reader.calibrate --run runs/reader/main --data DATA --out
    tradespace/components/weights/minilm-reader

The calibration questions are the part of Natural Questions that training never saw; XQuAD has no say.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy

from tradespace.components.encoders.reader import READER_FOLDER, PassageAnswer, SpanReader
from tradespace.components.encoders.weights import ScoreCalibration, save_network
from tradespace.evals.measures.answer_f1 import ANSWER_F1
from training.reader.corpora import Question, natural_questions, part_of
from training.reader.examples import DEFAULT_DATA
from training.reader.retrieval import bm25_top

VERSION = "1.0.0"
RIGHT_FROM = 0.5
"""An answer counts as right from this F1 on."""
_NEUTRAL = ScoreCalibration()
_WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)


@dataclass(frozen=True)
class Judged:
    """The readings of one question's passages, with the F1 of each reading's answer."""

    readings: list[PassageAnswer]
    grades: list[float]


def judge(reader: SpanReader, questions: Sequence[Question], candidates: Sequence[Sequence[str]]) -> list[Judged]:
    """Reads each question's candidate passages and grades every answer."""
    judged = []
    for question, passages in zip(questions, candidates, strict=True):
        readings = reader.read(question.text, passages)
        grades = [ANSWER_F1.grade(reading.text, question.answers) for reading in readings]
        judged.append(Judged(readings, grades))
    return judged


def fit(retrieved: Sequence[Judged], gold: Sequence[Judged]) -> ScoreCalibration:
    """The relevance weight that chooses best among retrieved passages, then the confidence of what it chooses.

    The confidence is a logistic regression (Platt 1999) on the chosen answers of retrieved passages and on
    those of gold passages.
    """
    weight = max(_WEIGHTS, key=lambda candidate: _mean_grade(retrieved, candidate))
    chosen = [_chosen(judged, weight) for judged in [*retrieved, *gold]]
    features = numpy.array([(_score(reading, weight), reading.certainty) for reading, _ in chosen])
    right = numpy.array([grade >= RIGHT_FROM for _, grade in chosen])
    score, certainty, intercept = _logistic_regression(features, right)
    return ScoreCalibration(weight, score, certainty, intercept)


def _logistic_regression(features: numpy.ndarray, right: numpy.ndarray) -> tuple[float, ...]:
    from scipy.optimize import minimize

    columns = numpy.column_stack([features, numpy.ones(len(features))])

    def loss(weights: numpy.ndarray) -> float:
        logits = columns @ weights
        return float(numpy.mean(numpy.logaddexp(0, logits) - right * logits) + 1e-4 * (weights**2).sum())

    return tuple(float(weight) for weight in minimize(loss, numpy.zeros(columns.shape[1])).x)


def _mean_grade(judged: Sequence[Judged], weight: float) -> float:
    return float(numpy.mean([_chosen(each, weight)[1] for each in judged]))


def _chosen(judged: Judged, weight: float) -> tuple[PassageAnswer, float]:
    pairs = zip(judged.readings, judged.grades, strict=True)
    return max(pairs, key=lambda pair: _score(pair[0], weight))


def _score(reading: PassageAnswer, weight: float) -> float:
    """The score that `weight` would give a reading made with the neutral calibration."""
    return reading.score + weight * reading.relevance


def calibrate(folder: Path, data: Path, passages_read: int = 5) -> dict[int, ScoreCalibration]:
    """The calibrations of the weights in `folder`, which must have been written with the neutral one."""
    everything = natural_questions(data)
    questions = [question for question in everything if part_of(question) == "calibration"]
    texts = list(dict.fromkeys(question.passage.text for question in everything))
    nearest = bm25_top([question.text for question in questions], texts, passages_read)
    retrieved = [[texts[place] for place in places] for places in nearest]
    gold = [[question.passage.text] for question in questions]
    fitted = {}
    for layers in (3, 6):
        reader = SpanReader(layers, folder=folder)
        fitted[layers] = fit(judge(reader, questions, retrieved), judge(reader, questions, gold))
    return fitted


def main() -> None:
    import torch

    from tradespace.components.encoders.network import ReadingNetwork

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, default=Path("runs/reader/main"))
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--out", type=Path, default=READER_FOLDER)
    arguments = parser.parse_args()
    network = ReadingNetwork()
    network.load_state_dict(torch.load(arguments.run / "checkpoint.pt", weights_only=True)["network"])
    neutral = {layers: replace(_NEUTRAL) for layers in (3, 6)}
    save_network(arguments.out, "minilm-reader", VERSION, network, neutral)
    fitted = calibrate(arguments.out, arguments.data)
    save_network(arguments.out, "minilm-reader", VERSION, network, fitted)
    for layers, calibration in fitted.items():
        print(layers, calibration)


if __name__ == "__main__":
    main()
