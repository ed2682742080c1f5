"""Which groups of questions limits are for, and what these score."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.explorer.conclusions.test_conclusion import PROVENANCE, evaluation, results
from tests.explorer.test_crash import SPACE
from tests.explorer.test_exploration import Listener
from tradespace.data import QuestionSets
from tradespace.errors import SpaceError
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.exploration import Exploration
from tradespace.explorer.files import read_data, read_specification
from tradespace.explorer.question_groups import (
    FEWEST_IN_GROUP,
    group_columns,
    held_to,
    in_results,
    left_out,
    questions_for_groups,
    with_group_scores,
    with_groups,
)
from tradespace.explorer.results import QuestionSet, Results
from tradespace.explorer.storage.study import StudyFolder
from tradespace.search_space.bounds import Bound
from tradespace.search_space.goals import Goals, Objective
from tradespace.search_space.specification import Specification, load_text
from tradespace.types import Question

EACH = Bound("answer_f1", 0.5, floor=True, column="language")


def asked(*languages: tuple[str, int], answers: tuple[str, ...] = ("yes",)) -> tuple[Question, ...]:
    """So many questions of each language, in turn; of none where its name is empty."""
    return tuple(
        Question(f"{language}{number}", "?", answers, groups=(("language", language),) if language else ())
        for language, many in languages
        for number in range(many)
    )


def specification(*limits: str) -> Specification:
    """A search space with these limits."""
    rest = "{name: n, data: {dataset: d}, pipeline: {retrieve: bm25, generate: reader}, objectives: {answer_f1: }, "
    return load_text(f"{rest}limits: {list(limits)}}}")


def groups(found: Specification) -> list[tuple[str, ...]]:
    """The groups of each limit."""
    return [limit.groups for limit in found.goals.limits]


def test_a_limit_is_for_the_groups_that_are_large_enough_in_every_split() -> None:
    """Those that are not are named; questions of no group are in none."""
    explore = asked(("de", FEWEST_IN_GROUP), ("en", 30), ("fi", FEWEST_IN_GROUP), ("", 20))
    splits = QuestionSets(explore, asked(("de", 40), ("en", FEWEST_IN_GROUP), ("fi", FEWEST_IN_GROUP - 1), ("sv", 1)))
    found = with_groups(specification("answer_f1 >= 0.5 for each language", "answer_f1 >= 0.2"), splits)
    assert groups(found) == [("de", "en"), ()]
    assert [str(bound) for bound in found.goals.bounds] == [
        "answer_f1[language=de] >= 0.5",
        "answer_f1[language=en] >= 0.5",
        "answer_f1 >= 0.2",
    ]
    (said,) = left_out(found, splits)
    assert "leaves out 2 groups with fewer than 10 questions" in said and said.endswith("fi, sv")


def test_only_questions_that_can_be_scored_count() -> None:
    """A group whose questions have no answers is held to no limit on answers."""
    questions = (*asked(("de", 20)), *asked(("en", 20), answers=()))
    found = with_groups(specification("answer_f1 >= 0.5 for each language"), QuestionSets(questions, ()))
    assert groups(found) == [("de",)]


@pytest.mark.parametrize(
    ("explore", "message"),
    [
        (asked(("", 20)), "needs questions with a column `language`, and they have no columns of groups"),
        (
            tuple(replace(question, groups=(("type", "who"),)) for question in asked(("", 20))),
            "needs questions with a column `language`, and their columns of groups are type",
        ),
        (asked(("de", 9), ("en", 9)), "needs a group of at least 10 questions in each split"),
    ],
)
def test_a_limit_for_no_group_is_refused(explore: tuple[Question, ...], message: str) -> None:
    """Before anything runs: it would be kept by everything."""
    with pytest.raises(SpaceError) as caught:
        with_groups(specification("answer_f1 >= 0.5 for each language"), QuestionSets(explore, ()))
    assert message in str(caught.value)


def test_as_many_questions_are_asked_at_first_as_every_group_needs() -> None:
    """From the front: up to the tenth of the last group."""
    questions = asked(("de", 12), ("en", 3), ("fi", 5), ("en", 9))
    bound = specification("answer_f1 >= 0.5 for each language")
    held = replace(bound, goals=replace(bound.goals, limits=(replace(EACH, groups=("de", "en")),)))
    assert questions_for_groups(held, questions) == 12 + 3 + 5 + 7
    assert questions_for_groups(specification("answer_f1 >= 0.2"), questions) == 0


def test_a_question_without_a_column_has_an_empty_group_there() -> None:
    """Columns come in the order in which they are first met."""
    questions = [Question("1", "?", groups=(("b", "x"),)), Question("2", "?", groups=(("a", "y"), ("b", "z")))]
    assert group_columns(questions) == {"b": ("x", "z"), "a": ("", "y")}


def test_what_groups_score_follows_from_what_their_questions_score() -> None:
    """So another limit can be asked about where nothing was stored of its groups."""
    languages = ("de", "en", "") * 66 + ("de", "en")
    known = replace(
        results([evaluation("a", 0.5, 50)], []),
        provenance=replace(PROVENANCE, groups={QuestionSet.EXPLORE: {"language": languages}}),
        goals=Goals((Objective("f1", True),), limits=(replace(EACH, measure="f1"),)),
    )
    found = with_group_scores(known.under(held_to(known.goals, in_results(known))))
    assert found.goals.limits[0].groups == ("de", "en")
    (scores,) = (one.scores for one in found.explored)
    expected = [score if language == "de" else None for score, language in zip(scores["f1"], languages, strict=True)]
    assert list(scores["f1[language=de]"]) == expected
    assert with_group_scores(results([], [])) == results([], [])


def test_an_exploration_holds_pipelines_to_a_limit_for_each_group(folder: Path, tmp_path: Path) -> None:
    """On real BM25: what groups score is stored and confirmed, the study keeps which groups there are, and a limit that
    no group keeps is kept by no pipeline. Another limit tries no other pipeline."""
    found = explored(folder, tmp_path, "mrr >= 0.999 for each kind")
    names = {"mrr[kind=a]", "mrr[kind=b]"}
    assert found.goals.limits[0].groups == ("a", "b") and found.goals.of_groups == names
    assert all(names <= set(one.scores) for one in (*found.explored, *found.confirmed))
    assert set(found.provenance.groups[QuestionSet.CONFIRM]) == {"kind"}
    assert conclude(found).recommended is None and conclude(found).nearest is not None
    again = explored(folder, tmp_path, "mrr >= 0.01 for each kind")
    assert conclude(again).recommended is not None
    assert {one.pipeline for one in again.explored} == {one.pipeline for one in found.explored}
    assert StudyFolder(tmp_path / "study").results().goals == again.goals


def explored(folder: Path, tmp_path: Path, limit: str) -> Results:
    """Explore the small space; half of the questions of each split are of kind `a` and half of kind `b`."""
    text = SPACE.replace("explore: 40, confirm: 10", "explore: 28, confirm: 22")
    text = text.replace("pipelines: 60", "pipelines: 6")
    file = folder / "groups.yaml"
    file.write_text(f"{text}limits: [{limit}]\n")
    specification = read_specification(file)
    dataset = read_data(specification).dataset
    splits = dataset.split(28, 22, specification.data.seed)
    kinds = {one.id: "ab"[place % 2] for split in (splits.explore, splits.confirm) for place, one in enumerate(split)}
    questions = tuple(replace(question, groups=(("kind", kinds[question.id]),)) for question in dataset.questions)
    study = StudyFolder(tmp_path / "study")
    return Exploration(specification, study, replace(dataset, questions=questions), Listener(), "here").run()
