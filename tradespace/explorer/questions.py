"""Question by question: what pipelines retrieved and answered, read back from the ledger. No call is made.

Only parsers and the chunker run again, as the ledger knows the passages of a corpus by their ids.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tradespace.components.base import Call, Pipeline
from tradespace.components.corpus import Corpus
from tradespace.components.direct import OperatorOf
from tradespace.components.notation import parse
from tradespace.components.readers.recorded import RecordedReader
from tradespace.components.trust import Trust, demand
from tradespace.data import Dataset
from tradespace.errors import ComponentError, InputError
from tradespace.evals import Measure, explain
from tradespace.explorer.files import read_data, specification_of
from tradespace.explorer.provenance import context
from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.explorer.running.call_scorer import CallScorer
from tradespace.explorer.running.exchanges import Exchange, OverheardCalls, exchanges_of
from tradespace.explorer.running.lookup import look_up
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_scorer import calling
from tradespace.explorer.running.runner import Trace, run
from tradespace.explorer.storage.base import Ledger
from tradespace.explorer.storage.study import StudyFolder
from tradespace.search_space.specification import Specification
from tradespace.types import Answer, Document, Failure, Outcome, Question, Ranking

LACKING = (
    "its call is not in the ledger: it failed, was pruned, or was made by another version of the component. "
    "Explore again to make it"
)
ELSEWHERE = "it was measured elsewhere, and only its figures are known"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one pipeline did with one question.

    Attributes:
        answer: None where there is none: the pipeline only retrieves, or it did not get that far.
        passages: what the last stage before the answer left, best first.
        scores: by measure, as the study's figures hold them; None where a measure does not apply.
        measures: those of them that are known here, by name.
        judged: why measures that make calls score it as they do, or why they do not, by name.
        failure: the failure that the study recorded; empty where there was none.
        lacking: why what was done cannot be read back; empty where it can.
        exchanges: what language models were sent and replied on the way, where that was asked for.
        documents: those that the passages were cut from, by id; none where they are not known.
    """

    answer: Answer | None
    passages: Ranking
    scores: Mapping[str, float | None]
    measures: Mapping[str, Measure] = field(default_factory=dict)
    judged: Mapping[str, str] = field(default_factory=dict)
    failure: str = ""
    lacking: str = ""
    exchanges: tuple[Exchange, ...] = ()
    documents: Mapping[str, Document] = field(default_factory=dict, repr=False, compare=False)

    def reasons(self, question: Question, names: Sequence[str]) -> list[str]:
        """Why measures score it as they do, each reason once; none where it failed or cannot be read back.

        Raises:
            MeasureError: a measure raised.
        """
        if self.failure or self.lacking:
            return []
        return list(dict.fromkeys(filter(None, (self._reason(name, question) for name in names))))

    def _reason(self, name: str, question: Question) -> str:
        if reason := self.judged.get(name):
            return f"{name}: {reason}"
        if name in self.judged or name not in self.measures or self.scores.get(name) is None:
            return ""
        return explain(self.measures[name], question, self.passages, self.answer)


@dataclass(frozen=True, slots=True)
class QuestionRecord:
    """A question, and what each pipeline did with it."""

    question: Question
    attempts: tuple[Attempt, ...]


def question_records(
    study: StudyFolder,
    evaluations: Sequence[Evaluation],
    question_set: QuestionSet,
    allowed: Collection[Trust] = (),
    *,
    with_exchanges: bool = False,
) -> list[QuestionRecord]:
    """Read back what evaluated pipelines did with each question of a split, in the split's order; on demand with what
    language models were sent and replied.

    Raises:
        InputError: the data are not those that were explored, or what reads or cuts documents, or the server of the
            ledger, needs a trust that is not among those allowed.
        DataError: the data cannot be read.
    """
    specification = specification_of(study)
    dataset = read_data(specification, allowed).dataset
    if context(specification, dataset) != study.manifest().context:
        raise InputError(
            f"the questions and documents that {study.folder} names have changed since it was explored, so that its "
            "answers belong to others. Restore them, or explore again"
        )
    return recorded_questions(
        study, specification, dataset, evaluations, question_set, allowed=allowed, with_exchanges=with_exchanges
    )


def recorded_questions(
    study: StudyFolder,
    specification: Specification,
    dataset: Dataset,
    evaluations: Sequence[Evaluation],
    question_set: QuestionSet,
    *,
    allowed: Collection[Trust] = (),
    with_exchanges: bool = False,
) -> list[QuestionRecord]:
    """The same, of data that were read before.

    Raises:
        InputError: what cuts documents needs a trust that is not among those allowed.
    """
    data = specification.data
    splits = dataset.split(data.explore, data.confirm, data.seed)
    everything = splits.explore if question_set is QuestionSet.EXPLORE else splits.confirm
    questions = everything[
        : min((len(row) for one in evaluations for row in one.scores.values()), default=len(everything))
    ]
    pipelines = [parse(evaluation.pipeline) for evaluation in evaluations]
    demand([stage for pipeline in pipelines for stage in pipeline.corpus_stages], allowed)
    ledger = study.allowing(allowed).ledger
    answers = Recorded(OpenedComponents(dataset.documents, study.artefacts), ledger)
    traces = run(answers, list(dict.fromkeys(pipelines)), [question.text for question in questions])
    rows = [
        _attempts(
            evaluation, traces[pipeline], answers.documents_of(pipeline), specification, _Judged(answers, questions)
        )
        for evaluation, pipeline in zip(evaluations, pipelines, strict=True)
    ]
    if with_exchanges:
        rows = [
            [
                _with_exchanges(attempt, question, trace, pipeline, answers)
                for attempt, question, trace in zip(attempts, questions, traces[pipeline], strict=True)
            ]
            for attempts, pipeline in zip(rows, pipelines, strict=True)
        ]
    return [
        QuestionRecord(question, tuple(attempts))
        for question, attempts in zip(questions, zip(*rows, strict=True), strict=True)
    ]


def _attempts(
    evaluation: Evaluation,
    traces: Sequence[Trace],
    documents: Mapping[str, Document],
    specification: Specification,
    judged: _Judged,
) -> list[Attempt]:
    scores = dict(evaluation.scores)
    measures = {name: known for name in scores if (known := _known(specification, name))}
    reasons = judged.reasons(measures.values(), traces)
    return [
        Attempt(
            answer=trace.answer,
            passages=trace.ranking,
            scores={name: row[place] for name, row in scores.items()},
            measures=measures,
            judged=reasons[place],
            failure=evaluation.failures.get(place, ""),
            lacking=trace.failure.message if trace.failure else "",
            documents=documents,
        )
        for place, trace in enumerate(traces)
    ]


@dataclass(frozen=True)
class _Judged:
    """What the ledger has of how measures came to their scores that make calls."""

    answers: Recorded
    questions: Sequence[Question]

    def reasons(self, measures: Iterable[Measure], traces: Sequence[Trace]) -> list[dict[str, str]]:
        """Why they score each answer as they do, by their names."""
        scorer = CallScorer(calling(measures), self.answers, self.answers.opened_components.nothing)
        scores = scorer.score(self.questions, traces)
        return [
            {name: score.scoring.reason for name, column in scores.items() if (score := column[place]) is not None}
            for place in range(len(traces))
        ]


def _with_exchanges(
    attempt: Attempt, question: Question, trace: Trace, pipeline: Pipeline, answers: Recorded
) -> Attempt:
    """An attempt with what language models were sent and replied: those that answered, then those that judged."""
    answering = exchanges_of(pipeline, question.text, answers.operators_for(pipeline))
    judging: list[Exchange] = []
    nothing = answers.opened_components.nothing
    CallScorer(calling(attempt.measures.values()), OverheardCalls(answers, judging), nothing).score([question], [trace])
    return replace(attempt, exchanges=(*answering, *judging))


def _known(specification: Specification, name: str) -> Measure | None:
    """A measure; None where it is not known here, as where the package is missing that it came with."""
    try:
        return specification.measure(name)
    except InputError:
        return None


@dataclass(frozen=True)
class Recorded:
    """Answers calls from the ledger, and fails those that it lacks."""

    opened_components: OpenedComponents
    ledger: Ledger

    def corpus(self, pipeline: Pipeline) -> Corpus:
        """The corpus that a pipeline searches.

        Raises:
            ComponentError: the corpus cannot be made.
        """
        return self.opened_components.corpus(pipeline)

    def documents_of(self, pipeline: Pipeline) -> Mapping[str, Document]:
        """The documents that a pipeline searches, by id; none where they cannot be read as it reads them."""
        try:
            return {document.id: document for document in self.opened_components.documents_of(pipeline)}
        except ComponentError:
            return {}

    def outcomes(self, calls: Sequence[Call], corpus: Corpus) -> list[Outcome | Failure]:
        """Answer every call, in order."""
        known = look_up(self.ledger, calls, corpus)
        return [known.outcomes.get(key, _lacking(call)) for key, call in zip(known.keys, calls, strict=True)]

    def operators_for(self, pipeline: Pipeline) -> OperatorOf:
        """Operators that read back what a pipeline's components returned.

        Raises:
            ComponentError: the corpus cannot be made.
        """
        corpus = self.corpus(pipeline)
        return lambda component: lambda requests: self.outcomes([Call(component, one) for one in requests], corpus)

    def count(self, asked: int) -> None:
        """Nothing is spent."""


def _lacking(call: Call) -> Failure:
    return Failure(ELSEWHERE if isinstance(call.component, RecordedReader) else LACKING)
