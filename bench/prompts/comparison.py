"""Exploring the prompts, and asking fresh questions of what was found and of the preset."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from bench.space_file import SpaceFile
from tradespace.components.base import Pipeline
from tradespace.components.examples.given import GivenExamples
from tradespace.components.llms.base import LanguageModel
from tradespace.components.prompts.base import PromptTemplate
from tradespace.components.prompts.standard import STANDARD
from tradespace.evals.measures import measure
from tradespace.evals.statistics import DIFFERENCES, Estimate, means
from tradespace.explorer.arrays import Floats
from tradespace.explorer.ledger_candidates import LedgerCandidates
from tradespace.explorer.preparing.bootstrapping import Bootstrapping
from tradespace.explorer.preparing.preparation import prepared
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.runner import Trace, make_calls, stream
from tradespace.explorer.running.scoring import ScoreSheet
from tradespace.explorer.search import Partial, Search, Step, search_algorithm
from tradespace.explorer.storage.study import StudyFolder
from tradespace.search_space.space import PipelineSpace
from tradespace.types import Question

SCORES = ("answer_f1", "answer_em", "answer_contained")


def _no_figures(traces: Mapping[Pipeline, Sequence[Trace]]) -> tuple[Floats, Floats]:
    """Nothing is timed here, and no figure is foretold."""
    return np.zeros((len(traces), 0)), np.zeros((len(traces), 0))


@dataclass(frozen=True)
class Comparison(SpaceFile):
    """A space of prompts in a file, and the folder where all that is called for it is kept."""

    folder: Path
    fresh: int

    @cached_property
    def study(self) -> StudyFolder:
        """Where it is explored."""
        return StudyFolder(self.folder)

    @cached_property
    def explore_questions(self) -> tuple[Question, ...]:
        """Those that the prompts are raced on."""
        return self.dataset.split(self.specification.data.explore, self.fresh, self.specification.data.seed).explore

    @cached_property
    def recorded_calls(self) -> RecordedCalls:
        """Makes calls, and keeps them."""
        self.folder.mkdir(parents=True, exist_ok=True)
        opened = OpenedComponents(self.dataset.documents, self.study.artefacts)
        return RecordedCalls(opened, self.study.ledger)

    @cached_property
    def space(self) -> PipelineSpace:
        """The space with its examples, which are drawn now."""
        draw_pairs = Bootstrapping(self.explore_questions, self.recorded_calls).pairs
        return prepared(self.specification.space, draw_pairs)

    @property
    def drawn(self) -> int:
        """How many examples there are to choose from."""
        examples = [prompt_of(pipeline).examples for pipeline in self.space.members()]
        return max(len(each.pairs) for each in examples if isinstance(each, GivenExamples))

    @cached_property
    def search(self) -> Search:
        """The search, run to its end as an exploration runs it, but that nothing is timed."""
        source = LedgerCandidates(
            self.recorded_calls,
            self.explore_questions,
            [measure(SCORES[0])],
            (),
            _no_figures,
            lambda component: isinstance(component, LanguageModel),
            lambda assumed: float(isinstance(assumed.call.component, LanguageModel)),
            "calls",
        )
        plan = self.specification.search
        search = search_algorithm(plan.strategy).start(self.space, self.specification.goals, plan.seed, source=source)
        while steps := search.ask(plan.batch):
            for step in steps:
                self._take(search, step)
        return search

    def _take(self, search: Search, step: Step) -> None:
        asked = step.questions or range(len(self.explore_questions))
        texts = [question.text for question in self.explore_questions]
        make_calls(self.recorded_calls, [step.pipeline], texts[asked.start : asked.stop])
        print(f"questions {asked.start + 1} to {asked.stop}: {told(step.pipeline)}", file=sys.stderr)
        search.tell(step.pipeline, Partial())

    @cached_property
    def explored(self) -> Mapping[Pipeline, Sequence[float]]:
        """What the pipelines score on explore questions that were asked all of them, the best first."""
        complete = list(self.search.complete)
        scores = self.scores(complete, self.explore_questions)
        return dict(sorted(((each, scores[each][SCORES[0]]) for each in complete), key=lambda pair: -np.mean(pair[1])))

    @property
    def found(self) -> Pipeline:
        """The pipeline with the best prompt."""
        return next(iter(self.explored))

    @cached_property
    def preset(self) -> Pipeline:
        """The same pipeline with the prompt that is written where none is chosen."""
        *before, reader = self.found
        return Pipeline((*before, reader.with_settings(prompt=STANDARD)))

    @cached_property
    def fresh_questions(self) -> tuple[Question, ...]:
        """Questions that no decision has seen."""
        data = self.specification.data
        return self.dataset.split(data.explore, self.fresh, data.seed).confirm

    @cached_property
    def fresh_scores(self) -> Mapping[Pipeline, Mapping[str, Sequence[float]]]:
        """What both score on fresh questions, by measure, one score for each question."""
        return self.scores([self.preset, self.found], self.fresh_questions)

    def scores(
        self, pipelines: Sequence[Pipeline], questions: Sequence[Question]
    ) -> Mapping[Pipeline, Mapping[str, Sequence[float]]]:
        """What pipelines score on questions, by measure."""
        sheet = ScoreSheet([measure(name) for name in SCORES], questions)
        for block in stream(self.recorded_calls, list(dict.fromkeys(pipelines)), [each.text for each in questions]):
            sheet.add(block)
        return {
            pipeline: {name: [score or 0.0 for score in row] for name, row in sheet.scores(pipeline).items()}
            for pipeline in pipelines
        }

    @property
    def difference(self) -> Estimate:
        """By how much the found prompt is better than the preset, in F1, with its interval."""
        found, preset = (np.array(self.fresh_scores[each]["answer_f1"]) for each in (self.found, self.preset))
        return means([(found - preset).tolist()], within=DIFFERENCES)[0]


def prompt_of(pipeline: Pipeline) -> PromptTemplate:
    """The prompt of a pipeline's reader."""
    return next(part for part in pipeline.stages["generate"].parts() if isinstance(part, PromptTemplate))


def told(pipeline: Pipeline) -> tuple[str, str]:
    """Instruction and examples of a pipeline, in words."""
    prompt = prompt_of(pipeline)
    examples = prompt.examples
    if not isinstance(examples, GivenExamples) or not examples.pairs or not examples.shots:
        shown = "none"
    else:
        count = min(examples.shots, len(examples.pairs))
        shown = f"{count} {'nearest' if examples.choose == 'nearest' else 'fixed'}"
    return prompt.instruction or "(that of the preset)", shown
