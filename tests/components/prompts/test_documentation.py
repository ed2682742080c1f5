"""The page about prompts says what is true."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import indent

import pytest

from tradespace.components.prompts import PROMPTS
from tradespace.components.prompts.standard import Standard
from tradespace.components.prompts.template import TEMPLATE_NAMES
from tradespace.components.registry import components
from tradespace.errors import SpaceError
from tradespace.search_space.specification import load_specification

PAGE = (Path(__file__).parents[3] / "docs" / "prompts.md").read_text(encoding="utf-8")
FRAGMENTS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
(TEMPLATE,) = re.findall(r"```jinja\n(.*?)```", PAGE, re.DOTALL)
(FAULT,) = re.findall(r"```\n(space.yaml.*?)\n```", PAGE, re.DOTALL)
READER = "pipeline:\n  retrieve: bm25\n  generate:\n    llm:\n"
SPACES = {
    "prompt": (READER, " " * 6),
    "hyde": ("pipeline:\n  generate: llm\n  retrieve:\n", " " * 4),
    "pipeline": ("", ""),
}
HEAD = "name: n\ndata: {dataset: microworld}\nobjectives: {answer_em: maximize}\n"


def space_in(folder: Path, fragment: str, template: str = TEMPLATE) -> Path:
    """A space with a fragment of the page, and its file beside it."""
    (folder / "prompts").mkdir()
    (folder / "prompts" / "answer.j2").write_text(template, encoding="utf-8")
    before, margin = SPACES[fragment.partition(":")[0]]
    (folder / "space.yaml").write_text(f"{HEAD}{before}{indent(fragment, margin)}", encoding="utf-8")
    return folder / "space.yaml"


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=lambda fragment: " ".join(fragment.split())[:40])
def test_the_spaces_on_the_page_load(tmp_path: Path, fragment: str) -> None:
    """With the template on the page in its file."""
    assert next(load_specification(space_in(tmp_path, fragment)).space.members())


def test_the_message_on_the_page_is_what_is_said(tmp_path: Path) -> None:
    """Where one letter of its template is missing."""
    file = space_in(
        tmp_path, "prompt:\n  template: {file: prompts/answer.j2}\n", TEMPLATE.replace("in passages", "in pasages")
    )
    with pytest.raises(SpaceError) as caught:
        load_specification(file)
    (fault,) = caught.value.faults
    assert fault.message == FAULT.removeprefix("space.yaml:11: ")


def test_every_prompt_and_setting_is_on_the_page() -> None:
    """Presets, their settings, and what a template can name."""
    names = [prompt.name for prompt in PROMPTS]
    assert [name for name in (*names, *Standard().settings, *TEMPLATE_NAMES) if f"`{name}`" not in PAGE] == []


def test_everything_that_takes_a_prompt_is_on_the_page() -> None:
    """Whatever has the setting."""
    asking = [name for name, component in components().items() if "prompt" in component.model_fields]
    assert len(asking) > 10
    assert [name for name in asking if f"`{name}`" not in PAGE] == []
