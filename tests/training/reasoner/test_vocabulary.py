"""Specification of the reasoners' tokenizer and chat template."""

from itertools import islice
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from training.reasoner.conversations import Turn, conversation, sums
from training.reasoner.vocabulary import build_tokenizer, save_tokenizer, words

TOKENIZER = build_tokenizer()


def _turns(seed: int) -> list[Turn]:
    return [*islice(conversation(Random(seed), seed % 11 / 10), 5), *islice(sums(Random(seed)), 2)]


@given(st.integers(0, 2**41))
def test_everything_that_training_writes_is_in_the_vocabulary(seed: int) -> None:
    """No word of a conversation is unknown."""
    for turn in _turns(seed):
        ids = TOKENIZER(f"{turn.asked} {turn.mode} {turn.written}", add_special_tokens=False).input_ids
        assert TOKENIZER.unk_token_id not in ids


@given(st.integers(0, 2**41))
def test_decoding_gives_the_written_text_back(seed: int) -> None:
    """What a model writes reads like what it was trained on: numbers joined, punctuation attached."""
    for turn in _turns(seed):
        ids = TOKENIZER(turn.written, add_special_tokens=False).input_ids
        assert TOKENIZER.decode(ids) == turn.written


def test_nothing_decodes_to_nothing() -> None:
    """An answer that ends at once is an empty text, not a crash."""
    assert TOKENIZER.decode([]) == ""
    assert TOKENIZER.decode([TOKENIZER.eos_token_id], skip_special_tokens=True) == ""


@given(st.integers(0, 10**6))
def test_digits_are_single_tokens(number: int) -> None:
    """A number has as many tokens as digits, so that sums can be worked digit by digit."""
    assert TOKENIZER.tokenize(str(number)) == list(str(number))


def test_names_are_single_tokens_and_few() -> None:
    """The vocabulary is small enough for tiny models."""
    assert len(TOKENIZER) == len(words()) < 600
    assert TOKENIZER.tokenize("Marina lives in Ashford.") == ["marina", "lives", "in", "ashford", "."]


def test_the_chat_template_is_the_format_of_training() -> None:
    """System message: the mode, rendered after the question; without one the mode is direct."""
    messages = [{"role": "system", "content": "think"}, {"role": "user", "content": "question: who?"}]
    rendered = TOKENIZER.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    assert rendered == "<s> <|user|> question: who? <|system|> think <|assistant|>"
    plain = TOKENIZER.apply_chat_template(messages[1:], tokenize=False, add_generation_prompt=True)
    assert plain == "<s> <|user|> question: who? <|system|> direct <|assistant|>"


def test_a_conversation_of_several_turns_renders_as_trained() -> None:
    """Answers end with the end token, and further questions follow without repeating the passages."""
    messages = [
        {"role": "system", "content": "think"},
        {"role": "user", "content": "question: who?"},
        {"role": "assistant", "content": "answer: marina"},
        {"role": "user", "content": "question: how old?"},
    ]
    assert TOKENIZER.apply_chat_template(messages, tokenize=False) == (
        "<s> <|user|> question: who? <|system|> think <|assistant|> answer: marina <|end|>"
        " <|user|> question: how old? <|system|> think <|assistant|>"
    )


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> PreTrainedTokenizerFast:
    folder: Path = tmp_path_factory.mktemp("tokenizer")
    save_tokenizer(folder)
    return AutoTokenizer.from_pretrained(folder)


def test_the_saved_tokenizer_loads_as_the_same(saved: PreTrainedTokenizerFast) -> None:
    """The files alone carry ids, special tokens and template."""
    messages = [{"role": "user", "content": "* Marina is aged 47. question: how old is Marina?"}]
    assert saved.get_vocab() == TOKENIZER.get_vocab()
    assert saved.apply_chat_template(messages) == TOKENIZER.apply_chat_template(messages)
    assert (saved.eos_token, saved.pad_token, saved.bos_token) == ("<|end|>", "<pad>", "<s>")
