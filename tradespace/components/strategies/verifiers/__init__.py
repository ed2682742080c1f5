"""Verifiers: how good a candidate is, judged without knowing the answer."""

from __future__ import annotations

from tradespace.components.base import Component
from tradespace.components.strategies.verifiers.arithmetic import Arithmetic
from tradespace.components.strategies.verifiers.judge import Judge
from tradespace.components.strategies.verifiers.reader_score import ReaderScore
from tradespace.components.strategies.verifiers.target import Target

VERIFIERS: tuple[type[Component], ...] = (Judge, Arithmetic, Target, ReaderScore)
