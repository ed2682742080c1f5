"""The tokenizer of the tiny reasoners: one token per word, one per digit, lower case, and a chat template."""

import json
import re
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tradespace.data.microworld.solutions import MODES
from tradespace.data.microworld.words import ENTITY_NAMES, MORE, MOST, REGIONS, RELATIONS

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

PAD, BEGIN, USER, SYSTEM, ASSISTANT, END, UNKNOWN_WORD = SPECIAL = (
    "<pad>", "<s>", "<|user|>", "<|system|>", "<|assistant|>", "<|end|>", "<unk>",
)  # fmt: skip
FUNCTION_WORDS: Final = re.findall(
    "[a-z]+",
    "what is the of and how many or who whose does do in plus sum difference between live work for and tell "
    "question proposed answer unknown none yes no most documents",
)
SYMBOLS: Final = list("0123456789.,:?+-<>=*")

# The system message is rendered after the user's, so that passages and question share one prefix in every mode.
CHAT_TEMPLATE: Final = (
    "{%- set ns = namespace(mode='direct') -%}{{ '<s>' }}"
    "{%- for m in messages -%}"
    "{%- if m['role'] == 'system' -%}{%- set ns.mode = m['content'] -%}{%- endif -%}"
    "{%- endfor -%}"
    "{%- for m in messages -%}"
    "{%- if m['role'] == 'user' -%}{{ ' <|user|> ' + m['content'] + ' <|system|> ' + ns.mode + ' <|assistant|>' }}"
    "{%- elif m['role'] == 'assistant' -%}{{ ' ' + m['content'] + ' <|end|>' }}{%- endif -%}"
    "{%- endfor -%}"
)


def words() -> list[str]:
    """Return every word that the generator of microworld can write, in a fixed order, special tokens first."""
    relations = list(chain.from_iterable(RELATIONS.values()))
    texts = [*(c for r in relations for c in (*r.clauses, r.question, r.noun)), *MORE.values(), *MOST.values()]
    written = re.findall(r"[a-z]+", " ".join(texts))
    names = chain.from_iterable(ENTITY_NAMES.values())
    ordered = [*SPECIAL, *SYMBOLS, *MODES, *FUNCTION_WORDS, *sorted(set(written)), *REGIONS, *names]
    return list(dict.fromkeys(ordered))


def build_tokenizer() -> "PreTrainedTokenizerFast":
    """Build the tokenizer: words, single digits and single punctuation marks; decoding joins the digits again."""
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    vocabulary = {word: number for number, word in enumerate(words())}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token=UNKNOWN_WORD))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Punctuation("isolated"),
            pre_tokenizers.Split(Regex(r"[+<>=\d]"), "isolated"),
        ]
    )
    tokenizer.decoder = decoders.Sequence(
        [
            decoders.Replace(Regex(r"\A(?=.)"), " "),
            decoders.Fuse(),
            decoders.Replace(Regex(r"(?<=\d) (?=\d)"), ""),
            decoders.Replace(Regex(r" (?=[.,:?])|\A +| +\z"), ""),
        ]
    )
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer, bos_token=BEGIN, eos_token=END, pad_token=PAD, unk_token=UNKNOWN_WORD,
        additional_special_tokens=[USER, SYSTEM, ASSISTANT], chat_template=CHAT_TEMPLATE,
        clean_up_tokenization_spaces=False, model_max_length=1024,
    )  # fmt: skip


def save_tokenizer(folder: Path) -> None:
    """Write tokenizer.json and tokenizer_config.json, chat template included, into a weights folder."""
    tokenizer = build_tokenizer()
    tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
    # Written by hand, in the words that transformers 4 (which vLLM may bring along) and 5 both read.
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": BEGIN,
        "eos_token": END,
        "pad_token": PAD,
        "unk_token": UNKNOWN_WORD,
        "model_max_length": 1024,
        "clean_up_tokenization_spaces": False,
        "chat_template": CHAT_TEMPLATE,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=2) + "\n")
