"""Trials in Optuna's own storage."""

from __future__ import annotations

import signal
from pathlib import Path

import optuna
import pytest
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import TrialState

from tradespace.components.notation import parse
from tradespace.explorer.search import SEARCH_ALGORITHMS, Measured, search_algorithm
from tradespace.explorer.search.trials import STUDY_NAME
from tradespace.search_space.sections import NamedSearch
from tradespace.testing.synthetic_space import INFINITE, STAGES_YAML, measured, outcome, run_search, specification


def opened(path: Path) -> optuna.Study:
    """The study as optuna-dashboard opens it."""
    return optuna.load_study(study_name=STUDY_NAME, storage=JournalStorage(JournalFileBackend(str(path))))


def searched(path: Path, name: str, stages: str = STAGES_YAML, pipelines: int = 24) -> list[object]:
    """Search and save; what was asked for."""
    wanted = specification(stages)
    search = search_algorithm(NamedSearch(name)).start(wanted.space, wanted.goals, 0, path)
    asked = run_search(search, pipelines)
    search.save()
    return asked


@pytest.mark.parametrize("name", list(SEARCH_ALGORITHMS))
def test_optuna_opens_what_any_strategy_tried(name: str, tmp_path: Path) -> None:
    """Each pipeline is a trial with its notation, its choices, its values, and by how much it exceeds the SLA."""
    asked = searched(tmp_path / "trials", name)
    trials = opened(tmp_path / "trials").trials
    assert [parse(trial.user_attrs["pipeline"]) for trial in trials] == asked
    for trial, pipeline in zip(trials, asked, strict=True):
        result = outcome(pipeline)
        if isinstance(result, Measured):
            assert trial.values == list(result.figures.values())
            assert trial.constraints == {"latency_p95": (result.figures["latency_p95"] - 0.1) / 0.1}
            assert trial.params["retrieve"] == pipeline.components[1].name
        else:
            assert trial.state is TrialState.FAIL
            assert trial.user_attrs["failure"] == "keeps three"


def test_a_search_that_is_repeated_rebuilds_the_file(tmp_path: Path) -> None:
    """Continuing a search leaves each trial once."""
    searched(tmp_path / "trials", "tpe", pipelines=8)
    searched(tmp_path / "trials", "tpe", pipelines=16)
    assert len(opened(tmp_path / "trials").trials) == 16


def test_saving_again_adds_only_what_is_new(tmp_path: Path) -> None:
    """Nothing is written twice, and what is not saved is not there."""
    wanted = specification(STAGES_YAML)
    search = search_algorithm(NamedSearch("random")).start(wanted.space, wanted.goals, 0, tmp_path / "trials")
    for count in (3, 6):
        run_search(search, 3)
        search.save()
        assert len(opened(tmp_path / "trials").trials) == count


def test_ranges_are_ranges_in_optuna_too(tmp_path: Path) -> None:
    """Numbers drawn from a range are stored as numbers of that range, which Optuna checks."""
    searched(tmp_path / "trials", "random", INFINITE)
    distributions = {
        path: each for trial in opened(tmp_path / "trials").trials for path, each in trial.distributions.items()
    }
    assert distributions["retrieve.bm25.k1"] == optuna.distributions.FloatDistribution(0.5, 2.0)
    assert distributions["retrieve.bm25.b"] == optuna.distributions.FloatDistribution(0.1, 0.9, log=True)
    assert distributions["retrieve.bm25.top_k"] == optuna.distributions.IntDistribution(1, 50, log=True)
    assert distributions["rerank.maxsim.keep"] == optuna.distributions.IntDistribution(1, 9, step=2)


def test_best_trials_keep_the_sla(tmp_path: Path) -> None:
    """Optuna's own frontier holds only pipelines within the SLA."""
    asked = searched(tmp_path / "trials", "nsga2", pipelines=60)
    assert any(measured(pipeline).figures["latency_p95"] > 0.1 for pipeline in asked)
    best = opened(tmp_path / "trials").best_trials
    assert best
    assert all(measured(parse(trial.user_attrs["pipeline"])).figures["latency_p95"] <= 0.1 for trial in best)


def test_an_interrupt_while_the_file_is_begun_or_written_waits_until_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C inside of Optuna's file lock would leave the file locked, for the next run to wait."""
    append = JournalFileBackend.append_logs

    def interrupted(backend: JournalFileBackend, logs: list[dict[str, object]]) -> None:
        signal.raise_signal(signal.SIGINT)
        append(backend, logs)

    monkeypatch.setattr(JournalFileBackend, "append_logs", interrupted)
    with pytest.raises(KeyboardInterrupt):
        searched(tmp_path / "trials", "tpe", pipelines=8)
    monkeypatch.undo()
    assert len(opened(tmp_path / "trials").trials) == 8
    assert [path.name for path in tmp_path.iterdir()] == ["trials"]
