"""Pipelines as PyTerrier's (Macdonald & Tonellotto 2020), whose `plan="tree"` runs common beginnings once."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import cache, reduce
from operator import rshift

import pandas as pd
import pyterrier as pt
from ir_measures import RR

from tradespace.components.base import Component, Operator, Pipeline
from tradespace.components.direct import directly
from tradespace.components.processes import drive, side_by_side
from tradespace.components.roles import Role
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.types import Answer, Outcome, Passage, Question, Request

COLUMNS = ["qid", "query", "docno", "text", "score", "rank"]


class Stage(pt.Transformer):
    """A component as a transformer. It is handed all questions together, in one batch."""

    def __init__(self, component: Component, operator_of: Callable[[Component], Operator]) -> None:
        super().__init__()
        self.component = component
        self.operator_of = operator_of

    def transform(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Rankings become rows; an answer is written beside the passages that it was read in."""
        names, requests = requests_of(frame)
        outcomes = self._outcomes(requests)
        if self.component.role is Role.GENERATE:
            answers = dict(
                zip(names, (outcome.text for outcome in outcomes if isinstance(outcome, Answer)), strict=True)
            )
            return frame.assign(qanswer=frame["qid"].map(answers))
        rows = [
            (name, request.question, scored.passage.id, scored.passage.text, scored.score, rank)
            for name, request, outcome in zip(names, requests, outcomes, strict=True)
            if isinstance(outcome, tuple)
            for rank, scored in enumerate(outcome)
        ]
        return pd.DataFrame(rows, columns=COLUMNS)

    def _outcomes(self, requests: Sequence[Request]) -> list[Outcome]:
        processes = side_by_side(self.component.process(request) for request in requests)
        return drive(processes, directly(self.operator_of))


def requests_of(frame: pd.DataFrame) -> tuple[list[str], list[Request]]:
    """One request for each question of a frame, with its passages where it has any."""
    if "docno" not in frame.columns:
        return list(frame["qid"]), [Request(text) for text in frame["query"]]
    passages: dict[tuple[str, str], list[Passage]] = {}
    for name, query, document, text in zip(frame["qid"], frame["query"], frame["docno"], frame["text"], strict=True):
        passages.setdefault((name, query), []).append(Passage(document, document, text))
    return [name for name, _ in passages], [Request(query, tuple(held)) for (_, query), held in passages.items()]


def tree_seconds(
    opened_components: OpenedComponents, pipelines: Sequence[Pipeline], questions: Sequence[Question]
) -> float:
    """Wall time of an experiment over all pipelines, which scores their rankings."""
    operator_of = opened_components.operators_for(opened_components.corpus(pipelines[0]))
    stage = cache(lambda component: Stage(component, operator_of))
    systems = [_chain([stage(component) for component in pipeline.online.values()]) for pipeline in pipelines]
    topics = pd.DataFrame([(question.id, question.text) for question in questions], columns=["qid", "query"])
    gold = [(question.id, document, 1) for question in questions for document in question.gold]
    judged = pd.DataFrame(gold, columns=["qid", "docno", "label"])
    names = [str(pipeline) for pipeline in pipelines]
    start = time.perf_counter()
    pt.Experiment(systems, topics, judged, [RR], names=names, plan="tree", verbose=False, validate="ignore")
    return time.perf_counter() - start


def _chain(stages: Sequence[Stage]) -> pt.Transformer:
    first, *others = stages
    return reduce(rshift, others, first)
