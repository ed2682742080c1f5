"""Files are read in one place: whatever a file is, what is wrong with it is a fault with file and line."""

from __future__ import annotations

import gzip
import json
import lzma
import os
import socket
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.encoding import encodable
from tradespace.errors import FileError
from tradespace.files import beginning, expanded, json_value, parsing, read_bytes, read_text


def refusal(path: Path, most: int = 2**20) -> str:
    with pytest.raises(FileError) as raised:
        read_text(path, most)
    return str(raised.value)


class TestWhatIsRead:
    """Only regular files of a size that is known before."""

    def test_a_named_pipe_is_refused_before_it_is_opened(self, tmp_path: Path) -> None:
        """Opening it would wait for a writer who never comes."""
        os.mkfifo(tmp_path / "pipe.jsonl")
        assert refusal(tmp_path / "pipe.jsonl") == f"{tmp_path}/pipe.jsonl: must be a regular file; it is a named pipe"
        with pytest.raises(FileError, match="a named pipe"):
            beginning(tmp_path / "pipe.jsonl")

    def test_a_device_without_end_is_refused(self) -> None:
        """/dev/zero would fill the memory."""
        assert refusal(Path("/dev/zero")) == "/dev/zero: must be a regular file; it is a device"

    def test_a_link_to_a_device_is_a_device(self, tmp_path: Path) -> None:
        """What counts is what would be read."""
        (tmp_path / "a.txt").symlink_to("/dev/zero")
        assert "it is a device" in refusal(tmp_path / "a.txt")

    def test_a_socket_and_a_folder_are_refused(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Each by its name."""
        monkeypatch.chdir(tmp_path)
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("socket")
            assert refusal(Path("socket")) == "socket: must be a regular file; it is a socket"
        assert "it is a folder" in refusal(tmp_path)

    def test_a_file_that_is_too_large_is_not_read(self, tmp_path: Path) -> None:
        """A terabyte of nothing takes no room on the disk, and would take all memory."""
        with (tmp_path / "large.txt").open("wb") as file:
            file.truncate(2**40)
        assert "at most 4,294,967,296 bytes; it has 1,099,511,627,776 bytes. Split it" in refusal(
            tmp_path / "large.txt", 2**32
        )

    @pytest.mark.parametrize("packed", [gzip.compress, lzma.compress])
    def test_a_small_file_that_unfolds_to_a_large_one_is_refused(self, packed: object, tmp_path: Path) -> None:
        """The bound holds for what is unpacked, and unpacking ends there."""
        path = tmp_path / f"a.jsonl{'.gz' if packed is gzip.compress else '.xz'}"
        path.write_bytes(packed(b"0" * 2**22))  # type: ignore[operator]
        assert "at most 1,048,576 bytes; it unfolds to more" in refusal(path)
        assert len(read_bytes(path, 2**22)) == 2**22

    @pytest.mark.parametrize("name", ["missing", "x" * 300, "a\x00b", "\udcff"])
    def test_a_name_that_no_file_has_is_a_fault(self, name: str, tmp_path: Path) -> None:
        """Missing, too long, with a zero in it, or not encodable."""
        assert "the file cannot be read" in refusal(tmp_path / name)

    def test_a_home_that_nobody_has_is_a_fault(self) -> None:
        """`~nobody-of-that-name/x` is no traceback; `~/x` is below one's own home."""
        with pytest.raises(FileError, match="after ~ there must be nothing or a user of this machine"):
            expanded("~nobody-of-that-name/x")
        assert expanded("~/x") == Path.home() / "x"


class TestText:
    """Text is UTF-8; of other text it is said what it seems to be."""

    @pytest.mark.parametrize(
        ("content", "advice"),
        [
            ("Ogród".encode("cp1252", "replace") + b"\xf3", "iconv -f WINDOWS-1252"),
            ("Ogród".encode("utf-16"), "iconv -f UTF-16 "),
            ("\ufeffOgród".encode("utf-16-be"), "iconv -f UTF-16 "),
            ("question,answer\nWhat?,That".encode("utf-16-le"), "iconv -f UTF-16LE"),
            ("question,answer\nWhat?,Ogród".encode("utf-16-be"), "iconv -f UTF-16BE"),
            ("Ogród".encode("utf-32"), "iconv -f UTF-32"),
            (b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        ", "AppleDouble file, which macOS writes"),
            (b"PK\x03\x04\xff", "ZIP archive, as Word and Excel write"),
            (b"%PDF-1.7\n%\xe2\xe3", "it is a PDF"),
            (gzip.compress(b"text", mtime=0), "compressed by gzip; unpack it"),
            (b"PAR1\x00\xff", "it is a Parquet file"),
        ],
    )
    def test_the_advice_fits_what_the_file_is(self, content: bytes, advice: str, tmp_path: Path) -> None:
        """Converting from WINDOWS-1252 is no help for what was never text, or is UTF-16."""
        (tmp_path / "a.txt").write_bytes(content)
        message = refusal(tmp_path / "a.txt")
        assert advice in message
        assert ": the file must be " in message

    def test_a_stray_zero_is_no_fault(self, tmp_path: Path) -> None:
        """What was extracted from a PDF may hold one."""
        (tmp_path / "a.txt").write_bytes(b"A long text with \x00 in it")
        assert read_text(tmp_path / "a.txt") == "A long text with \x00 in it"

    @given(st.text(st.characters()), st.binary(max_size=40), st.sampled_from(["", ".gz", ".xz"]))
    def test_any_bytes_are_text_or_a_fault(self, text: str, noise: bytes, suffix: str) -> None:
        """Cut, flipped or invented: nothing else is ever raised, packed or not."""
        packed = {"": bytes, ".gz": gzip.compress, ".xz": lzma.compress}[suffix](encodable(text).encode())
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"a{suffix}"
            for content in (
                packed,
                packed[: len(packed) // 2],
                noise,
                bytes(one ^ 8 for one in packed),
                packed + noise,
            ):
                path.write_bytes(content)
                try:
                    assert isinstance(read_text(path), str)
                except FileError as error:
                    assert error.faults[0].where.startswith(str(path))

    @given(st.text(st.characters()))
    def test_every_text_becomes_encodable_and_whole_ones_stay(self, text: str) -> None:
        """Pairs of surrogates become the character that they stand for, halves U+FFFD, all else stays."""
        whole = encodable(text)
        assert whole.encode().decode() == whole
        if not any("\ud800" <= one <= "\udfff" for one in text):
            assert whole == text


class TestJSON:
    """One JSON value, or a fault with its line."""

    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            ('{"a":\n1,}', "f:11: must be one whole JSON value"),
            ('{"a":\n[1,', "f:11: must be one whole JSON value (Expecting value); the file may be cut short"),
            ('{"a":\n' + "9" * 5000 + "}", "f:11: cannot be read (Exceeds the limit"),
            ("[" * 100_000, "f:10: the JSON value is nested too deeply"),
            ('{"a": 1, "b": 2, "a": 3}', "f:10: cannot be read (the field 'a' is given twice; keep one)"),
        ],
    )
    def test_what_is_wrong_is_said_with_its_line(self, text: str, fault: str) -> None:
        """The lines of a value that starts in line 10."""
        with pytest.raises(FileError) as raised:
            json_value(text, Path("f"), 10)
        assert str(raised.value).startswith(fault)

    def test_what_json_does_not_know_is_null(self) -> None:
        """Pandas and Python write NaN where nothing is known."""
        assert json_value('{"a": NaN, "b": [-Infinity]}', Path("f")) == {"a": None, "b": [None]}

    @given(
        st.recursive(st.none() | st.integers() | st.text(), lambda one: st.lists(one) | st.dictionaries(st.text(), one))
    )
    def test_what_json_writes_is_read(self, value: object) -> None:
        """Any plain value."""
        assert json_value(json.dumps(value), Path("f")) == value


@pytest.mark.parametrize("error", [KeyError("x"), RecursionError(), OverflowError(), AttributeError(), MemoryError()])
def test_whatever_a_parser_raises_is_a_fault(error: Exception) -> None:
    """Parsers raise all sorts of things for damaged files; a fault says what the file must be."""
    with pytest.raises(FileError, match=r"^f:3: must be a table"), parsing("a table", "f:3"):
        raise error
