"""HumanEval: 100 sampled solutions of each of 164 problems, and 100 samples of tests, all of CodeGen-Mono-16B.

Chen, B. et al. 2022, "CodeT: Code Generation with Generated Tests"; microsoft/CodeT and openai/human-eval, MIT.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path

from tradespace.data.replays.base import PublishedReplay, RecordedCompletions, estimated
from tradespace.data.replays.files import read_jsonl
from tradespace.types import Question

STOP = ("\nclass", "\ndef", "\n#", "\nif", "\nprint")
"""Where a solution ends, as in the published evaluation."""


def read(folder: Path) -> PublishedReplay:
    """Problems, whose accepted answer is a program that checks a solution, and the recording `codegen-16b`.

    Lists of assertions answer `ask` tasks, which ask what a program can be tried on; solutions answer all others.
    """
    solutions = {row["prompt"]: row["samples"] for row in read_jsonl(folder / "codegen16b_code_solution.jsonl.gz")}
    tests = {_asked(row["prompt"]): row["samples"] for row in read_jsonl(folder / "codegen16b_test_case.jsonl.gz")}
    questions = [
        Question(row["task_id"].partition("/")[2], _prompt(row, list(solutions)), (_check(row),))
        for row in read_jsonl(folder / "HumanEval.jsonl.gz")
    ]
    recorded = [
        recording
        for prompt in (question.text for question in questions)
        for recording in (
            _recorded(prompt, [_cut_off(text) for text in solutions[prompt]]),
            _recorded(prompt, tests[prompt.strip()], "ask"),
        )
    ]
    return PublishedReplay(questions, {"codegen-16b": recorded})


def _prompt(problem: dict[str, str], prompts: Sequence[str]) -> str:
    """What the model was shown of a problem: the files are in different orders, and examples were left out.

    Several problems have functions of the same name; the prompt that begins most like the problem is the right one.
    """
    head = f"def {problem['entry_point']}("
    named = [prompt for prompt in prompts if head in prompt]
    return max(named, key=lambda prompt: _shared(prompt, problem["prompt"]))


def _shared(left: str, right: str) -> int:
    """Characters that two texts begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(left, right, strict=False)))


def _asked(prompt: str) -> str:
    """The prompt of the solutions that a prompt for tests was made of."""
    return prompt.rpartition("    pass\n")[0].strip()


def _check(problem: dict[str, str]) -> str:
    return f"{problem['test']}\ncheck({problem['entry_point']})\n"


def _recorded(prompt: str, texts: Sequence[str], kind: str = "") -> RecordedCompletions:
    return RecordedCompletions(prompt, [estimated(text, prompt) for text in texts], kind)


def _cut_off(text: str) -> str:
    for stop in STOP:
        text = text.partition(stop)[0]
    return text
