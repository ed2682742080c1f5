"""Game of 24: GPT-4 on 100 puzzles, 100 samples with and without chain of thought, and tree-of-thought runs.

Yao et al. 2023, "Tree of Thoughts: Deliberate Problem Solving with Large Language Models"; princeton-nlp/
tree-of-thought-llm, MIT. Tokens and dollars were recorded for each puzzle, cumulatively: a puzzle's completion tokens
are shared among its samples by their length and its prompt tokens evenly, so that their sums are those recorded.

The counter of the chains of thought started anew after the 32nd puzzle: its last value, $32.17, covers the 68 puzzles
since then; all 100 together cost $47.05.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tradespace.data.replays.base import PublishedReplay, RecordedCompletions, shares
from tradespace.data.replays.files import read_csv, read_json
from tradespace.types import Completion, Question

USD_IN, USD_OUT = 0.03 / 1000, 0.06 / 1000
"""GPT-4's price of a token at the time, as the published code counts it."""
NOTHING = {"prompt_tokens": 0, "completion_tokens": 0}


def read(folder: Path) -> PublishedReplay:
    """The puzzles (four numbers, to be made 24) and the recordings `gpt-4` and `gpt-4-tree-of-thought`.

    One run of tree of thought proposes five answers; as samples, each costs a fifth of the run.
    """
    puzzles = [row["Puzzles"] for row in read_csv(folder / "24.csv.gz")]
    direct = read_json(folder / "gpt-4_0.7_naive_standard_sample_100.json.gz")
    chains = read_json(folder / "gpt-4_0.7_naive_cot_sample_100.json.gz")
    trees = read_json(folder / "gpt-4_0.7_propose1_value3_greedy5.json.gz")
    questions = [Question(str(row["idx"]), puzzles[row["idx"]], ("= 24",)) for row in direct]
    sampled = [*_recorded(direct, puzzles, "direct"), *_recorded(chains, puzzles, "think")]
    return PublishedReplay(questions, {"gpt-4": sampled, "gpt-4-tree-of-thought": list(_recorded(trees, puzzles, ""))})


def _recorded(rows: list[Any], puzzles: list[str], kind: str) -> Iterator[RecordedCompletions]:
    before = NOTHING
    for row in rows:
        usage = row["usage_so_far"]
        if usage["prompt_tokens"] < before["prompt_tokens"]:  # the counter started anew
            before = NOTHING
        spent = {name: usage[name] - before[name] for name in NOTHING}
        before = usage
        texts = row["ys"]
        tokens_in = shares(spent["prompt_tokens"], [1] * len(texts))
        tokens_out = shares(spent["completion_tokens"], list(map(len, texts)))
        completions = [
            Completion(text, asked, written, usd=asked * USD_IN + written * USD_OUT)
            for text, asked, written in zip(texts, tokens_in, tokens_out, strict=True)
        ]
        yield RecordedCompletions(puzzles[row["idx"]], completions, kind)
