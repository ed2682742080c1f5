"""Train a tiny reasoner: `python -m training.reasoner.train --size medium --run runs/medium`.

The same command goes on where an interrupted run stopped. Metrics are appended to RUN/metrics.jsonl, the
checkpoint is RUN/checkpoint.pt, and the finished weights are written to RUN/weights in Hugging Face format.
"""

import argparse
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from training.reasoner.batches import Batch, Batches, Curriculum
from training.reasoner.models import build, grow
from training.reasoner.sizes import SIZES
from training.reasoner.vocabulary import build_tokenizer, save_tokenizer


@dataclass(frozen=True, slots=True)
class Settings:
    """One training run. `start` is where in the curriculum it begins (grown models skip what they inherit)."""

    size: str
    steps: int
    rows: int = 8
    learning_rate: float = 2e-3
    start: float = 0.0
    seed: int = 1
    warm_up: int = 200
    cool_down: float = 0.3


def curriculum(progress: float) -> Curriculum:
    """Return what to train on at a progress in [0, 1]: copying first, then hops, then longer contexts."""
    if progress < 0.1:
        return Curriculum(length=128, level=0.0, copying=0.5, sums=0.05)
    level = min(1.0, (progress - 0.1) / 0.5)
    return Curriculum(length=160 + 32 * round(4 * level), level=level, copying=0.1, sums=0.08)


def learning_rate(settings: Settings, step: int) -> float:
    """Return the rate of a step: a linear warm-up, a plateau, and a linear cool-down over the last share of steps."""
    rising = (step + 1) / settings.warm_up
    falling = (settings.steps - step) / (settings.steps * settings.cool_down)
    return settings.learning_rate * min(1.0, rising, falling)


class Run:
    """A training run in a folder: model, optimizer and step, saved and restored together."""

    def __init__(self, settings: Settings, folder: Path, grow_from: Path | None) -> None:
        import torch
        from transformers import LlamaForCausalLM

        torch.manual_seed(settings.seed)
        self.settings, self.folder, self.step = settings, folder, 0
        tokenizer = build_tokenizer()
        self.batches = Batches(tokenizer, settings.rows, settings.seed)
        size = SIZES[settings.size]
        self.model = (
            grow(LlamaForCausalLM.from_pretrained(grow_from), size) if grow_from else build(size, len(tokenizer))
        )
        self.optimizer = torch.optim.AdamW(
            self.model.parameters(), lr=settings.learning_rate, betas=(0.9, 0.98), weight_decay=0.02, fused=True
        )
        folder.mkdir(parents=True, exist_ok=True)
        if self._checkpoint.exists():
            self._restore()

    @property
    def _checkpoint(self) -> Path:
        return self.folder / "checkpoint.pt"

    def _restore(self) -> None:
        import torch

        state: dict[str, Any] = torch.load(self._checkpoint, weights_only=True)
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step = state["step"]

    def save(self) -> None:
        """Write the checkpoint and the weights as they are now; a kill in between leaves the old checkpoint whole."""
        import torch

        state = {"model": self.model.state_dict(), "optimizer": self.optimizer.state_dict(), "step": self.step}
        torch.save(state, self._checkpoint.with_suffix(".partial"))
        self._checkpoint.with_suffix(".partial").replace(self._checkpoint)
        self.model.save_pretrained(self.folder / "weights")
        save_tokenizer(self.folder / "weights")

    def train(self, save_every: float = 120.0, log_every: int = 50) -> None:
        """Take the steps that are left, logging every `log_every` steps and saving every `save_every` seconds."""
        saved = time.monotonic()
        while self.step < self.settings.steps:
            self._log(*self.advance(log_every - self.step % log_every))
            if time.monotonic() - saved > save_every:
                self.save()
                saved = time.monotonic()
        self.save()

    def advance(self, steps: int) -> tuple[list[tuple[float, float]], float]:
        """Take at most `steps` steps; return their (loss, share of answer tokens right) and the tokens per second."""
        began, tokens, losses = time.monotonic(), 0, []
        for _ in range(min(steps, self.settings.steps - self.step)):
            batch = self.batches.batch(self.step, self._curriculum())
            losses.append(self._take(batch))
            tokens += batch.tokens.size
        return losses, tokens / (time.monotonic() - began)

    def _curriculum(self) -> Curriculum:
        begun = self.settings.start
        return curriculum(begun + (1 - begun) * self.step / self.settings.steps)

    def _take(self, batch: Batch) -> tuple[float, float]:
        """Take one step; return the weighted loss and the share of answer tokens that were predicted right."""
        import torch

        tokens, weights = torch.from_numpy(batch.tokens), torch.from_numpy(batch.weights[:, 1:])
        logits = self.model(tokens, use_cache=False).logits[:, :-1]
        losses = torch.nn.functional.cross_entropy(logits.transpose(1, 2), tokens[:, 1:], reduction="none")
        loss = (losses * weights).sum() / weights.sum()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(self.settings, self.step)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.step += 1
        answers = weights == 1
        right = (logits.argmax(-1) == tokens[:, 1:])[answers].float().sum() / answers.sum().clamp(min=1)
        return loss.item(), right.item()

    def _log(self, losses: list[tuple[float, float]], tokens_per_second: float) -> None:
        loss = fmean(loss for loss, _ in losses)
        right = fmean(right for _, right in losses)
        record = {
            "step": self.step, "loss": round(loss, 4), "answer_tokens_right": round(right, 4),
            "tokens_per_second": round(tokens_per_second), **asdict(self._curriculum()),
        }  # fmt: skip
        with (self.folder / "metrics.jsonl").open("a") as metrics:
            metrics.write(json.dumps(record) + "\n")


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=list(SIZES), required=True)
    parser.add_argument("--run", type=Path, required=True, help="folder of the run; an unfinished one is continued")
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--rows", type=int, default=8, help="sequences per batch")
    parser.add_argument("--learning-rate", type=float, default=2e-3)
    parser.add_argument("--grow-from", type=Path, help="weights folder of a smaller model to start from")
    parser.add_argument("--start", type=float, default=0.0, help="where in the curriculum to begin, 0 to 1")
    parser.add_argument(
        "--cool-down", type=float, default=0.3, help="share of the steps over which the rate falls to 0"
    )
    parser.add_argument("--warm-up", type=int, default=200, help="steps over which the rate rises")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    import torch

    torch.set_num_threads(arguments.threads)
    settings = Settings(
        arguments.size,
        arguments.steps,
        arguments.rows,
        arguments.learning_rate,
        arguments.start,
        warm_up=arguments.warm_up,
        cool_down=arguments.cool_down,
    )
    Run(settings, arguments.run, arguments.grow_from).train()


if __name__ == "__main__":
    main()
