"""A chain of rerankers is its steps, one after the other."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from tradespace.components.base import Reranker, ranking_of
from tradespace.components.corpus import Corpus
from tradespace.components.rerankers.chain import RerankerChain
from tradespace.components.rerankers.cross_encoder import EmbeddedCrossEncoder
from tradespace.components.rerankers.maxsim import MaxSim
from tradespace.components.rerankers.mmr import MMR
from tradespace.components.rerankers.none import NoReranker
from tradespace.search_space.specification import load_text
from tradespace.testing.paragraphs import questions
from tradespace.testing.running import run_one
from tradespace.types import Request

SPACE = """
name: chains
data: {{dataset: wikipedia}}
pipeline:
  retrieve: {{bm25: {{top_k: [10, 50]}}}}
  rerank: {rerank}
objectives: {{recall@5: maximize}}
constraints: {constraints}
"""


def chain(*steps: Reranker) -> RerankerChain:
    """A chain of these steps."""
    return RerankerChain(steps=steps)


def test_each_step_works_on_what_the_one_before_left(corpus: Corpus) -> None:
    """The outcome is that of the last step, on the passages of the one before."""
    request = Request(questions()[2].text, corpus.passages[:8])
    first = ranking_of(run_one(MaxSim(keep=4), corpus, request))
    expected = run_one(EmbeddedCrossEncoder(keep=2), corpus, request.with_ranking(first))
    assert run_one(chain(MaxSim(keep=4), EmbeddedCrossEncoder(keep=2)), corpus, request) == expected


def test_a_chain_makes_its_steps_calls(corpus: Corpus) -> None:
    """None of its own: they are shared with pipelines that use a step alone."""
    request = Request("Who?", corpus.passages[:4])
    assert next(chain(MaxSim(), MMR()).process(request)) == next(MaxSim().process(request))


def test_a_step_that_is_none_is_left_out(corpus: Corpus) -> None:
    """Wherever it stands; where no other is left the passages go on as they are."""
    request = Request("Who?", corpus.passages[:4])
    assert run_one(chain(NoReranker(), MaxSim(), NoReranker()), corpus, request) == run_one(MaxSim(), corpus, request)
    assert run_one(chain(NoReranker()), corpus, request) == run_one(NoReranker(), corpus, request)


def test_equal_chains_are_one(corpus: Corpus) -> None:
    """One step is that step; chains in chains are one chain; a first step keeps no more than it is given."""
    request = Request("Who?", corpus.passages[:4])
    assert chain(NoReranker(), MaxSim(keep=9)).simplified(request) == (MaxSim(keep=4), request)
    assert chain(NoReranker()).simplified(request) == (NoReranker(), request)
    nested = chain(chain(MaxSim(keep=9), NoReranker()), MMR(keep=2))
    assert nested.simplified(request) == (chain(MaxSim(keep=4), MMR(keep=2)), request)


def test_a_chain_has_a_step() -> None:
    """One without any is refused."""
    with pytest.raises(ValidationError, match="steps"):
        RerankerChain(steps=())


def test_none_one_and_two_stages_are_alternatives_of_one_stage() -> None:
    """Steps have settings to choose from, and a step may be optional."""
    rerank = """
    none: {}
    cross_encoder: {keep: 3}
    chain: {steps: [maxsim: {keep: [5, 20]}, {none: {}, cross_encoder: {keep: 3}}]}"""
    space = load_text(SPACE.format(rerank=rerank, constraints="[rerank.steps.maxsim.keep < retrieve.top_k]")).space
    chains = [str(pipeline.stages["rerank"]) for pipeline in space.members()]
    assert chains == [
        "none()",
        "cross_encoder()",
        "chain(steps=(maxsim(keep=5), none()))",
        "chain(steps=(maxsim(keep=5), cross_encoder()))",
        "none()",
        "cross_encoder()",
        "chain(steps=(maxsim(keep=5), none()))",
        "chain(steps=(maxsim(keep=5), cross_encoder()))",
        "chain(steps=(maxsim(keep=20), none()))",
        "chain(steps=(maxsim(keep=20), cross_encoder()))",
    ]


@pytest.mark.parametrize(
    ("rerank", "constraints", "message"),
    [
        ("[[maxsim, cross_encoder]]", "[]", r"rerankers in a row are `chain: {steps: \[…\]}`"),
        ("{chain: {steps: [bm25]}}", "[]", "cannot be filled by 'bm25'"),
        ("{chain: {steps: [maxsim: {kep: 3}]}}", "[]", "maxsim has no setting 'kep'"),
        ("{chain: {steps: [maxsim]}}", "[rerank.steps.mmr.keep > 1]", "names 'mmr', which no component at 'rerank'"),
    ],
)
def test_faults_of_chains_are_explained(rerank: str, constraints: str, message: str) -> None:
    """By what is wrong in which step, and what is valid."""
    with pytest.raises(Exception, match=message):
        load_text(SPACE.format(rerank=rerank, constraints=constraints))
