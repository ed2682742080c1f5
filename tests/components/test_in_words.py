"""What components say of themselves in plain words, for reports."""

from __future__ import annotations

import re

import pytest

from tradespace.components.registry import components, words_of_components
from tradespace.components.roles import Role

TOLD = sorted(words_of_components())
SPOKEN_OF = (Role.RETRIEVE, Role.RERANK, Role.GENERATE, Role.STRATEGY)
SILENT = {"none", "recorded"}
"""One does nothing, and of the other nothing is known."""


@pytest.mark.parametrize("name", TOLD)
def test_it_speaks_of_settings_that_it_has(name: str) -> None:
    """Each setting in braces is one of the component's; brackets are closed, and not nested."""
    words = words_of_components()[name]
    assert set(re.findall(r"\{(\w+)\}", words)) <= set(components()[name].model_fields)
    assert not set("[]{}") & set(re.sub(r"\[[^\[\]]*\]|\{\w+\}", "", re.sub(r"\{\w+\}", "", words)))


def test_all_that_pipelines_are_made_of_say_something() -> None:
    """Every retriever, reranker, reader and strategy of ours; models and embedders may go by their names."""
    silent = {
        name
        for name, component in components().items()
        if component.role in SPOKEN_OF
        and component.__module__.startswith("tradespace.components.")
        and name not in words_of_components()
    }
    assert silent == SILENT
