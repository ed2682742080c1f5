"""What scores too low is left out."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.components.base import ranking_of
from tradespace.components.corpus import Corpus
from tradespace.components.direct import run_directly
from tradespace.components.rerankers.maxsim import MaxSim
from tradespace.components.rerankers.mmr import MMR
from tradespace.components.rerankers.score_threshold import ScoreThreshold
from tradespace.testing.paragraphs import questions
from tradespace.testing.running import run_one
from tradespace.types import Passage, Request, ScoredPassage

REQUEST = Request("Who?", tuple(Passage(name, name, name) for name in "abcde"))
SCORES = (3.0, 2.5, 1.0, 0.9, -1.0)


class Scored(MMR):
    """Scores the passages by a list."""

    name = "scored"
    scores: tuple[float, ...] = SCORES

    def process(self, request: Request) -> Any:
        yield ()
        return tuple(ScoredPassage(*pair) for pair in zip(request.passages, self.scores, strict=True))


def kept(threshold: ScoreThreshold) -> int:
    """How many of the five passages go on: the best."""
    ranking = ranking_of(run_directly(threshold.process(REQUEST), lambda component: component.open))  # type: ignore[arg-type,return-value]
    assert tuple(scored.passage for scored in ranking) == REQUEST.passages[: len(ranking)]
    return len(ranking)


@pytest.mark.parametrize(
    ("rules", "count"),
    [
        ({}, 5),
        ({"at_least": 1.0}, 3),
        ({"at_least": 5.0}, 1),
        ({"at_least": 5.0, "keep_at_least": 0}, 0),
        ({"at_least": 5.0, "keep_at_least": 2}, 2),
        ({"below_best": 0.5}, 2),
        ({"below_best": 0.0}, 1),
        ({"gap": 1.0}, 2),
        ({"gap": 1.6}, 4),
        ({"gap": 9.0}, 5),
        ({"at_least": 1.0, "below_best": 0.5, "gap": 1.6}, 2),
        ({"at_least": 0.95, "below_best": 9.0, "gap": 1.6}, 3),
    ],
)
def test_the_strictest_rule_counts(rules: dict[str, float], count: int) -> None:
    """A floor, a distance from the best, a gap, and how many go on anyway."""
    assert kept(ScoreThreshold(reranker=Scored(), **rules)) == count


RULES = st.fixed_dictionaries(
    {
        "at_least": st.none() | st.integers(-3, 3),
        "below_best": st.none() | st.integers(0, 4),
        "gap": st.none() | st.integers(0, 4),
        "keep_at_least": st.integers(0, 6),
    }
)


@given(RULES, st.lists(st.integers(-4, 4), min_size=5, max_size=5))
def test_it_is_what_a_loop_finds(rules: dict[str, Any], scores: list[int]) -> None:
    """Passage after passage, until one breaks a rule."""
    scores.sort(reverse=True)
    count = 0
    for place, score in enumerate(scores):
        broken = (
            (rules["at_least"] is not None and score < rules["at_least"])
            or (rules["below_best"] is not None and score < scores[0] - rules["below_best"])
            or (rules["gap"] is not None and any(a - b > rules["gap"] for a, b in pairwise(scores[: place + 1])))
        )
        if broken and count >= rules["keep_at_least"]:
            break
        count += 1
    assert kept(ScoreThreshold(reranker=Scored(scores=tuple(scores)), **rules)) == count


def test_it_makes_the_calls_of_its_reranker(corpus: Corpus) -> None:
    """And returns its scores."""
    request = Request(questions()[0].text, corpus.passages[:6])
    threshold = ScoreThreshold(reranker=MaxSim(keep=6), below_best=0.15)
    assert next(threshold.process(request)) == next(MaxSim().process(request))
    every = ranking_of(run_one(MaxSim(keep=6), corpus, request))
    cut = ranking_of(run_one(threshold, corpus, request))
    assert 0 < len(cut) < len(every)
    assert cut == tuple(scored for scored in every if scored.score >= every[0].score - 0.15)


def test_what_cuts_nothing_is_its_reranker() -> None:
    """Without a rule, and where no fewer are kept than there are."""
    assert ScoreThreshold(reranker=MaxSim(keep=9)).simplified(REQUEST) == (MaxSim(keep=5), REQUEST)
    assert ScoreThreshold(reranker=MaxSim(keep=9), gap=1, keep_at_least=5).simplified(REQUEST)[0] == MaxSim(keep=5)
    cutting = ScoreThreshold(gap=1)
    assert cutting.simplified(REQUEST) == (cutting, REQUEST)
