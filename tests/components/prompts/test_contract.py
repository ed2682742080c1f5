"""Every prompt keeps the contract."""

from __future__ import annotations

import pytest

from tradespace.components.prompts import PROMPTS
from tradespace.components.prompts.base import PromptTemplate
from tradespace.components.prompts.presets import Cautious, Cited, Concise, Titled
from tradespace.components.prompts.standard import Standard
from tradespace.components.prompts.template import JinjaTemplate
from tradespace.testing.prompt_contract import PromptContract

LISTED = "{% for passage in passages %}\n({{ passage.number }}) {{ passage.text }}\n{% endfor %}\n{{ question }}"
ALL: tuple[PromptTemplate, ...] = (
    Standard(),
    Standard(instruction="Name the animal.", system="You know animals.", order="interleaved", numbered=False),
    Concise(),
    Titled(order="best_last"),
    Cited(max_words=30),
    Cautious(),
    JinjaTemplate(text=LISTED),
    JinjaTemplate(text=LISTED, system="", cite=True),
    JinjaTemplate(text=f"{{{{ instruction }}}}\n\n{LISTED} {{{{ proposed }}}}", system="You know animals."),
)


@pytest.mark.parametrize("component", ALL, ids=str)
class TestPrompts(PromptContract):
    """All of them, with settings other than their defaults."""


def test_every_prompt_is_there() -> None:
    """None joins without its contract."""
    assert {type(prompt) for prompt in ALL} == set(PROMPTS)
