"""What no call tells of is counted where the machine counts, else reckoned from what the user states, and marked."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest

from tests.explorer.test_exploration import Listener
from tradespace.data import Dataset
from tradespace.errors import SpaceError
from tradespace.evals.figures import METERS
from tradespace.evals.figures.energy_counters import Processors
from tradespace.evals.figures.joules_per_question import JOULES_PER_QUESTION, Power
from tradespace.explorer.conclusions.figures import figures
from tradespace.explorer.exploration import Exploration
from tradespace.explorer.metering import metered
from tradespace.explorer.results import Conditions, Results
from tradespace.explorer.storage.study import StudyFolder
from tradespace.explorer.timing.stage_seconds import PipelineSeconds
from tradespace.reports.metering import metering_sentences
from tradespace.search_space.specification import load_text
from tradespace.types import Document, Question

WATTS = {"power": Power(host_watts=10)}
SECONDS = {"retrieve": (0.1, 0.2, None), "generate": (0.3, 0.4, 0.5)}
SPACE = """
name: energy
data: {dataset: own, explore: 3, confirm: 0}
pipeline: {retrieve: {bm25: {top_k: [1, 2]}}}
objectives: {mrr: maximize, joules_per_question: minimize}
search: {strategy: grid}
"""


def timed(**counted: tuple[float | None, ...]) -> PipelineSeconds:
    return PipelineSeconds(SECONDS, Conditions(), counted={"joules": counted} if counted else {})


def test_what_was_counted_adds_up_over_stages() -> None:
    """A question that failed took what nobody knows, not nothing."""
    known = metered(timed(retrieve=(1.0, 2.0, None), generate=(3.0, 4.0, 5.0)), {})
    assert (known.rows, known.modelled) == ({"joules": (4.0, 6.0, None)}, ())


def test_what_was_not_counted_is_reckoned_and_marked() -> None:
    """Seconds times watts, for the stages that were not counted; the counters go before the watts."""
    known = metered(timed(retrieve=(7.0, 7.0, None)), WATTS)
    assert known.rows["joules"] == (pytest.approx(7 + 3), pytest.approx(7 + 4), None)
    assert known.modelled == ("joules",)
    assert metered(timed(), WATTS).rows["joules"] == (pytest.approx(4), pytest.approx(6), None)


def test_what_is_neither_counted_nor_stated_is_not_known() -> None:
    """It is missing, not zero."""
    assert metered(timed(), {}).rows == {}
    assert metered(timed(retrieve=(7.0, 7.0, None)), {}).rows == {}


def explored(text: str, folder: Path) -> Results:
    questions = tuple(Question(str(n), "Where is the cat?", gold=("a",)) for n in range(3))
    dataset = Dataset("own", (Document("a", "The cat is here."), Document("b", "The dog is there.")), questions)
    return Exploration(load_text(text), StudyFolder(folder), dataset, Listener()).run()


def counting(monkeypatch: pytest.MonkeyPatch, joules: float) -> None:
    """Let this machine count so many joules between any two looks at the counter."""
    counter = count()
    monkeypatch.setattr("tradespace.evals.figures.energy_counters._processors", lambda: Counter(counter, joules))


def uncounted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without counters, whatever this one has."""
    nowhere = Processors(Path("/nowhere"))
    monkeypatch.setattr("tradespace.evals.figures.energy_counters._processors", lambda: nowhere)


class Counter:
    """Stands where the processors' counters do."""

    def __init__(self, looks: count[int], joules: float) -> None:
        self.looks, self.each = looks, joules

    def joules(self) -> float:
        return next(self.looks) * self.each


def test_energy_is_counted_while_stages_are_timed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The joules between the looks before and after each run: here of a search, and of cutting what it found."""
    counting(monkeypatch, 0.25)
    results = explored(SPACE, tmp_path)
    assert figures(results.explored, ["joules_per_question"])[:, 0].tolist() == [0.5, 0.5]
    assert [evaluation.modelled for evaluation in results.explored] == [(), ()]
    (sentence,) = metering_sentences(results)
    assert sentence.startswith("Energy per question is counted by the counters of this machine's processors")


def test_energy_is_modelled_where_nothing_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And said to be, with what it rests on."""
    uncounted(monkeypatch)
    results = explored(SPACE + "power: {host_watts: 20}\n", tmp_path)
    for evaluation in results.explored:
        joules = [20 * (seconds or 0) for seconds in evaluation.seconds["retrieve"]]
        assert evaluation.metered["joules"] == pytest.approx(joules)
        assert evaluation.modelled == ("joules",)
    assert "seconds times the watts that the section `power` states" in metering_sentences(results)[0]


def test_no_search_is_spent_on_what_is_neither_counted_nor_stated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error says what would count it, and what may be stated in its place."""
    uncounted(monkeypatch)
    with pytest.raises(SpaceError, match=r"RAPL, NVML\), which cannot be read here; .* `power: \{host_watts: 65\}`"):
        explored(SPACE, tmp_path)


@pytest.mark.parametrize("section", ["{host_watts: 0}", "{watts: 5}", "{}"])
def test_a_wrong_rate_is_a_fault(section: str) -> None:
    """Of the file, in its line."""
    with pytest.raises(SpaceError, match="host_watts"):
        load_text(f"{SPACE}power: {section}\n")


def test_each_meter_belongs_to_a_figure() -> None:
    """So that a figure is all that says how it is known."""
    assert JOULES_PER_QUESTION.meter in METERS
