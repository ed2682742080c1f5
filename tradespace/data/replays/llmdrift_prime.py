"""Is it prime? Four versions of GPT on 1,000 numbers, with the seconds and dollars of every call.

Chen, L. et al. 2023, "How Is ChatGPT's Behavior Changing over Time?"; lchen001/LLMDrift, Apache-2.0.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from tradespace.data.replays.base import PublishedReplay, RecordedCompletions, tokens_by_length
from tradespace.data.replays.files import read_csv
from tradespace.types import Completion, Question, Timed

RECORDED_HOST = "api.openai.com, July 2023"


def read(folder: Path) -> PublishedReplay:
    """The questions and a recording for each version, such as `gpt-4-0314`."""
    rows = read_csv(folder / "PRIME_FULL_EVAL.csv.gz")
    questions: dict[str, Question] = {}
    recordings: defaultdict[str, list[RecordedCompletions]] = defaultdict(list)
    for row in rows:
        asked = row["query"]
        questions.setdefault(asked, Question(str(len(questions)), asked, (row["ref_answer"].lower(),)))
        recordings[row["model"].rpartition("/")[2]].append(RecordedCompletions(asked, [_timed(row)]))
    return PublishedReplay(list(questions.values()), recordings)


def _timed(row: dict[str, str]) -> Timed:
    """One call. The tokens of the answer were recorded, those of the question are estimated."""
    completion = Completion(
        row["answer"], tokens_by_length(row["query"]), int(float(row["answer_token"])), usd=float(row["cost"])
    )
    return Timed(completion, float(row["latency"]), host=RECORDED_HOST)
