"""HumanEval: 100 sampled solutions of each of 164 problems, and 100 samples of tests, all of CodeGen-Mono-16B.

Chen, B. et al. 2022, "CodeT: Code Generation with Generated Tests"; microsoft/CodeT and openai/human-eval, MIT.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tradespace.data.replays.base import Recorded, Replay, estimated
from tradespace.data.replays.files import read_jsonl
from tradespace.types import Question

STOP = ("\nclass", "\ndef", "\n#", "\nif", "\nprint")
"""Where a solution ends, as in the published evaluation."""


def read(folder: Path) -> Replay:
    """Problems, whose accepted answer is a program that checks a solution, and the recording `codegen-16b`.

    Solutions answer `direct` tasks, and lists of assertions `ask` tasks: what could be asked of a solution.
    """
    problems = read_jsonl(folder / "HumanEval.jsonl.gz")
    solutions = read_jsonl(folder / "codegen16b_code_solution.jsonl.gz")
    tests = read_jsonl(folder / "codegen16b_test_case.jsonl.gz")
    prompts = [row["prompt"] for row in solutions]
    questions = [
        Question(row["task_id"].partition("/")[2], prompt, (f"{row['test']}\ncheck({row['entry_point']})\n",))
        for row, prompt in zip(problems, prompts, strict=True)
    ]
    recorded = [
        one
        for prompt, solved, tested in zip(prompts, solutions, tests, strict=True)
        for one in (
            _recorded(prompt, [_cut_off(text) for text in solved["samples"]], "direct"),
            _recorded(prompt, tested["samples"], "ask"),
        )
    ]
    return Replay(questions, {"codegen-16b": recorded})


def _recorded(prompt: str, texts: Sequence[str], kind: str) -> Recorded:
    return Recorded(prompt, [estimated(text, prompt) for text in texts], kind)


def _cut_off(text: str) -> str:
    for stop in STOP:
        text = text.partition(stop)[0]
    return text
