"""Smoothed figures are what like pipelines bear out."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from tradespace.explorer.conclusions.smoothing import FEWEST, PENALTY, component_settings, smoothed
from tradespace.explorer.results import Evaluation, QuestionSet

SETTINGS = list(product((1, 2, 5), ("none()", "maxsim(keep=1)", "maxsim(keep=5)"), (1, 3, 5)))


def evaluation(depth: int, rerank: str, passages: int) -> Evaluation:
    stages = {"retrieve": f"bm25(top_k={depth})", "rerank": rerank, "generate": f"reader(passages={passages})"}
    return Evaluation(" >> ".join(stages.values()), "", QuestionSet.EXPLORE, stages, {})


PIPELINES = [evaluation(*settings) for settings in SETTINGS]
TRUTH = np.array(
    [0.3 + 0.05 * depth + 0.02 * passages - 0.05 * (rerank == "none()") for depth, rerank, passages in SETTINGS]
)


def test_it_is_ridge_regression_on_settings_and_pairs() -> None:
    """Written out as columns of 0 and 1, its normal equations come to the same."""
    names = sorted(
        {(stage, *one) for each in PIPELINES for stage, c in each.stages.items() for one in component_settings(c)}
    )
    rows = np.array(
        [[(name[1:] in component_settings(each.stages[name[0]])) for name in names] for each in PIPELINES], dtype=float
    )
    rows = rows[:, rows.min(axis=0) < rows.max(axis=0)]
    pairs = np.array([[row[i] * row[j] for i in range(len(row)) for j in range(i)] for row in rows])
    columns = np.hstack([rows / np.sqrt(rows.sum(axis=1).mean()), pairs / np.sqrt(_pairs(rows))])
    values = TRUTH + np.random.default_rng(0).normal(0, 0.03, len(TRUTH))
    penalised = columns.T @ columns + PENALTY * np.eye(columns.shape[1])
    weights = np.linalg.solve(penalised, columns.T @ (values - values.mean()))
    assert smoothed(PIPELINES, values) == pytest.approx(values.mean() + columns @ weights)


def test_settings_of_several_components_in_one_setting_are_settings_too() -> None:
    """Two chains that share a step are like each other in it."""
    found = component_settings("chain(steps=(maxsim(keep=5), none()), fixed=(1, 2))")
    assert ("chain", "steps", "0", "maxsim", "keep", "5") in found
    assert ("chain", "steps", "1", "none") in found
    assert ("chain", "fixed", "(1, 2)") in found


def _pairs(rows: np.ndarray) -> float:
    return float((rows.sum(axis=1) * (rows.sum(axis=1) - 1) / 2).mean())


def test_choosing_by_smoothed_figures_loses_less() -> None:
    """Over 200 draws of luck the best by smoothed figures is truly better than the best by the figures themselves."""
    random = np.random.default_rng(1)
    lost: list[list[float]] = [[], []]
    for _ in range(200):
        values = TRUTH + random.normal(0, 0.05, len(TRUTH))
        for known, chosen in zip(lost, (values, smoothed(PIPELINES, values)), strict=True):
            known.append(float(TRUTH.max() - TRUTH[np.argmax(chosen)]))
    assert np.mean(lost[1]) < 0.75 * np.mean(lost[0])


def test_few_pipelines_and_missing_figures_stay_as_they_are() -> None:
    """Nothing bears them out; a missing figure spoils no other."""
    values = TRUTH.copy()
    assert (smoothed(PIPELINES[: FEWEST - 1], values[: FEWEST - 1]) == values[: FEWEST - 1]).all()
    values[3] = np.nan
    result = smoothed(PIPELINES, values)
    assert np.isnan(result[3])
    assert np.isfinite(np.delete(result, 3)).all()


def test_equal_pipelines_have_equal_figures() -> None:
    """As settings are all that is known of them, and what no setting tells apart keeps its mean."""
    values = np.linspace(0, 1, 10)
    assert smoothed([PIPELINES[0]] * 10, values) == pytest.approx(np.full(10, 0.5))


def test_text_that_is_no_notation_is_one_setting() -> None:
    """Components of other packages, and columns of tables, may be called anything."""
    assert component_settings("a model: large") == (("a model: large",),)
    assert component_settings("llm(model='openai:gpt-5-mini')")[1] == ("llm", "model", "'openai:gpt-5-mini'")
