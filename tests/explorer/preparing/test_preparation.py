"""A space that is searched holds examples in the place of those that were to be drawn, and nothing else is changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from tradespace.components.base import Pipeline
from tradespace.components.examples.base import ExamplePairs, Examples
from tradespace.components.examples.bootstrap import Bootstrap
from tradespace.components.examples.given import GivenExamples
from tradespace.components.notation import parse
from tradespace.components.prompts.base import PromptTemplate
from tradespace.errors import SpaceError
from tradespace.explorer.preparing.preparation import (
    needs_preparation,
    prepared,
    with_proposed,
    with_stand_in_instructions,
    with_stand_ins,
)
from tradespace.search_space.sections import ProposalsSection
from tradespace.search_space.space import PipelineSpace
from tradespace.search_space.specification import load_text
from tradespace.types import Question


def space(examples: str, constraints: str = "[]") -> PipelineSpace:
    """A space of readers with examples of these kinds."""
    return load_text(
        "{name: s, data: {dataset: wikipedia}, objectives: {answer_f1: maximize}, pipeline: {"
        "retrieve: {bm25: {top_k: [3, 5]}}, generate: {"
        "llm: {passages: [1, 3], strategy: [direct, cot], prompt: {standard: {examples: " + examples + "}}}}}, "
        f"constraints: {constraints}, search: {{budget: {{pipelines: 5}}}}}}"
    ).space


DRAWN: list[tuple[Bootstrap, str]] = []
"""What was drawn, and by which pipeline, since the test began."""


@pytest.fixture(autouse=True)
def _draw_anew() -> None:
    DRAWN.clear()


def draw(bootstrap: Bootstrap, teacher: Pipeline) -> ExamplePairs:
    """Examples that name the seed by which they were drawn."""
    DRAWN.append((bootstrap, str(teacher)))
    return (("who?", f"number {bootstrap.seed}"),)


def examples_in(space: PipelineSpace) -> list[Examples | None]:
    """The distinct examples that occur in pipelines, in order."""
    found = [part for pipeline in space.members() for part in pipeline.stages["generate"].parts()]
    return list(dict.fromkeys(part for part in found if isinstance(part, Examples)))


def test_examples_stand_in_the_place_of_a_bootstrap() -> None:
    """As many pipelines as before, each whole in print: it is read back as an equal one."""
    before = space("{bootstrap: {shots: [1, 2]}, given: {}}")
    after = prepared(before, draw)
    pairs = (("who?", "number 0"),)
    assert examples_in(after) == [
        GivenExamples(pairs=pairs, shots=1),
        GivenExamples(pairs=pairs, shots=2),
        GivenExamples(),
    ]
    assert after.size() == before.size()
    assert all(parse(str(pipeline)) == pipeline for pipeline in after.members())


def test_the_pipeline_draws_without_examples_and_with_first_values() -> None:
    """Each is drawn once, by the first pipeline of the space that would show them."""
    prepared(space("{bootstrap: {shots: [1, 2], choose: [first, nearest]}}"), draw)
    ((_, teacher),) = DRAWN
    assert teacher == "bm25(top_k=3) >> llm(prompt=standard(examples=given(shots=1)), passages=1)"


def test_each_way_of_drawing_draws_once() -> None:
    """Two seeds and two ways of showing are three draws, and six kinds of examples."""
    after = prepared(space("{bootstrap: {seed: [1, 2, 3], shots: [1, 2]}}"), draw)
    assert [bootstrap.seed for bootstrap, _ in DRAWN] == [1, 2, 3]
    assert len(examples_in(after)) == 6


def test_draws_that_come_to_the_same_are_one() -> None:
    """Where two seeds draw the same examples, there is one pipeline of them."""
    after = prepared(space("{bootstrap: {seed: [1, 2]}}"), lambda bootstrap, teacher: (("a?", "b"),))
    assert len(examples_in(after)) == 1


def test_the_pipeline_that_draws_is_allowed() -> None:
    """Where constraints forbid the first pipeline, another of the space draws."""
    prepared(space("{bootstrap: {}}", "[generate.passages >= retrieve.top_k]"), draw)
    ((_, teacher),) = DRAWN
    assert teacher.startswith("bm25(top_k=3) >> llm(prompt=standard(examples=given())")
    assert "passages=1" not in teacher


def test_nobody_can_draw_where_nothing_is_allowed() -> None:
    """The message names what should have been drawn."""
    unlimited, limited = space("{bootstrap: {}}"), space("{bootstrap: {}}", "[retrieve.top_k <= 5]")
    forbidden = PipelineSpace(unlimited.root, limited.constraints)
    assert prepared(forbidden, draw)
    none = space("{bootstrap: {}, given: {shots: 9}}", "[generate.prompt.examples.shots > 8]")
    with pytest.raises(SpaceError, match=r"examples\.bootstrap"):
        prepared(none, draw)


def test_endless_ways_of_drawing_are_refused() -> None:
    """A range without a step cannot be drawn in every way."""
    with pytest.raises(SpaceError, match="least"):
        prepared(space("{bootstrap: {least: {from: 0.1, to: 0.9}}}"), draw)


def test_a_space_without_bootstraps_needs_no_preparation() -> None:
    """It is left as it is."""
    plain = space("{given: {}}")
    assert not needs_preparation(plain)
    assert prepared(plain, draw) == plain
    assert needs_preparation(space("{given: {}, bootstrap: {}}"))


def test_estimates_take_accepted_answers_for_examples() -> None:
    """They are about as long as what will be drawn; questions without an answer are left out."""
    asked = [Question("1", "who?", ("Ada", "A.")), Question("2", "when?"), Question("3", "where?", ("here",))]
    (examples,) = examples_in(with_stand_ins(space("{bootstrap: {}}"), asked))
    assert examples == GivenExamples(pairs=(("who?", "Ada"), ("where?", "here")))


def instructions_in(space: PipelineSpace) -> list[str]:
    """The instructions of prompts in pipelines, in order."""
    parts = [part for pipeline in space.members() for part in pipeline.stages["generate"].parts()]
    return list(dict.fromkeys(part.instruction for part in parts if isinstance(part, PromptTemplate)))


def test_what_is_proposed_stands_beside_the_instructions_of_the_space() -> None:
    """Each is tried in the first pipeline that has it; all else of the space is as it was."""
    before = space('{given: {}}, instruction: ["", Guess.]')
    tried: list[str] = []

    def propose(own: Sequence[str], pipeline_with: Callable[[str], Pipeline]) -> list[str]:
        tried.extend(str(pipeline_with(instruction)) for instruction in (*own, "Copy."))
        return ["Copy."]

    after = with_proposed(before, propose)
    assert instructions_in(after) == ["", "Guess.", "Copy."]
    assert (before.size(), after.size()) == (16, 24)
    begin = "bm25(top_k=3) >> llm(prompt=standard("
    assert tried == [
        f"{begin}examples=given()), passages=1)",
        f"{begin}instruction='Guess.', examples=given()), passages=1)",
        f"{begin}instruction='Copy.', examples=given()), passages=1)",
    ]


def test_what_is_proposed_is_tried_in_a_pipeline_that_is_allowed() -> None:
    """Where constraints forbid the first, each is tried in the same other one."""
    limited = space("{given: {}}, instruction: Guess.", "[generate.passages >= retrieve.top_k]")
    tried: list[str] = []
    with_proposed(limited, lambda own, pipeline_with: tried.extend(str(pipeline_with(each)) for each in "ab") or [])
    assert "passages=1" not in tried[0]
    assert tried[0].replace("'a'", "'b'") == tried[1]


def test_a_space_without_instructions_asks_for_none() -> None:
    """A prompt that names none keeps the usual one."""
    plain = space("{given: {}}")
    assert with_proposed(plain, lambda own, pipeline_with: ["never"]) == plain


def test_estimates_take_as_many_words_for_instructions_as_may_be_proposed() -> None:
    """As many as are kept, each as long as it may be."""
    settings = ProposalsSection(model="smollm2", keep=3, most_words=7)
    _, *stand_ins = instructions_in(with_stand_in_instructions(space("{given: {}}, instruction: Guess."), settings))
    assert [len(each.split()) for each in stand_ins] == [7, 7, 7]
