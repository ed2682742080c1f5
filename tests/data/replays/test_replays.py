"""What is bundled is what was published."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.published import published_data
from tradespace.data import load_dataset
from tradespace.data.replays import IMPORTERS
from tradespace.data.replays.base import RecordedCompletions, shares, tokens_by_length, write_questions, write_recording
from tradespace.data.replays.game24 import USD_IN, USD_OUT
from tradespace.types import Completion, Question, Timed

SIZES = {"game24": 100, "aqua": 253, "humaneval": 164, "gsm8k": 1319, "primes": 1000}


@pytest.mark.parametrize(("name", "size"), SIZES.items())
def test_each_set_is_a_dataset_without_documents(name: str, size: int) -> None:
    """Every question has an accepted answer, and none is there twice: recordings are looked up by its text."""
    dataset = load_dataset(name)
    assert (len(dataset.questions), dataset.documents) == (size, ())
    assert len({question.text for question in dataset.questions}) == size
    assert all(question.answers for question in dataset.questions)


@given(total=st.integers(0, 10**6), weights=st.lists(st.integers(0, 10**4), min_size=1).filter(any))
def test_shares_sum_up_to_the_whole(total: int, weights: list[int]) -> None:
    """And none is further than one from its exact share."""
    cut = shares(total, weights)
    assert sum(cut) == total
    assert all(abs(one - total * weight / sum(weights)) < 1 for one, weight in zip(cut, weights, strict=True))


def test_a_recording_is_written_without_what_is_not_known(tmp_path: Path) -> None:
    """In the format that `replay` reads."""
    import lzma

    write_recording(
        [RecordedCompletions("who ?", [Timed(Completion("a", 1, 1), 0.5)], "think")], tmp_path / "one.jsonl.xz"
    )
    assert lzma.decompress((tmp_path / "one.jsonl.xz").read_bytes()).decode() == (
        '{"question":"who ?","kind":"think","completions":[{"text":"a","tokens_in":1,"tokens_out":1,"seconds":0.5}]}\n'
    )
    write_questions([Question("1", "who ?", ("a",))], tmp_path / "asked.jsonl.xz")
    assert b"who ?" in lzma.decompress((tmp_path / "asked.jsonl.xz").read_bytes())


def test_tokens_are_estimated_by_length() -> None:
    """Four characters each, rounded up."""
    assert [tokens_by_length("a" * length) for length in (0, 1, 4, 5)] == [0, 1, 1, 2]


PUBLISHED = published_data()


@pytest.mark.skipif(not (PUBLISHED / "game24").is_dir(), reason="the published files are not here")
@pytest.mark.parametrize("name", IMPORTERS)
def test_importing_makes_what_is_bundled(name: str) -> None:
    """Where the published files are at hand, the bundled questions are those of the importer."""
    replay = IMPORTERS[name](PUBLISHED / name)
    bundled = {question for dataset in SIZES for question in load_dataset(dataset).questions}
    assert set(replay.questions) <= bundled
    assert all(recorded.completions for rows in replay.recordings.values() for recorded in rows)


@pytest.mark.skipif(not (PUBLISHED / "game24").is_dir(), reason="the published files are not here")
def test_dollars_of_game24_sum_up_to_those_recorded() -> None:
    """The last counters read $13.80, and $32.17 for the chains since the 33rd puzzle, when theirs started anew."""
    recorded = list(IMPORTERS["game24"](PUBLISHED / "game24").recordings["gpt-4"])
    direct, chains = (
        [sum(one.usd or 0.0 for one in row.completions if isinstance(one, Completion)) for row in rows]
        for rows in (recorded[:100], recorded[100:])
    )
    assert sum(direct) == pytest.approx(13.80048) == pytest.approx(100_000 * USD_IN + 180_008 * USD_OUT)
    assert sum(chains[32:]) == pytest.approx(32.17008)
    assert sum(chains) == pytest.approx(14.87664 + 32.17008)
