"""Configurations as AutoRAG's users have them, in the layout of its version 0.2 and of its later ones."""

from __future__ import annotations

OLDER = """
node_lines:
- node_line_name: find
  nodes:
  - node_type: query_expansion
    strategy: {metrics: [retrieval_recall], speed_threshold: 4, retrieval_modules: [{module_type: bm25}]}
    modules:
    - module_type: pass_query_expansion
    - {module_type: hyde, llm: openai, model: gpt-4o-mini, max_token: 64}
  - node_type: retrieval
    strategy: {metrics: [retrieval_f1, retrieval_recall], speed_threshold: 3}
    top_k: 8
    modules:
    - module_type: bm25
    - {module_type: vectordb, embedding_model: huggingface_all_mpnet_base_v2}
    - {module_type: hybrid_rrf, target_modules: "('bm25', 'vectordb')", rrf_k: [3, 60]}
    - {module_type: hybrid_cc, target_modules: "('bm25', 'vectordb')", weights: ["(0.25, 0.75)", "(0.5, 0.5)"]}
"""

LATER = """
vectordb:
- {name: large, db_type: chroma, embedding_model: openai_embed_3_large, path: "${PROJECT_DIR}/chroma"}
- {name: own, db_type: milvus, embedding_model: [{type: huggingface, model_name: intfloat/e5-small-v2}]}
node_lines:
- node_line_name: find
  nodes:
  - node_type: lexical_retrieval
    strategy: {metrics: [retrieval_recall], speed_threshold: 2}
    top_k: [5, 10]
    modules: [{module_type: bm25, bm25_tokenizer: [porter_stemmer, space, ko_kiwi]}]
  - node_type: semantic_retrieval
    strategy: {metrics: [retrieval_recall], speed_threshold: 2}
    top_k: 10
    modules: [{module_type: VectorDB, vectordb: [large, own]}]
  - node_type: hybrid_retrieval
    strategy: {metrics: [retrieval_recall], speed_threshold: 2}
    top_k: 10
    modules:
    - {module_type: hybrid_rrf, weight_range: (4, 80)}
    - {module_type: HybridCC, normalize_method: [mm, tmm], weight_range: "(0.2, 0.8)", test_weight_size: 4}
  - node_type: passage_reranker
    strategy: {metrics: [retrieval_recall], speed_threshold: 2}
    top_k: 3
    modules: [{module_type: pass_reranker}, {module_type: monot5}, {module_type: colbert_reranker}, {module_type: upr}]
  - node_type: passage_augmenter
    strategy: {metrics: [retrieval_recall], speed_threshold: 2}
    top_k: 3
    modules: [{module_type: pass_passage_augmenter}, {module_type: prev_next_augmenter, mode: [next, both]}]
  - node_type: passage_compressor
    strategy: {metrics: [retrieval_token_f1], speed_threshold: 2}
    modules: [{module_type: tree_summarize, llm: openai, model: small}]
  - node_type: passage_filter
    strategy: {metrics: [retrieval_recall], speed_threshold: 2}
    modules: [{module_type: pass_passage_filter}, {module_type: threshold_cutoff, threshold: 0.8}]
- node_line_name: answer
  nodes:
  - node_type: prompt_maker
    strategy: {metrics: [bleu], speed_threshold: 2}
    modules:
    - {module_type: fstring, prompt: ["{retrieved_contents} Q: {query}", "As {{json}}: {query}"]}
    - module_type: chat_fstring
      prompt:
      - [{role: system, content: Be brief.}, {role: user, content: "{query} {retrieved_contents}"}]
  - node_type: generator
    strategy: {metrics: [{metric_name: rouge}, {metric_name: g_eval}], speed_threshold: 10}
    modules:
    - {module_type: llama_index_llm, llm: [openai, ollama], model: [small, large], temperature: [0.1, 1.0], batch: 2}
    - {module_type: openai_llm, llm: small, max_tokens: 200}
    - {module_type: vllm_api, llm: qwen, uri: "http://localhost:8012", api_key: "${OWN_KEY}"}
"""

CHUNKING = """
modules:
- {module_type: llama_index_chunk, chunk_method: [Token, Sentence], chunk_size: [512, 256], chunk_overlap: 24}
- {module_type: langchain_chunk, chunk_method: Konlpy}
"""
