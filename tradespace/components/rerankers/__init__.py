"""Rerankers: how a ranking is reordered and thinned out."""

from __future__ import annotations

from tradespace.components.base import Component
from tradespace.components.rerankers.chain import RerankerChain
from tradespace.components.rerankers.cross_encoder import EmbeddedCrossEncoder
from tradespace.components.rerankers.distinct import Distinct
from tradespace.components.rerankers.extract import Extract
from tradespace.components.rerankers.langchain import LangChainCompressor
from tradespace.components.rerankers.maxsim import MaxSim
from tradespace.components.rerankers.mmr import MMR
from tradespace.components.rerankers.neighbours import Neighbours
from tradespace.components.rerankers.none import NoReranker
from tradespace.components.rerankers.parents import Parents
from tradespace.components.rerankers.score_threshold import ScoreThreshold
from tradespace.components.rerankers.sentence_transformers import SentenceTransformersCrossEncoder
from tradespace.components.rerankers.summarize import Summarize
from tradespace.components.rerankers.word_overlap import WordOverlap

RERANKERS: tuple[type[Component], ...] = (
    NoReranker,
    MMR,
    MaxSim,
    EmbeddedCrossEncoder,
    SentenceTransformersCrossEncoder,
    LangChainCompressor,
    RerankerChain,
    ScoreThreshold,
    Distinct,
    WordOverlap,
    Neighbours,
    Parents,
    Extract,
    Summarize,
)
