"""Numbers of things in messages, which agree with them."""

from __future__ import annotations


def count(number: int, noun: str) -> str:
    """Write a number of things whose plural ends in s.

    >>> count(1, "question"), count(2, "question"), count(1190, "question")
    ('1 question', '2 questions', '1,190 questions')
    """
    return agreeing(number, noun, f"{noun}s")


def agreeing(number: int, singular: str, plural: str) -> str:
    """Write a number with what agrees with it.

    >>> agreeing(1, "pipeline was", "pipelines were"), agreeing(0, "keeps", "keep")
    ('1 pipeline was', '0 keep')
    """
    return f"{number:,} {singular if number == 1 else plural}"
