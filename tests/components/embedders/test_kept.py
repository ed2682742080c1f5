"""What was made of texts is kept by text: each is encoded once, and what is damaged is encoded again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.components.test_store import flip
from tests.processes import read_only
from tradespace.components.embedders.kept import Arrays, KeptTexts, kept_texts
from tradespace.components.store import ArtefactStore

ENCODED: list[str] = []
"""Every text that was encoded since the test began."""


@pytest.fixture(autouse=True)
def _count_anew() -> None:
    ENCODED.clear()


def encode(texts: Sequence[str]) -> Arrays:
    """A text's length and first letter, and a row for each of its letters."""
    ENCODED.extend(texts)
    letters = [ord(letter) for text in texts for letter in text]
    return {
        "vectors": np.array([[len(text), ord(text[0])] for text in texts], np.float32),
        "letters": np.array(letters, np.int32).reshape(-1, 1),
        "offsets": np.cumsum([0, *map(len, texts)]),
    }


def kept(folder: Path, texts: Sequence[str]) -> KeptTexts:
    """Ask a new store, as a new process does."""
    return kept_texts(ArtefactStore(folder), "lengths", texts, encode)


def check(texts: Sequence[str], kept: KeptTexts) -> None:
    np.testing.assert_array_equal(kept.rows("vectors", texts), encode(texts)["vectors"])
    for text in texts:
        assert kept.row("vectors", text)[0] == len(text)
        assert "".join(map(chr, kept.part("letters", text)[:, 0])) == text


some_texts = st.lists(st.text("abcü ", min_size=1, max_size=4), min_size=1, max_size=6)


@given(chunkings=st.lists(some_texts, min_size=1, max_size=4))
def test_each_text_is_encoded_once_and_found_again(
    chunkings: list[list[str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """However many chunkings have it, in whatever order and how often."""
    folder = tmp_path_factory.mktemp("kept")
    ENCODED.clear()
    for texts in [*chunkings, *chunkings]:
        kept(folder, texts)
    assert sorted(ENCODED) == sorted({text for texts in chunkings for text in texts})
    for texts in chunkings:
        check(texts, kept(folder, texts))


def test_a_single_chunking_is_memory_mapped(tmp_path: Path) -> None:
    """Nothing is copied where the rows stand in order."""
    assert isinstance(kept(tmp_path, ["a", "bc"]).rows("vectors", ["a", "bc"]), np.memmap)


def test_embedders_keep_theirs_apart(tmp_path: Path) -> None:
    """What another one made of a text is not taken."""
    kept_texts(ArtefactStore(tmp_path), "lengths", ["a"], encode)
    kept_texts(ArtefactStore(tmp_path), "others", ["a"], encode)
    assert ENCODED == ["a", "a"]


def test_texts_of_a_damaged_segment_are_encoded_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Those alone, with a line that says so; nothing damaged is left."""
    kept(tmp_path, ["a", "bc"])
    kept(tmp_path, ["bc", "def"])
    ENCODED.clear()
    (damaged,) = (folder for folder in tmp_path.iterdir() if len(np.load(folder / "vectors.npy")) == 2)
    flip(damaged / "vectors.npy")
    assert len(caplog.messages) == 0
    check(["bc", "def"], kept(tmp_path, ["bc", "def"]))
    assert ENCODED[0] == "bc"
    assert "def" not in ENCODED[: ENCODED.index("bc") + 1]
    (line,) = caplog.messages
    assert "lengths in " in line
    assert "vectors.npy is not what was written" in line
    assert not damaged.exists()


def test_texts_are_found_where_nothing_can_be_written(tmp_path: Path) -> None:
    """What is missing is kept elsewhere, for as long as the store."""
    kept(tmp_path, ["a", "bc"])
    before = sorted(tmp_path.rglob("*"))
    ENCODED.clear()
    with read_only(tmp_path):
        store = ArtefactStore(tmp_path)
        for _ in range(2):
            texts = kept_texts(store, "lengths", ["bc", "def"], encode)
            assert texts.row("vectors", "def")[0] == 3
    assert ENCODED == ["def"]
    assert sorted(tmp_path.rglob("*")) == before
