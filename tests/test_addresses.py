"""Content addresses: equal content, equal digest, and nothing else is."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tradespace.addresses import digest, file_digest, weights_of


@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_digests_tell_sequences_apart(left: list[str], right: list[str]) -> None:
    """Two sequences of texts have the same digest only if they are equal, wherever their borders lie."""
    assert (digest(left) == digest(right)) == (left == right)


def test_a_file_is_known_by_its_bytes(tmp_path: Path) -> None:
    """The digest is SHA-256, as any other tool computes it."""
    (tmp_path / "file").write_bytes(b"abc")
    assert file_digest(tmp_path / "file") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_the_weights_of_a_folder_are_its_files(tmp_path: Path) -> None:
    """Other bytes, or another name, are other weights; where the folder lies does not matter."""
    for folder, name, content in (
        ("a", "model", b"1"),
        ("b", "model", b"1"),
        ("c", "model", b"2"),
        ("d", "other", b"1"),
    ):
        (tmp_path / folder / "deep").mkdir(parents=True)
        (tmp_path / folder / "deep" / name).write_bytes(content)
    weights = {folder: weights_of(str(tmp_path / folder)) for folder in "abcd"}
    assert weights["a"] == weights["b"]
    assert len(set(weights.values())) == 3


def test_weights_that_are_written_anew_are_read_anew(tmp_path: Path) -> None:
    """A file that changed in place, in the same process, has another digest, even at the same length."""
    (tmp_path / "model").write_bytes(b"1")
    before = weights_of(str(tmp_path))
    (tmp_path / "model").write_bytes(b"2")
    assert weights_of(str(tmp_path)) != before


def test_a_model_of_a_hub_has_no_weights_here() -> None:
    """What is not a folder on this machine has no checksum."""
    assert weights_of("Qwen/Qwen3-8B") == ""
