from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.data.dataset import Dataset
from tradespace.errors import DataError
from tradespace.types import Document, Evidence, Heading, Question


def dataset(questions: int, name: str = "small") -> Dataset:
    asked = tuple(Question(f"q{number}", f"What is {number}?", (str(number),), ("d",)) for number in range(questions))
    return Dataset(name, (Document("d", "numbers"),), asked)


sizes = st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(0, 10))


@given(sizes, st.integers())
def test_splits_have_the_sizes_asked_for_and_share_no_question(size: tuple[int, int, int], seed: int) -> None:
    """A split has as many questions as asked for, all of the dataset, none twice."""
    explore, confirm, spare = size
    data = dataset(explore + confirm + spare)
    splits = data.split(explore, confirm, seed)
    drawn = {question.id for question in splits.explore + splits.confirm}
    assert (len(splits.explore), len(splits.confirm)) == (explore, confirm)
    assert len(drawn) == explore + confirm
    assert drawn <= {question.id for question in data.questions}


@given(sizes, st.integers())
def test_asking_for_more_only_adds_questions(size: tuple[int, int, int], seed: int) -> None:
    """The questions of one split stay the same, in the same order, when more are asked for in either."""
    explore, confirm, spare = size
    data = dataset(explore + confirm + spare)
    few, more_explore, more_confirm = (
        data.split(explore, confirm, seed),
        data.split(explore + spare, confirm, seed),
        data.split(explore, confirm + spare, seed),
    )
    assert more_explore.explore[:explore] == few.explore == more_confirm.explore
    assert more_confirm.confirm[:confirm] == few.confirm == more_explore.confirm


def test_a_split_does_not_depend_on_the_order_of_the_questions() -> None:
    """Shuffled questions give the same splits: only ids and seed decide."""
    data = dataset(50)
    backwards = replace(data, questions=tuple(reversed(data.questions)))
    assert data.split(20, 20, seed=3) == backwards.split(20, 20, seed=3)


def test_another_seed_draws_other_questions() -> None:
    """Seeds matter."""
    assert dataset(50).split(20, 20, seed=1) != dataset(50).split(20, 20, seed=2)


def test_a_split_is_the_same_on_every_machine() -> None:
    """The order is fixed for good: studies made elsewhere and earlier keep their splits."""
    assert [question.id for question in dataset(10).split(3, 0, seed=0).explore] == ["q9", "q3", "q0"]


@pytest.mark.parametrize(("explore", "confirm"), [(8, 3), (11, 0), (-1, 2)])
def test_asking_for_more_than_there_are_says_how_many_there_are(explore: int, confirm: int) -> None:
    """The error names the number of questions, the dataset and what was asked for."""
    with pytest.raises(DataError, match=f"10 questions of 'small'.* given: {explore} and {confirm}"):
        dataset(10).split(explore, confirm, seed=0)


def test_the_key_depends_on_content_alone() -> None:
    """Any change of a document or question changes the key; another name does not."""
    data = dataset(3)
    changed = replace(data, documents=(Document("d", "other"),))
    fewer = replace(data, questions=data.questions[:2])
    assert data.key == dataset(3, name="other").key
    assert len({data.key, changed.key, fewer.key}) == 3


def test_data_that_say_nothing_new_keep_their_key() -> None:
    """What documents and questions can say since then changes no key of data that do not say it."""
    documents = (Document("d", "text", "Title"), Document("e", "more"))
    questions = (Question("q", "Who?", ("a",), ("d",)), Question("r", "What?", itself="e"))
    assert (
        Dataset("small", documents, questions).key == "20dda6b1ad4898b448df1f85dc335114f527ab785d059935647779b490d1be07"
    )


def test_what_was_added_later_is_part_of_the_key_where_it_is_said() -> None:
    """Headings, pages, evidence, groups, and that a question was generated, each change the key; a file's path does
    not."""
    document, question = Document("d", "text"), Question("q", "Who?")
    evidence = ((Evidence("d", "text", 0),),)
    kinds = [
        (document, question),
        (replace(document, headings=(Heading(0, 1, "text"),)), question),
        (replace(document, pages=(0,)), question),
        (document, replace(question, gold_alternatives=(("d",),))),
        (document, replace(question, evidence=evidence)),
        (document, replace(question, groups=(("language", "de"),))),
        (document, replace(question, generated=True)),
    ]
    keys = {Dataset("small", (document,), (question,)).key for document, question in kinds}
    assert len(keys) == len(kinds)
    read = replace(document, file="d.pdf")
    assert Dataset("small", (read,), (question,)).key == Dataset("small", (document,), (question,)).key


def test_where_evidence_was_found_is_no_part_of_the_key() -> None:
    """The document says what it is; the evidence only that it stands there."""
    document, question = Document("d", "the text"), Question("q", "Who?")
    pieces = [((Evidence("d", "text", 4, source),),) for source in ("", "the text")]
    first, second = (Dataset("small", (document,), (replace(question, evidence=each),)) for each in pieces)
    assert first == second
    assert first.key == second.key
