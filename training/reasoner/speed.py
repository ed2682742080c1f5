"""The engine's speed beside plain `transformers.generate`, on the same prompts in the same process."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from training.reasoner.exam import Item

MOST_TOKENS = 80


@dataclass(frozen=True, slots=True)
class Timing:
    """Median milliseconds of one call, and new tokens per second over all calls."""

    milliseconds: float
    tokens_per_second: float


@dataclass(frozen=True, slots=True)
class Speed:
    """Timings of one model: `engine` and `transformers` by number of samples drawn in one call; seconds to load."""

    parameters: int
    load_seconds: float
    engine: dict[int, Timing]
    transformers: dict[int, Timing]


def speed_from_json(value: dict[str, Any]) -> Speed:
    """Read back a speed from the JSON of its fields."""
    engine, transformers = (
        {int(samples): Timing(**timing) for samples, timing in value[library].items()}
        for library in ("engine", "transformers")
    )
    return Speed(value["parameters"], value["load_seconds"], engine, transformers)


def measure_speed(folder: Path, items: Sequence[Item], samples: tuple[int, ...] = (1, 32)) -> Speed:
    """Time chains of thought for each item, one item at a time."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from tradespace.components.llms.engine import LlamaEngine, Sampling

    began = time.perf_counter()
    engine = LlamaEngine(folder)
    load_seconds = time.perf_counter() - began
    prompts = [engine.prompt(item.messages("think")) for item in items]
    model: Any = AutoModelForCausalLM.from_pretrained(folder, dtype="float32")
    tokenizer = AutoTokenizer.from_pretrained(folder)

    def ours(prompt: str, count: int) -> int:
        sampling = Sampling(count, float(count > 1), max_tokens=MOST_TOKENS)
        return sum(generation.tokens_out for generation in engine.generate([prompt], sampling)[0])

    def theirs(prompt: str, count: int) -> int:
        inputs = tokenizer(prompt, return_tensors="pt", add_special_tokens=False)
        sampling = {"do_sample": True, "temperature": 1.0, "top_k": 0} if count > 1 else {"do_sample": False}
        out = model.generate(
            inputs.input_ids, attention_mask=inputs.attention_mask, max_new_tokens=MOST_TOKENS,
            num_return_sequences=count, **sampling,
        )  # fmt: skip
        return int((out[:, inputs.input_ids.shape[1] :] != tokenizer.pad_token_id).sum())

    return Speed(
        model.num_parameters(),
        load_seconds,
        {count: _timing(ours, prompts, count) for count in samples},
        {count: _timing(theirs, prompts, count) for count in samples},
    )


def _timing(draw: Callable[[str, int], int], prompts: Sequence[str], count: int) -> Timing:
    draw(prompts[0], count)
    seconds, tokens = [], 0
    for prompt in prompts:
        began = time.perf_counter()
        tokens += draw(prompt, count)
        seconds.append(time.perf_counter() - began)
    return Timing(1000 * median(seconds), tokens / sum(seconds))
