"""Every reranker keeps its contract, and computes what its paper says."""

from __future__ import annotations

from itertools import product
from math import log
from pathlib import Path

import numpy as np
import pytest

from tradespace.components.base import Reranker, ranking_of
from tradespace.components.corpus import Corpus
from tradespace.components.embedders.minilm import Minilm
from tradespace.components.encoders import CrossEncoder, Layers
from tradespace.components.encoders.base import model_folder
from tradespace.components.readers.reader import TrainedReader
from tradespace.components.rerankers import RERANKERS
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
from tradespace.errors import ComponentError
from tradespace.testing.paragraphs import questions
from tradespace.testing.reranker_contract import FOREIGN_PASSAGE, RerankerContract
from tradespace.testing.running import run_one
from tradespace.types import Request

COMPRESSOR = LangChainCompressor(path="tradespace.testing.langchain_classes.WordCompressor", arguments={"k": 2})
EMBEDDED = (EmbeddedCrossEncoder(), EmbeddedCrossEncoder(layers=3, precision="int8", keep=1))
CHAIN = RerankerChain(steps=(MaxSim(keep=5), MMR(keep=3)))
CUT = ScoreThreshold(reranker=MaxSim(keep=5), below_best=0.1)
PLAIN = (
    NoReranker(),
    MMR(),
    MMR(relevance_weight=0.2),
    MaxSim(),
    MaxSim(keep=1),
    COMPRESSOR,
    CHAIN,
    CUT,
    Distinct(),
    WordOverlap(),
    Neighbours(),
    Parents(),
)
REWRITING: tuple[Reranker, ...] = (Extract(), Extract(reranker=WordOverlap(keep=4)))
VARIANTS: tuple[Reranker, ...] = (*PLAIN, *EMBEDDED)


@pytest.mark.parametrize("component", VARIANTS, ids=str)
class TestRerankers(RerankerContract):
    """The contract."""


@pytest.mark.parametrize("component", REWRITING, ids=str)
class TestRewritingRerankers(RerankerContract):
    """The contract, of those that return other texts."""

    rewrites = True


def test_every_reranker_is_under_contract() -> None:
    """None is listed without being tested; in this file, or that which asks a model in its own."""
    assert {type(each) for each in (*VARIANTS, *REWRITING)} | {SentenceTransformersCrossEncoder, Summarize} == set(
        RERANKERS
    )


def test_no_reranking_keeps_the_order(corpus: Corpus) -> None:
    """Without a reranker passages stay as they were ranked."""
    ranking = ranking_of(run_one(NoReranker(), corpus, Request("Who?", corpus.passages[:4])))
    assert tuple(scored.passage for scored in ranking) == corpus.passages[:4]


def test_maxsim_is_the_mean_of_the_best_cosines(corpus: Corpus) -> None:
    """The score is computed by loops over unrounded token vectors in the reference."""
    request = Request(questions()[0].text, corpus.passages[:3])
    encoder = Minilm().load()
    encodings = encoder._tokenizer.encode_batch([request.question, *(passage.text for passage in request.passages)])
    question, *passages = [encoder._states([encoding.ids])[0] for encoding in encodings]
    expected = {}
    for passage, tokens in zip(request.passages, passages, strict=True):
        cosines = [
            [np.dot(one, other) / (np.linalg.norm(one) * np.linalg.norm(other)) for other in tokens] for one in question
        ]
        expected[passage.id] = np.mean([max(row) for row in cosines])
    ranking = ranking_of(run_one(MaxSim(), corpus, request))
    assert {scored.passage.id: scored.score for scored in ranking} == pytest.approx(expected, abs=0.01)


def test_maxsim_ranks_the_answering_paragraph_first(corpus: Corpus) -> None:
    """Among eight paragraphs most questions find theirs first."""
    first = [
        ranking_of(run_one(MaxSim(keep=1), corpus, Request(question.text, corpus.passages[:8])))[0].passage.id
        for question in questions()[:8]
    ]
    assert sum(found == question.id for found, question in zip(first, questions(), strict=False)) >= 7


def test_marginal_relevance_by_hand(corpus: Corpus) -> None:
    """Chosen one by one by the formula of the paper, in loops."""
    request, weight = Request(questions()[0].text, corpus.passages[:6]), 0.4
    encoder = Minilm().load()
    question = encoder.encode([request.question])[0]
    vectors = {passage.id: encoder.encode([passage.text])[0] for passage in request.passages}
    chosen: list[str] = []
    while len(chosen) < 4:
        marginal = {
            name: weight * float(vector @ question)
            - (1 - weight) * max([0.0, *(float(vector @ vectors[other]) for other in chosen)])
            for name, vector in vectors.items()
            if name not in chosen
        }
        chosen.append(max(marginal, key=lambda name: marginal[name]))
    ranking = ranking_of(run_one(MMR(relevance_weight=weight, keep=4), corpus, request))
    assert [scored.passage.id for scored in ranking] == chosen


def test_novelty_avoids_repetition(corpus: Corpus) -> None:
    """A copy of the best passage is chosen second for relevance alone, and last for novelty alone."""
    copy = FOREIGN_PASSAGE.__class__("copy", "copy", FOREIGN_PASSAGE.text)
    request = Request("When was the bridge opened?", (FOREIGN_PASSAGE, copy, *corpus.passages[:2]))
    for weight, place in ((1.0, 1), (0.3, 3)):
        ranking = ranking_of(run_one(MMR(relevance_weight=weight, keep=4), corpus, request))
        assert [scored.passage for scored in ranking].index(copy) == place


@pytest.mark.parametrize("layers", [3, 6])
def test_the_embedded_cross_encoder_sorts_by_its_networks_scores(layers: Layers, corpus: Corpus) -> None:
    """Without a prior, scores and order are those of `CrossEncoder.score`."""
    component = EmbeddedCrossEncoder(layers=layers, keep=6, prior=0)
    for question in questions()[:4]:
        request = Request(question.text, corpus.passages[:6])
        scores = CrossEncoder(layers).score([(question.text, passage.text) for passage in request.passages])
        expected = sorted(zip(request.passages, scores, strict=True), key=lambda pair: -pair[1])
        ranking = ranking_of(run_one(component, corpus, request))
        assert [(scored.passage, scored.score) for scored in ranking] == expected


@pytest.mark.parametrize("prior", [0.5, 1.0, 10.0])
def test_the_order_of_the_retriever_counts_by_the_logarithm_of_the_rank(prior: float, corpus: Corpus) -> None:
    """The second passage loses `prior` times log 2; with a strong prior the order stays as it was."""
    request = Request(questions()[0].text, corpus.passages[:6])
    settings = {"layers": 3, "keep": 6}
    plain = ranking_of(run_one(EmbeddedCrossEncoder(prior=0, **settings), corpus, request))
    ranking = ranking_of(run_one(EmbeddedCrossEncoder(prior=prior, **settings), corpus, request))
    odds = {scored.passage: scored.score for scored in plain}
    ranks = {passage: rank for rank, passage in enumerate(request.passages, start=1)}
    assert [scored.score for scored in ranking] == [
        odds[scored.passage] - prior * log(ranks[scored.passage]) for scored in ranking
    ]
    assert [scored.score for scored in ranking] == sorted((scored.score for scored in ranking), reverse=True)
    if prior == 10:
        assert ranking[0].passage == request.passages[0]


def test_reranking_and_reading_a_passage_is_one_call(corpus: Corpus) -> None:
    """The embedded cross-encoder calls what a reader of its depth and precision calls, however much either keeps."""
    request = Request("Who?", corpus.passages[:3])
    for layers, precision in product((3, 6), ("fp32", "int8")):
        settings = {"layers": layers, "precision": precision}
        reranked = next(EmbeddedCrossEncoder(keep=1, **settings).process(request))
        assert set(reranked) == set(next(TrainedReader(passages=3, **settings).process(request)))
    assert set(reranked).isdisjoint(next(EmbeddedCrossEncoder().process(request)))


@pytest.mark.parametrize("pointwise", [MaxSim, EmbeddedCrossEncoder, SentenceTransformersCrossEncoder])
def test_passages_share_calls_between_settings(pointwise: type[Reranker], corpus: Corpus) -> None:
    """However many passages are kept, and whichever others are ranked, the call for one passage is the same."""
    model = {"model": "folder"} if pointwise is SentenceTransformersCrossEncoder else {}
    few = set(next(pointwise(keep=1, **model).process(Request("Who?", corpus.passages[:2]))))
    many = set(next(pointwise(keep=5, **model).process(Request("Who?", corpus.passages[:4]))))
    assert few < many


def test_keeping_more_than_there_are_is_keeping_all(corpus: Corpus) -> None:
    """Pipelines that differ in that alone are one."""
    request = Request("Who?", corpus.passages[:4])
    for pointwise in (MaxSim, EmbeddedCrossEncoder):
        simplified = {pointwise(keep=keep).simplified(request) for keep in (4, 5, 100)}
        assert simplified == {(pointwise(keep=4), request)}
        assert pointwise(keep=3).simplified(request) == (pointwise(keep=3), request)


@pytest.fixture(scope="session")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> SentenceTransformersCrossEncoder:
    """A cross-encoder on MiniLM's weights with an untrained head: its scores mean nothing, its mechanics are real."""
    import torch
    from sentence_transformers import CrossEncoder

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("cross-encoder")
    CrossEncoder(str(model_folder()), num_labels=1, local_files_only=True).save_pretrained(str(folder))
    return SentenceTransformersCrossEncoder(model=str(folder))


def test_a_cross_encoder_scores_as_sentence_transformers_does(
    cross_encoder: SentenceTransformersCrossEncoder, corpus: Corpus
) -> None:
    """Scores and order are those of `CrossEncoder.predict` on the same pairs."""
    from sentence_transformers import CrossEncoder

    request = Request(questions()[0].text, corpus.passages[:5])
    pairs = [(request.question, passage.text) for passage in request.passages]
    reference = CrossEncoder(cross_encoder.model, local_files_only=True).predict(pairs)
    ranking = ranking_of(run_one(cross_encoder.with_settings(keep=5), corpus, request))
    expected = dict(zip([passage.id for passage in request.passages], map(float, reference), strict=True))
    assert {scored.passage.id: scored.score for scored in ranking} == pytest.approx(expected, abs=1e-4)
    assert [scored.passage.id for scored in ranking] == sorted(expected, key=lambda name: -expected[name])


def test_a_folder_without_a_model_is_refused(tmp_path: Path, corpus: Corpus) -> None:
    """The error names the setting, the folder, and what it must be."""
    component = SentenceTransformersCrossEncoder(model=str(tmp_path / "nothing"))
    with pytest.raises(ComponentError, match=r"model must be the folder of a CrossEncoder; there is none at .*nothing"):
        component.open(corpus)
