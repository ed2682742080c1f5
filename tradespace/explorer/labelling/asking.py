"""Which answers people are asked about: drawn at random, so that what they say stands for all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tradespace.addresses import digest
from tradespace.errors import InputError
from tradespace.evals.label_drawing import WORTH_OF_DECIDING, LabelStratum, drawn_questions
from tradespace.evals.prediction_powered import OUTSIDE
from tradespace.explorer.labelling.judged_answers import JudgedAnswers
from tradespace.explorer.results import Results
from tradespace.explorer.storage.labels import MeasureLabels
from tradespace.plurals import count


def brought_up_to_date(labels: MeasureLabels, answers: JudgedAnswers, results: Results) -> MeasureLabels:
    """The labels of a measure, with what the finalists answered by now. To questions that were drawn, people are asked
    about answers that are new, too: else the finalists that gave them could not be corrected.

    Strata stay as they were when questions were drawn from them; questions that came later have strata of their own.

    Raises:
        InputError: the labels belong to other data.
    """
    where = results.provenance
    if labels.asked and (labels.data_key, labels.seed) != (where.data_key, where.seed):
        raise InputError(
            f"the labels of {answers.measure.name} are of other data than those that were explored last. Restore "
            "these, or move labels.json out of the study and label anew"
        )
    changed = labels.model_copy(
        update={
            "data_key": where.data_key,
            "seed": where.seed,
            "strata": _strata(labels.strata if labels.drawn else (), answers),
            "answers": dict(answers.keys),
            "digests": {evaluation.pipeline: evaluation.answers for evaluation in results.confirmed},
        }
    )
    return _with_asked(changed, answers)


def with_more_drawn(labels: MeasureLabels, answers: JudgedAnswers, more: int) -> MeasureLabels:
    """The labels of a measure, with about so many more answers that people are asked about: all different ones to some
    questions that are drawn.

    Raises:
        InputError: all questions are drawn already.
    """
    order, strata = _random_order(answers), dict(enumerate(labels.strata))
    places = {
        stratum: [place for place in order if strata[place] == stratum] for stratum in {*labels.strata} - {OUTSIDE}
    }
    kinds = {
        stratum: LabelStratum(_answers_each(answers, some), WORTH_OF_DECIDING if stratum % 2 else 1.0)
        for stratum, some in places.items()
    }
    drawn = drawn_questions(order, strata, kinds, more, labels.drawn)
    if not drawn:
        raise InputError(
            f"the answers to all {count(len(order), 'question')} that {answers.measure.name} applies to are asked about"
        )
    return _with_asked(labels.model_copy(update={"drawn": (*labels.drawn, *drawn)}), answers)


def _answers_each(answers: JudgedAnswers, places: Sequence[int]) -> float:
    """How many different answers a question has, in the mean."""
    return max(1.0, sum(len(answers.of(place)) for place in places) / max(1, len(places)))


def drawn_shares(labels: MeasureLabels) -> Iterator[tuple[bool, int, int]]:
    """For each stratum whether its questions decide something, how many of them are drawn, and how many there are."""
    for stratum in sorted({*labels.strata} - {OUTSIDE}):
        places = {place for place, of_place in enumerate(labels.strata) if of_place == stratum}
        yield bool(stratum % 2), len(places.intersection(labels.drawn)), len(places)


def _strata(before: Sequence[int], answers: JudgedAnswers) -> tuple[int, ...]:
    """Strata by place: odd numbers where labels decide between the finalists, even ones elsewhere; the next two for
    each time that questions came."""
    first = 2 * (max(before, default=OUTSIDE) // 2 + 1)
    later = [place for place, _ in enumerate(answers.questions) if place >= len(before)]
    decides = answers.decisive(later)
    applies = answers.applies
    return (*before, *(first + (place in decides) if applies[place] else OUTSIDE for place in later))


def _random_order(answers: JudgedAnswers) -> list[int]:
    """The questions that the measure applies to, in an order that depends on nothing but their ids."""
    places = [place for place, applies in enumerate(answers.applies) if applies]
    return sorted(places, key=lambda place: digest(["to be labelled", answers.questions[place].id]))


def _with_asked(labels: MeasureLabels, answers: JudgedAnswers) -> MeasureLabels:
    known = [place for place in labels.drawn if place < len(answers.questions)]
    new = [key for place in known for key in answers.of(place) if key not in labels.asked]
    return labels.with_answers(map(answers.asked, new))
