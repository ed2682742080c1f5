"""A corpus written without spaces is noticed when it is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradespace.data import read_dataset
from tradespace.data.scripts import script_faults
from tradespace.types import Document


@pytest.mark.parametrize("text", ["大阪ではたこ焼きが名物である。", "北京市的人口约为两千一百万。", "กรุงเทพมหานคร"])
def test_a_corpus_without_spaces_is_noticed(text: str, tmp_path: Path) -> None:
    """Reading it says how much of it, what is done about it, and which components know English only."""
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents/one.txt").write_text(f"{text} (en)", encoding="utf-8")
    (tmp_path / "questions.jsonl").write_text('{"question": "?", "answer": "!"}', encoding="utf-8")
    (fault,) = read_dataset(str(tmp_path)).faults
    assert "without spaces" in fault.message
    assert "minilm" in fault.message
    assert fault.where == tmp_path.name


def test_a_few_foreign_names_are_no_such_corpus() -> None:
    """English with some Chinese in it, Korean, Hindi and texts without letters are not spoken of."""
    for text in (
        "Beijing (北京) is the capital of China.",
        "서울은 대한민국의 수도이다.",
        "नई दिल्ली भारत की राजधानी है।",
        "12 + 4",
    ):
        assert script_faults([Document("d", text)], "d") == ()
    assert script_faults([], "d") == ()
