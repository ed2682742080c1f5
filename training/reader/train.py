"""Trains the reading network: made questions first, then real ones with hard negatives.

    python -m training.reader.train --examples runs/reader/examples --run runs/reader/main

The same command continues a run that was stopped: a checkpoint is written every few minutes, and the batch of a
step depends on the seed and the step alone. `metrics.jsonl` in the run's folder has one line per report.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from tradespace.components.encoders.base import base_weights, tokenizer
from tradespace.components.encoders.network import ReadingNetwork
from tradespace.components.encoders.weights import tensors
from training.reader.batches import Batches, TrainingBatch
from training.reader.examples import Group, read_groups
from training.reader.losses import relevance_loss, span_loss

SECONDS_BETWEEN_CHECKPOINTS = 240.0


@dataclass(frozen=True)
class Settings:
    """What decides a run.

    Attributes:
        steps: optimiser steps in all.
        supervised_from: the share of the steps after which real questions dominate.
        supervised_before, supervised_after: chance that a batch is of real questions, before and after that.
        tokens: tokens per batch.
        rate, head_rate: peak learning rates of the trunk and of what starts from nothing.
        shallow_weight: weight of the third layer's loss beside the sixth's.
        relevance_weight: weight of the relevance loss beside the span loss.
    """

    steps: int = 1850
    supervised_from: float = 0.16
    supervised_before: float = 0.1
    supervised_after: float = 0.75
    tokens: int = 1300
    rate: float = 2e-4
    head_rate: float = 6e-4
    warmup: float = 0.04
    shallow_weight: float = 0.5
    relevance_weight: float = 0.3
    dropout: float = 0.1
    seed: int = 0


def new_network(groups: list[Group]) -> ReadingNetwork:
    """MiniLM with fresh heads; word frequencies are those of the training passages."""
    network = ReadingNetwork()
    network.load_state_dict(tensors(base_weights()), strict=False)
    network.alignment.idf = inverse_document_frequency({group.passage for group in groups})
    for embedding in (network.words, network.positions):
        embedding.requires_grad_(False)
    return network


def inverse_document_frequency(passages: set[str], vocabulary: int = 30522) -> Tensor:
    """log(N / (1 + df)) / log N per word piece, from 0 to 1; 0 for stop words, punctuation and special tokens."""
    from bm25s.stopwords import STOPWORDS_EN_PLUS

    reader = tokenizer()
    counts = torch.zeros(vocabulary)
    for passage in sorted(passages):
        counts[torch.tensor(sorted(set(reader.encode(passage, add_special_tokens=False).ids)))] += 1
    total = float(len(passages))
    idf = (total / (1 + counts)).log().clamp(min=0) / math.log(max(total, 2.0))
    for word, token in reader.get_vocab().items():
        bare = word.removeprefix("##")
        if bare in STOPWORDS_EN_PLUS or not any(c.isalnum() for c in bare) or word.startswith("["):
            idf[token] = 0.0
    return idf


def loss_of(network: ReadingNetwork, batch: TrainingBatch, settings: Settings) -> tuple[Tensor, dict[str, float]]:
    """The weighted loss of `batch` and its parts."""
    depths = tuple(sorted(int(depth) for depth in network.exits))
    outputs = network(batch.tokens, batch.segments, batch.mask, depths)
    total, parts = torch.zeros(()), dict[str, float]()
    for depth, (logits, relevance) in zip(depths, outputs, strict=True):
        span, relevant = span_loss(logits, batch), relevance_loss(relevance, batch)
        weight = 1.0 if depth == depths[-1] else settings.shallow_weight
        total = total + weight * (span + settings.relevance_weight * relevant)
        parts |= {f"span_{depth}": span.item(), f"relevance_{depth}": relevant.item()}
    return total, parts


def optimiser_of(network: ReadingNetwork, settings: Settings) -> torch.optim.AdamW:
    """AdamW with the higher rate on what does not start from MiniLM."""
    fresh = [p for name, p in network.named_parameters() if name.startswith(("exits", "alignment"))]
    trunk = [
        p for name, p in network.named_parameters() if p.requires_grad and not name.startswith(("exits", "alignment"))
    ]
    parts = [{"params": trunk, "peak": settings.rate}, {"params": fresh, "peak": settings.head_rate}]
    return torch.optim.AdamW(parts, lr=settings.rate, weight_decay=0.01, fused=True)


def train(run: Path, cloze: list[Group], supervised: list[Group], settings: Settings) -> ReadingNetwork:
    """Trains to `settings.steps`, from the checkpoint in `run` where there is one."""
    run.mkdir(parents=True, exist_ok=True)
    network = new_network(cloze + supervised)
    optimiser = optimiser_of(network, settings)
    step = _resume(run, network, optimiser)
    reader = tokenizer()
    made = Batches(reader, cloze, settings.tokens, passage_tokens=96, negatives=0.25)
    real = Batches(reader, supervised, settings.tokens, passage_tokens=144, negatives=1.25)
    reported, saved, sums = time.monotonic(), time.monotonic(), list[dict[str, float]]()
    network.train()
    while step < settings.steps:
        source = _source(step, settings)
        network.dropout = settings.dropout if source == "supervised" else 0.0
        batch = (real if source == "supervised" else made).draw(settings.seed * 1_000_003 + step)
        parts = _update(network, optimiser, batch, step, settings)
        sums.append({f"{source}_{name}": value for name, value in parts.items()})
        step += 1
        if step % 50 == 0 or step == settings.steps:
            _report(run, step, time.monotonic() - reported, sums)
            reported, sums = time.monotonic(), []
        if time.monotonic() - saved > SECONDS_BETWEEN_CHECKPOINTS or step == settings.steps:
            _save(run, step, network, optimiser, settings)
            saved = time.monotonic()
    return network.eval()


def _source(step: int, settings: Settings) -> str:
    late = step >= settings.supervised_from * settings.steps
    chance = settings.supervised_after if late else settings.supervised_before
    place = (step * 0.618_033_988_75 + settings.seed) % 1.0
    return "supervised" if place < chance else "cloze"


def _update(
    network: ReadingNetwork, optimiser: torch.optim.AdamW, batch: TrainingBatch, step: int, settings: Settings
) -> dict[str, float]:
    progress = step / settings.steps
    scale = min(progress / settings.warmup, (1 - progress) / (1 - settings.warmup)) if settings.warmup else 1.0
    for part in optimiser.param_groups:
        part["lr"] = part["peak"] * max(scale, 0.01)
    total, parts = loss_of(network, batch, settings)
    optimiser.zero_grad(set_to_none=True)
    total.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimiser.step()
    return parts


def _report(run: Path, step: int, seconds: float, sums: list[dict[str, float]]) -> None:
    names = sorted({name for parts in sums for name in parts})
    means: dict[str, Any] = {"step": step, "seconds": round(seconds, 1)}
    for name in names:
        values = [parts[name] for parts in sums if name in parts]
        means[name] = round(sum(values) / len(values), 4)
    with (run / "metrics.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(means) + "\n")


def _save(run: Path, step: int, network: ReadingNetwork, optimiser: torch.optim.AdamW, settings: Settings) -> None:
    state = {"step": step, "network": network.state_dict(), "optimiser": optimiser.state_dict()}
    torch.save(state | {"settings": asdict(settings)}, run / "checkpoint.tmp")
    (run / "checkpoint.tmp").replace(run / "checkpoint.pt")


def _resume(run: Path, network: ReadingNetwork, optimiser: torch.optim.AdamW) -> int:
    path = run / "checkpoint.pt"
    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    network.load_state_dict(state["network"])
    optimiser.load_state_dict(state["optimiser"])
    return int(state["step"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=Path, default=Path("runs/reader/examples"))
    parser.add_argument("--run", type=Path, default=Path("runs/reader/main"))
    parser.add_argument("--steps", type=int, default=Settings.steps)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(Settings.seed)
    groups = [read_groups(arguments.examples / f"{name}.jsonl") for name in ("cloze", "supervised")]
    train(arguments.run, groups[0], groups[1], Settings(steps=arguments.steps))


if __name__ == "__main__":
    main()
