"""What a component can do that no file allows is its own property, asked of everything that it is made of."""

from __future__ import annotations

from typing import ClassVar

import pytest

from tradespace.components.base import Component
from tradespace.components.dotted_path import DottedPath
from tradespace.components.notation import parse
from tradespace.components.registry import components
from tradespace.components.roles import Role
from tradespace.components.strategies.programs import ProgramRunner
from tradespace.components.trust import Trust, demand
from tradespace.errors import InputError

EVIL = "evil.module.Class"
NEEDING = {
    f"langchain_retriever(path='{EVIL}')": {Trust.IMPORTS},
    f"langchain_compressor(path='{EVIL}')": {Trust.IMPORTS},
    f"langchain_splitter(path='{EVIL}') >> bm25()": {Trust.IMPORTS},
    f"dense(embedder=langchain_embeddings(path='{EVIL}'))": {Trust.IMPORTS},
    f"hybrid(dense=dense(embedder=langchain_embeddings(path='{EVIL}')))": {Trust.IMPORTS},
    f"llm(model=chat_model(model='{EVIL}'))": {Trust.IMPORTS, Trust.SERVER},
    "llm(model=chat_model(model='anthropic:claude-haiku-4-5'))": {Trust.SERVER},
    "llm(model=chat_model(model='huggingface:m', arguments={'backend': 'x'}))": {Trust.IMPORTS, Trust.SERVER},
    "llm(model=openai(model='m', base_url='http://evil.example/v1'))": {Trust.SERVER},
    "cascade(first=llm(model=openai(model='m')))": {Trust.SERVER},
    "hyde(model=openai(model='m'))": {Trust.SERVER},
    "llm(model=vllm(model='folder', arguments={'trust_remote_code': True}))": {Trust.IMPORTS},
    "llm(model=vllm(model='folder'))": set(),
    "llm(model=replay(), strategy=program_of_thought(isolated=False))": {Trust.UNSANDBOXED},
    "llm(model=replay(), strategy=sample_filter_cluster(isolated=False))": {Trust.UNSANDBOXED},
    "llm(model=replay(), strategy=program_of_thought())": set(),
    "bm25() >> maxsim() >> reader()": set(),
}


class Outer(Component):
    """Holds components in every way that a setting can."""

    role: ClassVar[Role] = Role.GENERATE
    name: ClassVar[str] = "outer"

    alone: Component
    several: tuple[Component, ...] = ()
    listed: list[list[Component]] = []  # noqa: RUF012 - a field
    named: dict[str, tuple[Component, ...]] = {}  # noqa: RUF012 - a field


def needed(notation: str) -> set[Trust]:
    """All that a pipeline needs, its parts included."""
    return {trust for component in parse(notation) for part in component.parts() for trust in part.needs}


@pytest.mark.parametrize(("notation", "trust"), NEEDING.items())
def test_a_pipeline_needs_what_its_parts_need(notation: str, trust: set[Trust]) -> None:
    """However deep the part lies, and whatever it is called."""
    assert needed(notation) == trust


def test_parts_are_found_in_tuples_lists_and_mappings() -> None:
    """At any depth, the component itself first."""
    inner = Outer(alone=ProgramRunner(seconds=1), listed=[[ProgramRunner(seconds=2)], [ProgramRunner(seconds=3)]])
    outer = Outer(alone=inner, several=(ProgramRunner(seconds=4),), named={"a": (ProgramRunner(seconds=5),)})
    assert next(outer.parts()) is outer
    runners = [part for part in outer.parts() if isinstance(part, ProgramRunner)]
    assert [runner.seconds for runner in runners] == [1, 2, 3, 4, 5]


def test_what_a_program_strategy_runs_needs_no_more_than_the_strategy_says() -> None:
    """The runner is made by the strategy as it runs, where nobody could be asked."""
    assert ProgramRunner(isolated=False).needs == {Trust.UNSANDBOXED}
    assert not ProgramRunner().needs


def test_whoever_adds_a_dotted_path_need_not_think_of_trust() -> None:
    """The type of the setting says it."""

    class New(Component):
        role: ClassVar[Role] = Role.RERANK
        name: ClassVar[str] = "new"

        anything: DottedPath = EVIL

    assert New().needs == {Trust.IMPORTS}


def test_every_component_that_can_reach_out_says_so() -> None:
    """A setting of such a name in a component that needs no trust would be a way around. Weights are data, not code."""
    reaching = {"path", "base_url", "isolated", "api_key", "url"}
    reading_weights = {"llama_cpp"}
    silent = {
        name
        for name, component in components().items()
        if reaching & set(component.model_fields) and not says_so(component)
    }
    assert silent == reading_weights


def says_so(component: type[Component]) -> bool:
    """Whether the component, or the type of one of its settings, has a trust to ask for."""
    marks = [mark for _, field in component.fields() for mark in field.metadata]
    return any(isinstance(mark, Trust) for mark in marks) or component.needs is not Component.needs


def test_all_that_is_not_allowed_is_refused_together() -> None:
    """Each part is named with what it does and the flag that allows it."""
    pipeline = parse(f"dense(embedder=langchain_embeddings(path='{EVIL}')) >> llm(model=openai(model='m'))")
    with pytest.raises(InputError) as caught:
        demand(pipeline, ())
    messages = [fault.message for fault in caught.value.faults]
    assert [message.rpartition(" ")[2] for message in messages] == ["--allow-imports", "--allow-server"]
    assert messages[0].startswith(f"langchain_embeddings(path='{EVIL}'")
    with pytest.raises(InputError, match="--allow-server"):
        demand(pipeline, [Trust.IMPORTS])
    demand(pipeline, [Trust.IMPORTS, Trust.SERVER])
