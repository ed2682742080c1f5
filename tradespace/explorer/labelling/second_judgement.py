"""Asking a judge once more: one that then says something else does not know what it says."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tradespace.components.trust import Trust, demand
from tradespace.evals.group_names import base_measure
from tradespace.evals.measures.judge import JudgedMeasure
from tradespace.explorer.files import read_data, specification_of
from tradespace.explorer.labelling.judged_answers import JudgedAnswers
from tradespace.explorer.questions import Attempt
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.recorded_scorer import recorded_scores
from tradespace.explorer.running.runner import Trace
from tradespace.explorer.storage.study import StudyFolder
from tradespace.types import Request


def judged_once_more(
    study: StudyFolder,
    answers: JudgedAnswers,
    keys: Sequence[str],
    allowed: Collection[Trust] = (),
) -> dict[str, float]:
    """What the judge says of some answers when it is asked with another seed; those without a verdict are left out. Its
    calls go through the study's ledger, so that asking once more again costs nothing.

    Raises:
        InputError: the judge needs a trust that is not among those allowed.
        ModelUnavailableError: its server is down.
    """
    specification = specification_of(study)
    name = base_measure(answers.measure.name)
    judge = specification.measures[name]
    assert isinstance(judge, JudgedMeasure)
    demand([judge], allowed)
    again = judge.with_settings(seed=judge.seed + 1).measure(name)
    opened_components = OpenedComponents(read_data(specification).dataset.documents, study.artefacts)
    calls = RecordedCalls(opened_components, study.allowing(allowed).ledger)
    places = [answers.attempts[key] for key in keys]
    scores = recorded_scores(
        again,
        calls,
        [answers.questions[place] for place, _ in places],
        [_trace(answers.questions[place].text, attempt) for place, attempt in places],
    )
    return {key: score for key, score in zip(keys, scores, strict=True) if score is not None}


def _trace(question: str, attempt: Attempt) -> Trace:
    """What the pipeline did, as far as a measure looks at it."""
    asked = Request(question)
    found = Trace(asked.with_ranking(attempt.passages), None, None, attempt.passages)
    return Trace(found.request, found, None, attempt.answer)
