"""Scores that are made by calls: shared, recorded, within the budget, and apart from the pipelines' own calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.explorer.conftest import DOCUMENTS, QUESTIONS, Fragile, LastWord, Overlap, Shortest, Twin
from tradespace.components.base import Pipeline
from tradespace.errors import MeasureError
from tradespace.evals.measures import MEASURES
from tradespace.evals.measures.base import Needs
from tradespace.evals.measures.calling import CallingMeasure, Scoring
from tradespace.evals.measures.in_group import InGroup
from tradespace.evals.measures.judged_correct import JudgedCorrect
from tradespace.evals.measures.judged_faithful import JudgedFaithful
from tradespace.evals.measures.judged_relevant import JudgedRelevant
from tradespace.explorer.planning.dry_run import DryRun
from tradespace.explorer.results import Judging
from tradespace.explorer.running.budget import Budget, BudgetSpent
from tradespace.explorer.running.call_scorer import CallScorer
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.recorded_scorer import recorded_scorer, recorded_scores
from tradespace.explorer.running.runner import run, stream
from tradespace.explorer.running.scoring import ScoreSheet
from tradespace.explorer.storage.base import Ledger
from tradespace.explorer.storage.databases import open_ledger
from tradespace.search_space.sections import BudgetLimits, ModelPrice, Prices
from tradespace.testing.naive import evaluate_alone
from tradespace.testing.word_judge import WordJudge
from tradespace.types import Question

ASKED = tuple(
    Question(str(place), text, answers=(answer,))
    for place, (text, answer) in enumerate(zip(QUESTIONS, ("mat", "dog", "cheese", "honey"), strict=True))
)
CORRECT = JudgedCorrect(model=WordJudge()).measure("correct")
FAITHFUL = JudgedFaithful(model=WordJudge()).measure("faithful")
PIPELINES = [Overlap(top_k=k) >> LastWord(passages=n) for k, n in ((1, 1), (3, 1), (3, 3))]


def sheet_of(
    recorded_calls: RecordedCalls,
    measures: Sequence[CallingMeasure],
    pipelines: Sequence[Pipeline] = PIPELINES,
    prices: Prices | None = None,
) -> ScoreSheet:
    """Run pipelines on the questions, and score them."""
    sheet = ScoreSheet(measures, ASKED, recorded_scorer(measures, recorded_calls, prices))
    for block in stream(recorded_calls, pipelines, QUESTIONS):
        sheet.add(block)
    return sheet


@pytest.mark.parametrize(
    "measure",
    [CORRECT, FAITHFUL, JudgedRelevant(model=WordJudge(contrary=2), judgements=3).measure("relevant")],
    ids=str,
)
def test_shared_scores_are_those_of_each_pipeline_alone(recorded_calls: RecordedCalls, measure: CallingMeasure) -> None:
    """The naive evaluator judges every answer by itself, one call after the other."""
    pipelines = [*PIPELINES, Overlap() >> Shortest() >> LastWord(), Twin() >> Fragile()]
    sheet = sheet_of(recorded_calls, [measure], pipelines)
    for pipeline in pipelines:
        alone = evaluate_alone(recorded_calls.opened_components, pipeline, ASKED, [measure])
        assert sheet.scores(pipeline)[measure.name] == tuple(row[measure.name] for row in alone)


def test_equal_answers_are_judged_once_for_all_pipelines(recorded_calls: RecordedCalls) -> None:
    """Whoever gave them, and whichever passages they were found in; each pipeline counts the call as its own."""
    sheet = sheet_of(recorded_calls, [CORRECT])
    traces = run(recorded_calls, PIPELINES, QUESTIONS)
    answers = {(place, row[place].answer.text) for row in traces.values() for place in range(4) if row[place].answer}
    assert recorded_calls.budget.judging_calls == len(answers) < 4 * len(PIPELINES)
    assert [sheet.judging[pipeline]["correct"].calls for pipeline in PIPELINES] == [4] * 3
    assert recorded_calls.budget.asked >= recorded_calls.budget.made


def test_what_is_known_is_not_asked_again(recorded_calls: RecordedCalls) -> None:
    """A second run scores the same from the ledger."""
    first = sheet_of(recorded_calls, [CORRECT, FAITHFUL])
    made = recorded_calls.budget.made
    again = sheet_of(recorded_calls, [CORRECT, FAITHFUL])
    assert recorded_calls.budget.made == made
    assert again.judging == first.judging
    assert [again.scores(one) for one in PIPELINES] == [first.scores(one) for one in PIPELINES]


def test_a_failed_judgement_is_missing_with_its_reason(recorded_calls: RecordedCalls) -> None:
    """The other questions are not affected; the pipeline itself has not failed."""
    measure = JudgedCorrect(model=WordJudge(fail_on="mouse")).measure("correct")
    sheet = sheet_of(recorded_calls, [measure], PIPELINES[:1])
    (row,) = sheet.scores(PIPELINES[0]).values()
    judging = sheet.judging[PIPELINES[0]]["correct"]
    assert [score is None for score in row] == [False, False, True, False]
    assert (judging.missing, judging.failed) == ({2: "the line is dead"}, (2,))
    assert sheet.failures[PIPELINES[0]] == {}


def test_prose_is_missing_and_counted(recorded_calls: RecordedCalls) -> None:
    """Never a 0; and where nothing can be read at all, the measure still has its row."""
    measure = JudgedCorrect(model=WordJudge(prose_on="bee")).measure("correct")
    sheet = sheet_of(recorded_calls, [measure], PIPELINES[:1])
    judging = sheet.judging[PIPELINES[0]]["correct"]
    assert sheet.scores(PIPELINES[0])["correct"][3] is None
    assert (judging.judgements, judging.unread, judging.failed) == (4, 1, ())
    assert judging.missing[3].startswith("no verdict can be read")
    mute = JudgedCorrect(model=WordJudge(prose_on="e")).measure("correct")
    assert sheet_of(recorded_calls, [mute], PIPELINES[:1]).scores(PIPELINES[0]) == {"correct": (None,) * 4}


def test_a_failed_question_scores_zero_and_is_not_judged(recorded_calls: RecordedCalls) -> None:
    """It is wrong, as by every other measure."""
    pipeline = Overlap() >> Fragile()
    sheet = sheet_of(recorded_calls, [CORRECT], [pipeline])
    assert sheet.scores(pipeline)["correct"][2] == 0.0
    judging = sheet.judging[pipeline]["correct"]
    assert (judging.calls, judging.missing) == (3, {})


def test_disagreement_is_kept_question_by_question(recorded_calls: RecordedCalls) -> None:
    """The share of verdicts that the others outvote; where one alone was asked for, there is none."""
    several = JudgedCorrect(model=WordJudge(contrary=4), judgements=4).measure("several")
    sheet = sheet_of(recorded_calls, [several, CORRECT], PIPELINES[:1])
    judging = sheet.judging[PIPELINES[0]]
    assert judging["several"].disagreement == (0.25,) * 4
    assert (judging["several"].compared, judging["several"].outvoted) == (16, 4)
    assert judging["correct"].disagreement == (None,) * 4


def test_what_judging_uses_is_known_apart(recorded_calls: RecordedCalls) -> None:
    """Tokens and dollars of the judge, by the price list."""
    prices = Prices(
        host_usd_per_hour=0.0, models={"word_judge": ModelPrice(usd_per_million_in=1.0, usd_per_million_out=1000.0)}
    )
    used = sheet_of(recorded_calls, [CORRECT], PIPELINES[:1], prices).judging[PIPELINES[0]]["correct"].usage
    assert used.tokens_out == 4 * 5
    assert used.usd == pytest.approx((used.tokens_in + 1000 * used.tokens_out) / 1e6)


def test_a_budget_that_ends_while_judging_loses_nothing(tmp_path: Path) -> None:
    """What was judged is in the ledger; with more budget the rest is, and nothing twice."""
    opened, ledger = OpenedComponents(DOCUMENTS, tmp_path / "artefacts"), open_ledger("memory://")
    whole = RecordedCalls(opened, open_ledger("memory://"))
    sheet_of(whole, [FAITHFUL], PIPELINES[:1])
    listings = 4
    own = whole.budget.made - whole.budget.judging_calls
    short = RecordedCalls(opened, ledger, Budget(BudgetLimits(calls=own + listings)))
    with pytest.raises(BudgetSpent):
        sheet_of(short, [FAITHFUL], PIPELINES[:1])
    assert (short.budget.judging_calls, len(ledger)) == (listings, own + listings)
    longer = RecordedCalls(opened, ledger)
    sheet_of(longer, [FAITHFUL], PIPELINES[:1])
    assert longer.budget.made == longer.budget.judging_calls == whole.budget.judging_calls - listings


def counted(ledger: Ledger | None, measure: CallingMeasure, recorded_calls: RecordedCalls) -> DryRun:
    """What a rehearsal says of all pipelines."""
    opened = recorded_calls.opened_components
    dry_run = DryRun(opened, ledger)
    scorer = CallScorer([measure], dry_run, opened.nothing)
    for traces in run(DryRun(opened, ledger), PIPELINES, QUESTIONS).values():
        scorer.score(ASKED, traces)
    return dry_run


def test_calls_are_counted_beforehand(recorded_calls: RecordedCalls) -> None:
    """Exactly, once answers are known; else as if each answer were another, so that there are no more."""
    beforehand = counted(None, CORRECT, recorded_calls)
    run(recorded_calls, PIPELINES, QUESTIONS)
    exactly = counted(recorded_calls.ledger, CORRECT, recorded_calls)
    own = recorded_calls.budget.made
    sheet_of(recorded_calls, [CORRECT])
    made = recorded_calls.budget.made - own
    assert made == sum(map(len, exactly.missing.values())) <= sum(map(len, beforehand.missing.values()))
    assert not counted(recorded_calls.ledger, CORRECT, recorded_calls).missing


def test_claims_are_counted_as_sentences_beforehand(recorded_calls: RecordedCalls) -> None:
    """One call lists them; how many there are is known by the sentences of an answer that is known."""
    run(recorded_calls, PIPELINES[:1], QUESTIONS)
    opened = recorded_calls.opened_components
    traces = run(DryRun(opened, recorded_calls.ledger), PIPELINES[:1], QUESTIONS)[PIPELINES[0]]
    scorer = CallScorer([FAITHFUL], DryRun(opened, recorded_calls.ledger), opened.nothing)
    (column,) = scorer.score(ASKED, traces).values()
    assert [(len(score.missing), len(score.further)) for score in column if score] == [(1, 1)] * 4


class Wild(CallingMeasure):
    """Scores beyond all bounds, or raises."""

    needs = Needs.TEXT

    def process(self, question, ranking, answer):
        if self.name == "raises":
            raise KeyError("oh")
        return Scoring(7.0)
        yield ()


@pytest.mark.parametrize(("name", "said"), [("raises", "the measure raises raised KeyError"), ("wild", "given: 7.0")])
def test_a_measure_that_is_wrong_is_named(recorded_calls: RecordedCalls, name: str, said: str) -> None:
    """As one that makes no calls."""
    with pytest.raises(MeasureError, match=said):
        sheet_of(recorded_calls, [Wild(name)], PIPELINES[:1])


def test_measures_without_calls_need_no_scorer(recorded_calls: RecordedCalls) -> None:
    """They are scored as they were, and nothing is noted of them."""
    sheet = ScoreSheet(MEASURES, ASKED, recorded_scorer(MEASURES, recorded_calls))
    for block in stream(recorded_calls, PIPELINES, QUESTIONS):
        sheet.add(block)
    assert sheet.judging == {pipeline: {} for pipeline in PIPELINES}
    assert recorded_calls.budget.judging_calls == 0


def test_one_measure_scores_what_prepares_a_search(recorded_calls: RecordedCalls) -> None:
    """Examples and instructions are chosen by judged scores too, through the ledger."""
    traces = run(recorded_calls, PIPELINES[:1], QUESTIONS)[PIPELINES[0]]
    scores = recorded_scores(CORRECT, recorded_calls, ASKED, traces)
    assert scores == sheet_of(recorded_calls, [CORRECT], PIPELINES[:1]).scores(PIPELINES[0])["correct"]
    assert recorded_calls.budget.judging_calls == 4


def test_nothing_judged_is_nothing() -> None:
    """The neutral element of a sum."""
    one = Judging(calls=2, judgements=2, disagreement=(None, 0.5), missing={1: "why"}, failed=(1,))
    assert Judging() + one == one + Judging() == one


def test_a_group_is_judged_with_all_questions(recorded_calls: RecordedCalls) -> None:
    """Its scores are those of the measure, and none of its calls is made twice."""
    who = InGroup.of_group(CORRECT, "type", "who")
    asked = [replace(each, groups=(("type", each.text.partition(" ")[0]),)) for each in ASKED]
    for measures in ([who], [CORRECT, who]):
        sheet = ScoreSheet(measures, asked, recorded_scorer(measures, recorded_calls))
        for block in stream(recorded_calls, PIPELINES[:1], QUESTIONS):
            sheet.add(block)
        assert sheet.scores(PIPELINES[0])[who.name] == (None, 0.0, None, None)
        assert sheet.judging[PIPELINES[0]].keys() == {"correct"}
    assert recorded_calls.budget.judging_calls == 4
    assert InGroup.of_group(FAITHFUL, "type", "who").reads_passages
