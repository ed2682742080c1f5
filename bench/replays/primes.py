"""Is it prime? Recorded latencies, and those of a cascade of two models."""

from __future__ import annotations

import numpy as np

from bench.replays.recorded import mean, right, samples, table
from tradespace.components.answers import extract
from tradespace.data import load_dataset

MEASURE = "answer_yes_no"
MODELS = ("gpt-3.5-turbo-0301", "gpt-3.5-turbo-0613", "gpt-4-0314", "gpt-4-0613")
QUANTILES = (0.5, 0.9, 0.95, 0.99)


def recorded(model: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Seconds, dollars, whether it is right and whether it answers at all, question by question."""
    questions = load_dataset("primes").questions
    drawn = samples(f"llmdrift_prime/{model}", questions, "think", 1)
    seconds = np.array([row[0].seconds for row in drawn], dtype=float)
    dollars = np.array([row[0].completion.usd for row in drawn], dtype=float)
    correct = np.array([row[0] for row in right(MEASURE, questions, drawn)])
    answered = np.array([bool(extract(row[0].completion.text, "yes_no")) for row in drawn])
    return seconds, dollars, correct, answered


def cascade(first: str, then: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """`first`, and where it says no, or nothing, `then` as well: seconds, dollars, right, and where both were asked.

    The first model is known to say no too readily; a yes is taken at its word.
    """
    questions = load_dataset("primes").questions
    said = [
        extract(row[0].completion.text, "yes_no") for row in samples(f"llmdrift_prime/{first}", questions, "think", 1)
    ]
    again = np.array([word != "yes" for word in said])
    earlier, later = recorded(first), recorded(then)
    return (
        earlier[0] + np.where(again, later[0], 0.0),
        earlier[1] + np.where(again, later[1], 0.0),
        np.where(again, later[2], earlier[2]),
        again,
    )


def quantiles(seconds: np.ndarray) -> list[float]:
    """The smallest observed value that at least a share q of the questions keeps, for each of `QUANTILES`."""
    return [float(np.quantile(seconds, q, method="inverted_cdf")) for q in QUANTILES]


def page() -> str:
    """The section of the page."""
    first, then = "gpt-4-0613", "gpt-4-0314"
    rows = [_row(f"`{model}`", *recorded(model)[:3]) for model in MODELS]
    seconds, dollars, correct, again = cascade(first, then)
    rows.append(_row(f"cascade `{first}` → `{then}`", seconds, dollars, correct))
    share = mean(list(again))
    first_seconds, then_seconds = recorded(first)[0], recorded(then)[0]
    means = f"{first_seconds.mean():.2f} + {share:.3f} × {then_seconds.mean():.2f}"
    by_mean = first_seconds.mean() + share * then_seconds.mean()
    by_quantile = np.add(quantiles(first_seconds), quantiles(then_seconds))
    head = ("model", "accuracy", "dollars per 1,000", "mean s", "p50", "p90", "p95", "p99")
    exact = quantiles(seconds)
    return f"""## Is it prime?
Four versions of GPT on 1,000 numbers, with the seconds of every call. The cascade asks the second model where the
first does not say yes ({share:.0%} of the questions); a question takes the seconds of every model that was asked.

{table(head, rows)}

From means, only a mean could be had, and only if the second model took as long on these questions as on all:
{means} = {by_mean:.2f} s; it is {seconds.mean():.2f} s. Adding the
models' medians gives {by_quantile[0]:.2f} s, where half of the questions take {exact[0]:.2f} s or less; adding their
99th percentiles gives {by_quantile[3]:.1f} s instead of {exact[3]:.1f} s. Quantiles are taken of the per-question sums.
"""


def _row(name: str, seconds: np.ndarray, dollars: np.ndarray, correct: np.ndarray) -> list[object]:
    times = [f"{value:.2f}" for value in (float(seconds.mean()), *quantiles(seconds))]
    return [name, f"{correct.mean():.3f}", f"{1000 * dollars.mean():.3f}", *times]
