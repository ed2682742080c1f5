"""The same pipelines on questions of people, and on questions that were generated about the same documents."""

from __future__ import annotations

import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from bench.generated.agreement import Floats
from bench.space_file import SpaceFile
from tradespace.components.base import Pipeline
from tradespace.components.llms import SmolLM2
from tradespace.data import QuestionSets
from tradespace.data.generation.written import GeneratedType
from tradespace.evals.measures import measure
from tradespace.explorer.generating.examiner import model_examiner, reader_examiner
from tradespace.explorer.generating.generation import GeneratedQuestions, QuestionGeneration
from tradespace.explorer.generating.model_writer import ModelWriter
from tradespace.explorer.generating.rule_writer import RuleWriter
from tradespace.explorer.running.budget import Budget
from tradespace.explorer.running.one_question import answer_question
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.runner import run
from tradespace.explorer.running.scoring import score_traces
from tradespace.explorer.storage.study import StudyFolder
from tradespace.search_space.sections import BudgetLimits
from tradespace.types import Document, Question

MEASURES = ("answer_f1", "mrr")
ANSWERABLE = (GeneratedType.FACT, GeneratedType.NUMBER)
TIMED = 8
"""Questions that each pipeline is timed on, from end to end."""


@dataclass(frozen=True)
class Comparison(SpaceFile):
    """A space of pipelines in a file, and the folder where all that is called for it is kept."""

    folder: Path

    @cached_property
    def real(self) -> QuestionSets:
        """Two sets of questions of people, which share none."""
        data = self.specification.data
        return self.dataset.split(data.explore, data.confirm, data.seed)

    @cached_property
    def pipelines(self) -> list[Pipeline]:
        """Those that are ranked."""
        return list(self.specification.space.members())

    @cached_property
    def asked_about(self) -> tuple[Document, ...]:
        """The documents that people asked about."""
        gold = {name for question in self.dataset.questions for name in question.gold}
        return tuple(document for document in self.dataset.documents if document.id in gold)

    @cached_property
    def _recorded_calls(self) -> RecordedCalls:
        return self._caller(self.dataset.documents)

    def _caller(self, documents: Sequence[Document], calls: int | None = None) -> RecordedCalls:
        self.folder.mkdir(parents=True, exist_ok=True)
        study = StudyFolder(self.folder)
        budget = Budget(BudgetLimits(calls=calls), made=len(study.ledger))
        return RecordedCalls(OpenedComponents(documents, study.artefacts), study.ledger, budget)

    def by_rule(self, documents: Sequence[Document], wanted: int) -> GeneratedQuestions:
        """Questions that rules make of documents, examined by the bundled reader."""
        generation = QuestionGeneration(RuleWriter(), reader_examiner(), self._caller(documents), ANSWERABLE)
        return generation.run(wanted, lambda so_far: None)

    def by_smollm2(self, documents: Sequence[Document], calls: int) -> GeneratedQuestions:
        """Questions that a model of 135 million parameters writes and examines in so many calls, those of earlier runs
        and searches included."""
        model = SmolLM2()
        writer = ModelWriter(model, temperature=0.7, max_tokens=160)
        generation = QuestionGeneration(writer, model_examiner(model), self._caller(documents, calls))
        return generation.run(calls, lambda so_far: None)

    def scores(self, questions: Sequence[Question]) -> Mapping[str, Floats]:
        """By measure, what each pipeline (row) scores on each question (column)."""
        traces = run(self._recorded_calls, self.pipelines, [question.text for question in questions])
        wanted = [measure(name) for name in MEASURES]
        scored = [score_traces(wanted, questions, traces[pipeline]) for pipeline in self.pipelines]
        return {name: np.array([each[name] for each in scored], dtype=np.float64) for name in MEASURES}

    @cached_property
    def seconds(self) -> Floats:
        """The median seconds of each pipeline on the first questions, run from end to end; measured once."""
        kept = self.folder / "seconds.json"
        known = json.loads(kept.read_text()) if kept.exists() else {}
        for pipeline in self.pipelines:
            if str(pipeline) not in known:
                known[str(pipeline)] = self._timed(pipeline)
                kept.write_text(json.dumps(known, indent=1))
        return np.array([known[str(pipeline)] for pipeline in self.pipelines])

    def _timed(self, pipeline: Pipeline) -> float:
        opened = self._recorded_calls.opened_components
        answered = [answer_question(pipeline, opened, question.text) for question in self.real.explore[:TIMED]]
        return statistics.median(sum(span.seconds for span in each.spans) for each in answered)
