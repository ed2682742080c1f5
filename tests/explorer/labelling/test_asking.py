"""Which answers people are asked about: at random, all different ones to a question, and those that are new."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.judged_results import judged_results, judged_study
from tradespace.errors import InputError
from tradespace.evals.measures.answer_em import ANSWER_EM
from tradespace.evals.prediction_powered import OUTSIDE
from tradespace.explorer.labelling.asking import brought_up_to_date, drawn_shares, with_more_drawn
from tradespace.explorer.labelling.judged_answers import JudgedAnswers
from tradespace.explorer.questions import Attempt
from tradespace.explorer.storage.labels import MeasureLabels
from tradespace.types import Answer, Question

RESULTS = judged_results(judged_study())


def answers(questions: int = 60, second: str = "second", unscored: int = 0) -> JudgedAnswers:
    """Two finalists, which answer every third question differently, and are judged differently on every sixth."""
    asked = [Question(str(place), f"Question {place}?", ("yes",) * (place >= unscored)) for place in range(questions)]
    attempts: dict[str, tuple[int, Attempt]] = {}
    rows: dict[str, list[str]] = {"first": [], second: []}
    for place in range(questions):
        texts = ("same", "same") if place % 3 else ("one", f"other of {second}")
        for (pipeline, row), text in zip(rows.items(), texts, strict=True):
            row.append(f"a{place}-{text}")
            score = float(place % 6 == 0 and pipeline == "first")
            attempts.setdefault(row[-1], (place, Attempt(Answer(text, 0.0), (), {ANSWER_EM.name: score})))
    return JudgedAnswers(ANSWER_EM, tuple(asked), {name: tuple(row) for name, row in rows.items()}, attempts)


def begun(of: JudgedAnswers, count: int = 20) -> MeasureLabels:
    return with_more_drawn(brought_up_to_date(MeasureLabels(), of, RESULTS), of, count)


def test_all_different_answers_to_a_question_are_asked_about() -> None:
    """Of about as many answers as were wanted; nobody is told who gave them."""
    labels = begun(answers())
    assert 17 <= len(labels.asked) <= 23
    for place in labels.drawn:
        texts = {asked.answer for asked in labels.asked.values() if asked.place == place}
        assert texts == ({"same"} if place % 3 else {"one", "other of second"})
    assert all("first" not in asked.model_dump_json() for asked in labels.asked.values())


def test_answers_that_decide_are_asked_about_more_often() -> None:
    """Questions to which finalists gave different answers: how often is said, by stratum."""
    labels = begun(answers())
    (alike, of_alike, all_alike), (decisive, of_decisive, all_decisive) = drawn_shares(labels)
    assert (alike, decisive, all_alike, all_decisive) == (False, True, 40, 20)
    assert of_decisive / all_decisive > of_alike / all_alike
    assert of_decisive + of_alike == len(labels.drawn)


def test_where_all_answers_differ_judgements_decide() -> None:
    """Sentences nearly always differ: then those that the judge scores differently."""
    of = answers()
    renamed = {name: tuple(f"{key} of {name}" for key in row) for name, row in of.keys.items()}
    attempts = {f"{key} of {name}": of.attempts[key] for name, row in of.keys.items() for key in row}
    labels = begun(replace(of, keys=renamed, attempts=attempts))
    assert [whole for _, _, whole in drawn_shares(labels)] == [50, 10]


def test_more_are_drawn_beside_those_before() -> None:
    """None twice, and what was asked before stays."""
    first = begun(answers())
    more = with_more_drawn(first, answers(), 20)
    assert more.drawn[: len(first.drawn)] == first.drawn
    assert len(set(more.drawn)) == len(more.drawn) > len(first.drawn)
    assert list(more.asked)[: len(first.asked)] == list(first.asked)
    everything = with_more_drawn(more, answers(), 1000)
    assert sorted(everything.drawn) == list(range(60))
    with pytest.raises(InputError, match="all 60 questions"):
        with_more_drawn(everything, answers(), 1)


def test_new_answers_to_drawn_questions_are_asked_about() -> None:
    """Another finalist answers otherwise: else it could not be corrected. Strata stay as they were drawn from."""
    first = begun(answers())
    later = brought_up_to_date(first, answers(second="third"), RESULTS)
    assert (later.drawn, later.strata) == (first.drawn, first.strata)
    new = [key for key in later.asked if key not in first.asked]
    assert sorted(later.asked[key].place for key in new) == sorted(place for place in first.drawn if place % 3 == 0)


def test_questions_that_came_later_have_strata_of_their_own() -> None:
    """They were not there to be drawn before."""
    first = begun(answers(questions=30))
    later = with_more_drawn(brought_up_to_date(first, answers(), RESULTS), answers(), 20)
    assert later.strata[:30] == first.strata
    assert set(later.strata[30:]) == {2, 3}
    assert all(drawn >= 2 for _, drawn, _ in drawn_shares(later))


def test_questions_that_cannot_be_scored_are_not_asked_about() -> None:
    """They are outside."""
    labels = begun(answers(unscored=30), 1000)
    assert labels.strata[:30] == (OUTSIDE,) * 30
    assert sorted(labels.drawn) == list(range(30, 60))


def test_labels_of_other_data_are_not_mixed_in() -> None:
    """The message says what to do."""
    labels = begun(answers()).model_copy(update={"data_key": "other"})
    with pytest.raises(InputError, match=r"move labels\.json out"):
        brought_up_to_date(labels, answers(), RESULTS)


def test_the_draw_depends_on_questions_alone() -> None:
    """Whatever is in the answers and whoever asks: the same questions, first come first."""
    here, elsewhere = begun(answers(), 30), begun(answers(second="third"), 30)
    assert here.drawn == elsewhere.drawn


def test_every_question_has_the_same_chance_within_its_stratum() -> None:
    """Over questions of other names: the order is random."""
    counts = np.zeros(60)
    for name in range(400):
        of = answers()
        renamed = replace(of, questions=tuple(replace(each, id=f"{name} {each.id}") for each in of.questions))
        counts[list(begun(renamed).drawn)] += 1
    for stratum in (counts[::3], counts[1::3]):
        assert stratum.max() - stratum.min() < 6 * np.sqrt(stratum.mean())
