"""Recorded calls give the numbers that were published."""

from __future__ import annotations

import re
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.replays import aqua, game24, gsm8k, primes
from bench.replays.humaneval import assertions, chosen, through_the_ledger
from bench.replays.recorded import a_caller, accuracies, at_least_one, reader
from tradespace.components.readers.agreement import Agreement
from tradespace.components.readers.cascade import Cascade
from tradespace.components.readers.router import Router
from tradespace.components.strategies.cot import ChainOfThought
from tradespace.data import load_dataset
from tradespace.types import Question


@given(right=st.lists(st.booleans(), min_size=1, max_size=7), k=st.integers(1, 7))
def test_the_chance_of_a_right_sample_is_that_over_all_choices(right: list[bool], k: int) -> None:
    """The formula equals the share of all choices of k samples that hold a right one."""
    k = min(k, len(right))
    choices = list(combinations(right, k))
    assert at_least_one(right, k) == pytest.approx(sum(map(any, choices)) / len(choices))


def test_best_of_k_of_game24_is_as_published() -> None:
    """To four digits, for every published k."""
    solved = game24.best_of("think")
    assert [round(solved[k], 4) for k in game24.BUDGETS] == list(game24.PUBLISHED)


def test_best_of_k_through_the_ledger_draws_each_sample_once() -> None:
    """All budgets together cost the calls of the largest; with all 100 samples it is the published figure exactly."""
    accuracies, calls = game24.through_the_ledger()
    assert calls == 100 * 100
    assert accuracies[-1] == game24.PUBLISHED[-1]
    assert accuracies == sorted(accuracies)


def test_tree_of_thought_costs_more_than_all_chains() -> None:
    """And solves more: the recorded labels say 69 of 100, and 62 by its first answer."""
    assert game24.best_of("think", game24.TREE, 5)[5] == pytest.approx(0.69)
    assert game24.first_of_tree() == pytest.approx(0.62)
    assert game24.usd("think", game24.TREE, 5) == pytest.approx(74.50962)
    assert game24.usd("think") == pytest.approx(47.04672)


def test_the_recorded_vote_of_aqua_is_as_published() -> None:
    """147 of 253 options that Codex chose for the results of its 30 programs are right."""
    assert aqua.published() == 147


def test_results_with_recorded_choices_are_judged_by_them() -> None:
    """All recorded results together are the published vote; what is not recorded chooses the nearest option."""
    questions = aqua.load_dataset("aqua").questions
    recorded = [row[0].completion.text for row in aqua.samples(aqua.VOTE, questions, "calculate", 1)]
    whole = aqua.judged(recorded)
    assert (whole.known, whole.chosen) == (253, aqua.published())
    other = aqua.judged(["-987654321"] * 253)
    assert (other.known, other.chosen) == (0, other.nearest)


def test_quantiles_of_a_cascade_are_those_of_summed_seconds() -> None:
    """No sum of quantiles: the 99th percentiles add up to more, the medians to less."""
    first, then = "gpt-4-0613", "gpt-4-0314"
    seconds, _, _, again = primes.cascade(first, then)
    first_seconds, other = primes.recorded(first)[0], primes.recorded(then)[0]
    naive = [a + b if asked else a for a, b, asked in zip(first_seconds, other, again, strict=True)]
    assert seconds.tolist() == naive
    added = np.add(primes.quantiles(first_seconds), primes.quantiles(other))
    assert primes.quantiles(seconds)[3] < added[3]
    assert primes.quantiles(seconds)[0] > added[0]


def test_no_way_beats_the_oracle_and_cascades_beat_models() -> None:
    """On GSM8K a cascade is as right as the dearest model for less; the oracle is an upper bound of its models."""
    models = {name: gsm8k.answered(name) for name in gsm8k.PRICED}
    best = gsm8k.oracle(models)
    assert all(best.right.mean() >= model.right.mean() for model in models.values())
    assert best.usd.mean() <= max(model.usd.mean() for model in models.values())
    cheap = gsm8k.cascade(("gpt-3.5-turbo-0125", "gpt-4o-mini-2024-07-18", "gpt-4o-2024-08-06"), models)
    dear = models["gpt-4o-2024-08-06"]
    assert cheap.right.mean() >= dear.right.mean()
    assert cheap.usd.mean() < dear.usd.mean() / 2


def test_the_readers_have_the_accuracy_of_the_tables() -> None:
    """`llm`, `router` and a `cascade` by `agreement` with the model `replay`, through a ledger, as recorded answers say
    question by question.
    """
    cheap, dear, checking = "gpt-4o-mini-2024-07-18", "gpt-4o-2024-08-06", "claude-3-haiku-20240307"
    easy, hard, check = (reader(f"zeroeval_gsm/{name}", ChainOfThought(), "number") for name in (cheap, dear, checking))
    router = Router(easy=easy, hard=hard, by="words", hard_from=50)
    cascade = Cascade(first=Agreement(first=check, second=easy, form="number"), then=hard, accept=1)
    with a_caller() as recorded_calls:
        alone, routed, cascaded = accuracies(recorded_calls, "gsm8k", "answer_number", [easy, router, cascade])
    easy_right, other = gsm8k.answered(cheap).right, gsm8k.answered(dear).right
    words = np.array([len(re.findall(r"\w+", question.text)) for question in load_dataset("gsm8k").questions])
    assert alone == easy_right.astype(float).tolist()
    assert routed == np.where(words >= 50, other, easy_right).astype(float).tolist()
    assert 0 < (words >= 50).mean() < 1
    models = {name: gsm8k.answered(name) for name in (cheap, dear, checking)}
    assert cascaded == gsm8k.cascade((checking, cheap, dear), models).right.astype(float).tolist()


def test_programs_of_humaneval_are_chosen_by_what_they_return() -> None:
    """The component picks a right one of the first eight solutions of the first problem."""
    assert through_the_ledger(drawn=8, questions=1) == 1.0


def test_a_choice_is_judged_on_questions_that_had_no_say_in_it() -> None:
    """So it is at most what choosing and judging on the same questions would claim, or hardly more."""
    models = {name: gsm8k.answered(name) for name in gsm8k.PRICED}
    accuracy, _, claimed = gsm8k.fitted(gsm8k.ways(models), 1.0)
    assert accuracy < claimed + 0.001


def test_assertions_are_cut_out_of_what_a_model_wrote() -> None:
    """Only those about the function, that are Python, and the first few of each sample; each once."""
    question = Question("1", "def one():", ("def check(candidate): pass\ncheck(one)",))
    text = "one() == 1\nassert one() == 1\nassert two() == 2\nassert one() ==\nassert one() > 0\nprint(one())"
    assert assertions(question, [text, text]) == ["assert one() == 1", "assert one() > 0"]


def test_the_group_with_most_solutions_times_tests_is_chosen() -> None:
    """Bits are the published test first, then the generated ones: 2 × 2 beats 3 × 1."""
    assert chosen(["111", "011", "110", "110", "110"]) == 0.5
    assert chosen(["111", "110", "110", "110"]) == 1.0
