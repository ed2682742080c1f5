"""The components that a space can come to use."""

from __future__ import annotations

from tests.search_space.small import Read
from tradespace.search_space.occurring import occurring
from tradespace.search_space.specification import load_text

FILE = """
name: n
data: {dataset: d}
pipeline:
  retrieve: {bm25: {k1: {from: 0.1, to: 0.2}, top_k: {from: 1, to: 1000}}}
  generate:
    llm:
      model: {replay: {recording: [a, b]}, openai: {model: m, timeout: {from: 1, to: 2}}}
      strategy: [direct, {program_of_thought: {k: {from: 1, to: 100}, isolated: [true, false]}}]
objectives: {f1: maximize}
search: {budget: {pipelines: 1}}
"""


def test_every_listed_value_of_a_setting_occurs() -> None:
    """Also in spaces without end, deep inside, and behind settings of many values."""
    parts = list(occurring(load_text(FILE).space.root))
    assert {part.recording for part in parts if part.name == "replay"} == {"a", "b"}  # type: ignore[attr-defined]
    assert {part.isolated for part in parts if part.name == "program_of_thought"} == {True, False}  # type: ignore[attr-defined]
    assert {part.name for part in parts} == {"bm25", "llm", "replay", "openai", "direct", "program_of_thought"}


def test_values_that_fit_only_some_others_occur_with_those(read: Read) -> None:
    """Here most of the overlaps are refused with the smaller sizes."""
    space = read("chunk: {cut: {size: [1, 9], overlap: [0, 8, 7]}}\nretrieve: words").space
    cuts = [part for part in occurring(space.root) if part.name == "cut"]
    assert {part.overlap for part in cuts} == {0, 7, 8}  # type: ignore[attr-defined]


def test_components_in_lists_occur(read: Read) -> None:
    """A setting may hold several."""
    space = read("retrieve: {both: {members: [words, {vectors: {index: graph}}]}}").space
    assert {part.name for part in occurring(space.root)} >= {"both", "words", "vectors", "graph"}
