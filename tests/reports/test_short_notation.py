"""Notations shortened to what tells pipelines apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.components.notation import parse
from tradespace.reports.short_notation import LONGEST_SHORT, short_notations

TOP_K, KEEP = st.sampled_from([1, 3, 5]), st.sampled_from([1, 2, 4])


@st.composite
def notations(draw: st.DrawFn) -> str:
    """A retriever, a reranker or none, and a reader or a model that has a strategy."""
    retriever = draw(st.sampled_from(["bm25(top_k={})", "dense(top_k={})"])).format(draw(TOP_K))
    reranker = draw(st.sampled_from(["none()", f"maxsim(keep={draw(KEEP)})", f"mmr(keep={draw(KEEP)})"]))
    strategy = draw(st.sampled_from(["", ", strategy=cot()", f", strategy=cot_at_k(k={draw(KEEP)})"]))
    last = draw(st.sampled_from(["reader()", f"llm(model=tiny_reasoner(){strategy})"]))
    return f"{retriever} >> {reranker} >> {last}"


def shortened(*pipelines: str) -> list[str]:
    """The shortened notations in order."""
    return list(short_notations(pipelines).values())


def test_what_all_have_in_common_is_left_out() -> None:
    """Components, and settings of components of one name."""
    assert shortened(
        "bm25(k1=0.9, top_k=1) >> maxsim(keep=2) >> reader(passages=1, precision='int8')",
        "bm25(k1=0.9, top_k=5) >> maxsim(keep=2) >> reader(passages=2, precision='int8')",
    ) == ["bm25(top_k=1) → reader(passages=1)", "bm25(top_k=5) → reader(passages=2)"]


def test_a_default_counts_as_a_value() -> None:
    """It is not written, and so tells pipelines apart where others write theirs."""
    assert shortened("bm25() >> none()", "bm25(top_k=5) >> none()") == ["bm25", "bm25(top_k=5)"]


def test_components_in_settings_are_shortened_too() -> None:
    """Long notations of models come down to what differs, and a component needs no name of its setting."""
    model = "openai(model='gpt-5-mini', base_url='http://localhost:8000/v1', temperature=0.0)"
    assert shortened(
        f"bm25() >> llm(model={model}, strategy=cot())",
        f"bm25() >> llm(model={model}, strategy=cot_at_k(k=8))",
        f"bm25() >> llm(model={model.replace('-mini', '')}, strategy=cot_at_k(k=8))",
    ) == [
        "llm(openai(model='gpt-5-mini'), cot)",
        "llm(openai(model='gpt-5-mini'), cot_at_k)",
        "llm(openai(model='gpt-5'), cot_at_k)",
    ]


def test_one_alone_is_written_in_full() -> None:
    """Nothing tells it from others, as there are none; nor is a pipeline left without a name."""
    assert shortened("bm25(top_k=5) >> sentence()") == ["bm25(top_k=5) → sentence"]
    assert shortened("bm25() >> sentence()", "bm25() >> none() >> sentence()") == ["bm25 → sentence", "none"]


@pytest.mark.parametrize("text", ["", "</script><b>", "a >> ", "row 12 of a table", "x" * 30, "f(" * 500])
def test_what_is_no_notation_stays_as_it_is(text: str) -> None:
    """Such as the names of rows that were measured elsewhere; only its length is cut."""
    (first, second) = short_notations((text, "bm25() >> none()")).values()
    assert first == (text if len(text) <= LONGEST_SHORT else text[: LONGEST_SHORT - 1] + "…")
    assert second == "bm25 → none"


@given(st.lists(notations(), min_size=1, max_size=12, unique=True))
def test_different_pipelines_stay_different(pipelines: list[str]) -> None:
    """Unless they are cut, and each consists of parts of its notation."""
    shorts = short_notations(tuple(pipelines))
    assert list(shorts) == pipelines
    assert len({*shorts.values()}) == len(pipelines)
    for notation, short in shorts.items():
        names = {component.name for component in parse(notation).components}
        assert {part.partition("(")[0] for part in short.split(" → ")} <= names


def test_an_arrow_in_a_setting_separates_nothing() -> None:
    """The whole notation is read then, not what stands between arrows."""
    assert shortened("bm25() >> llm(prompt='a >> b')", "bm25() >> llm(prompt='c')") == [
        "llm(prompt='a >> b')",
        "llm(prompt='c')",
    ]
