"""Who proposes instructions is read from the file, and what cannot propose, be scored or be improved is a fault."""

from __future__ import annotations

import pytest

from tradespace.components.llms import OpenAI, Replay, SmolLM2, TinyReasoner
from tradespace.errors import SpaceError
from tradespace.evals.measures import measure
from tradespace.search_space.proposals import takes_proposals
from tradespace.search_space.replacing import paths_to
from tradespace.search_space.specification import Specification, load_text

FILE = """name: s
data: {dataset: wikipedia}
objectives: {answer_f1: maximize}
pipeline:
  retrieve:
    hyde: {prompt: {standard: {instruction: ["", Guess.]}}}
  generate:
    llm: {prompt: PROMPT}
search:
  proposals:
    model: MODEL
    keep: 3
"""
INSTRUCTED = "[cited, standard: {instruction: Copy it.}, concise: {instruction: [a, b]}]"


def higher_is_better(name: str) -> bool:
    """Of all measures that there are."""
    measure(name)
    return True


def read(model: str = "smollm2", prompt: str = INSTRUCTED, more: str = "") -> Specification:
    """The specification of a space with proposals."""
    text = FILE.replace("MODEL", model).replace("PROMPT", prompt) + more
    return load_text(text, measures=higher_is_better)


def test_the_model_is_a_component_with_its_settings() -> None:
    """By name, in the short form, or with settings; what is not said of the asking has defaults."""
    proposals = read().proposals
    assert proposals
    assert proposals.model == SmolLM2()
    assert (proposals.settings.keep, proposals.settings.rounds) == (3, 3)
    other = read("{openai: {model: m, base_url: http://localhost:1}}").proposals
    assert other and isinstance(other.model, OpenAI)
    assert read("openai:gpt-5-mini").proposals


def test_a_space_without_proposals_has_none() -> None:
    """They are asked for, or left out."""
    assert load_text(FILE.partition("search:")[0].replace("PROMPT", "cited")).proposals is None


def test_what_exploring_may_call_holds_the_model_that_proposes() -> None:
    """Who runs a file answers for it, and is told if its package is missing."""
    assert SmolLM2() in read().components


def test_prompts_of_answers_that_name_an_instruction_take_proposals() -> None:
    """Not those of retrievers, which ask for something else, and not those that leave it to the usual one."""
    assert list(paths_to(read().space.root, takes_proposals)) == [
        "generate.llm.prompt.standard",
        "generate.llm.prompt.concise",
    ]


@pytest.mark.parametrize(
    ("model", "prompt", "more", "line", "message"),
    [
        ("smollm2", "[cited, concise]", "", 10, "there is no instruction to improve"),
        ("smollm", INSTRUCTED, "", 11, "the model that proposes cannot be filled by 'smollm'; did you mean 'smollm2'?"),
        ("[smollm2, openai:m]", INSTRUCTED, "", 11, "must be one, with one value for each setting"),
        ("{}", INSTRUCTED, "", 11, "the model that proposes must list at least one component"),
        ("{openai: {model: [a, b]}}", INSTRUCTED, "", 11, "must be one, with one value for each setting"),
        ("{openai: {modle: a}}", INSTRUCTED, "", 11, "openai has no setting 'modle'; did you mean 'model'?"),
        ("replay", INSTRUCTED, "", 11, "can write no instructions"),
        ("tiny_reasoner", INSTRUCTED, "", 11, "can write no instructions"),
        ("{openai: {model: m, format: tiny_reasoner}}", INSTRUCTED, "", 11, "can write no instructions"),
        ("smollm2", INSTRUCTED, "    measure: answer_f2\n", 13, "did you mean 'answer_f1'?"),
        ("smollm2", INSTRUCTED, "    measure: latency_p95\n", 13, "latency_p95 is measured over all of them"),
        ("smollm2", INSTRUCTED, "    rouns: 2\n", 13, "'rouns' is not valid here; did you mean 'rounds'?"),
        ("smollm2", INSTRUCTED, "    rounds: 0\n", 13, "`rounds` must be greater than or equal to 1; given: 0"),
    ],
)
def test_what_is_wrong_is_a_fault_with_its_line(model: str, prompt: str, more: str, line: int, message: str) -> None:
    """The model, the measure, the space and the settings are checked before anything is asked."""
    with pytest.raises(SpaceError) as caught:
        read(model, prompt, more)
    assert any(message in fault.message and fault.where == f"space.yaml:{line}" for fault in caught.value.faults), (
        caught.value
    )


def test_models_that_only_repeat_follow_no_instructions() -> None:
    """Recorded ones, and those that were trained on one way of being asked."""
    assert not Replay().follows_instructions
    assert not TinyReasoner().follows_instructions
    assert SmolLM2().follows_instructions
