"""AQuA: programs of thought, voted over k."""

from __future__ import annotations

from bench.replays.recorded import a_caller, accuracies, mean, reader, table
from tradespace.components.strategies.cot import ChainOfThought
from tradespace.components.strategies.program_of_thought import ProgramOfThought

MODEL, MEASURE = "aqua_pot/codex", "answer_choice"
BUDGETS = (1, 2, 5, 10, 20, 30)
RECORDED_VOTE = 147
"""Questions, of 253, that the published vote over 30 programs has right; a model chose the options for its results."""


def votes() -> tuple[dict[int, list[float]], list[float]]:
    """Scores of votes over the first k programs, for each of `BUDGETS`; and of GPT-4's chains of thought."""
    with a_caller() as caller:
        readers = [reader(MODEL, ProgramOfThought(k=k, seconds=5), "number") for k in BUDGETS]
        rows = accuracies(caller, "aqua", MEASURE, [*readers, reader("aqua_pot/gpt-4", ChainOfThought(), "choice")])
    return dict(zip(BUDGETS, rows, strict=False)), rows[-1]


def page() -> str:
    """The section of the page."""
    voted, chains = votes()
    rows = [[k, int(sum(row)), f"{mean(row):.3f}"] for k, row in voted.items()]
    share = RECORDED_VOTE / len(chains)
    return f"""## AQuA
Codex writes 30 programs for each of 253 questions; `program_of_thought(k=…)` runs the first k in the sandbox, and the
most frequent result chooses the option whose number is nearest.

{table(("k", "right of 253", "accuracy"), rows)}

The published vote over 30 has {RECORDED_VOTE} right ({share:.3f}): there a model chose the option for each result,
which also finds options that are no numbers. One chain of thought of GPT-4 has {int(sum(chains))} right
({mean(chains):.3f}).
"""
