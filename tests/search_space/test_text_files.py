"""Texts that a YAML file gives as the paths of files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar

import jsonschema
import pytest
import yaml
from pydantic import Field

from tradespace.components.prompts.presets import Cited
from tradespace.components.prompts.standard import Standard
from tradespace.components.prompts.template import JinjaTemplate
from tradespace.errors import SpaceError
from tradespace.evals.measures.base import Measure
from tradespace.evals.measures.configured import ConfiguredMeasure
from tradespace.evals.measures.kinds import MEASURE_KINDS
from tradespace.evals.measures.rouge_l import RougeL
from tradespace.files import GivenAsFile
from tradespace.search_space.schema import schema
from tradespace.search_space.specification import Specification, load_specification, load_text

HEAD = "name: n\ndata: {dataset: d}\nobjectives: {f1: maximize}\n"


def space_of(folder: Path, prompt: str) -> Specification:
    """A space with a file for its prompt, which lies in `folder`."""
    file = folder / "space.yaml"
    text = f"{HEAD}pipeline:\n  retrieve: bm25\n  generate:\n    llm:\n      prompt:\n        {prompt}\n"
    file.write_text(text, encoding="utf-8")
    return load_specification(file)


def prompts_of(specification: Specification) -> list[object]:
    """The prompts of all pipelines."""
    return [pipeline.stages["generate"].settings["prompt"] for pipeline in specification.space.members()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two prompts in a folder beside a space."""
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "short.j2").write_text("{{ question }}\n", encoding="utf-8")
    (tmp_path / "prompts" / "polite.j2").write_text("Please:\n\n{{ question }}\n", encoding="utf-8")
    return tmp_path


def test_a_file_is_what_it_holds(folder: Path) -> None:
    """Paths are relative to the YAML; the text is the setting, so that the same text is the same prompt."""
    specification = space_of(folder, "template: {file: prompts/polite.j2}")
    assert prompts_of(specification) == [JinjaTemplate(text="Please:\n\n{{ question }}\n")]


def test_prompts_are_a_dimension(folder: Path) -> None:
    """Presets, their settings and files, in one list."""
    listed = "[cited, {standard: {max_words: [5, 9]}}, {template: {file: [prompts/short.j2, prompts/polite.j2]}}]"
    short, polite = "{{ question }}\n", "Please:\n\n{{ question }}\n"
    assert prompts_of(space_of(folder, listed)) == [
        Cited(),
        Standard(max_words=5),
        Standard(max_words=9),
        JinjaTemplate(text=short),
        JinjaTemplate(text=polite),
    ]


def test_a_space_is_whole_without_its_files(folder: Path) -> None:
    """Its text reads back as the same space where the files are gone: a study can be moved."""
    specification = space_of(folder, "template: {file: [prompts/short.j2, prompts/polite.j2]}")
    again = load_text(specification.text)
    assert prompts_of(again) == prompts_of(specification)
    assert again.text == specification.text


def test_a_space_without_files_keeps_its_words(folder: Path) -> None:
    """Comments and all."""
    specification = space_of(folder, "standard: {}  # as ever")
    assert "# as ever" in specification.text


@pytest.mark.parametrize(
    ("prompt", "content", "expected"),
    [
        ("template: {file: mine.j2}", "a\n{{ pasages }}", "space.yaml:9: mine.j2: line 2: 'pasages' is not known; did"),
        ("template: {file: mine.j2}", "{{ question }}\n{% if", "space.yaml:9: mine.j2: line 2: "),
        ("template: {file: mine.j2}", "Well?", "space.yaml:9: .*text must hold {{ question }}"),
        ("template: {file: mine.j2}", "", "space.yaml:9: .*text must hold {{ question }}"),
        ("template: {file: mine.j2}", "{{ question }}{{ instruction }}", 'space.yaml:9: .*write `system: ""`'),
        ("template: {file: gone.j2}", "", "space.yaml:9: .*gone.j2: the file cannot be read .No such file"),
        ("template: {file: .}", "", "space.yaml:9: .*must be a regular file; it is a folder"),
        ("template: {file: 7}", "", "space.yaml:9: must be the path of a file that holds the text; given: 7"),
        ("template: {file: [mine.j2, 7]}", "{{ question }}", "space.yaml:9: must be the path"),
        ("template: {file: mine.j2, text: hm}", "{{ question }}", "space.yaml:9: `text` is given as well; keep one"),
        ("template: {system: hm}", "", "space.yaml:9: template needs the setting `text`"),
        ('template: {text: "{{ qestion }}"}', "", "space.yaml:9: .*line 1: 'qestion' is not known; did you mean 'q"),
        ("cited: {numbered: false}", "", "space.yaml:9: .*cite needs numbered passages"),
        ("standard: {order: best}", "", "space.yaml:9: .*must be 'best_first', 'best_last' or 'interleaved'"),
        ("standard: {max_words: -1}", "", "space.yaml:9: .*must be greater than or equal to 0"),
        ("citd", "", "space.yaml:8: .*cannot be filled by 'citd'; did you mean 'cited'?"),
        ("standard: {file: mine.j2}", "", "space.yaml:9: standard has no setting 'file'"),
    ],
)
def test_what_is_wrong_with_a_prompt_is_said_before_anything_runs(
    folder: Path, prompt: str, content: str, expected: str
) -> None:
    """By `check`: in which line of the YAML, and in which line of the template. Each fault is said once."""
    (folder / "mine.j2").write_text(content, encoding="utf-8")
    with pytest.raises(SpaceError, match=expected.replace("{", r"\{").replace("[", r"\[")) as caught:
        space_of(folder, prompt)
    assert len(caught.value.faults) == 1


def test_faults_of_several_files_are_said_together(folder: Path) -> None:
    """One mending is enough."""
    (folder / "one.j2").write_text("{{ a }}", encoding="utf-8")
    (folder / "two.j2").write_text("{{ b }}", encoding="utf-8")
    with pytest.raises(SpaceError) as caught:
        space_of(folder, "template: {file: [one.j2, prompts/short.j2, two.j2]}")
    assert [fault.message.partition(":")[0] for fault in caught.value.faults] == ["one.j2", "two.j2"]


@pytest.mark.parametrize(
    ("settings", "valid"),
    [
        ("{file: a.j2}", True),
        ("{file: [a.j2, b.j2], max_words: 3}", True),
        ("{text: hm}", True),
        ("{text: hm, file: a.j2}", False),
        ("{system: hm}", False),
        ("{file: 7}", False),
    ],
)
def test_editors_know_of_files(settings: str, valid: bool) -> None:
    """Either the text or its file."""
    space = yaml.safe_load(f"{HEAD}pipeline: {{generate: {{llm: {{prompt: {{template: {settings}}}}}}}}}")
    assert jsonschema.Draft202012Validator(schema()).is_valid(space) is valid


class Worded(ConfiguredMeasure):
    """Has a text that may stand in a file."""

    name: ClassVar[str] = "worded"

    prompt: Annotated[str, GivenAsFile("prompt_file")] = Field(default="Is it right?", description="what is asked")

    def measure(self, name: str) -> Measure:
        return RougeL().measure(name)


def test_a_setting_of_a_measure_may_stand_in_a_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As one of a component may: what a study keeps is the text."""
    monkeypatch.setattr(MEASURE_KINDS, "_entries", {**MEASURE_KINDS, "worded": Worded})
    file = folder / "space.yaml"
    sections = "pipeline: {retrieve: bm25}\nmeasures:\n  mine:\n    worded: {prompt_file: prompts/polite.j2}\n"
    file.write_text(f"{HEAD}{sections}", encoding="utf-8")
    specification = load_specification(file)
    assert specification.measures == {"mine": Worded(prompt="Please:\n\n{{ question }}\n")}
    assert "prompt_file" not in specification.text
