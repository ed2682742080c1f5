"""AQuA-RAT: 30 sampled Python programs for each of 253 questions (Codex), and one chain of thought (GPT-4).

Chen et al. 2022, "Program of Thoughts Prompting"; TIGER-AI-Lab/Program-of-Thoughts, MIT. Codex was shown examples whose
programs use `solve_it`, which its authors ran them with; here it stands before each program.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tradespace.data.replays.base import PublishedReplay, RecordedCompletions, estimated
from tradespace.data.replays.files import read_jsonl
from tradespace.types import Question

BEFORE = """import math
from sympy import *
from sympy import Symbol, simplify

def solve_it(equation, variable):
    found = solve(equation, variable, dict=True)
    wanted = variable if isinstance(variable, list) else [variable]
    return found[0] if found else {name: None for name in wanted}

ans = None
"""
AFTER = """
if isinstance(ans, dict):
    ans = next(iter(ans.values()))
if isinstance(ans, (list, tuple)):
    ans = ans[0]
try:
    print(round(float(ans), 2))
except (TypeError, ValueError):
    print(ans)
"""
"""What a program comes to: the first value, rounded as its authors round results for the vote."""


PARTS_OF_A_VOTE = (("calculate", "generated_prediction"), ("direct", "prediction"))
"""Kind of task, and the field of the published file that answers it."""


def read(folder: Path) -> PublishedReplay:
    """The questions, their options below, and the recordings `codex` (programs) and `gpt-4` (chains of thought).

    `codex-vote` holds the published vote over the 30 programs: its result (`calculate`), and the option that Codex
    chose for that result (`direct`).
    """
    programs = [row for row in read_jsonl(folder / "codex_30_programs.jsonl.gz") if "generated" in row]
    chains = read_jsonl(folder / "gpt4_1_program.jsonl.gz")
    return PublishedReplay(
        [Question(str(number), _asked(row), (row["answer"],)) for number, row in enumerate(programs)],
        {
            "codex": map(_programs, programs),
            "codex-vote": [_vote(row, *part) for row in programs for part in PARTS_OF_A_VOTE],
            "gpt-4": map(_chain, chains),
        },
    )


def _asked(row: dict[str, Any]) -> str:
    return "\n".join([row["question"], *row["options"]])


def _programs(row: dict[str, Any]) -> RecordedCompletions:
    asked = _asked(row)
    codes = [f"```python\n{BEFORE}{program.strip()}\n{AFTER}```" for program in row["generated"]]
    return RecordedCompletions(asked, [estimated(code, asked) for code in codes], "calculate")


def _vote(row: dict[str, Any], kind: str, field: str) -> RecordedCompletions:
    asked = _asked(row)
    return RecordedCompletions(asked, [estimated(str(row[field]), asked)], kind)


def _chain(row: dict[str, Any]) -> RecordedCompletions:
    asked = _asked(row)
    return RecordedCompletions(asked, [estimated(row["rationale"], asked)], "think")
