"""The stages that a space names: `rerank`, and `rerank_2` where a pipeline has a second reranker behind it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from tradespace.components.roles import STAGES, Role, stage_called, stage_name
from tradespace.errors import nearest
from tradespace.types import Answer


def stage_problem(name: str, named: Collection[str]) -> str | None:
    """What is wrong with a name among those of one pipeline's stages; None if nothing is."""
    called = stage_called(name)
    if called is None:
        valid = [stage_name(role, number) for role in STAGES for number in (1, 2)[: 1 + role.repeats]]
        return f"no stage is called {name!r}; {nearest(name, valid)}"
    role, number = called
    if number > 1 and not role.repeats:
        several = ", ".join(each for each in STAGES if each.repeats)
        return f"a pipeline has at most one stage `{role}`; several are possible of: {several}"
    if number > 1 and stage_name(role, number - 1) not in named:
        return f"`{name}` needs the stage `{stage_name(role, number - 1)}` before it"
    return None


def stages_among(names: Iterable[str]) -> dict[str, Role]:
    """Those of the names that a stage can have, in the order of a pipeline, with the kind of each stage."""
    places = {name: place for name in names if (place := stage_called(name))}
    in_order = sorted(places, key=lambda name: (STAGES.index(places[name][0]), places[name][1]))
    return {name: places[name][0] for name in in_order}


def online_among(names: Iterable[str]) -> list[str]:
    """Those of the names that are of stages which work when a question arrives, in the order of a pipeline."""
    return [name for name, role in stages_among(names).items() if role.online]


def usual_split(names: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Stages in two groups, those that find passages and those that answer from them; no group is empty."""
    stages = stages_among(names)
    answering = tuple(name for name, role in stages.items() if role.returns is Answer)
    groups = (tuple(name for name in stages if name not in answering), answering)
    return tuple(group for group in groups if group)
