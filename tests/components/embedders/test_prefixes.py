"""Prefixes of models that are known by name, as their cards say."""

from __future__ import annotations

import pytest

from tradespace.components.embedders.prefixes import Prefixes, known_prefixes

SENTENCE = "Represent this sentence for searching relevant passages: "
SEARCH = "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:"


@pytest.mark.parametrize(
    ("model", "query", "document"),
    [
        ("intfloat/e5-small-v2", "query: ", "passage: "),
        ("intfloat/multilingual-e5-large", "query: ", "passage: "),
        ("/models/multilingual-e5-small", "query: ", "passage: "),
        ("intfloat/multilingual-e5-large-instruct", f"{SEARCH} ", ""),
        ("intfloat/e5-mistral-7b-instruct", f"{SEARCH} ", ""),
        ("Alibaba-NLP/gte-Qwen2-1.5B-instruct", f"{SEARCH} ", ""),
        ("thenlper/gte-base", "", ""),
        ("Alibaba-NLP/gte-multilingual-base", "", ""),
        ("BAAI/bge-small-en-v1.5", SENTENCE, ""),
        ("BAAI/bge-large-zh-v1.5", "为这个句子生成表示以用于检索相关文章：", ""),
        ("BAAI/bge-m3", "", ""),
        ("mixedbread-ai/mxbai-embed-large-v1", SENTENCE, ""),
        ("Snowflake/snowflake-arctic-embed-m-v1.5", SENTENCE, ""),
        ("Snowflake/snowflake-arctic-embed-l-v2.0", "query: ", ""),
        ("nomic-ai/nomic-embed-text-v1.5", "search_query: ", "search_document: "),
        ("nomic-embed-text", "search_query: ", "search_document: "),
        ("Qwen/Qwen3-Embedding-0.6B", SEARCH, ""),
        ("google/embeddinggemma-300m", "task: search result | query: ", "title: none | text: "),
        ("sentence-transformers/all-MiniLM-L6-v2", "", ""),
        ("text-embedding-3-small", "", ""),
        ("somebody/base5-large", "", ""),
    ],
)
def test_prefixes_by_name(model: str, query: str, document: str) -> None:
    """The last part of a name or folder decides; what is no family's is given none."""
    assert known_prefixes(model) == Prefixes(query, document)
