"""Training: it learns, and a stopped run goes on as if it had not stopped."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
import torch

from tradespace.components.encoders.network import ReadingNetwork
from training.reader import train as module
from training.reader.examples import Group
from training.reader.train import Settings, inverse_document_frequency, train

NAMES = ["Lund", "Weiss", "Okoye", "Silva", "Tanaka", "Novak", "Haddad", "Jensen"]
THINGS = ["bridge", "theatre", "harbour", "library", "school", "market", "railway", "museum"]


def _groups(seed: int, count: int) -> list[Group]:
    """Passages that name the builders of three things; the question asks for one of them."""
    generator = random.Random(seed)
    groups = []
    for _ in range(count):
        things, names = generator.sample(THINGS, 3), generator.sample(NAMES, 3)
        passage = " ".join(f"The {thing} was built by {name}." for thing, name in zip(things, names, strict=True))
        start = passage.index(names[1])
        other = f"The {generator.choice(THINGS)} is old."
        groups.append(Group(f"who built the {things[1]}", passage, [(start, start + len(names[1]))], [other]))
    return groups


def _settings(steps: int) -> Settings:
    return Settings(steps=steps, tokens=320, rate=3e-4, head_rate=3e-3, dropout=0.0)


def _losses(run: Path) -> list[float]:
    lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    return [value for line in lines for name, value in line.items() if name == "cloze_span_6"]


@pytest.mark.slow
def test_miniature_learns(tmp_path: Path) -> None:
    """In 100 steps on made-up builders the reader learns which of three names answers an unseen question."""
    torch.manual_seed(0)
    groups = _groups(seed=0, count=200)
    network = train(tmp_path, groups, groups, _settings(100))
    losses = _losses(tmp_path)
    assert losses[-1] < losses[0] / 2
    batch = module.Batches(module.tokenizer(), _groups(seed=1, count=60), 3000, 96, 0.0).draw(0)
    with torch.no_grad():
        [(logits, _)] = network(batch.tokens, batch.segments, batch.mask, (6,))
    guesses = logits[:, :, 0].masked_fill(batch.segments == 0, -1e4).argmax(1)
    right = batch.starts.gather(1, guesses[:, None]).mean()
    assert float(right) > 0.6


@pytest.mark.slow
def test_stopped_run_continues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run stopped after its third step and started again ends with the weights of a run that was never stopped."""
    groups = _groups(seed=0, count=40)
    torch.manual_seed(0)
    whole = train(tmp_path / "whole", groups, groups, _settings(6))

    real_update, calls = module._update, 0

    def stop_at_fourth(*arguments: object) -> dict[str, float]:
        nonlocal calls
        calls += 1
        if calls == 4:
            raise KeyboardInterrupt
        return real_update(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "SECONDS_BETWEEN_CHECKPOINTS", 0.0)
    monkeypatch.setattr(module, "_update", stop_at_fourth)
    torch.manual_seed(0)
    with pytest.raises(KeyboardInterrupt):
        train(tmp_path / "stopped", groups, groups, _settings(6))
    monkeypatch.setattr(module, "_update", real_update)
    continued = train(tmp_path / "stopped", groups, groups, _settings(6))
    assert _same(whole, continued)


def _same(network: ReadingNetwork, other: ReadingNetwork) -> bool:
    pairs = zip(network.state_dict().values(), other.state_dict().values(), strict=True)
    return all(torch.allclose(a, b, atol=1e-6) for a, b in pairs)


def test_word_frequencies_weigh_rare_words() -> None:
    """A word in one of four passages weighs more than one in three; stop words and unseen punctuation weigh nothing."""
    idf = inverse_document_frequency({"the bridge.", "the bridge, old", "the bridge by the river", "the sea"})
    token = module.tokenizer().token_to_id
    assert idf[token("river")] > idf[token("bridge")] >= 0
    assert idf[token("the")] == idf[token(".")] == idf[token("[SEP]")] == 0
    assert float(idf.max()) <= 1.0
