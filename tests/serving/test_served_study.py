"""How the stages of a study's pipelines are deployed, and when they are asked again."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np

from tests.serving.conftest import PIPELINE
from tradespace.components.notation import parse
from tradespace.explorer.storage.study import StudyFolder
from tradespace.search_space.deployment import Deployment, Host, StageGroup, TailPolicy
from tradespace.serving.served_study import online_stages, served_study, whole_in_replicas

READ = parse(PIPELINE)
ASKED = parse("bm25(top_k=3) >> mmr() >> mmr(keep=2) >> llm(model=openai(model='gpt-5-mini'))")


def test_replicas_hold_all_stages_of_all_pipelines() -> None:
    """In the order of a pipeline, those that only one of them has among them."""
    assert online_stages([READ, ASKED]) == ["retrieve", "rerank", "rerank_2", "generate"]
    (group,) = whole_in_replicas([READ, ASKED], replicas=3).groups
    assert (group.stages, group.replicas) == (("retrieve", "rerank", "rerank_2", "generate"), 3)


def test_stages_that_servers_answer_are_apart(study: Path) -> None:
    """A process that waits for them would serve nobody; they take none of our cores."""
    served = served_study(StudyFolder(study), [ASKED], whole_in_replicas([ASKED], replicas=2))
    here, there = served.configuration.deployment.groups
    assert (here.name, there.name) == ("retrieve + rerank + rerank_2", "generate")
    assert here.host != there.host


def test_a_hedge_comes_after_the_quantile_of_what_the_study_measured(study: Path) -> None:
    """Of the sums over the stages of the group, question by question; in whichever process it is asked."""
    group = StageGroup(("retrieve", "generate"), host="here", tail=TailPolicy(hedge_after=0.9))
    hedges = served_study(StudyFolder(study), [READ], Deployment((group,), (Host("here"),))).hedges
    results = StudyFolder(study).results()
    (*_, evaluation) = [each for each in (*results.explored, *results.confirmed) if each.pipeline == PIPELINE]
    sums = [sum(filter(None, row)) for row in zip(*evaluation.seconds.values(), strict=True)]
    assert pickle.loads(pickle.dumps(hedges))(READ, group) == hedges(READ, group) == float(np.quantile(sums, 0.9))
