"""Specification of the held-out exam."""

from tradespace.data.microworld.solutions import UNKNOWN_ANSWER, solve_question
from tradespace.data.microworld.world import World
from training.reasoner.exam import FIRST_SEED, WORLD_SIZE, Item, exam

ITEMS = list(exam(60))


def _visible(item: Item, passages: tuple[str, ...]) -> list[int]:
    world = _world(item)
    return [entity for entity in range(WORLD_SIZE) if world.document(entity).text in passages]


def _world(item: Item) -> World:
    return World(FIRST_SEED + int(item.question.question.id), WORLD_SIZE)


def test_the_exam_is_always_the_same_and_begins_alike_whatever_its_length() -> None:
    """Figures of two runs are about the same questions."""
    assert list(exam(20)) == ITEMS[:20]


def test_no_training_batch_can_draw_a_world_of_the_exam() -> None:
    """Training seeds have 40 bits; the exam's begin after the last of them."""
    assert FIRST_SEED >= 2**40


def test_eight_passages_answer_each_question() -> None:
    """All that is needed is there, among distractors."""
    for item in ITEMS:
        assert len(set(item.passages)) == 8
        assert solve_question(_world(item), item.question, _visible(item, item.passages)).answer == item.answer


def test_the_passages_without_one_leave_the_answer_unknown() -> None:
    """Exactly one needed passage is replaced by one that is not needed, and the sub-question asks for it."""
    for item in ITEMS:
        assert len(set(item.without)) == 8
        assert len(set(item.passages) - set(item.without)) == 1
        solution = solve_question(_world(item), item.question, _visible(item, item.without))
        assert solution.answer == UNKNOWN_ANSWER
        assert solution.missing == item.missing_question != "none"


def test_all_types_and_hop_counts_are_asked() -> None:
    """One to four hops, every type of question."""
    assert {item.question.hops for item in ITEMS} == {1, 2, 3, 4}
    assert {item.question.type for item in ITEMS} == {
        "lookup", "sum", "difference", "comparison", "superlative", "count",
    }  # fmt: skip
