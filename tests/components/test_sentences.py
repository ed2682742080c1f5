"""Where sentences begin and end."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.components.sentences import _BOUNDARY, sentence_spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "expected",
    [
        ["One.", "Two!", "Three?", "Four"],
        ["Dr. No met Mr. Bond in Jan. 1962.", "He left."],
        ["J. R. R. Tolkien wrote it (in 1937).", '"It sold well."', "[Citation needed.]"],
        ["It grew by 3.5 percent, e.g. in Paris.", "Then it fell..."],
        ["Été comme hiver.", "Über alles."],
        ["A title without a stop", "Another paragraph."],
    ],
)
def test_english_prose_is_cut_as_expected(expected: list[str]) -> None:
    """Abbreviations, initials, decimals, quotes and brackets are no obstacles."""
    separator = "\n\n" if expected[0].startswith("A title") else " "
    assert sentences(separator.join(expected)) == expected


def test_japanese_needs_no_space() -> None:
    """Full-width stops end sentences too."""
    assert sentences("短い文。次の文！") == ["短い文。", "次の文！"]


@given(st.text(alphabet=st.sampled_from("aB1 .!?\n\"'(“。é"), max_size=200) | st.text(max_size=200))
def test_nothing_but_space_is_lost(text: str) -> None:
    """Spans are in order, apart, trimmed, and hold every character that is not space."""
    spans = sentence_spans(text)
    reached = 0
    for start, end in spans:
        assert reached <= start < end
        assert text[start:end] == text[start:end].strip()
        assert not text[reached:start].strip()
        reached = end
    assert not text[reached:].strip()


NAIVE = re.compile(r"""(?:[.!?…]+["'”’)\]]*\s+(?=["'“‘(\[]*[A-Z0-9À-Þ])|[。！？]+\s*|\s*\n\s*\n\s*)""")
"""The same rule without care for how long a run of marks or of space is."""


@given(st.text(alphabet="aB1.!?…\"')(  \n\t\u3000。！", max_size=60))
def test_runs_are_matched_as_the_naive_rule_does(text: str) -> None:
    """Only faster: whole or not at all."""
    assert [boundary.span() for boundary in _BOUNDARY.finditer(text)] == [
        boundary.span() for boundary in NAIVE.finditer(text)
    ]


@pytest.mark.parametrize("unit", [".", " ", "?!", "\t \n", "。", "('", "word", "A. "])
def test_a_megabyte_of_anything_is_cut(unit: str) -> None:
    """In time that grows with its length: tried from each character of a run, it would take hours."""
    text = f"Begun{unit * (1_000_000 // len(unit))}ended"
    spans = sentence_spans(text)
    assert spans[0][0] == 0
    assert spans[-1][1] == len(text)
