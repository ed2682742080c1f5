"""GSM8K: twelve language models on the 1,319 questions of the test set, one chain of thought each.

Ten from WildEval/ZeroEval and two from lm-sys/RouteLLM (Ong et al. 2024, "RouteLLM"), both Apache-2.0; the questions
are those of Cobbe et al. 2021, "Training Verifiers to Solve Math Word Problems", MIT.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tradespace.data.replays.base import PublishedReplay, RecordedCompletions, estimated
from tradespace.data.replays.files import read_csv, read_json
from tradespace.types import Question

ROUTED = ("mistralai/Mixtral-8x7B-Instruct-v0.1", "gpt-4-1106-preview")


def read_zeroeval(folder: Path) -> PublishedReplay:
    """The questions, and a recording for each of ten models."""
    models = {file.name.removesuffix(".json.gz"): read_json(file) for file in sorted(folder.glob("*.json.gz"))}
    rows = next(iter(models.values()))
    questions = [
        Question(str(number), row["question"], (row["answer"].removeprefix("# ").strip(),))
        for number, row in enumerate(rows)
    ]
    return PublishedReplay(questions, {name: map(_chain, rows) for name, rows in models.items()})


def read_routellm(folder: Path) -> PublishedReplay:
    """Two models on the same questions, which `read_zeroeval` reads."""
    rows = read_csv(folder / "gsm8k_responses.csv.gz")
    return PublishedReplay(
        (),
        {
            name.rpartition("/")[2]: [
                RecordedCompletions(row["prompt"], [estimated(row[f"{name}_response"], row["prompt"])]) for row in rows
            ]
            for name in ROUTED
        },
    )


def _chain(row: dict[str, Any]) -> RecordedCompletions:
    return RecordedCompletions(row["question"], [estimated(row["output"][0], row["chat_history"][0])])
