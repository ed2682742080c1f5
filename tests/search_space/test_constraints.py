"""Constraints between settings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.search_space.small import Answer, Both, Foreign, Graph, Keep, Vectors, Words
from tradespace.components.base import Pipeline
from tradespace.search_space.constraints import Constraint
from tradespace.search_space.expressions import ExpressionSyntaxError

PIPELINE = Pipeline((Vectors(index=Graph(ef=32), top_k=10), Keep(keep=3), Answer(passages=2)))
NUMBERS = {"retrieve.top_k": 10, "rerank.keep": 3, "generate.passages": 2, "retrieve.index.ef": 32}

terms = st.recursive(
    st.sampled_from(list(NUMBERS)) | st.integers(-9, 9).map(str),
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from("+-*"), inner),
    max_leaves=4,
)
comparisons = st.builds("{} {} {}".format, terms, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), terms)
chains = st.builds("{} < {} <= {}".format, terms, terms, terms)
conditions = st.recursive(
    comparisons | chains,
    lambda inner: (
        st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner) | inner.map("(not {})".format)
    ),
    max_leaves=5,
)


@given(conditions)
def test_conditions_mean_what_python_means(text: str) -> None:
    """Over settings that are all there, a condition has the truth that Python gives it."""
    python = text
    for name, value in NUMBERS.items():
        python = python.replace(name, str(value))
    assert (Constraint.parse(text).forbids(PIPELINE) is None) == eval(python)


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("retrieve == 'vectors'", True),
        ("retrieve != 'vectors'", False),
        ("retrieve in ('words', 'vectors')", True),
        ("retrieve not in ['vectors']", False),
        ("retrieve.index == 'graph'", True),
        ("retrieve.index == 'flat'", False),
        ("-rerank.keep < 0", True),
        ("retrieve.top_k / 4 == 2.5", True),
        ("generate.shuffled == False", True),
    ],
)
def test_components_stand_for_their_names(text: str, allowed: bool) -> None:
    """A stage, or a setting that holds a component, compares as the component's name."""
    assert (Constraint.parse(text).forbids(PIPELINE) is None) == allowed


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("retrieve.b < 0", True),
        ("not retrieve.b < 0", True),
        ("not retrieve.b < 0 and rerank.keep > 5", False),
        ("retrieve.b < 0 or rerank.keep > 5", True),
        ("retrieve.b + 1 < rerank.keep", True),
        ("chunk.size < 0", True),
        ("retrieve.index.m < 0", True),
    ],
)
def test_a_setting_that_is_not_there_says_nothing(text: str, allowed: bool) -> None:
    """A comparison with it is neither true nor false, and only falsehood forbids."""
    assert (Constraint.parse(text).forbids(PIPELINE) is None) == allowed


def test_settings_of_several_components_can_be_named() -> None:
    """By the name of the component, the first that is called so; one that is not there says nothing."""
    pipeline = Pipeline((Both(members=(Vectors(), Words(b=0.1), Words(b=0.9))),))
    assert Constraint.parse("retrieve.members.words.b == 0.1").forbids(pipeline) is None
    assert Constraint.parse("retrieve.members.words.b > 0.1").forbids(pipeline)
    assert Constraint.parse("retrieve.members.deep.inner == 'flat'").forbids(pipeline) is None


def test_settings_inside_mappings_can_be_named() -> None:
    """The arguments of a foreign component are settings too."""
    pipeline = Pipeline((Foreign(path="a.b", arguments={"size": 5}),))
    assert Constraint.parse("retrieve.arguments.size > 5").forbids(pipeline)
    assert not Constraint.parse("retrieve.arguments.other > 5").forbids(pipeline)


def test_it_says_which_rule_forbids_and_why() -> None:
    """The reason holds the values that were compared."""
    forbidden = Constraint.parse("rerank.keep > retrieve.top_k").forbids(PIPELINE)
    assert forbidden is not None
    assert forbidden.rule == "rerank.keep > retrieve.top_k"
    assert forbidden.why == "does not hold with rerank.keep = 3, retrieve.top_k = 10"


@pytest.mark.parametrize("text", ["retrieve.index > 5", "1 / (rerank.keep - 3) > 0", "5 in rerank.keep"])
def test_what_cannot_be_computed_forbids(text: str) -> None:
    """Text compared with numbers, or a division by zero, is told as such."""
    forbidden = Constraint.parse(text).forbids(PIPELINE)
    assert forbidden is not None
    assert "cannot be computed" in forbidden.why


@pytest.mark.parametrize(
    "text",
    [
        "",
        "rerank.keep <=",
        "rerank.keep",
        "5",
        "rerank.keep + 1",
        "not rerank.keep",
        "__import__('os').system('true') == 0",
        "open('f') == 1",
        "[x for x in (1,)] == 1",
        "rerank.keep ** 99 > 1",
        "(lambda: 1) == 1",
        "retrieve['top_k'] == 1",
        "rerank.keep is None",
        "f'{rerank}' == 'x'",
        "'x'.upper() == 'X'",
        "(rerank.keep, 1) == (1, 1)",
        "(a := 1) == 1",
        "\0",
    ],
)
def test_only_comparisons_of_settings_are_constraints(text: str) -> None:
    """Anything else is refused before anything is computed, so that a constraint runs no code."""
    with pytest.raises(ExpressionSyntaxError):
        Constraint.parse(text)


def test_names_are_those_of_the_settings() -> None:
    """Each setting once, in order."""
    names = Constraint.parse("rerank.keep < retrieve.index.ef and retrieve == 'x' or rerank.keep > 1").names
    assert names == (("rerank", "keep"), ("retrieve", "index", "ef"), ("retrieve",))


def test_pipelines_without_the_stage_are_allowed() -> None:
    """A stage that the pipeline does not fill says nothing."""
    assert Constraint.parse("rerank.keep <= retrieve.top_k").forbids(Pipeline((Words(),))) is None
    assert Constraint.parse("rerank == 'keep'").forbids(Pipeline((Both(),))) is None


DEEP = {
    "negations": "not " * 3000 + "retrieve.top_k > 1",
    "parentheses": "(" * 5000 + "retrieve.top_k" + ")" * 5000 + " > 1",
    "sums": " + ".join(["retrieve.top_k"] * 5000) + " > 1",
    "signs": "retrieve.top_k > " + "-" * 60 + "1",
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_a_constraint_is_nested_at_most_fifty_levels_deep(text: str) -> None:
    """Deeper ones are refused, however deep Python itself would follow."""
    with pytest.raises(ExpressionSyntaxError, match=r"nested|parentheses"):
        Constraint.parse(text)


@pytest.mark.parametrize("number", ["0x" + "f" * 9000, "-0x" + "f" * 300, "9" * 5000, "9" * 400])
def test_numbers_that_no_float_holds_are_refused(number: str) -> None:
    """Python refuses to print the longest, in whatever notation they are written."""
    with pytest.raises(ExpressionSyntaxError, match="digits"):
        Constraint.parse(f"retrieve.top_k < {number}")


@pytest.mark.parametrize("text", ["retrieve.top_k * 'a' == 'a'", f"{'9' * 290} * {'9' * 290} / retrieve.top_k > 1"])
def test_what_cannot_be_calculated_forbids_with_the_reason(text: str) -> None:
    """Texts are not multiplied, however much memory there is, and what overflows is no traceback."""
    forbidden = Constraint.parse(text).forbids(PIPELINE)
    assert forbidden
    assert forbidden.why.startswith("cannot be computed")


LONG = ["0x" + "f" * 9000, "9" * 5000]
SIGNS = [
    "(",
    ")",
    "-",
    "not ",
    "retrieve.top_k",
    "+",
    "<",
    "==",
    " in ",
    "[1,2]",
    "'a'",
    " and ",
    "f'{a}'",
    "lambda: 1",
]
ODD = ["\ud83d", "\x00", "{}", "1j", "...", "a[0]", "a(b)", ":="]
pieces = st.sampled_from([*SIGNS, *ODD, *LONG])


@given(st.lists(st.tuples(pieces, st.sampled_from([1, 1, 1, 300, 3000]))) | st.lists(st.tuples(st.text(), st.just(1))))
@pytest.mark.filterwarnings("error::SyntaxWarning")
def test_any_text_is_a_constraint_or_refused(parts: list[tuple[str, int]]) -> None:
    """Nothing else is ever raised."""
    try:
        Constraint.parse("".join(piece * times for piece, times in parts))
    except ExpressionSyntaxError as error:
        assert str(error)
