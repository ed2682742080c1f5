"""The kinds of components and stages, and what stages are called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.components.roles import STAGES, Role, stage_called, stage_name, stage_names, stages_problem

ORDERED = st.tuples(st.integers(0, 12), st.booleans(), st.booleans(), st.integers(0, 12), st.booleans()).map(
    lambda counts: tuple(role for role, count in zip(STAGES, counts, strict=True) for _ in range(count))
)


@given(ORDERED)
def test_stages_of_one_pipeline_have_names_of_their_own(roles: tuple[Role, ...]) -> None:
    """And each name says which kind it is, and the how-manieth."""
    assert stages_problem(roles) is None
    names = stage_names(roles)
    assert len(set(names)) == len(roles)
    for place, name in enumerate(names):
        assert stage_called(name) == (roles[place], roles[: place + 1].count(roles[place]))


def test_the_first_of_a_kind_is_called_as_its_kind() -> None:
    """So that pipelines without repeated stages are written as ever."""
    assert [stage_name(role, 1) for role in STAGES] == ["parse", "chunk", "retrieve", "rerank", "generate"]


@pytest.mark.parametrize("name", ["rerank_1", "rerank_0", "rerank_02", "rerank_", "rerank2", "rerank 2", "reranks", ""])
def test_a_stage_has_one_name_only(name: str) -> None:
    """What is nearly a name is none."""
    assert stage_called(name) is None


@pytest.mark.parametrize("role", [role for role in Role if role not in STAGES])
def test_what_only_fills_settings_is_no_stage(role: Role) -> None:
    """An embedder stands in a retriever, never in a pipeline."""
    assert stage_called(role) is None
    assert "stages must be among" in str(stages_problem((Role.RETRIEVE, role)))
