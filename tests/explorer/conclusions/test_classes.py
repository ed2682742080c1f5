"""Pipelines that answer alike are one, and counted once."""

from __future__ import annotations

from dataclasses import replace

from tests.explorer.conclusions.test_conclusion import confirmed, evaluation, results
from tradespace.explorer.conclusions.classes import answer_classes, answered_alike
from tradespace.explorer.conclusions.conclusion import conclude


def test_those_that_answer_and_score_alike_are_grouped() -> None:
    """By the digest of their answers, and all scores that count: a ranking may differ behind one answer."""
    first, twin = (replace(evaluation(name, 0.5, 10), answers="same") for name in ("first", "twin"))
    ranked = replace(first, pipeline="ranked", scores={**first.scores, "mrr": (0.5,) * 200})
    other = replace(first, pipeline="other", answers="others")
    evaluations = [first, other, twin, ranked]
    assert answer_classes(evaluations, ["f1"]) == [[0, 2, 3], [1]]
    assert answer_classes(evaluations, ["f1", "mrr"]) == [[0, 2], [1], [3]]
    assert answered_alike(evaluations, ["f1", "mrr"]) == [("twin",), (), ("first",), ()]


def test_answers_that_are_not_known_are_alike_to_none() -> None:
    """Studies from before answers had a digest hold no class."""
    assert answered_alike([evaluation("a", 0.5, 10), evaluation("b", 0.5, 10)], ["f1"]) == [(), ()]


def test_a_class_is_counted_once_among_the_tied() -> None:
    """Of three tied pipelines two are one: the cheaper of these stands for both, and the cheapest of all is first."""
    finalists = [
        replace(confirmed("dear", 0.8, 50, usd=0.004), answers="x"),
        replace(confirmed("its disguise", 0.8, 40, usd=0.003), answers="x"),
        replace(confirmed("cheap", 0.8, 60, usd=0.001, shift=2), answers="y"),
    ]
    conclusion = conclude(results([], finalists))
    assert [each.evaluation.pipeline for each in conclusion.tied] == ["cheap", "its disguise"]
    assert conclusion.tied[1].alike == ("dear",)


def test_the_class_of_the_recommended_is_named() -> None:
    """Explored pipelines that answered alike; without those that fresh questions told apart."""
    explored = [replace(evaluation(name, 0.8, 50), answers="x") for name in ("a", "b", "c")]
    finalists = [replace(confirmed("a", 0.8, 50), answers="x"), replace(confirmed("c", 0.5, 40), answers="z")]
    conclusion = conclude(results(explored, finalists))
    assert conclusion.recommended is not None and conclusion.recommended.evaluation.pipeline == "a"
    assert conclusion.alike == ("b",)
