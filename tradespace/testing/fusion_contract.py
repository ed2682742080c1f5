"""What holds for every fusion."""

from __future__ import annotations

from tradespace.components.fusions.base import Fusion
from tradespace.testing.component_contract import ComponentContract
from tradespace.types import Passage, Ranking, ScoredPassage


def ranking_from(names: str, first: float = 10.0) -> Ranking:
    """A ranking of passages named by single letters, with scores that fall by one."""
    passages = (Passage(name, name, name) for name in names)
    return tuple(ScoredPassage(passage, first - rank) for rank, passage in enumerate(passages))


def names(ranking: Ranking) -> str:
    """The letters that name a ranking's passages."""
    return "".join(scored.passage.id for scored in ranking)


class FusionContract(ComponentContract):
    """Merges rankings into one that holds the passages of all."""

    def test_every_passage_is_there_once(self, component: Fusion) -> None:
        """The outcome holds each passage of either ranking once, with falling scores."""
        fused = component.fuse(ranking_from("abcd"), ranking_from("cefa", first=0.9))
        scores = [scored.score for scored in fused]
        assert sorted(names(fused)) == list("abcdef")
        assert scores == sorted(scores, reverse=True)

    def test_rankings_that_agree_stay(self, component: Fusion) -> None:
        """Two equal rankings keep their order."""
        assert names(component.fuse(ranking_from("abcd"), ranking_from("abcd", first=0.5))) == "abcd"

    def test_one_ranking_may_be_empty(self, component: Fusion) -> None:
        """Where one ranking is empty the passages of the other are left; where both are, none."""
        assert set(names(component.fuse(ranking_from("abc"), ()))) == set("abc")
        assert component.fuse((), ()) == ()

    def test_any_number_of_rankings_is_merged(self, component: Fusion) -> None:
        """The passages of three rankings are there once each, and what all three rank first stays first."""
        if component.members_problem(3) is None:
            fused = component.fuse(ranking_from("abc"), ranking_from("adb", first=0.9), ranking_from("ae", first=70))
            assert sorted(names(fused)) == list("abcde")
            assert names(fused)[0] == "a"

    def test_scale_does_not_matter(self, component: Fusion) -> None:
        """Scores of different scales and origins are merged alike."""
        near = component.fuse(ranking_from("abcd"), ranking_from("dcba"))
        far = component.fuse(ranking_from("abcd", first=1000), ranking_from("dcba", first=-3))
        assert names(near) == names(far)
