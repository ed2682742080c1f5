"""What holds for every parser of files, whatever their format."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from tradespace.errors import FileError
from tradespace.parsing import FileParser, ParsedDocument

WHERE = "folder/file"


def sound(parsed: ParsedDocument) -> bool:
    """Whether headings and pages of what was read begin in its text, in order."""
    places = [heading.start for heading in parsed.headings]
    in_order = all(first <= second for each in (places, parsed.pages) for first, second in pairwise(each))
    inside = all(0 <= place <= len(parsed.text) for place in (*places, *parsed.pages))
    levelled = all(heading.level >= 1 and heading.text.strip() for heading in parsed.headings)
    return in_order and inside and levelled


class FileParserContract:
    """Inherit it; parametrize `parser`, and `content` with the bytes of a file that it reads."""

    def test_its_files_end_in_lower_case(self, parser: FileParser, content: bytes) -> None:
        """They are found by the ends of their names, which are compared in lower case."""
        assert parser.suffixes
        assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in parser.suffixes)

    def test_a_file_gives_text_and_where_its_parts_begin(self, parser: FileParser, content: bytes) -> None:
        """Reading it twice gives the same."""
        parsed = parser.parse(content, WHERE + parser.suffixes[0])
        assert parsed.text.strip()
        assert sound(parsed)
        assert parser.parse(content, WHERE + parser.suffixes[0]) == parsed

    @pytest.mark.parametrize("seed", range(10))
    def test_any_damage_is_read_or_a_fault(self, parser: FileParser, content: bytes, seed: int) -> None:
        """Cut anywhere, or with any byte changed: nothing else is raised, and the fault names the file."""
        generator = random.Random(seed)
        place = generator.randrange(len(content))
        changed = content[:place] + generator.randbytes(1) + content[place + 1 :]
        for damaged in (content[:place], changed):
            try:
                assert sound(parser.parse(damaged, WHERE + parser.suffixes[0]))
            except FileError as error:
                assert all(fault.where.startswith(WHERE) for fault in error.faults)

    @pytest.mark.parametrize(
        "other",
        [b"\xff\xd8\xff\xe0 a picture", b"MZ\x90\x00 a program", b"\x00" * 100],
        ids=["picture", "program", "zeros"],
    )
    def test_what_is_something_else_is_a_fault_or_text(self, parser: FileParser, content: bytes, other: bytes) -> None:
        """Whatever its name says."""
        try:
            assert sound(parser.parse(other, WHERE + parser.suffixes[0]))
        except FileError as error:
            assert str(error).startswith(WHERE)
