"""Texts of any script are cut into what can be searched and compared."""

from __future__ import annotations

import unicodedata

import bm25s
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.segmentation import canonical, is_foreign, script_runs, search_terms, unspaced_share


@given(st.text(st.characters(max_codepoint=127)))
def test_english_terms_are_those_of_bm25s(text: str) -> None:
    """Words of two letters or more, in lower case, as the library's own tokenizer finds them."""
    (expected,) = bm25s.tokenize([text], stopwords=[], return_ids=False, show_progress=False)
    assert search_terms(text) == expected


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("东京塔在2020年", ["东京", "京塔", "塔在", "2020", "年"]),
        ("ラーメン ﾗｰﾒﾝ", ["ラー", "ーメ", "メン"] * 2),
        ("กรุงเทพ", ["กรุ", "รุง", "งเ", "เท", "ทพ"]),
        ("서울은", ["서울", "울은"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("naïve re\u0301sume\u0301", ["naïve", "résumé"]),
        ("水", ["水"]),
    ],
)
def test_terms_of_other_scripts(text: str, terms: list[str]) -> None:
    """Pairs of characters where there are no spaces; elsewhere words, with their marks."""
    assert search_terms(text) == terms


@given(st.text())
def test_terms_of_nfc_and_nfd_are_one(text: str) -> None:
    """However a text is composed, it has the same terms."""
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert search_terms(composed) == search_terms(decomposed)


@given(st.text())
def test_nothing_is_lost_in_runs(text: str) -> None:
    """Runs are the text, cut."""
    assert "".join(script_runs(text)) == text
    assert canonical(canonical(text)) == canonical(text)


@pytest.mark.parametrize(
    ("text", "foreign"), [("“Paris” – €5 😀 10½", False), ("Ｐａｒｉｓ", True), ("«Paris»", True), ("π", True)]
)
def test_what_english_is_never_written_with(text: str, foreign: bool) -> None:
    """Letters of other scripts, wide letters and other quotation marks are foreign; curly quotes and emoji are not."""
    assert is_foreign(text) is foreign


def test_the_share_of_letters_without_spaces() -> None:
    """Letters are counted, nothing else is."""
    assert unspaced_share(["abcd", "北京, 2008!!"]) == pytest.approx(2 / 6)
    assert unspaced_share(["123 ..."]) == unspaced_share([]) == 0
    assert unspaced_share(["ภาษาไทยที่ดี"]) == 1
