"""Sample, filter, cluster, score: how AlphaCode picks programs (AlphaCode 2, 2023; CodeT, Chen et al. 2022)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from pydantic import Field

from tradespace.components.answers import extract
from tradespace.components.base import Call, Process, program_run_of
from tradespace.components.processes import Rounds, side_by_side
from tradespace.components.prompts.tasks import INPUTS, PROGRAM
from tradespace.components.strategies import algebra
from tradespace.components.strategies.answers import is_known
from tradespace.components.strategies.base import ModelCaller, Strategy
from tradespace.components.strategies.candidates import Candidate, Samples, Temperature, draw
from tradespace.components.strategies.probes import ProgramProbe, examples_in, inputs_in
from tradespace.components.strategies.programs import Isolated, ProgramRunner, program_in
from tradespace.components.strategies.verifiers.base import Verifier
from tradespace.components.strategies.verifiers.judge import Judge
from tradespace.components.trust import Trust
from tradespace.types import Answer, Request


@dataclass(frozen=True, slots=True)
class Tried:
    """A candidate, its program, and what that printed when it was tried: on nothing, then on each input."""

    candidate: Candidate
    code: str
    printed: tuple[str, ...] = ()


class SampleFilterCluster(Strategy):
    """k programs and, in parallel, inputs to try them on. Programs that fail an example of the question are dropped.

    Those that print the same on every input form a cluster. Of the largest clusters one program each is submitted to
    the verifier, and the best is the answer: the program itself, or what it prints. The confidence is the share of the
    k programs in its cluster.
    """

    name: ClassVar[str] = "sample_filter_cluster"
    in_words: ClassVar[str] = "by the largest cluster of {k} programs"

    k: Samples = 16
    temperature: Temperature = 0.8
    inputs: int = Field(default=4, ge=0, le=64, description="how many generated inputs the programs are tried on")
    asked: int = Field(default=1, ge=1, le=128, description="how often the model is asked for inputs; once greedily")
    submissions: int = Field(default=1, ge=1, le=10, description="how many of the largest clusters are submitted")
    verifier: Verifier = Field(default=Judge(), description="what chooses among several submissions")
    answer: Literal["output", "program"] = Field(default="output", description="what is asked for")
    seconds: float = Field(default=5.0, ge=0.1, le=60, description="after which a program is killed")
    isolated: Isolated = True

    @property
    def needs(self) -> frozenset[Trust]:
        return super().needs | self._runner.needs

    def run(self, model_caller: ModelCaller, request: Request) -> Process:
        written, inputs = yield from self._drawn(model_caller, request)
        passed = yield from algebra.filter(written, lambda trial: self._passes(trial, examples_in(request.question)))
        tried = yield from side_by_side([self._tried(trial, inputs) for trial in passed])
        working = [trial for trial in tried if self._works(trial)]
        clusters = algebra.cluster(working, lambda trial, other: trial.printed == other.printed)[: self.submissions]
        if not clusters:
            return Answer("", 0.0, confidence=0.0)
        (best,) = algebra.top(clusters, (yield from self._scores(model_caller, request, clusters)), 1)
        text = best[0].code if self.answer == "program" else extract(best[0].printed[0], model_caller.form)
        return Answer(text, len(best) / self.k, confidence=len(best) / self.k)

    def _drawn(self, model_caller: ModelCaller, request: Request) -> Rounds[tuple[list[Tried], list[ProgramProbe]]]:
        programs = draw(model_caller, PROGRAM, request, self.temperature, k=self.k)
        heat = self.temperature if self.asked > 1 else 0.0
        inputs = draw(model_caller, INPUTS, request, heat, k=self.asked if self.inputs else 0)
        candidates, said = yield from side_by_side([programs, inputs])
        written = [
            Tried(candidate, program_in(candidate, request.question, model_caller.form)) for candidate in candidates
        ]
        return written, inputs_in("\n".join(completion.completion.text for completion in said), self.inputs)

    def _passes(self, written: Tried, examples: list[ProgramProbe]) -> Rounds[bool]:
        if not written.code or not examples:
            return not examples
        printed = [program_run_of(outcome) for outcome in (yield self._trials(written.code, examples))]
        return all(
            run.finished and run.output == example.expected for run, example in zip(printed, examples, strict=True)
        )

    def _tried(self, written: Tried, inputs: list[ProgramProbe]) -> Rounds[Tried]:
        if not written.code:
            answer = written.candidate.answer
            return replace(written, printed=(answer if is_known(answer) else "",))
        outcomes = yield self._trials(written.code, [ProgramProbe(""), *inputs])
        runs = [program_run_of(outcome) for outcome in outcomes]
        return replace(written, printed=tuple(run.output if run.finished else "" for run in runs))

    def _works(self, tried: Tried) -> bool:
        """Whether it prints an answer; or is a program that does not break on every input."""
        first, *others = tried.printed
        return bool(first) if self.answer == "output" else bool(tried.code) and (not others or any(others))

    def _trials(self, code: str, probes: list[ProgramProbe]) -> list[Call]:
        return [probe.call(self._runner, code) for probe in probes]

    @property
    def _runner(self) -> ProgramRunner:
        return ProgramRunner(seconds=self.seconds, isolated=self.isolated)

    def _scores(self, model_caller: ModelCaller, request: Request, clusters: list[list[Tried]]) -> Rounds[list[float]]:
        if len(clusters) == 1:
            return [1.0]
        submitted = [members[0].candidate for members in clusters]
        return (
            yield from algebra.score(
                submitted, lambda candidate: self.verifier.verify(model_caller, request, candidate)
            )
        )
