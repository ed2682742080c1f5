"""GSM8K: cascades and routers over recorded models, in accuracy and dollars, cross-fitted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

import numpy as np
import yaml

from bench.replays.recorded import right, samples, table
from tradespace.components.answers import extract, same
from tradespace.data import load_dataset
from tradespace.evals.cross_fit import cross_fit
from tradespace.types import Question

MEASURE = "answer_number"
PRICES: dict[str, list[float]] = yaml.safe_load((Path(__file__).parent / "prices.yaml").read_text())
"""Dollars for a million tokens in and out, by model."""
ZEROEVAL = (
    "gemma-2-2b-it",
    "Mixtral-8x7B-Instruct-v0.1",
    "gpt-3.5-turbo-0125",
    "Meta-Llama-3.1-8B-Instruct",
    "gemma-2-9b-it",
    "claude-3-haiku-20240307",
    "gemma-2-27b-it",
    "gpt-4o-mini-2024-07-18",
    "gpt-4o-2024-08-06",
    "claude-3-5-sonnet-20241022",
)
PRICED = tuple(name for name in ZEROEVAL if name in PRICES)


@dataclass(frozen=True)
class Answered:
    """What a model did with each question: its number, whether that is right, and dollars (0 without a price)."""

    numbers: list[str]
    right: np.ndarray
    usd: np.ndarray


def answered(model: str, folder: str = "zeroeval_gsm") -> Answered:
    """Read a recording."""
    questions = load_dataset("gsm8k").questions
    drawn = samples(f"{folder}/{model}", questions, "think", 1)
    price = PRICES.get(model, [0.0, 0.0])
    completions = [row[0].completion for row in drawn]
    usd = [(completion.tokens_in * price[0] + completion.tokens_out * price[1]) / 1e6 for completion in completions]
    correct = [row[0] for row in right(MEASURE, questions, drawn)]
    return Answered(
        [extract(completion.text, "number") for completion in completions], np.array(correct), np.array(usd)
    )


@dataclass(frozen=True)
class Way:
    """A way to answer all questions: whether each is right, and its dollars."""

    name: str
    right: np.ndarray
    usd: np.ndarray


def cascade(names: Sequence[str], models: dict[str, Answered]) -> Way:
    """Two cheap models are asked; where they agree that is the answer, otherwise the third is asked as well."""
    first, second, third = (models[name] for name in names)
    agree = np.array([same(*pair, "number") for pair in zip(first.numbers, second.numbers, strict=True)])
    return Way(
        f"cascade: `{names[0]}` and `{names[1]}`, else `{names[2]}`",
        np.where(agree, first.right, third.right),
        first.usd + second.usd + np.where(agree, 0.0, third.usd),
    )


def hardness(questions: Sequence[Question]) -> np.ndarray:
    """How hard a question looks: its numbers, then its words."""
    return np.array(
        [100 * len(re.findall(r"\d+", question.text)) + len(question.text.split()) for question in questions]
    )


def router(easy: Answered, hard: Answered, share: float, name: str) -> Way:
    """Questions that look hard go to the dearer model. The threshold is fitted on the other folds' questions."""
    looks = hardness(load_dataset("gsm8k").questions)

    def choose(fold: Sequence[int]) -> float:
        return float(np.quantile(looks[list(fold)], share))

    def evaluate(threshold: float, fold: Sequence[int]) -> list[tuple[float, float]]:
        taken = [hard if looks[n] >= threshold else easy for n in fold]
        return [(float(model.right[n]), float(model.usd[n])) for model, n in zip(taken, fold, strict=True)]

    values = np.array(cross_fit(choose, evaluate, len(looks)).values)
    return Way(name, values[:, 0], values[:, 1])


def ways(models: dict[str, Answered]) -> list[Way]:
    """Every priced model, cascade and router."""
    single = [Way(f"`{name}`", model.right, model.usd) for name, model in models.items()]
    cascades = [cascade(names, models) for names in permutations(models, 3) if names[0] < names[1]]
    routers = [
        router(models[a], models[b], share, f"router: hardest {1 - share:.0%} to `{b}`, others to `{a}`")
        for a, b in permutations(models, 2)
        if models[a].usd.sum() < models[b].usd.sum()
        for share in (0.25, 0.5, 0.75)
    ]
    return [*single, *cascades, *routers]


def frontier(candidates: Sequence[Way], questions: Sequence[int]) -> list[Way]:
    """Those that no other beats in both accuracy and dollars on these questions, cheapest first."""
    chosen: list[Way] = []
    places = list(questions)
    for way in sorted(candidates, key=lambda way: (way.usd[places].mean(), -way.right[places].mean())):
        if not chosen or way.right[places].mean() > chosen[-1].right[places].mean():
            chosen.append(way)
    return chosen


BUDGETS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Dollars for a thousand questions."""


def fitted(candidates: Sequence[Way], budget: float) -> tuple[float, float, float]:
    """The best way within a budget, chosen on nine tenths and judged on the rest: its accuracy and dollars.

    And the accuracy that choosing and judging on the same questions would claim.
    """

    def choose(fold: Sequence[int]) -> Way:
        affordable = [way for way in frontier(candidates, fold) if 1000 * way.usd[list(fold)].mean() <= budget]
        return affordable[-1] if affordable else frontier(candidates, fold)[0]

    def evaluate(way: Way, fold: Sequence[int]) -> list[tuple[float, float]]:
        return [(float(way.right[n]), float(way.usd[n])) for n in fold]

    count = len(candidates[0].right)
    values = np.array(cross_fit(choose, evaluate, count).values)
    claimed = float(choose(range(count)).right.mean())
    return float(values[:, 0].mean()), 1000 * float(values[:, 1].mean()), claimed


def oracle(models: dict[str, Answered]) -> Way:
    """For each question the cheapest model that has it right, or else the cheapest of all."""
    usd = np.array([model.usd for model in models.values()])
    correct = np.array([model.right for model in models.values()])
    cost = np.where(correct, usd, np.inf).min(axis=0)
    return Way("per-question oracle", correct.any(axis=0), np.where(correct.any(axis=0), cost, usd.min(axis=0)))


def page() -> str:
    """The section of the page."""
    models = {name: answered(name) for name in PRICED}
    every = {name: answered(name) for name in ZEROEVAL}
    candidates, best = ways(models), oracle(models)
    count = len(candidates)
    alone = [[f"`{name}`", f"{model.right.mean():.3f}", _usd(name, model)] for name, model in every.items()]
    shown = [_row(way) for way in frontier(candidates, range(len(best.right)))]
    within = [
        [f"{budget:g}", f"{fit[0]:.3f}", f"{fit[1]:.2f}", f"{fit[2]:.3f}"]
        for budget in BUDGETS
        for fit in [fitted(candidates, budget)]
    ]
    routed = {name: answered(name, "routellm_gsm8k") for name in ("Mixtral-8x7B-Instruct-v0.1", "gpt-4-1106-preview")}
    small, large = routed.values()
    halves, random_half = router(small, large, 0.5, ""), (small.right.mean() + large.right.mean()) / 2
    return f"""## GSM8K
Ten models, one chain of thought each, on the 1,319 questions of the test set. Tokens were not recorded and are
estimated as four characters each; dollars are list prices (`bench/replays/prices.yaml`), where they could be found.

{table(("model", "accuracy", "dollars per 1,000"), alone)}

The frontier of {count} ways (single models, cascades by the agreement of two, routers by the numbers and words of
the question), with the oracle that knows which models are right:

{table(("way", "accuracy", "dollars per 1,000"), [*shown, _row(best)])}

Within a budget, the way is chosen on nine tenths of the questions and judged on the rest:

{table(("dollars per 1,000", "accuracy, cross-fitted", "dollars spent", "accuracy if judged where chosen"), within)}

RouteLLM's two models: Mixtral-8x7B has {small.right.mean():.3f}, GPT-4 {large.right.mean():.3f}, either of them
{(small.right | large.right).mean():.3f}. A router that sends the half of the questions with more numbers and words to
GPT-4 has {halves.right.mean():.3f}; sending a random half would have {random_half:.3f}.
"""


def _usd(name: str, model: Answered) -> str:
    return f"{1000 * model.usd.mean():.3f}" if name in PRICES else "no price found"


def _row(way: Way) -> list[str]:
    return [way.name, f"{way.right.mean():.3f}", f"{1000 * way.usd.mean():.3f}"]
