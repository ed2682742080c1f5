"""English is compared exactly as by SQuAD's script, Chinese as by MLQA's, other scripts likewise."""

from __future__ import annotations

import re
import string
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.components.sentences import sentence_spans
from tradespace.data.bundled.wikipedia import wikipedia
from tradespace.evals.measures import measure
from tradespace.evals.measures.normalisation import normalised_words
from tradespace.segmentation import is_foreign


def squad(text: str) -> list[str]:
    """`normalize_answer` of SQuAD's evaluate-v2.0.py, split."""
    plain = "".join(character for character in text.lower() if character not in set(string.punctuation))
    return re.sub(re.compile(r"\b(a|an|the)\b", re.UNICODE), " ", plain).split()


PUNCTUATION = {chr(i) for i in range(sys.maxunicode) if unicodedata.category(chr(i)).startswith("P")}.union(
    string.punctuation
)


def mlqa_chinese(text: str) -> list[str]:
    """`normalize_answer` of mlqa_evaluation_v1.py for Chinese: mixed segmentation."""
    plain = "".join(character for character in text.lower() if character not in PUNCTUATION)
    segments, other = [], ""
    for character in plain:
        if re.search(r"[\u4e00-\u9fa5]", character):
            segments += [*other.split(), character]
            other = ""
        else:
            other += character
    return [*segments, *other.split()]


@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_is_normalised_as_by_squad(text: str) -> None:
    """Whatever is typed on an English keyboard has the words of SQuAD's script."""
    assert list(normalised_words(text)) == squad(text)


@pytest.mark.parametrize("text", ["“Saxon”–Garden, the 1939–1945 war …", "Beyoncé’s 10½ km² – an é", "€5 😀"])
def test_english_typography_stays_as_squad_leaves_it(text: str) -> None:
    """Curly quotes, dashes and fractions are no punctuation to SQuAD's script, and so none here."""
    assert list(normalised_words(text)) == squad(text)


def test_bundled_english_has_the_words_of_squad() -> None:
    """Every accepted answer and sentence in Latin letters; but é may be one character there and two here."""
    dataset = wikipedia("xquad")
    texts = [answer for question in dataset.questions for answer in question.answers]
    for document in dataset.documents[:400]:
        texts += [document.text[start:end] for start, end in sentence_spans(document.text)]
    english = [text for text in texts if not is_foreign(text)]
    assert len(english) > 0.98 * len(texts)
    assert [list(normalised_words(text)) for text in english] == [
        squad(unicodedata.normalize("NFC", text)) for text in english
    ]


@given(
    st.text(st.sampled_from("北京上海市人口约 2008xyz,。《》、“”·…—")).filter(
        lambda text: re.search("[\u4e00-\u9fa5]", text)
    )
)
def test_chinese_is_normalised_as_by_mlqa(text: str) -> None:
    """Characters one by one, numbers and Latin words whole, no punctuation. Only English articles go here, too."""
    assert list(normalised_words(text)) == mlqa_chinese(text)


@pytest.mark.parametrize(
    ("given", "accepted"),
    [
        ("北京。", "北京"),
        ("「东京」", "东京"),
        ("ＮＡＳＡ２０２０", "NASA2020"),
        ("ﾀｺﾔｷ", "タコヤキ"),
        ("กรุงเทพฯ", "กรุงเทพ ฯ"),
        ("नई दिल्ली।", "नई दिल्ली"),
        ("القاهرة؟", "القاهرة"),
        ("¿Madrid?", "Madrid"),
        ("« Paris »", "Paris"),
        ("ភ្នំ\u200bពេញ", "ភ្នំពេញ"),
    ],
)
def test_what_reads_alike_is_the_same_answer(given: str, accepted: str) -> None:
    """Punctuation, width and invisible characters of any script make no other answer."""
    assert measure("answer_em").grade(given, [accepted]) == 1  # type: ignore[attr-defined]


@given(st.text(st.sampled_from("éüñがぱむй가나 aZ")))
def test_composed_and_decomposed_are_one(text: str) -> None:
    """NFC and NFD of a text have the same words."""
    assert normalised_words(unicodedata.normalize("NFC", text)) == normalised_words(unicodedata.normalize("NFD", text))


@pytest.mark.parametrize(
    ("given", "accepted", "contained", "f1"),
    [
        ("たこ焼きが名物である。", "たこ焼き", 1, 4 / 7),
        ("大阪市が2008年に", "2008年", 1, 4 / 9),
        ("ประเทศไทยมีประชากร", "ไทย", 1, 6 / 20),
        ("上海", "北京", 0, 0),
        ("北京市", "北京", 1, 4 / 5),
    ],
)
def test_parts_of_answers_without_spaces_count(given: str, accepted: str, contained: float, f1: float) -> None:
    """An answer is found in a sentence without spaces, and F1 counts characters."""
    assert measure("answer_contained").grade(given, [accepted]) == contained  # type: ignore[attr-defined]
    assert measure("answer_f1").grade(given, [accepted]) == pytest.approx(f1)  # type: ignore[attr-defined]
