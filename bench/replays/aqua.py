"""AQuA: programs of thought, voted over k, and the option that is chosen for what they come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from bench.replays.recorded import a_caller, accuracies, answers, mean, reader, samples, scores, table
from tradespace.components.answers import extract
from tradespace.components.strategies.cot import ChainOfThought
from tradespace.components.strategies.direct import Direct
from tradespace.components.strategies.program_of_thought import ProgramOfThought
from tradespace.data import load_dataset

MODEL, VOTE, CHAINS, MEASURE = "aqua_pot/codex", "aqua_pot/codex-vote", "aqua_pot/gpt-4", "answer_choice"
BUDGETS = (1, 2, 5, 10, 20, 30)


@dataclass(frozen=True, slots=True)
class Voted:
    """A vote over the first k programs of all questions.

    Attributes:
        nearest: questions that are right where the result chooses the option whose number is nearest.
        known: questions whose result is the recorded one.
        chosen: questions that are right where these take the recorded choice, and all others the nearest option.
    """

    nearest: int
    known: int
    chosen: int


def published() -> int:
    """Questions that the published vote has right: each is answered by the option that was recorded, by `direct`."""
    with a_caller() as recorded_calls:
        return int(sum(accuracies(recorded_calls, "aqua", MEASURE, [reader(VOTE, Direct(), "choice")])[0]))


def votes() -> dict[int, Voted]:
    """Votes of the component `program_of_thought` over the first k programs, for each of `BUDGETS`."""
    with a_caller() as recorded_calls:
        rows = answers(recorded_calls, "aqua", [reader(MODEL, ProgramOfThought(k=k), "number") for k in BUDGETS])
    return {k: judged([answer.text if answer else "" for answer in row]) for k, row in zip(BUDGETS, rows, strict=True)}


def judged(results: Sequence[str]) -> Voted:
    """Whether results, one for each question, choose the right option, alone and with the recorded choices."""
    questions = load_dataset("aqua").questions
    recorded = [row[0].completion.text for row in samples(VOTE, questions, "calculate", 1)]
    choices = [row[0].completion.text for row in samples(VOTE, questions, "direct", 1)]
    known = [agree(result, other) for result, other in zip(results, recorded, strict=True)]
    mixed = [choice if same else result for result, choice, same in zip(results, choices, known, strict=True)]
    return Voted(_right(results), sum(known), _right(mixed))


def agree(result: str, recorded: str) -> bool:
    """Whether two results are the same to the second digit, to which results are rounded for the vote, or both none."""
    first, other = (extract(text, "number") for text in (result, recorded))
    return abs(Fraction(first) - Fraction(other)) < Fraction(6, 1000) if first and other else first == other


def _right(results: Sequence[str]) -> int:
    return sum(row[0] for row in scores(MEASURE, load_dataset("aqua").questions, [[result] for result in results]))


def chains() -> list[float]:
    """Scores of GPT-4's chains of thought."""
    with a_caller() as recorded_calls:
        return accuracies(recorded_calls, "aqua", MEASURE, [reader(CHAINS, ChainOfThought(), "choice")])[0]


def page() -> str:
    """The section of the page."""
    voted, thought = votes(), chains()
    share = published() / len(thought)
    return f"""## AQuA
Codex writes 30 programs for each of 253 questions; `program_of_thought(k=…)` runs the first k in the sandbox and votes.
What wins is a number or an expression, and the answer is a letter. The authors asked Codex for the closest option, once
for each question, after the vote over all 30. The published file holds that result and that choice: {published()} of
253 are right ({share:.3f}), and so they are when `replay` answers with them (`{VOTE}`).

For other k no choice was recorded. Without one, the option whose number is nearest is taken. The last column takes the
recorded choice where the result is the recorded one, to two digits, and the nearest option for the others.

{table(HEAD, _rows(voted))}

At 30, the vote comes to the recorded result for {voted[30].known} of 253 questions; most others are those for which the
published run has no result, or several, and the sandbox finds one. A model's choice makes up for units, per cent and
expressions, and at times for a wrong result: the nearest option has {voted[30].nearest} right, the recorded choices
{published()}. One chain of thought of GPT-4 has {int(sum(thought))} right ({mean(thought):.3f}).
"""


HEAD = ("k", "right of 253, nearest option", "results that were recorded", "right, recorded choices for these")


def _rows(voted: Mapping[int, Voted]) -> list[list[object]]:
    return [[k, votes.nearest, votes.known, votes.chosen] for k, votes in voted.items()]
