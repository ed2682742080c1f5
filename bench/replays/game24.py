"""Game of 24: best of k with an exact check, in accuracy and dollars, beside tree of thought."""

from __future__ import annotations

from bench.replays.recorded import a_caller, accuracies, at_least_one, mean, reader, right, samples, table
from tradespace.components.prompts.tasks import TaskKind
from tradespace.components.strategies.best_of_k import BestOfK
from tradespace.components.strategies.verifiers.target import Target
from tradespace.data import load_dataset

MODEL, TREE, MEASURE = "game24/gpt-4", "game24/gpt-4-tree-of-thought", "answer_expression"
BUDGETS = (1, 2, 4, 8, 16, 32, 64, 100)
PUBLISHED = (0.0403, 0.0728, 0.1229, 0.1903, 0.2689, 0.3525, 0.4366, 0.49)


def best_of(kind: TaskKind, recording: str = MODEL, drawn: int = 100) -> dict[int, float]:
    """Share of puzzles solved by k samples, for every k: the unbiased estimate."""
    questions = load_dataset("game24").questions
    solved = right(MEASURE, questions, samples(recording, questions, kind, drawn))
    return {k: mean([at_least_one(row, k) for row in solved]) for k in range(1, drawn + 1)}


def usd(kind: TaskKind, recording: str = MODEL, drawn: int = 100) -> float:
    """Recorded dollars of all samples of all puzzles."""
    questions = load_dataset("game24").questions
    return sum(sample.completion.usd or 0.0 for row in samples(recording, questions, kind, drawn) for sample in row)


def through_the_ledger() -> tuple[list[float], int]:
    """Accuracy of the component `best_of_k` with the first k samples, for each of `BUDGETS`; and the calls made."""
    with a_caller() as recorded_calls:
        strategies = [BestOfK(k=k, verifier=Target()) for k in BUDGETS]
        rows = accuracies(recorded_calls, "game24", MEASURE, [reader(MODEL, one, "expression") for one in strategies])
        return [mean(row) for row in rows], recorded_calls.budget.made


def page() -> str:
    """The section of the page."""
    chains, direct, tree = best_of("think"), best_of("direct"), best_of("think", TREE, 5)
    cost = {"think": usd("think") / 1e4, "direct": usd("direct") / 1e4, "tree": usd("think", TREE, 5) / 100}
    first, calls = through_the_ledger()
    rows = [
        [k, f"{chains[k]:.4f}", known, f"{ledger:.2f}", f"{direct[k]:.4f}"]
        for k, known, ledger in zip(BUDGETS, PUBLISHED, first, strict=True)
    ]
    equal = [
        _bought("direct", 100, direct[100], 100 * cost["direct"]),
        _bought("chain of thought", 29, chains[29], 29 * cost["think"]),
        _bought("chain of thought", 100, chains[100], 100 * cost["think"]),
        _bought("tree of thought, the first of its five answers", 1, first_of_tree(), cost["tree"]),
        _bought("tree of thought, the best of its five answers", 5, tree[5], cost["tree"]),
    ]
    head = ("k", "chain of thought", "published", "`best_of_k`, first k samples", "direct")
    return f"""## Game of 24
GPT-4 at temperature 0.7 on 100 puzzles, 100 samples each, with an exact check: the share of puzzles that k samples
solve. The estimate is unbiased over the 100 samples; the component `best_of_k(verifier=target())` takes the first k.
All of its budgets together made {calls:,} calls through the ledger: each sample once.

{table(head, rows)}

The dollars of 100 direct samples buy 29 chains of thought. One run of tree of thought costs more than 100 chains.

{table(("strategy", "samples", "solved", "dollars a puzzle"), equal)}

All 100 × 100 chains cost ${1e4 * cost["think"]:.2f}. The counter that was published with them ends at $32.17, but it
started anew after the 32nd puzzle, at $14.88. The direct samples cost ${1e4 * cost["direct"]:.2f}.
"""


def first_of_tree() -> float:
    """Share of puzzles that tree of thought's first answer solves."""
    questions = load_dataset("game24").questions
    return mean([row[0] for row in right(MEASURE, questions, samples(TREE, questions, "think", 1))])


def _bought(name: str, drawn: int, solved: float, dollars: float) -> list[object]:
    return [name, drawn, f"{solved:.2f}", f"{dollars:.3f}"]
