"""Evaluations belong to a space, its questions and a host; figures know where they come from."""

from __future__ import annotations

from dataclasses import replace

from tests.explorer.test_crash import SPACE
from tradespace.data import Dataset
from tradespace.explorer.provenance import RunLog, context, provenance, question_key
from tradespace.explorer.results import QuestionSet
from tradespace.explorer.running.budget import Budget
from tradespace.search_space.specification import load_text
from tradespace.search_space.summary import describe_space
from tradespace.types import Document, Question

DATA = Dataset("small", (Document("d", "text"),), tuple(Question(f"q{n}", "?") for n in range(50)))


def test_goals_and_search_leave_the_context_alone() -> None:
    """What was measured stays true under another SLA or strategy."""
    other = SPACE.replace("{tpe: {}}", "random").replace("search:", "sla: {latency_p95: 1 s}\nsearch:")
    assert context(load_text(SPACE), DATA) == context(load_text(other), DATA)


def test_another_space_or_other_questions_make_another_context() -> None:
    """Their evaluations are not mixed in."""
    known = context(load_text(SPACE), DATA)
    assert context(load_text(SPACE.replace("k1: [0.6,", "k1: [0.5,")), DATA) != known
    assert context(load_text(SPACE.replace("explore: 40", "explore: 30")), DATA) != known
    assert context(load_text(SPACE), replace(DATA, documents=())) != known


def test_provenance_names_data_versions_and_work() -> None:
    """Enough to tell whether two figures can be compared."""
    specification = load_text(SPACE)
    splits = DATA.split(40, 10, 0)
    budget, log = Budget(asked=7, made=3), RunLog(ended="the time is up")
    space = describe_space(specification.space)
    where = provenance(
        specification, DATA, splits, 1.5, budget, log=log, space=space, host="a machine", interrupted=False
    )
    assert (where.space_size, where.space_size_exact) == (80, True)
    assert where.data_key == DATA.key
    assert where.questions == {QuestionSet.EXPLORE: 40, QuestionSet.CONFIRM: 10}
    assert (where.calls_asked, where.calls_made, where.ended) == (7, 3, "the time is up")
    assert {"python", "torch", "optuna"} <= where.versions.keys()


def test_provenance_tells_questions_apart() -> None:
    """By a key for each, in order: other words or another id make another; where it stands does not."""
    specification, splits = load_text(SPACE), DATA.split(40, 10, 0)
    where = provenance(
        specification,
        DATA,
        splits,
        0,
        Budget(),
        log=RunLog(),
        space=describe_space(specification.space),
        host="",
        interrupted=False,
    )
    keys = {
        split: [question_key(each) for each in questions]
        for split, questions in zip(QuestionSet, (splits.explore, splits.confirm), strict=True)
    }
    assert {split: list(known) for split, known in where.question_keys.items()} == keys
    assert len({key for known in keys.values() for key in known}) == 50
    assert len({question_key(Question(*parts)) for parts in (("a", "b"), ("a", "c"), ("c", "b"), ("ab", ""))}) == 4
