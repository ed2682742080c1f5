"""The calls of each round, by hand: what a strategy's latency and cost are composed of."""

from __future__ import annotations

import pytest

from tradespace.components.readers.llm import LLMReader
from tradespace.components.strategies.adaptive_consistency import AdaptiveConsistency
from tradespace.components.strategies.base import Strategy
from tradespace.components.strategies.best_of_k import BestOfK
from tradespace.components.strategies.cot import ChainOfThought
from tradespace.components.strategies.cot_at_k import ChainOfThoughtAtK
from tradespace.components.strategies.direct import Direct
from tradespace.components.strategies.few_shot import FewShot
from tradespace.components.strategies.propose_and_verify import ProposeAndVerify
from tradespace.components.strategies.self_refine import SelfRefine
from tradespace.components.strategies.verifiers import Arithmetic, Judge, ReaderScore, Target
from tradespace.testing.scripted import Scripted
from tradespace.testing.strategy_contract import HATS, rounds

SEVEN, EIGHT = "3 + 4 = 7. answer: 7", "3 + 4 = 8. answer: 8"
DOUBTFUL = Scripted(
    script={
        "direct": ("6",),
        "think": (EIGHT, SEVEN, EIGHT, SEVEN, SEVEN, "answer: 9"),
        "judge": ("answer: no", "answer: yes"),
        "calculate": ("calculate: 3 + 4", "answer: 3 +", EIGHT, "answer: 3 + 4", EIGHT),
    }
)
SURE = Scripted(script={"think": (SEVEN,), "judge": ("answer: yes",), "calculate": ("answer: 3 + 4",)})


@pytest.mark.parametrize(
    ("strategy", "model", "calls", "text", "confidence"),
    [
        (Direct(), DOUBTFUL, [1], "6", 0.6065),
        (ChainOfThought(), SURE, [1], "7", 0.6065),
        (FewShot(examples=(("1 + 1", "2"),), shots=1), DOUBTFUL, [1], "6", 0.6065),
        (ChainOfThoughtAtK(k=5), DOUBTFUL, [5], "7", 3 / 5),
        (ChainOfThoughtAtK(k=2), DOUBTFUL, [2], "8", 1 / 2),
        (ChainOfThoughtAtK(k=5, route_below=0.6), DOUBTFUL, [5], "7", 3 / 5),
        (ChainOfThoughtAtK(k=5, route_below=0.61), DOUBTFUL, [5, 1], "6", 0.6065),
        (AdaptiveConsistency(k=9, level=0.95), SURE, [1, 1, 1, 1], "7", 1.0),
        (AdaptiveConsistency(k=9, level=0.95, wave=3), SURE, [3, 3], "7", 1.0),
        (AdaptiveConsistency(k=5, level=0.95, wave=3), DOUBTFUL, [3, 2], "7", 3 / 5),
        (BestOfK(k=3, verifier=Judge()), SURE, [3, 1], "7", 1.0),
        (BestOfK(k=3, verifier=Judge(judgements=2)), DOUBTFUL, [3, 4], "8", 1 / 2),
        (BestOfK(k=3, verifier=Arithmetic()), DOUBTFUL, [3], "7", 1.0),
        (BestOfK(k=3, verifier=Target(number=7)), DOUBTFUL, [3], "8", 0.0),
        (BestOfK(k=5, verifier=ReaderScore(reader=LLMReader(model=DOUBTFUL))), DOUBTFUL, [5, 2], "7", 0.6065),
        (ProposeAndVerify(beam=2, depth=3), SURE, [2], "7", 1.0),
        (ProposeAndVerify(beam=1, depth=2), DOUBTFUL, [1, 1, 1], "6", 0.6065),
        (ProposeAndVerify(beam=2, depth=3), DOUBTFUL, [2, 2], "7", 1 / 2),
        (SelfRefine(), SURE, [1, 1], "7", 0.6065),
        (SelfRefine(rewrites=1), DOUBTFUL, [1, 1, 1], "7", 0.6065),
    ],
    ids=str,
)
def test_rounds_calls_and_answers_are_as_written_here(
    strategy: Strategy, model: Scripted, calls: list[int], text: str, confidence: float
) -> None:
    """One number for each round: how many calls it makes side by side. Rounds are made one after the other."""
    made, answer = rounds(strategy, model, HATS)
    assert (made, answer.text) == (calls, text)
    assert answer.confidence == pytest.approx(confidence, abs=1e-4)
