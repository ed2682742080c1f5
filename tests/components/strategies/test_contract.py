"""Every strategy keeps the contract."""

from __future__ import annotations

import pytest

from tradespace.components.readers.llm import LLMReader
from tradespace.components.strategies.adaptive_consistency import AdaptiveConsistency
from tradespace.components.strategies.best_of_k import BestOfK
from tradespace.components.strategies.cot import ChainOfThought
from tradespace.components.strategies.cot_at_k import ChainOfThoughtAtK
from tradespace.components.strategies.direct import Direct
from tradespace.components.strategies.few_shot import FewShot
from tradespace.components.strategies.program_of_thought import ProgramOfThought
from tradespace.components.strategies.propose_and_verify import ProposeAndVerify
from tradespace.components.strategies.sample_filter_cluster import SampleFilterCluster
from tradespace.components.strategies.self_refine import SelfRefine
from tradespace.components.strategies.verifiers import Arithmetic, Judge, ReaderScore, Target
from tradespace.testing.component_contract import ComponentContract
from tradespace.testing.strategy_contract import SMALL_REASONER, StrategyContract

EXAMPLES = (("What is 1 plus 1?", "1 + 1 = 2. answer: 2"), ("What is 2 plus 2?", "2 + 2 = 4. answer: 4"))


@pytest.mark.parametrize(
    "component",
    [
        Direct(),
        ChainOfThought(),
        FewShot(examples=EXAMPLES, shots=2, think=True),
        ChainOfThoughtAtK(k=4),
        ChainOfThoughtAtK(k=3, vote="log_probability", route_below=0.9),
        AdaptiveConsistency(k=6),
        AdaptiveConsistency(k=6, level=0.8, wave=4),
        BestOfK(k=3),
        BestOfK(k=3, verifier=Arithmetic()),
        BestOfK(k=2, verifier=Target(number=7)),
        BestOfK(k=3, verifier=ReaderScore(reader=LLMReader(model=SMALL_REASONER, passages=1))),
        ProposeAndVerify(beam=2, depth=2),
        SelfRefine(rewrites=1),
        ProgramOfThought(k=3),
        ProgramOfThought(k=1, temperature=0.0),
        SampleFilterCluster(k=3, inputs=2, submissions=2, verifier=Arithmetic()),
    ],
    ids=str,
)
class TestStrategies(StrategyContract):
    """All of them, with settings other than their defaults."""


@pytest.mark.parametrize(
    "component", [Judge(judgements=3, temperature=1.0), Arithmetic(), Target(number=10), ReaderScore()], ids=str
)
class TestVerifiers(ComponentContract):
    """All of them."""
