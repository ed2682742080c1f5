"""Specification of training: it learns, resumes exactly, and leaves weights that can be released."""

import json
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM

from tradespace.components.llms.engine import LlamaEngine, Sampling
from training.reasoner.release import release
from training.reasoner.train import Run, Settings, curriculum, learning_rate


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    """Sums in another order would make resumed runs differ in the last digits."""
    torch.set_num_threads(1)


def _settings(steps: int) -> Settings:
    return Settings("miniature", steps, rows=2, warm_up=5)


def test_a_resumed_run_ends_where_an_uninterrupted_one_does(tmp_path: Path) -> None:
    """Stopping and going on with the same command changes nothing."""
    whole = Run(_settings(6), tmp_path / "whole", None)
    whole.train()
    interrupted = Run(_settings(6), tmp_path / "resumed", None)
    interrupted.advance(3)
    interrupted.save()
    resumed = Run(_settings(6), tmp_path / "resumed", None)
    assert resumed.step == 3
    resumed.train()
    for name, parameter in whole.model.named_parameters():
        assert torch.equal(parameter, resumed.model.get_parameter(name)), name


@pytest.mark.slow
def test_a_miniature_learns_to_copy(tmp_path: Path) -> None:
    """In under a minute the loss falls by a third and answer tokens are predicted twice as well."""
    Run(Settings("miniature", 240, rows=8, warm_up=20), tmp_path, None).train(log_every=20)
    metrics = [json.loads(line) for line in (tmp_path / "metrics.jsonl").read_text().splitlines()]
    assert metrics[-1]["step"] == 240
    assert metrics[-1]["loss"] < 0.67 * metrics[0]["loss"]
    assert metrics[-1]["answer_tokens_right"] > 2 * metrics[0]["answer_tokens_right"]
    assert metrics[-1]["answer_tokens_right"] > 0.35


def test_a_finished_run_can_be_released_and_served(tmp_path: Path) -> None:
    """The released folder loads in transformers and in the engine, in half precision with checksums."""
    Run(_settings(2), tmp_path / "run", None).train()
    release(tmp_path / "run" / "weights", tmp_path / "released", "3")
    engine = LlamaEngine(tmp_path / "released")
    assert engine.version == "3"
    assert AutoModelForCausalLM.from_pretrained(tmp_path / "released").dtype == torch.float16
    drawn = engine.generate([engine.prompt([{"role": "user", "content": "question: who?"}])], Sampling(max_tokens=5))
    assert drawn[0][0].tokens_out <= 5


def test_the_curriculum_only_ever_gets_harder() -> None:
    """Copying comes first; rows and contexts grow and never shrink."""
    stages = [curriculum(step / 100) for step in range(101)]
    assert stages[0].copying == 0.5
    assert [stage.level for stage in stages] == sorted(stage.level for stage in stages)
    assert [stage.length for stage in stages] == sorted(stage.length for stage in stages)
    assert (stages[0].level, stages[-1].level) == (0, 1)


def test_the_learning_rate_rises_holds_and_falls() -> None:
    """Warm-up, plateau, cool-down to nearly nothing."""
    settings = Settings("small", 1000, learning_rate=1.0, warm_up=100, cool_down=0.2)
    rates = [learning_rate(settings, step) for step in range(1000)]
    assert rates[:99] == sorted(rates[:99])
    assert set(rates[100:800]) == {1.0}
    assert rates[801:] == sorted(rates[801:], reverse=True)
    assert 0 < rates[-1] < 0.01
