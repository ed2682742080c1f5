"""A model's server that fails: single failures are recorded and the run goes on; a server that is down ends it.

Either way the next run fills the gaps.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.explorer.test_exploration import Listener
from tradespace.components.llms.probe import TASK
from tradespace.components.remote.circuit import RUN
from tradespace.explorer import exploration
from tradespace.explorer.exploration import Exploration
from tradespace.explorer.files import read_data, read_specification
from tradespace.explorer.results import Results
from tradespace.explorer.running.budget import Budget
from tradespace.explorer.storage.study import StudyFolder
from tradespace.testing.completion_server import CompletionServer, ServerFault, completion_server

KEY = "sk-nobody-may-read-this"
SPACE = """
name: served
data: {{dataset: microworld, explore: 6, confirm: 0}}
pipeline:
  retrieve: {{bm25: {{top_k: 3}}}}
  generate:
    llm:
      model: {{openai: {{model: tiny, base_url: "{url}", format: tiny_reasoner, attempts: 1, key_variable: SECRET,
        own: false, concurrency: 1}}}}
      strategy: [direct, cot]
      passages: 2
objectives: {{answer_em: maximize, usd_per_1k: minimize}}
prices: {{host_usd_per_hour: 0.1, models: {{tiny: {{usd_per_million_in: {price}}}}}}}
search: {{strategy: grid, batch: 1{budget}}}
"""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[CompletionServer]:
    """A tiny reasoner behind HTTP, which is sent a key, and whose calls are not made again to be timed."""
    monkeypatch.setenv("SECRET", KEY)
    with completion_server() as running:
        yield running


def explore(folder: Path, server: CompletionServer, price: float = 1.0, budget: str = "") -> Results:
    """Explore with the server as it is now."""
    file = folder / "space.yaml"
    file.write_text(SPACE.format(url=server.url, price=price, budget=budget))
    specification = read_specification(file)
    study = StudyFolder(folder / "study")
    return Exploration(specification, study, read_data(specification).dataset, Listener(), "here").run()


def asked_for_answers(server: CompletionServer) -> int:
    """Requests so far, without those of probes."""
    return sum(TASK.question not in str(body["messages"]) for body in server.bodies)


def probed() -> list[ServerFault]:
    """The faults of a server that answers the probe before a run."""
    return [ServerFault(answered=True)] * 2


def test_the_next_run_makes_the_calls_that_failed(server: CompletionServer, tmp_path: Path) -> None:
    """And no other: what was paid for is in the ledger."""
    server.faults.extend([*probed(), *[ServerFault(400), ServerFault(400), ServerFault(answered=True)] * 2])
    first = explore(tmp_path, server)
    assert sum(len(one.failures) for one in first.explored) == 4
    asked = asked_for_answers(server)
    second = explore(tmp_path, server)
    assert [one.failures for one in second.explored] == [{}, {}]
    assert asked_for_answers(server) == asked + 4


@pytest.mark.parametrize("budget", ["minutes: 0.0001", "calls: 1"])
def test_failed_calls_are_made_again_when_the_budget_is_spent(
    server: CompletionServer, tmp_path: Path, budget: str
) -> None:
    """They were begun within it, and a server that was down must not have used it up."""
    server.faults.extend([*probed(), ServerFault(400)])
    assert sum(len(one.failures) for one in explore(tmp_path, server).explored) == 1
    second = explore(tmp_path, server, budget=f", budget: {{{budget}}}")
    assert sum(len(one.failures) for one in second.explored) == 0


def test_a_server_that_is_down_ends_the_run_before_it_begins(server: CompletionServer, tmp_path: Path) -> None:
    """With the reason; once it is back, the same command explores."""
    server.faults.extend([ServerFault(0)] * 3)
    first = explore(tmp_path, server)
    assert first.explored == ()
    assert first.provenance.interrupted
    assert "does not answer" in first.provenance.stopped
    assert "the same command goes on" in first.provenance.stopped
    assert asked_for_answers(server) == 0
    server.faults.clear()
    second = explore(tmp_path, server)
    assert (second.provenance.stopped, len(second.explored)) == ("", 2)


def test_an_outage_uses_up_no_budget(server: CompletionServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls that a server did not answer, and the time that it was down, are not the search's."""
    a_minute_a_request = partial(Budget, now=lambda: 60.0 * len(server.bodies))
    monkeypatch.setattr(exploration, "Budget", a_minute_a_request)
    budget = ", budget: {calls: 18, minutes: 7}"  # 6 calls of the retriever, 12 of the model, and no other
    server.faults.extend([*probed(), *[ServerFault(answered=True)] * 2, *[ServerFault(0)] * 100])
    first = explore(tmp_path, server, budget=budget)
    assert "does not answer" in first.provenance.stopped
    server.faults.clear()
    second = explore(tmp_path, server, budget=budget)
    assert [one.failures for one in second.explored] == [{}, {}]
    assert second.provenance.calls_made == 18


def test_a_server_that_goes_down_ends_the_run(server: CompletionServer, tmp_path: Path) -> None:
    """What was answered is kept and paid for once; nothing that failed is taken for evaluated."""
    server.faults.extend([*probed(), *[ServerFault(answered=True)] * 2, *[ServerFault(0)] * 100])
    first = explore(tmp_path, server)
    assert first.explored == ()
    assert "does not answer" in first.provenance.stopped
    answered, asked = 2, asked_for_answers(server)
    assert asked == answered + RUN
    server.faults.clear()
    second = explore(tmp_path, server)
    assert [one.failures for one in second.explored] == [{}, {}]
    assert asked_for_answers(server) == asked + 2 * 6 - answered


def test_nothing_is_asked_where_nothing_is_missing(server: CompletionServer, tmp_path: Path) -> None:
    """A study whose calls are all in the ledger needs no server."""
    explore(tmp_path, server)
    asked = len(server.bodies)
    server.faults.extend([ServerFault(0)] * 100)
    assert explore(tmp_path, server).provenance.stopped == ""
    assert len(server.bodies) == asked


def test_a_key_is_in_no_file_of_a_study(server: CompletionServer, tmp_path: Path) -> None:
    """Not even where the server quotes it back."""
    server.faults.extend([*probed(), ServerFault(401, f"{KEY} may not")])
    results = explore(tmp_path, server)
    assert KEY not in str(results)
    assert "[SECRET] may not" in str(results)
    assert server.keys[0] == f"Bearer {KEY}"
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert KEY.encode() not in path.read_bytes(), path


def test_other_prices_make_no_call(server: CompletionServer, tmp_path: Path) -> None:
    """Twice the price of a token is twice its dollars, from the ledger alone."""
    once = explore(tmp_path, server, price=1.0)
    asked = len(server.bodies)
    twice = explore(tmp_path, server, price=2.0)
    assert len(server.bodies) == asked
    for before, after in zip(once.explored, twice.explored, strict=True):
        dollars = [[one.usd for one in result.usage["generate"] if one] for result in (before, after)]
        assert dollars[1] == pytest.approx([2 * (usd or 0.0) for usd in dollars[0]])


def test_the_search_ends_when_the_dollars_are_spent(server: CompletionServer, tmp_path: Path) -> None:
    """After the batch of calls that spent them; so it does when it is continued."""
    price, budget = 1e6, ", budget: {usd: 1}"  # a dollar for each token that is read
    results = explore(tmp_path, server, price, budget)
    asked = asked_for_answers(server)
    assert len(results.explored) == 1
    assert results.provenance.usd_for_calls == sum(
        server.complete(body)["usage"]["prompt_tokens"]
        for body in server.bodies
        if TASK.question not in str(body["messages"])
    )
    assert len(explore(tmp_path, server, price, budget).explored) == 1
    assert asked_for_answers(server) == asked
