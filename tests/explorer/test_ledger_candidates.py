"""What is known of candidates before dear calls are made, and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.explorer.conftest import DOCUMENTS, MADE, QUESTIONS, Fragile, LastWord, Overlap, Shortest, Twin
from tradespace.components.base import Component, Pipeline
from tradespace.components.readers import Cascade, SentenceReader
from tradespace.evals.measures import Measure, measure
from tradespace.evals.measures.judged_correct import JudgedCorrect
from tradespace.evals.measures.judged_faithful import JudgedFaithful
from tradespace.explorer.arrays import Floats
from tradespace.explorer.ledger_candidates import LedgerCandidates
from tradespace.explorer.running.call_answers import Assumed
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.recorded_scorer import recorded_scorer
from tradespace.explorer.running.runner import Trace, run, stream
from tradespace.explorer.running.scoring import ScoreSheet, score_traces
from tradespace.explorer.storage.databases import open_ledger
from tradespace.testing.word_judge import WordJudge
from tradespace.types import Question

ASKED = [Question(str(place), text, answers=("mat",), gold=("cat",)) for place, text in enumerate(QUESTIONS)]


def nothing_foretold(traces: Mapping[Pipeline, Sequence[Trace]]) -> tuple[Floats, Floats]:
    """No figure at all."""
    return np.zeros((len(traces), 0)), np.zeros((len(traces), 0))


def reads(component: Component) -> bool:
    """Reading is dear."""
    return isinstance(component, LastWord | SentenceReader)


def candidates(recorded_calls: RecordedCalls, measures: Sequence[str] = ("answer_f1",)) -> LedgerCandidates:
    """Candidates over the small documents; each call of a reader costs 2."""
    scored = [measure(name) for name in measures]
    return LedgerCandidates(recorded_calls, ASKED, scored, (), nothing_foretold, reads, lambda assumed: 2.0)


def test_no_dear_call_is_made_to_appraise(recorded_calls: RecordedCalls) -> None:
    """Retrieval runs for all pipelines, and what readers would be asked is counted, and priced."""
    source = candidates(recorded_calls)
    appraisal = source.appraise([Overlap(top_k=3) >> LastWord(passages=n) for n in (1, 3)])
    assert MADE["overlap"] == len(QUESTIONS)
    assert MADE["last_word"] == 0
    assert [len(appraisal.cells.missing(cell)) for cell in range(8)] == [1] * 4 + [3] * 4
    assert set(appraisal.cells.missing(0)) < set(appraisal.cells.missing(4))
    assert source.prices.tolist() == [2.0] * 12
    assert np.isnan(appraisal.cells.scores).all()


def test_known_calls_are_not_missing(recorded_calls: RecordedCalls) -> None:
    """What the ledger answers costs nothing, and is scored."""
    pipeline = Overlap(top_k=3) >> LastWord(passages=2)
    traces = run(recorded_calls, [pipeline], QUESTIONS)[pipeline]
    appraisal = candidates(recorded_calls).appraise([pipeline])
    assert not appraisal.cells.calls.size
    assert appraisal.cells.scores[:, 0].tolist() == list(
        score_traces([measure("answer_f1")], ASKED, traces)["answer_f1"]
    )


def test_cells_are_revealed_once_their_calls_are_made(recorded_calls: RecordedCalls) -> None:
    """Also those of pipelines that others' calls have answered."""
    large, small = (Overlap(top_k=3) >> LastWord(passages=n) for n in (3, 1))
    source = candidates(recorded_calls)
    source.appraise([large, small])
    run(recorded_calls, [large], QUESTIONS[:2])
    revealed = source.reveal([(small, 1), (large, 1), (large, 3)])
    assert not revealed.missing(0).size
    assert np.isfinite(revealed.scores[:2]).all()
    assert source.appraise([small]).cells.starts.tolist() == [0, 0, 0, 1, 2]


def test_a_call_that_failed_scores_nothing_and_is_not_asked_for_again(recorded_calls: RecordedCalls) -> None:
    """Failures are not in the ledger; a cell whose calls were made, and that still lacks them, has failed."""
    pipeline = Overlap(top_k=1) >> Fragile(passages=1)
    source = candidates(recorded_calls)
    source.appraise([pipeline])
    run(recorded_calls, [pipeline], QUESTIONS)
    revealed = source.reveal([(pipeline, 2), (pipeline, 0)])
    assert not revealed.calls.size
    assert revealed.scores[0, 0] == 0.0


def test_what_follows_an_unknown_answer_is_priced_but_not_named(recorded_calls: RecordedCalls) -> None:
    """Whether a cascade asks its second reader is known when the first has answered."""
    cascade = Cascade(first=LastWord(passages=1), then=SentenceReader(passages=1), accept=1.0)
    appraisal = candidates(recorded_calls).appraise([Overlap(top_k=1) >> cascade])
    assert [len(appraisal.cells.missing(cell)) for cell in range(4)] == [1] * 4
    assert appraisal.cells.further.tolist() == [2.0] * 4


@pytest.mark.parametrize(
    ("left", "right", "one"),
    [
        (Overlap(top_k=3) >> SentenceReader(passages=3), Twin(top_k=3) >> SentenceReader(passages=5), True),
        (Overlap(top_k=2) >> SentenceReader(passages=2), Overlap(top_k=2) >> Shortest() >> SentenceReader(), True),
        (Overlap(top_k=2) >> SentenceReader(passages=1), Overlap(top_k=2) >> SentenceReader(passages=2), False),
        (Overlap(top_k=2) >> SentenceReader(), Overlap(top_k=2) >> LastWord(), False),
    ],
)
def test_pipelines_that_do_the_same_work_are_one(
    recorded_calls: RecordedCalls, left: Pipeline, right: Pipeline, one: bool
) -> None:
    """A setting that allows for more passages than there are, and an order that nobody looks at, make no difference."""
    first, second = candidates(recorded_calls).appraise([left, right]).alike
    assert (first == second) == one


def test_where_rankings_are_scored_their_order_counts(recorded_calls: RecordedCalls) -> None:
    """Pipelines that answer alike may rank differently."""
    pair = [Overlap(top_k=2) >> SentenceReader(passages=2), Overlap(top_k=2) >> Shortest() >> SentenceReader()]
    first, second = candidates(recorded_calls, ["mrr"]).appraise(pair).alike
    assert first != second


pipelines = st.builds(
    lambda retriever, rerankers, reader: Pipeline((retriever, *rerankers, reader)),
    st.builds(Overlap, top_k=st.integers(1, 3)) | st.builds(Twin, top_k=st.integers(1, 3)),
    st.lists(st.builds(Shortest, keep=st.integers(1, 3)), max_size=2),
    st.builds(SentenceReader, passages=st.integers(1, 4)) | st.builds(LastWord, passages=st.integers(1, 4)),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=st.lists(pipelines, min_size=2, max_size=8, unique=True))
def test_pipelines_that_are_one_answer_alike(chosen: list[Pipeline], tmp_path_factory) -> None:
    """On every question: the naive way, each pipeline run on its own, comes to the same answers."""
    opened = OpenedComponents(DOCUMENTS, tmp_path_factory.mktemp("classes") / "artefacts")
    alike = candidates(RecordedCalls(opened, open_ledger("memory://"))).appraise(chosen).alike
    answers = {
        pipeline: [
            trace.answer and trace.answer.text
            for trace in run(RecordedCalls(opened, open_ledger("memory://")), [pipeline], QUESTIONS)[pipeline]
        ]
        for pipeline in chosen
    }
    for pipeline, number in zip(chosen, alike, strict=True):
        representative = chosen[alike.tolist().index(number)]
        assert answers[pipeline] == answers[representative]


JUDGED = JudgedCorrect(model=WordJudge()).measure("judged")


def judged_candidates(recorded_calls: RecordedCalls, measure: Measure = JUDGED) -> LedgerCandidates:
    """Candidates that a judge scores; each call of a reader costs 2, each of the judge 5."""

    def price(assumed: Assumed) -> float:
        return 5.0 if isinstance(assumed.call.component, WordJudge) else 2.0

    return LedgerCandidates(recorded_calls, ASKED, [measure], (), nothing_foretold, reads, price)


def judge(recorded_calls: RecordedCalls, pipeline: Pipeline, measure: Measure = JUDGED) -> ScoreSheet:
    """Make all calls of a pipeline, and of its judge."""
    sheet = ScoreSheet([measure], ASKED, recorded_scorer([measure], recorded_calls))
    for block in stream(recorded_calls, [pipeline], QUESTIONS):
        sheet.add(block)
    return sheet


def test_judging_is_priced_from_the_start_and_named_once_answers_are_known(recorded_calls: RecordedCalls) -> None:
    """Whom the judge would be asked about depends on what the reader answers."""
    pipeline = Overlap(top_k=1) >> LastWord(passages=1)
    cells = judged_candidates(recorded_calls).appraise([pipeline]).cells
    assert [len(cells.missing(cell)) for cell in range(4)] == [1] * 4
    assert cells.further.tolist() == [5.0] * 4
    run(recorded_calls, [pipeline], QUESTIONS)
    source = judged_candidates(recorded_calls)
    cells = source.appraise([pipeline]).cells
    assert [len(cells.missing(cell)) for cell in range(4)] == [1] * 4
    assert (cells.further.tolist(), source.prices.tolist()) == ([0.0] * 4, [5.0] * 4)
    assert np.isnan(cells.scores).all()


def test_what_is_judged_is_known_and_scored(recorded_calls: RecordedCalls) -> None:
    """Also for a pipeline that answers the same from other passages: it asks for the same judgements."""
    first, second = (Overlap(top_k=k) >> LastWord(passages=1) for k in (1, 3))
    source = judged_candidates(recorded_calls)
    source.appraise([first, second])
    sheet = judge(recorded_calls, first)
    revealed = source.reveal([(first, 0), (second, 0), (second, 3)])
    assert not revealed.calls.size
    assert revealed.scores[:, 0].tolist() == [sheet.scores(first)["judged"][place] for place in (0, 0, 3)]


def test_a_failed_judgement_is_missing_and_not_asked_for_again(recorded_calls: RecordedCalls) -> None:
    """It is tried once more, since until then only the answer was known to be missing; then its score is missing."""
    measure = JudgedCorrect(model=WordJudge(fail_on="mouse")).measure("judged")
    pipeline = Overlap(top_k=1) >> LastWord(passages=1)
    source = judged_candidates(recorded_calls, measure)
    source.appraise([pipeline])
    judge(recorded_calls, pipeline, measure)
    assert len(source.reveal([(pipeline, 2)]).calls) == 1
    revealed = source.reveal([(pipeline, 2), (pipeline, 0)])
    assert not revealed.calls.size
    assert np.isnan(revealed.scores[0, 0]) and revealed.scores[1, 0] == 1.0


def test_where_passages_are_judged_they_count(recorded_calls: RecordedCalls) -> None:
    """Pipelines that answer alike may stand on other passages."""
    pair = [Overlap(top_k=2) >> SentenceReader(passages=2), Overlap(top_k=2) >> Shortest() >> SentenceReader()]
    faithful = JudgedFaithful(model=WordJudge()).measure("faithful")
    for judged, alike in ((JUDGED, True), (faithful, False)):
        first, second = judged_candidates(recorded_calls, judged).appraise(pair).alike
        assert bool(first == second) == alike
