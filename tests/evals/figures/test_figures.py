"""What every figure of merit has."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.evals.figures import FIGURES, Figure, Kind, figure_of
from tradespace.evals.statistics import mean_of, quantile_of


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_a_figure_is_found_by_its_name(figure: Figure) -> None:
    """Names are unique, and each says what it measures and in which unit."""
    assert figure_of(figure.name) is figure
    assert figure.what and figure.unit.name and figure.wording.name


def test_a_name_that_is_not_measured_is_a_score() -> None:
    """A study may hold scores of a measure that is not installed here: more of it is better, from 0 to 1."""
    figure = figure_of("politeness")
    assert (figure.kind, figure.maximize, figure.unit.write(0.25)) == (Kind.SCORE, True, "0.250")
    assert figure.summary.estimates([(1.0,) * 9])[0].low == pytest.approx(0.70, abs=0.01)


@given(st.lists(st.one_of(st.just(math.nan), st.just(math.inf), st.floats(0, 10)), max_size=12), st.floats(0.01, 0.99))
def test_a_quantile_is_the_least_value_that_its_share_of_the_known_does_not_exceed(
    values: list[float], share: float
) -> None:
    """Missing values are left out, infinite ones are not, and nothing is interpolated."""
    known = sorted(value for value in values if not math.isnan(value))
    naive = next((one for place, one in enumerate(known, start=1) if place >= share * len(known) - 1e-9), math.nan)
    assert quantile_of(values, share) == pytest.approx(naive, nan_ok=True)


def test_summaries_are_along_the_last_axis() -> None:
    """So that resamples of many pipelines are summarised at once, also where there are none."""
    values = np.arange(24.0).reshape(2, 3, 4)
    assert quantile_of(values, 0.5).tolist() == [[1, 5, 9], [13, 17, 21]]
    assert mean_of(values).tolist() == [[1.5, 5.5, 9.5], [13.5, 17.5, 21.5]]
    assert quantile_of(np.empty((0, 5)), 0.5).shape == (0,)
    assert np.isnan(quantile_of(np.empty((2, 0)), 0.5)).all()


def test_accuracy_when_answering_is_compared_as_a_ratio() -> None:
    """Each pipeline has it of the questions that it answers, in a group too; other scores are compared question by
    question."""
    careful, every = [1.0, None, 1.0, None] * 20, [1.0, 0.0, 1.0, 0.0] * 20
    for name in ("answered_f1", "answered_em[language=de]"):
        summary = figure_of(name).summary
        assert not summary.paired
        assert summary.differences([careful], every)[0].value == pytest.approx(0.5)
    assert figure_of("answer_f1").summary.paired
    assert figure_of("answer_f1").summary.differences([careful], every)[0].value == 0.0
