"""Kinds of calls: what is given, what comes back, and how both are written, read, checked, sized and stood in for.

Each file holds one kind, and all there is to say of it. A new kind is such a file, and a line in `CALL_KINDS`.
"""

from __future__ import annotations

from tradespace.components.calls.answer import AnswerCall
from tradespace.components.calls.base import CallKind
from tradespace.components.calls.completion import CompletionCall
from tradespace.components.calls.embedding import EmbeddingCall
from tradespace.components.calls.program_run import ProgramRunCall
from tradespace.components.calls.ranking import RankingCall
from tradespace.types import Given, Outcome

CALL_KINDS: tuple[CallKind, ...] = (RankingCall(), EmbeddingCall(), AnswerCall(), CompletionCall(), ProgramRunCall())
_BY_OUTCOME = {kind.outcome: kind for kind in CALL_KINDS}
_BY_GIVEN = {kind.given: kind for kind in CALL_KINDS}
_BY_MARK = {kind.mark: kind for kind in reversed(CALL_KINDS)}

__all__ = ["CALL_KINDS", "CallKind", "kind_giving", "kind_marked", "kind_returning"]


def kind_returning(outcome: type[Outcome]) -> CallKind:
    """The kind of calls that return this type of outcome."""
    return _BY_OUTCOME[outcome]


def kind_giving(given: type[Given]) -> CallKind:
    """A kind of calls that are given this: those that are given the same are addressed and sized alike."""
    return _BY_GIVEN[given]


def kind_marked(mark: str) -> CallKind:
    """The first kind whose outcomes are marked so where they are stored."""
    return _BY_MARK[mark]
