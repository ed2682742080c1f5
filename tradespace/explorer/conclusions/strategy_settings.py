"""What of a pipeline says how often it calls a model, or when it passes a question on; and what is around that.

Notations are read as they are written. A setting that one leaves out is spelt out in the pipeline's YAML.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tradespace.explorer.conclusions.spelt_out import spelt_out
from tradespace.explorer.results import Evaluation
from tradespace.syntax import parse_expression

SAMPLE_SETTINGS = ("k", "beam", "rewrites")
"""Settings that say how often a strategy calls the model, the first that one has."""
ONE_CALL = ("direct", "cot", "few_shot")
"""Strategies that call it once: they stand at 1."""
READER_THRESHOLDS = {"cascade": "accept", "router": "hard_from", "selective": "decline_below", "if_needed": "sure_from"}
"""Components that decide by a threshold which questions they pass on, or leave out, and the setting that it is."""
ROUTING = ("route_below", "level")
"""Thresholds of strategies themselves: each value of one is a curve of its own."""
_STRATEGY = "strategy"
_HOLE = ast.Name("_")


@dataclass(frozen=True, slots=True)
class Curve:
    """What a curve is about.

    Attributes:
        name: of the strategy, or of the component that has the threshold.
        within: the components that the strategy stands in but a plain `llm`, outermost first, such as `cascade.first`.
        dial: the setting along which it runs, such as `k`; empty of a strategy that calls the model once.
        routing: the strategy's own threshold, with its value; empty where it has none, or where that is 0.
    """

    name: str
    dial: str
    within: str = ""
    routing: tuple[tuple[str, float], ...] = ()

    @property
    def of_calls(self) -> bool:
        """Whether it is about how often a model is called."""
        return self.dial in ("", *SAMPLE_SETTINGS)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a component stands on a curve, and what is around it: the notation of its stage without it."""

    curve: Curve
    place: float
    around: str


@dataclass
class StageReader:
    """Reads what stands on a curve in stages: each distinct stage once."""

    _known: dict[str, tuple[Standing, ...]] = field(default_factory=dict)
    _defaults: dict[tuple[str, str], Any] = field(default_factory=dict)

    def standings(self, evaluation: Evaluation) -> Iterator[tuple[str, Standing]]:
        """All that stands on a curve in a pipeline, with the stage that it is in."""
        for stage, notation in evaluation.stages.items():
            if notation not in self._known:
                self._known[notation] = tuple(self._read(stage, notation, evaluation))
            for standing in self._known[notation]:
                yield stage, standing

    def _read(self, stage: str, notation: str, evaluation: Evaluation) -> Iterator[Standing]:
        try:
            tree = parse_expression(notation)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return
        if isinstance(tree, ast.Call):
            yield from self._within(tree, tree, (stage,), "", evaluation)

    def _within(
        self, call: ast.Call, whole: ast.Call, route: tuple[str, ...], within: str, evaluation: Evaluation
    ) -> Iterator[Standing]:
        """What stands on a curve in a component, itself included; `route` leads to it in the pipeline's YAML."""
        name = _name(call)
        here = (*route, name)
        if (dial := READER_THRESHOLDS.get(name)) and (place := self._number(call, dial, here, evaluation)) is not None:
            yield Standing(Curve(name, dial, within), place, _without(whole, call, dial))
        inside = within if name == "llm" else ".".join(filter(None, (within, name)))
        settings = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
        for setting, value in settings.items():
            if isinstance(value, ast.Call):
                if setting == _STRATEGY:
                    yield from self._strategy(value, whole, (*here, setting), inside, evaluation)
                else:
                    deeper = inside if name == "llm" else f"{inside}.{setting}"
                    yield from self._within(value, whole, (*here, setting), deeper, evaluation)
        if _STRATEGY not in settings and (default := self._default(name, _STRATEGY, here, evaluation)) in ONE_CALL:
            yield Standing(Curve(str(default), "", inside), 1, _with_hole(whole, call))

    def _strategy(
        self, call: ast.Call, whole: ast.Call, route: tuple[str, ...], within: str, evaluation: Evaluation
    ) -> Iterator[Standing]:
        name = _name(call)
        here, around = (*route, name), ast.unparse(_replaced(whole, call, _HOLE))
        if name in ONE_CALL:
            yield Standing(Curve(name, "", within), 1, around)
            return
        for dial in SAMPLE_SETTINGS:
            if (place := self._number(call, dial, here, evaluation)) is not None:
                known = ((each, self._number(call, each, here, evaluation)) for each in ROUTING)
                routing = tuple((each, value) for each, value in known if value)
                yield Standing(Curve(name, dial, within, routing), place, around)
                return

    def _number(self, call: ast.Call, setting: str, route: tuple[str, ...], evaluation: Evaluation) -> float | None:
        """A setting that is a number, as it is written or by default; None where a component has none."""
        written = next((each.value for each in call.keywords if each.arg == setting), None)
        value = _literal(written) if written else self._default(_name(call), setting, route, evaluation)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def _default(self, name: str, setting: str, route: tuple[str, ...], evaluation: Evaluation) -> Any:
        """What a setting is that a notation leaves out: the YAML of the pipeline spells it out. Of a component, its
        name."""
        if (name, setting) not in self._defaults:
            value = spelt_out(evaluation.yaml, (*route, setting))
            self._defaults[name, setting] = next(iter(value), None) if isinstance(value, Mapping) else value
        return self._defaults[name, setting]


def _name(call: ast.Call) -> str:
    return ast.unparse(call.func)


def _literal(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


def _without(whole: ast.Call, part: ast.Call, setting: str) -> str:
    """The notation of a stage but for one setting of a component in it."""
    less = _call(part.func, [each for each in part.keywords if each.arg != setting])
    return ast.unparse(_replaced(whole, part, less))


def _with_hole(whole: ast.Call, part: ast.Call) -> str:
    """The notation of a stage where a component leaves out its strategy, as if it had named one."""
    named = _call(part.func, [*part.keywords, ast.keyword(_STRATEGY, _HOLE)])
    return ast.unparse(_replaced(whole, part, named))


def _replaced(whole: ast.expr, part: ast.expr, other: ast.expr) -> ast.expr:
    """A tree with another in the place of one of its parts."""
    if whole is part:
        return other
    if not isinstance(whole, ast.Call):
        return whole
    return _call(whole.func, [ast.keyword(each.arg, _replaced(each.value, part, other)) for each in whole.keywords])


def _call(name: ast.expr, settings: Sequence[ast.keyword]) -> ast.Call:
    """A component, with its settings in alphabetical order."""
    return ast.Call(name, [], sorted(settings, key=lambda each: each.arg or ""))
