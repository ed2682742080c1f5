"""A plan counts what the ledger answers exactly, and estimates the rest from a measurement."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.explorer.conftest import DOCUMENTS, MADE, QUESTIONS, Both, Fragile, LastWord, Overlap, Shortest, Twin
from tests.explorer.running.test_runner import pipelines
from tradespace.components.base import Pipeline
from tradespace.components.roles import Role
from tradespace.errors import ComponentError
from tradespace.evals.measures.judged_correct import JudgedCorrect
from tradespace.explorer.planning.estimate import Estimator, SpendingEstimate
from tradespace.explorer.planning.plan import PLANNED, PlannedScoring, by_role, plan, planned_pipelines
from tradespace.explorer.planning.speeds import Trial
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.recorded_scorer import recorded_scorer
from tradespace.explorer.running.runner import run, stream
from tradespace.explorer.running.scoring import ScoreSheet
from tradespace.explorer.storage.databases import open_ledger
from tradespace.search_space.sections import Prices
from tradespace.search_space.specification import load_text
from tradespace.testing.word_judge import WordJudge
from tradespace.types import Question


def estimated(
    recorded_calls: RecordedCalls,
    chosen: list[Pipeline],
    questions: list[str],
    prices: Prices | None = None,
    seconds: float = 10.0,
) -> SpendingEstimate:
    planned = plan(chosen, questions, recorded_calls.opened_components)
    return Estimator(Trial(recorded_calls.opened_components, seconds), prices).estimate(planned, chosen)


def asked(number: int) -> list[str]:
    return [f"question {one}" for one in range(number)]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=st.lists(pipelines, min_size=1, max_size=6, unique=True))
def test_what_was_run_is_counted_exactly_and_nothing_of_it_is_missing(chosen: list[Pipeline], tmp_path_factory) -> None:
    """The walk through the ledger is the run itself: the same calls, none made."""
    folder = tmp_path_factory.mktemp("plan")
    recorded_calls = RecordedCalls(OpenedComponents(DOCUMENTS, folder / "artefacts"), open_ledger("memory://"))
    run(recorded_calls, chosen, QUESTIONS)
    made = dict(MADE)
    planned = plan(chosen, QUESTIONS, recorded_calls.opened_components, recorded_calls.ledger)
    assert not planned.missing
    assert planned.calls == sum(planned.known.values()) == recorded_calls.budget.made
    assert (planned.complete, planned.known_share) == (len(chosen), 1.0)
    assert planned.asked == recorded_calls.budget.asked
    assert dict(MADE) == made


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=st.lists(pipelines, min_size=1, max_size=6, unique=True))
def test_no_run_makes_more_calls_than_pipelines_alone_would(chosen: list[Pipeline], tmp_path_factory) -> None:
    """What the plan says that is asked for bounds the calls of every run."""
    folder = tmp_path_factory.mktemp("plan")
    recorded_calls = RecordedCalls(OpenedComponents(DOCUMENTS, folder / "artefacts"), open_ledger("memory://"))
    planned = plan(chosen, QUESTIONS, recorded_calls.opened_components)
    run(recorded_calls, chosen, QUESTIONS)
    assert recorded_calls.budget.made <= planned.asked


def test_calls_of_the_first_stage_are_exact_beforehand(recorded_calls: RecordedCalls) -> None:
    """They depend on no other call; those of the ledger are known, the others missing."""
    run(recorded_calls, [Overlap() >> LastWord()], QUESTIONS[:3])
    planned = plan(
        [Overlap() >> Shortest(), Twin() >> Shortest()],
        QUESTIONS,
        recorded_calls.opened_components,
        recorded_calls.ledger,
    )
    assert planned.known == {Overlap(): 3}
    assert planned.missing == {Overlap(): 1, Twin(): 4}
    assert (planned.calls, planned.known_share, planned.complete) == (8, 3 / 8, 0)


def test_a_pipeline_is_complete_when_it_lacks_no_call_on_any_question(recorded_calls: RecordedCalls) -> None:
    """One question whose call is missing is enough, and so is what a missing call would lead to."""
    run(recorded_calls, [Overlap() >> LastWord()], QUESTIONS)
    run(recorded_calls, [Pipeline((Twin(),))], QUESTIONS[:-1])
    chosen = [Overlap() >> LastWord(), Overlap() >> Shortest(), Twin() >> LastWord(), Twin() >> Shortest()]
    planned = plan(chosen, QUESTIONS, recorded_calls.opened_components, recorded_calls.ledger)
    assert planned.complete == 2, "Shortest makes no call of its own"


def test_settings_of_a_reader_share_their_calls_in_the_plan(recorded_calls: RecordedCalls) -> None:
    """Reading three passages includes reading one."""
    planned = plan([Overlap() >> LastWord(passages=n) for n in (1, 2, 3)], asked(10), recorded_calls.opened_components)
    assert by_role(planned.missing) == {Role.RETRIEVE: 10, Role.GENERATE: 30}
    assert planned.asked == 3 * 10 + (1 + 2 + 3) * 10
    assert planned.evaluations == 30


def test_different_retrievers_are_counted_apart(recorded_calls: RecordedCalls) -> None:
    """What they find is not known before they run."""
    planned = plan(
        [Overlap() >> LastWord(passages=1), Twin() >> LastWord(passages=1)], asked(10), recorded_calls.opened_components
    )
    assert by_role(planned.missing) == {Role.RETRIEVE: 20, Role.GENERATE: 20}


def test_members_of_a_composite_are_planned_as_themselves(recorded_calls: RecordedCalls) -> None:
    """A fusion makes no calls but those of its members."""
    planned = plan([Overlap(top_k=1) >> Shortest(), Both() >> Shortest()], asked(10), recorded_calls.opened_components)
    assert planned.missing == {Overlap(top_k=1): 10, Twin(top_k=2): 10}


def test_the_estimate_grows_with_the_number_of_questions(recorded_calls: RecordedCalls) -> None:
    """Seconds per call come from a probe of the real components; dollars from the seconds."""
    chosen = [Overlap() >> LastWord()]
    prices = Prices(host_usd_per_hour=3600)
    few, many = (estimated(recorded_calls, chosen, asked(n), prices).outlay for n in (10, 100_000))
    assert 0 < few.seconds < many.seconds
    assert many.usd == pytest.approx(many.seconds)
    assert (few.pipelines, few.calls, many.calls) == (1, 30, 300_000)


def test_a_component_that_fails_in_the_probe_is_named(recorded_calls: RecordedCalls) -> None:
    """What cannot be measured cannot be estimated."""
    chosen = [Overlap() >> Fragile()]
    with pytest.raises(ComponentError, match="fragile"):
        estimated(recorded_calls, chosen, ["a mouse"])


SPACE = """
name: plan
data: {dataset: wikipedia}
pipeline: {retrieve: {bm25: {k1: {from: 0.5, to: 2.0}, top_k: [1, 2]}}}
objectives: {mrr: maximize}
"""


def test_a_large_space_is_planned_by_a_sample_and_a_small_one_whole() -> None:
    """As many pipelines as the budget allows, at most `PLANNED`."""
    endless = SPACE + "search: {strategy: random, budget: {minutes: 1}}"
    assert len(planned_pipelines(load_text(endless))) == PLANNED
    budget = SPACE + "search: {strategy: random, budget: {pipelines: 7}}"
    assert len(set(planned_pipelines(load_text(budget)))) == 7
    small = load_text(SPACE.replace("{from: 0.5, to: 2.0}", "[1, 2, 3]"))
    assert planned_pipelines(small) == list(small.space.members())


def test_without_time_some_questions_stand_for_all(recorded_calls: RecordedCalls) -> None:
    """One block of them is walked; what the ledger knows is then known about."""
    questions = asked(600)
    run(recorded_calls, [Overlap() >> Shortest()], questions)
    planned = plan(
        [Overlap() >> Shortest()], questions, recorded_calls.opened_components, recorded_calls.ledger, seconds=0.0
    )
    assert planned.known == {Overlap(): 600}
    assert planned.asked == 600


def test_judging_is_planned_with_the_pipelines(recorded_calls: RecordedCalls) -> None:
    """No run judges more than is planned for; what is left once answers are known is exact, and so is its price."""
    opened, ledger = recorded_calls.opened_components, recorded_calls.ledger
    measure = JudgedCorrect(model=WordJudge()).measure("judged")
    questions = [Question(str(place), text, ("mat",)) for place, text in enumerate(QUESTIONS)]
    scoring = PlannedScoring([measure], questions)
    chosen = [Overlap() >> LastWord(passages=n) for n in (1, 2, 3)]
    planned = plan(chosen, QUESTIONS, opened, scoring=scoring)
    assert planned.judging_calls == planned.missing[WordJudge()] == 12
    run(recorded_calls, chosen, QUESTIONS)
    exactly = plan(chosen, QUESTIONS, opened, ledger, lambda calls: 0.5 * len(calls), scoring=scoring)
    assert exactly.missing == {WordJudge(): exactly.judging_calls}
    assert exactly.usd == exactly.judging_usd == 0.5 * exactly.judging_calls
    sheet = ScoreSheet([measure], questions, recorded_scorer([measure], recorded_calls))
    for block in stream(recorded_calls, chosen, QUESTIONS):
        sheet.add(block)
    assert recorded_calls.budget.judging_calls == exactly.judging_calls <= planned.judging_calls
    after = plan(chosen, QUESTIONS, opened, ledger, scoring=scoring)
    assert (exactly.complete, after.complete, after.judging_calls) == (0, 3, 0)
