"""What is known of the parts of stages: what was measured, and models fitted to it, which foretell the rest."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from zlib import crc32

from tradespace.explorer.timing.call_sizes import Size
from tradespace.explorer.timing.call_tree import CallSeconds
from tradespace.explorer.timing.latency_model import ENOUGH, LatencyModel, constant, fit
from tradespace.explorer.timing.quiet import Sampled, SampledWorks
from tradespace.explorer.timing.stage_calls import CallGroup


class KnownSeconds:
    """Seconds of parts.

    Args:
        parts: those that are looked at; calls among them that were timed as they were made are learnt from.
        timed: works that were timed.
    """

    def __init__(self, parts: Iterable[CallGroup], timed: SampledWorks) -> None:
        self.timed = timed
        self.of_key: defaultdict[str, list[Sampled]] = defaultdict(list)
        for (key, _), sampled in timed.items():
            self.of_key[key].append(sampled)
        self._sound = {work: sampled for work, sampled in timed.items() if self._is_sound(work[0], sampled)}
        self.models = {alike: _fitted(sizes, seconds) for alike, (sizes, seconds) in self._samples(parts).items()}
        self.rates = {key: _rates(samples) for key, samples in self.of_key.items()}

    def __eq__(self, other: object) -> bool:
        """Whether the same is known: then the same parts have the same seconds."""
        return isinstance(other, KnownSeconds) and self.timed == other.timed and self.models == other.models

    __hash__ = None  # type: ignore[assignment]

    def _is_sound(self, key: str, sampled: Sampled) -> bool:
        """Whether a work may be learnt from. A disturbance only ever adds time: a work of which all runs were disturbed
        is foretold by the others, where these are enough to fit a model."""
        settled = sum(other.disturbed < other.runs for other in self.of_key[key])
        return sampled.disturbed < sampled.runs or settled < ENOUGH

    def _samples(self, parts: Iterable[CallGroup]) -> dict[str, tuple[list[Size], list[float]]]:
        """Sizes and seconds of what each model is fitted to: works by their key, calls that were timed as they were
        made by their component."""
        known: defaultdict[str, dict[object, tuple[Size, float]]] = defaultdict(dict)
        for work, sampled in self._sound.items():
            if sampled.size is not None:
                known[work[0]][work] = sampled.size, sampled.seconds
        for part in parts:
            if part.size is not None and (spent := self._measured(part)):
                address: object = (part.work.key, part.work.question) if part.work else part
                known[part.alike].setdefault(address, (part.size, spent.service))
        return {
            alike: ([size for size, _ in some.values()], [seconds for _, seconds in some.values()])
            for alike, some in known.items()
        }

    def seconds(self, part: CallGroup) -> CallSeconds | None:
        """Measured where it was, else foretold, else what it took as it was made; None where nothing is known."""
        return self._measured(part) or self._predicted(part) or part.spent

    def as_made(self, part: CallGroup) -> bool:
        """Whether its seconds are those that it took as it was made."""
        return part.spent is not None and (part.work is None or self.seconds(part) is part.spent)

    def count(self, part: CallGroup, quantity: str) -> float | None:
        """What was counted of a part; where it was not timed, at the rate of what was. None where that is not known."""
        if part.work is None or (spent := self.seconds(part)) is None:
            return None
        sampled = self._sound.get((part.work.key, part.work.question))
        if sampled is not None:
            return sampled.counted.get(quantity)
        rate = self.rates.get(part.work.key, {}).get(quantity)
        return None if rate is None else rate * spent.service

    def _measured(self, part: CallGroup) -> CallSeconds | None:
        if part.work:
            sampled = self._sound.get((part.work.key, part.work.question))
            return CallSeconds(sampled.seconds) if sampled else None
        return part.spent

    def _predicted(self, part: CallGroup) -> CallSeconds | None:
        """What its model says, times what the model was off by on one of the calls that it was fitted to: which one is
        drawn by the part alone, so that all pipelines that hold it agree."""
        if part.size is None or part.alike not in self.models:
            return None
        model = self.models[part.alike]
        address = f"{part.work.key} {part.work.question}" if part.work else f"{part.model} {part.size}"
        ratio = model.ratios[crc32(address.encode()) % len(model.ratios)]
        return CallSeconds(model.seconds(part.size) * ratio, predicted=True)


def _fitted(sizes: Sequence[Size], seconds: Sequence[float]) -> LatencyModel:
    return fit(sizes, seconds) if len(sizes) >= ENOUGH and min(seconds) > 0 else constant(seconds)


def _rates(samples: Sequence[Sampled]) -> dict[str, float]:
    """What works take of each quantity in a second, of the quantities that were counted of all of them."""
    seconds = sum(sampled.seconds for sampled in samples)
    return {
        quantity: sum(sampled.counted.get(quantity, math.nan) for sampled in samples) / seconds
        for quantity in dict.fromkeys(quantity for sampled in samples for quantity in sampled.counted)
        if seconds and all(quantity in sampled.counted for sampled in samples)
    }
