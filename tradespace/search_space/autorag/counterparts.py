"""What stands for what: the table of AutoRAG's modules, models and metrics, and of their counterparts here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Counterpart:
    """The component that stands for a module.

    Attributes:
        component: its name.
        settings: the component's setting for each of the module's parameters that it has.
        differs: what is not the same, as a remark; empty if nothing is.
        unless_given: values of settings where the module has no such parameter: AutoRAG's defaults.
    """

    component: str
    settings: Mapping[str, str] = field(default_factory=dict)
    differs: str = ""
    unless_given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NoCounterpart:
    """Why nothing stands for a module, and what to do instead."""

    why: str


SKIPPED = Counterpart("")
"""Stands for modules that pass on what they are given."""

KEEP = {"top_k": "keep"}
TOKENS = {"max_token": "max_tokens", "max_tokens": "max_tokens", "max_new_tokens": "max_tokens"}
ANOTHER_NETWORK = "`cross_encoder`, Tradespace's own network, stands in for its model"
OWN_MODEL = f"{ANOTHER_NETWORK}; one in a folder is `sentence_transformers: {{model: FOLDER}}`"
A_SERVICE = "a service; where LangChain has a compressor for it, write `langchain_compressor: {path: …}` under `rerank`"
NO_THRESHOLD = "cuts by similarity or by percentile; `score_threshold` cuts by a reranker's score"
NOTES = "`summarize` notes what each passage says, and all notes are read"

NODES: Mapping[str, str] = {
    "query_expansion": "expand",
    "retrieval": "retrieve",
    "lexical_retrieval": "retrieve",
    "sparse_retrieval": "retrieve",
    "semantic_retrieval": "retrieve",
    "dense_retrieval": "retrieve",
    "hybrid_retrieval": "retrieve",
    "passage_augmenter": "rerank",
    "passage_reranker": "rerank",
    "passage_filter": "rerank",
    "passage_compressor": "rerank",
    "prompt_maker": "prompt",
    "generator": "generate",
}
"""What a node's modules are alternatives of."""

MODULE_COUNTERPARTS: Mapping[str, Mapping[str, Counterpart | NoCounterpart]] = {
    "expand": {
        "pass_query_expansion": SKIPPED,
        "query_decompose": Counterpart("decomposition", TOKENS),
        "hyde": Counterpart("hyde", {**TOKENS, "temperature": "temperature"}),
        "multi_query_expansion": Counterpart("multi_query", {**TOKENS, "temperature": "temperature"}),
    },
    "retrieve": {
        "bm25": Counterpart("bm25", {"top_k": "top_k"}),
        "vectordb": Counterpart("dense", {"top_k": "top_k"}),
        "hybrid_rrf": Counterpart("rrf"),
        "hybrid_cc": Counterpart("weighted"),
        "hybrid_rsf": NoCounterpart("relative score fusion: `weighted` fuses min-max normalised scores"),
        "hybrid_dbsf": NoCounterpart("distribution-based score fusion: `weighted` fuses min-max normalised scores"),
    },
    "rerank": {
        "pass_passage_augmenter": SKIPPED,
        "prev_next_augmenter": Counterpart("neighbours"),
        # passage_reranker
        "pass_reranker": SKIPPED,
        "colbert_reranker": Counterpart(
            "maxsim", KEEP, "`maxsim` scores as ColBERT does, over MiniLM's vectors of tokens"
        ),
        "monot5": Counterpart("cross_encoder", KEEP, ANOTHER_NETWORK),
        "tart": Counterpart("cross_encoder", KEEP, ANOTHER_NETWORK),
        "koreranker": Counterpart("cross_encoder", KEEP, OWN_MODEL),
        "sentence_transformer_reranker": Counterpart("cross_encoder", KEEP, OWN_MODEL),
        "flag_embedding_reranker": Counterpart("cross_encoder", KEEP, OWN_MODEL),
        "openvino_reranker": Counterpart("cross_encoder", KEEP, OWN_MODEL),
        "flashrank_reranker": Counterpart("cross_encoder", KEEP, ANOTHER_NETWORK),
        "flag_embedding_llm_reranker": NoCounterpart("no language model scores passages"),
        "upr": NoCounterpart("no language model scores passages by how likely it makes the question"),
        "rankgpt": NoCounterpart("no language model sorts passages"),
        "time_reranker": NoCounterpart("documents have no dates"),
        "cohere_reranker": NoCounterpart(A_SERVICE),
        "jina_reranker": NoCounterpart(A_SERVICE),
        "voyageai_reranker": NoCounterpart(A_SERVICE),
        "mixedbreadai_reranker": NoCounterpart(A_SERVICE),
        "nvidia_reranker": NoCounterpart(A_SERVICE),
        # passage_filter
        "pass_passage_filter": SKIPPED,
        "similarity_threshold_cutoff": NoCounterpart(NO_THRESHOLD),
        "similarity_percentile_cutoff": NoCounterpart(NO_THRESHOLD),
        "threshold_cutoff": Counterpart(
            "score_threshold",
            {"threshold": "at_least"},
            "scores are `cross_encoder`'s log-odds: choose `at_least` anew",
        ),
        "percentile_cutoff": NoCounterpart(NO_THRESHOLD),
        "recency_filter": NoCounterpart("documents have no dates"),
        # passage_compressor
        "pass_compressor": SKIPPED,
        "tree_summarize": Counterpart("summarize", TOKENS, NOTES),
        "refine": Counterpart("summarize", TOKENS, NOTES),
        "longllmlingua": NoCounterpart("prompts are not compressed; `extract` keeps the best sentences of passages"),
    },
    "prompt": {
        "fstring": Counterpart("template"),
        "chat_fstring": Counterpart("template"),
        "long_context_reorder": Counterpart(
            "template",
            differs="`interleaved` has the best passages first and last, where AutoRAG repeats the best one",
            unless_given={"order": "interleaved"},
        ),
        "window_replacement": NoCounterpart("put `neighbours` or `parents` under `rerank`"),
    },
    "generate": {
        "llama_index_llm": Counterpart("llm", TOKENS),
        "openai_llm": Counterpart("llm", TOKENS),
        "vllm": Counterpart("llm", TOKENS),
        "vllm_api": Counterpart("llm", TOKENS),
        "minimax_llm": Counterpart("llm", TOKENS),
    },
}
"""Modules by the purpose of their node, and by AutoRAG's `module_type`."""


CHUNK_SETTINGS = {"chunk_size": "size", "chunk_overlap": "overlap"}
NO_MEANING = NoCounterpart("documents are not cut by meaning")

CHUNKER_COUNTERPARTS: Mapping[tuple[str, str], Counterpart | NoCounterpart] = {
    ("llama_index_chunk", "token"): Counterpart("tokens", CHUNK_SETTINGS, "", {"size": 1024, "overlap": 200}),
    ("llama_index_chunk", "sentence"): Counterpart(
        "sentences",
        {"chunk_size": "size"},
        "`size` counts words, and not tokens; `overlap` counts sentences",
        {"size": 1024},
    ),
    ("llama_index_chunk", "sentencewindow"): NoCounterpart(
        "cut into small `sentences`, and put `neighbours` or `parents` under `rerank`"
    ),
    ("llama_index_chunk", "semantic_llama_index"): NO_MEANING,
    ("llama_index_chunk", "semanticdoublemerging"): NO_MEANING,
    ("llama_index_chunk", "simplefile"): Counterpart("documents"),
    ("langchain_chunk", "character"): Counterpart("characters", CHUNK_SETTINGS, "", {"size": 4000, "overlap": 200}),
    ("langchain_chunk", "recursivecharacter"): Counterpart(
        "characters", CHUNK_SETTINGS, "", {"size": 4000, "overlap": 200}
    ),
    ("langchain_chunk", "sentencetransformerstoken"): Counterpart(
        "tokens", CHUNK_SETTINGS, "", {"size": 256, "overlap": 50}
    ),
}
"""Chunking by AutoRAG's `module_type` and `chunk_method`."""

AUTORAG_PARSERS = frozenset({"langchain_parse", "clova", "llamaparse", "table_hybrid_parse"})

EMBEDDER_COUNTERPARTS: Mapping[str, Any] = {
    "openai": {"openai_embeddings": {"model": "text-embedding-ada-002"}},
    "openai_embed_3_large": {"openai_embeddings": {"model": "text-embedding-3-large"}},
    "openai_embed_3_small": {"openai_embeddings": {"model": "text-embedding-3-small"}},
    "huggingface_baai_bge_small": {"sentence_transformer": {"model": "BAAI/bge-small-en-v1.5"}},
    "huggingface_cointegrated_rubert_tiny2": {"sentence_transformer": {"model": "cointegrated/rubert-tiny2"}},
    "huggingface_all_mpnet_base_v2": {"sentence_transformer": {"model": "sentence-transformers/all-mpnet-base-v2"}},
    "huggingface_bge_m3": {"sentence_transformer": {"model": "BAAI/bge-m3"}},
    "huggingface_multilingual_e5_large": {"sentence_transformer": {"model": "intfloat/multilingual-e5-large-instruct"}},
}
"""Embedders by AutoRAG's `embedding_model`."""

TOKENIZERS: Mapping[str, str] = {"porter_stemmer": "english", "space": "none"}
"""The `stemmer` of `bm25` by AutoRAG's `bm25_tokenizer`."""

ANSWER_METRICS: Mapping[str, str] = {
    "bleu": "answer_f1",
    "meteor": "answer_f1",
    "rouge": "rouge_l",
    "sem_score": "semantic_similarity",
}
"""Measures of answers by AutoRAG's metrics of generation; `answer_f1` stands in where there is no such measure."""

RETRIEVAL_METRICS: Mapping[str, str] = {
    "retrieval_recall": "gold_recall@{k}",
    "retrieval_precision": "P@{k}",
    "retrieval_ndcg": "ndcg@{k}",
    "retrieval_map": "AP@{k}",
    "retrieval_mrr": "mrr",
}
"""Measures of rankings by AutoRAG's metrics, with the number of passages that are passed on."""

METRICS_WITHOUT: Mapping[str, str] = {
    "retrieval_f1": "precision and recall are objectives of their own: `P@3`, `gold_recall@3`",
    "retrieval_token_f1": "gold is documents, and not tokens",
    "retrieval_token_recall": "gold is documents, and not tokens",
    "retrieval_token_precision": "gold is documents, and not tokens",
}

UNNEEDED = frozenset({"top_k", "batch", "embedding_batch", "generator_module_type", "add_file_name", "chunk_method"})
"""Parameters that are spoken for elsewhere, or that only say how AutoRAG is to run."""

DIFFERENT: Mapping[str, str] = {
    "temperature": "is left out: `direct` answers greedily, and strategies such as `cot_at_k` have a temperature",
}
"""What is said of parameters that are left out, where there is more to say."""

OTHER_NAMES = {"PrevNextPassageAugmenter": "prev_next_augmenter", "chatfstring": "chat_fstring"}
"""Names that AutoRAG also takes, besides those of classes, which are these without their underscores."""


def canonical_kind(name: str) -> str:
    """A module's or node's name as the tables have it: AutoRAG also takes those of its classes.

    >>> canonical_kind("HybridRRF"), canonical_kind("my_module")
    ('hybrid_rrf', 'my_module')
    """
    kinds = (kind for modules in (NODES, *MODULE_COUNTERPARTS.values()) for kind in modules)
    known = {squeezed_kind(kind): kind for kind in kinds} | {
        squeezed_kind(other): kind for other, kind in OTHER_NAMES.items()
    }
    return known.get(squeezed_kind(name), name)


def squeezed_kind(name: str) -> str:
    """The name without what its spellings differ in."""
    return name.replace("_", "").lower()
