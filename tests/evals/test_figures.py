import pytest

from tradespace.errors import InputError
from tradespace.evals.figures import FIGURES, latencies, usd_per_1k
from tradespace.evals.statistics import means, quantiles

SECONDS = [[0.01 * number for number in range(1, 101)], [0.5] * 99 + [None]]


def test_figures_have_the_names_used_everywhere() -> None:
    """Objectives, SLAs and reports use these names."""
    assert FIGURES == ("latency_mean", "latency_p50", "latency_p90", "latency_p95", "latency_p99", "usd_per_1k")


@pytest.mark.parametrize(("figure", "expected"), [("latency_p50", 0.50), ("latency_p90", 0.90), ("latency_p99", 0.99)])
def test_a_latency_quantile_is_that_quantile_of_the_questions(figure: str, expected: float) -> None:
    """latency_p90 of 1 to 100 hundredths is 90 hundredths."""
    estimates = latencies(figure, SECONDS)
    assert estimates == quantiles(SECONDS, expected)
    assert [estimate.value for estimate in estimates] == [pytest.approx(expected), 0.5]


def test_latency_mean_is_the_mean() -> None:
    """With its bootstrap interval."""
    assert latencies("latency_mean", SECONDS, seed=3) == means(SECONDS, seed=3)


def test_dollars_are_for_a_thousand_questions() -> None:
    """A thousandth of a dollar for each question is a dollar for a thousand; unknown prices stay unknown."""
    known, unknown = usd_per_1k([[0.001, 0.001], [None, None]])
    assert (known.value, known.low, known.high) == (1.0, 1.0, 1.0)
    assert (unknown.value, unknown.missing) == (None, 2)


def test_an_unknown_figure_is_answered_with_the_nearest_name() -> None:
    """The error says what is valid."""
    with pytest.raises(InputError, match="did you mean 'latency_p95'"):
        latencies("latency_95", SECONDS)
