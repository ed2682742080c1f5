"""Measures of rankings, computed by ir_measures (MacAvaney et al. 2022, "Streamlining Evaluation with ir-measures")."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from tradespace.evals.measures.base import Measure, Needs
from tradespace.types import Answer, Question, Ranking

_Case = tuple[int, tuple[int, ...]]
"""How many gold documents are needed, and the places of those that were found, from 0."""


@dataclass(frozen=True)
class RankingMeasure(Measure):
    """Compares the documents of a ranking with the gold documents, all equally relevant.

    A document counts at the place of its best passage; its other passages take no place. Nor does the document that
    the question itself is, as in BEIR's evaluation with `ignore_identical_ids`.

    Where any of several documents will do (`Question.gold_alternatives`), such a group is one gold document, at the
    place of the first of them. The others take a place and add nothing, like those that say nothing new in α-nDCG with
    α = 1 (Clarke et al. 2008, "Novelty and Diversity in Information Retrieval Evaluation").

    Attributes:
        formula: what ir_measures calls it, such as `R@5`.

    >>> from tradespace.types import Passage, ScoredPassage
    >>> ranking = tuple(ScoredPassage(Passage(name, name, name), 1.0) for name in ("dog", "cat"))
    >>> RankingMeasure("precision@2", "P@2").score([Question("1", "Who sat?", gold=("cat",))], [ranking], [None])
    [0.5]
    """

    formula: str
    needs: ClassVar[Needs] = Needs.GOLD

    def score(
        self, questions: Sequence[Question], rankings: Sequence[Ranking | None], answers: Sequence[Answer | None]
    ) -> list[float | None]:
        return score_rankings([self], questions, rankings)[self.name]

    def reason(self, question: Question, ranking: Ranking | None, answer: Answer | None) -> str:
        """At which places the gold documents were found."""
        if (case := _case(question, ranking)) is None:
            return ""
        gold, places = case
        where = f" at {', '.join(str(place + 1) for place in places)}" if places else ""
        return f"{len(places)} of {gold} gold documents found{where}"


def score_rankings(
    measures: Sequence[RankingMeasure], questions: Sequence[Question], rankings: Sequence[Ranking | None]
) -> dict[str, list[float | None]]:
    """Score by several measures at once: by measure name, one score for each question.

    A score depends on the places of the gold documents alone, so that thousands of pipelines make but a few cases.
    """
    if not measures:  # ir_measures needs one
        return {}
    cases = [_case(question, ranking) for question, ranking in zip(questions, rankings, strict=True)]
    scores = _calculate(measures, list({case for case in cases if case is not None}))
    return {measure.name: [scores.get((measure.formula, case)) for case in cases] for measure in measures}


def _case(question: Question, ranking: Ranking | None) -> _Case | None:
    if ranking is None or not question.gold:
        return None
    documents = dict.fromkeys(scored.passage.document_id for scored in ranking)
    if question.itself:
        documents.pop(question.itself, None)
    if question.gold_alternatives:
        return len(question.gold_alternatives), tuple(_first_places(question.gold_alternatives, documents))
    gold = set(question.gold)
    return len(gold), tuple(place for place, document in enumerate(documents) if document in gold)


def _first_places(groups: Sequence[Sequence[str]], documents: Iterable[str]) -> Iterator[int]:
    """The places at which groups are found first, from 0. A document that finds several takes a place for each."""
    missing, place = [set(group) for group in groups], 0
    for document in documents:
        found = [group for group in missing if document in group]
        missing = [group for group in missing if document not in group]
        yield from range(place, place + len(found))
        place += max(1, len(found))


def _calculate(measures: Sequence[RankingMeasure], cases: Sequence[_Case]) -> dict[tuple[str, _Case | None], float]:
    import ir_measures

    formulas = {ir_measures.parse_measure(measure.formula): measure.formula for measure in measures}
    relevant = {str(number): _relevant(*case) for number, case in enumerate(cases)}
    run = {str(number): _ranked(*case) for number, case in enumerate(cases)}
    return {
        (formulas[metric.measure], cases[int(metric.query_id)]): metric.value
        for metric in ir_measures.iter_calc(list(formulas), relevant, run)
    }


def _relevant(gold: int, places: tuple[int, ...]) -> dict[str, int]:
    missed = (f"missed {number}" for number in range(gold - len(places)))
    return dict.fromkeys((*map(str, places), *missed), 1)


def _ranked(_: int, places: tuple[int, ...]) -> dict[str, float]:
    return {str(place): -float(place) for place in range(max(places, default=-1) + 1)}
