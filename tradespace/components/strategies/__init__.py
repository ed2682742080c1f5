"""Strategies: how a language model is called to make one answer."""

from __future__ import annotations

from tradespace.components.base import Component
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

STRATEGIES: tuple[type[Component], ...] = (
    Direct,
    ChainOfThought,
    FewShot,
    ChainOfThoughtAtK,
    AdaptiveConsistency,
    BestOfK,
    SampleFilterCluster,
    ProgramOfThought,
    ProposeAndVerify,
    SelfRefine,
)
