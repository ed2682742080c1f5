"""Texts are read as they are; where their sections begin is told by what stands in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.errors import FileError
from tradespace.parsing.markdown import line_starts, markdown_headings
from tradespace.parsing.source_code import SourceCode, python_headings
from tradespace.parsing.text import PlainText
from tradespace.types import Heading


def test_text_is_read_as_it_is() -> None:
    """Marks of Markdown stay, and no headings are taken out of it: datasets of texts are what they were."""
    parsed = PlainText().parse("\ufeff# Returns\r\nText. ".encode(), "a.md")
    assert (parsed.text, parsed.headings, parsed.title) == ("# Returns\r\nText. ", (), "")


@pytest.mark.parametrize(
    ("text", "encoding", "seeming"),
    [
        ("Возврат товара возможен в течение тридцати дней после покупки в любом магазине сети. ", "cp1251", "CP1251"),
        ("返品は購入後三十日以内に限り受け付けております。領収書をお持ちください。", "shift_jis", "SHIFT-JIS|CP932"),
    ],
)
def test_what_another_encoding_seems_to_be_is_told(text: str, encoding: str, seeming: str) -> None:
    """With the command that converts it, for texts and source code."""
    for parser, name in ((PlainText(), "a.txt"), (SourceCode(), "a.c")):
        with pytest.raises(FileError, match=f"{name}:3: .*it seems to be (?:{seeming}); .*iconv -f (?:{seeming}) "):
            parser.parse(f"one\ntwo\n{text * 4}".encode(encoding), name)


def test_headings_of_markdown_are_commonmarks() -> None:
    """Those with marks, those that are underlined; none in code, quotations, lists or what stands before the text."""
    text = (
        "---\ntitle: no heading\n---\n# *First* one #\n\n```\n# code\n```\n\n"
        "Second\n======\n\n> # quoted\n\n- # in a list\n\n####### seven\n#hashtag\n\n### Third `part`"
    )
    found = markdown_headings(text)
    assert [(each.level, each.text) for each in found] == [(1, "First one"), (1, "Second"), (3, "Third part")]
    lines = [text[each.start :].split("\n", maxsplit=1)[0] for each in found]
    assert lines == ["# *First* one #", "Second", "### Third `part`"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way(end: str) -> None:
    """The place of a heading is in characters of the text as it is."""
    assert markdown_headings(f"a{end}{end}# B{end}") == (Heading(1 + 2 * len(end), 1, "B"),)


@given(st.text(st.sampled_from("#=- \n\rab`>"), max_size=60))
def test_any_text_has_headings_in_order(text: str) -> None:
    """Each at the beginning of a line."""
    starts = [heading.start for heading in markdown_headings(text)]
    assert starts == sorted(set(starts))
    assert set(starts) <= set(line_starts(text))


def test_classes_and_functions_of_python_are_sections() -> None:
    """Methods one level below their class; decorators belong to what they decorate."""
    code = (
        "import os\n\n@cache\ndef one():\n    def inner(): ...\n\nclass Two:\n    @property\n    def three(self): ...\n"
    )
    assert [(each.level, each.text) for each in python_headings(code)] == [
        (1, "def one"),
        (1, "class Two"),
        (2, "def three"),
    ]
    assert [code[each.start :].split("\n", maxsplit=1)[0] for each in python_headings(code)] == [
        "@cache",
        "class Two:",
        "    @property",
    ]


@pytest.mark.parametrize("code", ["def (", "print 5", "x = '\x00' + 'and more of it'", "(" * 10_000])
def test_python_that_is_none_is_read_without_sections(code: str) -> None:
    """Python 2, a template, or something else with this ending."""
    assert SourceCode().parse(code.encode(), "a.py").headings == ()


def test_other_languages_are_read_without_sections() -> None:
    """Their text is kept as it is."""
    parsed = SourceCode().parse(b"int main() {}\n", "a.c")
    assert (parsed.text, parsed.headings) == ("int main() {}\n", ())
