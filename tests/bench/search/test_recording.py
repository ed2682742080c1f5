"""A space is recorded as the ledger has it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.search.following import Follower
from bench.search.pricing import Seconds, makespan
from bench.search.recording import CACHE, Recording, load
from tradespace.components.notation import parse
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.runner import run
from tradespace.explorer.storage.databases import open_ledger
from tradespace.testing.paragraphs import documents, questions

PIPELINES = [
    parse("bm25(top_k=3) >> sentence(passages=1)"),
    parse("bm25(top_k=3) >> sentence(passages=3)"),
    parse("bm25(top_k=3) >> maxsim(keep=2) >> sentence(passages=2)"),
    parse("bm25(top_k=3) >> cascade(first=sentence(passages=1), then=sentence(passages=2), accept=0.6)"),
]
TEXTS = [question.text for question in questions()[:2]]


def test_cells_answer_and_call_as_in_a_run(tmp_path: Path) -> None:
    """Answers are those of the runner, and every call that the ledger holds has one number."""
    with closing(open_ledger("memory://")) as ledger:
        recorded_calls = RecordedCalls(OpenedComponents(documents(), tmp_path), ledger)
        follower = Follower(recorded_calls)
        cells = follower.cells(PIPELINES, TEXTS)
        made = len(ledger)
        traces = run(recorded_calls, PIPELINES, TEXTS)
        assert len(ledger) == made == len(follower.calls)
    for column, text in enumerate(TEXTS):
        for row, pipeline in enumerate(PIPELINES):
            assert cells[column][row].answer == traces[pipeline][column].answer, text


def test_what_pipelines_share_has_the_same_numbers(tmp_path: Path) -> None:
    """The ranking, and the passage that both read; a cascade's second round follows the first."""
    with closing(open_ledger("memory://")) as ledger:
        follower = Follower(RecordedCalls(OpenedComponents(documents(), tmp_path), ledger))
        [cells] = follower.cells(PIPELINES, TEXTS[:1])
    (ranking, (reading,)), (same_ranking, (readings,)) = cells[0].stages, cells[1].stages
    assert ranking == same_ranking
    assert len(readings) == 3
    assert reading[0] == readings[0]
    assert cells[3].stages[1][0] == reading


@given(prices=st.lists(st.floats(0.1, 2), max_size=7), cores=st.integers(1, 3))
def test_parallel_calls_take_as_long_as_the_busiest_core(prices: list[float], cores: int) -> None:
    """No less than the longest call and an even share, and at most a third more than the best order (Graham 1969)."""
    taken = makespan(prices, cores)
    least = max([sum(prices) / cores, *prices], default=0.0)
    assert least - 1e-9 <= taken <= sum(prices) + 1e-9
    assert taken <= least * (2 - 1 / cores) + 1e-9


def test_what_calls_share_is_waited_for_once_and_paid_in_parts() -> None:
    """In the price each call has its part."""
    took = Seconds(np.array([1.0, 2.0, 3.0]), np.array([0.6, 0.6, 0.0]), np.array([2.0, 2.0, 1.0]))
    assert took.prices == pytest.approx([1.3, 2.3, 3.0])
    assert took.of_round([0, 1]) == pytest.approx(2.6)


def test_a_recording_that_is_not_there_says_how_it_is_made() -> None:
    """By its command."""
    with pytest.raises(FileNotFoundError, match=r"python -m bench.search record nothing"):
        load("nothing")


def test_a_recording_is_read_back_as_it_was_saved(
    recording: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Arrays, pipelines and the space."""
    from bench.search import recording as module
    from tests.bench.search.conftest import SPACE

    (tmp_path / "small.yaml").write_text(SPACE)
    monkeypatch.setattr(module, "SPACES", tmp_path)
    monkeypatch.setattr(module, "CACHE", tmp_path)
    recording.save(tmp_path / "small.npz")
    again = load("small")
    assert again.pipelines == recording.pipelines
    assert again.true_costs == pytest.approx(recording.true_costs)
    assert (again.calls == recording.calls).all()
    assert again.total == pytest.approx(recording.total)
    assert again.bound == recording.bound
    assert tmp_path != CACHE
