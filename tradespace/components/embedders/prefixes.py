"""What models were trained to find before a question or a passage, by the names of their families.

From the models' own cards: Wang et al. 2022 (E5), Xiao et al. 2023 (BGE), Nussbaum et al. 2024 (Nomic Embed), Li et al.
2023 (GTE), Merrick et al. 2024 (Arctic-Embed), Zhang et al. 2025 (Qwen3 Embedding), Vera et al. 2025 (EmbeddingGemma).
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import NamedTuple


class Prefixes(NamedTuple):
    """What stands before each question and before each passage."""

    query: str = ""
    document: str = ""


NO_PREFIXES = Prefixes()
_SENTENCE = Prefixes("Represent this sentence for searching relevant passages: ")
_INSTRUCTION = "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:"

PREFIXES_OF_FAMILIES: tuple[tuple[str, Prefixes], ...] = (
    (r"qwen3-embedding", Prefixes(_INSTRUCTION)),
    (r"(e5|gte)-.*instruct", Prefixes(f"{_INSTRUCTION} ")),
    (r"\be5-", Prefixes("query: ", "passage: ")),
    (r"bge-m3|bge-multilingual|bge-.*icl", NO_PREFIXES),
    (r"bge-.*zh", Prefixes("为这个句子生成表示以用于检索相关文章：")),
    (r"bge-.*en|mxbai-embed", _SENTENCE),
    (r"arctic-embed.*v2|arctic-embed2", Prefixes("query: ")),
    (r"arctic-embed", _SENTENCE),
    (r"nomic-embed-text", Prefixes("search_query: ", "search_document: ")),
    (r"embeddinggemma", Prefixes("task: search result | query: ", "title: none | text: ")),
)
"""The first pattern that is found in a model's name tells its prefixes. Others, as GTE's first ones, have none."""


def known_prefixes(model: str) -> Prefixes:
    """The prefixes of a model, by the last part of its name or folder; empty where the name tells none.

    >>> known_prefixes("intfloat/multilingual-e5-small"), known_prefixes("sentence-transformers/all-MiniLM-L6-v2")
    (Prefixes(query='query: ', document='passage: '), Prefixes(query='', document=''))
    """
    name = PurePath(model).name.lower().replace("_", "-")
    return next((prefixes for pattern, prefixes in PREFIXES_OF_FAMILIES if re.search(pattern, name)), NO_PREFIXES)
