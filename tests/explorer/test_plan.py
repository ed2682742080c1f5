"""A plan counts distinct calls from above, and its estimate comes from a measurement."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.explorer.conftest import DOCUMENTS, QUESTIONS, LastWord, Overlap, Twin
from tests.explorer.test_runner import pipelines
from tradespace.components.base import Role
from tradespace.components.pipeline import Pipeline
from tradespace.data import Dataset
from tradespace.explorer.caller import Caller
from tradespace.explorer.ledger import Ledger
from tradespace.explorer.plan import estimate_seconds, plan
from tradespace.explorer.runner import run
from tradespace.explorer.workbench import Workbench
from tradespace.types import Question


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=st.lists(pipelines, min_size=1, max_size=6, unique=True))
def test_no_run_makes_more_calls_than_planned(chosen: list[Pipeline], tmp_path_factory) -> None:
    """The plan is an upper bound: real retrievers may agree, stand-ins never do."""
    folder = tmp_path_factory.mktemp("plan")
    caller = Caller(Workbench(DOCUMENTS, folder / "artefacts"), Ledger(folder / "ledger.sqlite"))
    run(caller, chosen, QUESTIONS)
    assert caller.tally.made <= plan(chosen, len(QUESTIONS)).calls.total()


def test_settings_of_a_reader_share_their_calls_in_the_plan() -> None:
    """Reading three passages includes reading one."""
    planned = plan([Overlap() >> LastWord(passages=n) for n in (1, 2, 3)], questions=10)
    assert planned.calls == {Role.RETRIEVE: 10, Role.GENERATE: 30}
    assert planned.evaluations == 30


def test_different_retrievers_are_counted_apart() -> None:
    """What they find is not known before they run."""
    planned = plan([Overlap() >> LastWord(passages=1), Twin() >> LastWord(passages=1)], questions=10)
    assert planned.calls == {Role.RETRIEVE: 20, Role.GENERATE: 20}


def test_the_estimate_grows_with_the_number_of_questions() -> None:
    """Seconds per call come from a probe of the real components."""
    dataset = Dataset("small", DOCUMENTS, tuple(Question(text, text) for text in QUESTIONS))
    chosen = [Overlap() >> LastWord()]
    few, many = (estimate_seconds(plan(chosen, n), chosen, dataset) for n in (10, 1_000_000))
    assert 0 < few < many
