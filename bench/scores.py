"""What measures say of one question's answers, and how long each takes.

    python bench/scores.py

The answers are alike in words, in meaning, or in neither. Seconds are those of scoring many answers together, as an
exploration does; each is another text, so that nothing is known from before.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.page import table, write
from tradespace.evals.measures import Measure, measure
from tradespace.evals.measures.kinds import usual_measures
from tradespace.types import Answer, Question

PAGE = Path(__file__).parent.parent / "docs" / "scores.md"
QUESTION = Question("q", "When does the relief valve open?", ("It opens when the pressure exceeds five bar.",))
ANSWERS = {
    "the same": "It opens when the pressure exceeds five bar.",
    "in other words": "Above a pressure of 5 bar.",
    "with more": "It opens when the pressure exceeds five bar, so check the gauge twice a day and note what it reads.",
    "the opposite": "It closes when the pressure exceeds five bar.",
    "another fact": "It opens when the temperature exceeds ninety degrees.",
    "something else": "The warranty covers two years.",
}
NAMES = ("answer_em", "answer_f1", "answer_contained", "rouge_l", "semantic_similarity")
REPEATED = 100


def shown_measures() -> list[Measure]:
    """Measures of answers, those with settings as they are without any."""
    usual = usual_measures()
    return [usual[name].measure(name) if name in usual else measure(name) for name in NAMES]


def scores(scored_by: Measure, answers: Sequence[str]) -> list[float]:
    """What a measure says of answers to the question."""
    given = [Answer(text, 0.0) for text in answers]
    return [score or 0.0 for score in scored_by.score([QUESTION] * len(given), [None] * len(given), given)]


def examples() -> str:
    """A row for each answer, a column for each measure."""
    columns = [scores(each, list(ANSWERS.values())) for each in shown_measures()]
    rows = [
        [f"{kind}: *{answer}*", *(f"{column[place]:.2f}" for column in columns)]
        for place, (kind, answer) in enumerate(ANSWERS.items())
    ]
    return table(["answer", *(f"`{name}`" for name in NAMES)], rows)


def seconds() -> str:
    """A row for each measure."""
    many = [f"{answer} {number}" for number in range(REPEATED) for answer in ANSWERS.values()]
    rows = []
    for each in shown_measures():
        scores(each, many[:1])  # loads what it needs
        start = time.perf_counter()
        scores(each, many[1:])
        rows.append([f"`{each.name}`", f"{(time.perf_counter() - start) / (len(many) - 1) * 1e6:,.0f}"])
    return table(["measure", "microseconds"], rows)


if __name__ == "__main__":
    write("examples", examples(), PAGE)
    write("seconds", seconds(), PAGE)
