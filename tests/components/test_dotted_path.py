"""Classes named in the user's YAML: read without importing, imported with an explanation when it fails."""

from __future__ import annotations

import sys

import pytest
from pydantic import ValidationError

from tradespace.components.dotted_path import construct, import_class
from tradespace.components.embedders.langchain import LangChainEmbeddings
from tradespace.components.notation import parse
from tradespace.errors import ComponentError


def test_reading_a_path_imports_nothing() -> None:
    """A component that names code, made or parsed, does not import it."""
    sys.modules.pop("antigravity", None)
    parse("dense(embedder=langchain_embeddings(path='antigravity.Embeddings'))")
    assert "antigravity" not in sys.modules


@pytest.mark.parametrize("path", ["", "Class", "a b.Class", "os.system('x')", "module.", ".module.Class", "a-b.Class"])
def test_what_is_no_path_is_refused(path: str) -> None:
    """A path is names joined by dots, at least two."""
    with pytest.raises(ValidationError, match="path"):
        LangChainEmbeddings(path=path)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, object(), [float("-inf")]])
def test_arguments_are_plain_and_finite(value: object) -> None:
    """What cannot be written down and read back is no argument."""
    with pytest.raises(ValidationError, match="arguments"):
        LangChainEmbeddings(path="package.Class", arguments={"value": value})  # type: ignore[dict-item]


def test_a_class_is_found_and_made() -> None:
    """A good path gives the class; its arguments make an object."""
    assert import_class("collections.OrderedDict", dict) is __import__("collections").OrderedDict
    assert construct("fractions.Fraction", {"numerator": 3, "denominator": 4}, object) == 0.75


@pytest.mark.parametrize(
    ("path", "arguments", "message"),
    [
        ("nowhere.at.all.Class", {}, "the module can't be imported: No module named 'nowhere'"),
        ("collections.Missing", {}, "the module 'collections' has no 'Missing'"),
        ("collections.OrderedDict", {}, "must be a subclass of builtins.int; it is <class"),
        ("math.pi", {}, "must be a subclass of builtins.int; it is 3.14"),
        ("enum.IntEnum", {"colour": 1}, "could not be made with arguments {'colour': 1}: TypeError"),
    ],
)
def test_failures_say_what_was_given_and_expected(path: str, arguments: dict[str, int], message: str) -> None:
    """A missing module, a missing or wrong class, and refused arguments each have their message."""
    with pytest.raises(ComponentError, match=message):
        construct(path, arguments, int)
