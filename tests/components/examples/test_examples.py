"""Examples: how many are shown, which, and never the question itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.components.corpus import Corpus
from tradespace.components.direct import run_directly
from tradespace.components.embedders.minilm import Minilm
from tradespace.components.examples import EXAMPLES
from tradespace.components.examples.base import ExamplePairs, Examples
from tradespace.components.examples.bootstrap import Bootstrap
from tradespace.components.examples.given import GivenExamples
from tradespace.components.store import ArtefactStore
from tradespace.errors import ComponentError
from tradespace.testing.component_contract import ComponentContract

PAIRS: ExamplePairs = (
    ("Who painted the ceiling?", "Michelangelo"),
    ("How tall is the tower?", "300 m"),
    ("Which river flows through Paris?", "the Seine"),
    ("Who composed the opera?", "Verdi"),
)
VARIANTS: tuple[Examples, ...] = (
    GivenExamples(),
    GivenExamples(pairs=PAIRS, shots=2),
    GivenExamples(pairs=PAIRS, choose="nearest"),
    Bootstrap(),
    Bootstrap(pool=8, least=0.5, measure="answer_f1", show="reply", shots=2),
)


@pytest.mark.parametrize("component", VARIANTS, ids=lambda each: f"{each.name} {each.chosen_settings.keys() or ''}")
class TestExamples(ComponentContract):
    """The contract."""


def test_all_examples_are_under_contract() -> None:
    """None are listed without being tested."""
    assert {type(variant) for variant in VARIANTS} == set(EXAMPLES)


def shown(examples: Examples, question: str) -> ExamplePairs:
    """What is shown before a question."""
    nowhere = Corpus((), ArtefactStore(Path("unused")))
    process = examples.shown(question)
    calls = next(process, None)
    if calls is None:
        return run_to_end(examples, question)
    try:
        process.send(
            [run_directly(call.component.process(call.request), lambda part: part.open(nowhere)) for call in calls]
        )
    except StopIteration as ended:
        return ended.value
    raise AssertionError("examples are chosen in one round")


def run_to_end(examples: Examples, question: str) -> ExamplePairs:
    """What is shown where no call is needed."""
    try:
        next(examples.shown(question))
    except StopIteration as ended:
        return ended.value
    raise AssertionError("a call was made")


def test_the_first_are_shown_without_a_call() -> None:
    """As many as `shots`, in the order given."""
    assert run_to_end(GivenExamples(pairs=PAIRS, shots=3), "Who?") == PAIRS[:3]


@given(
    pairs=st.lists(st.tuples(st.sampled_from(["a?", "b?", "B?", " c ?", "d?"]), st.text(max_size=3)), max_size=8),
    asked=st.sampled_from(["a?", "b?", "c ?", "C  ?", "e?"]),
    shots=st.integers(0, 6),
)
def test_no_question_is_shown_its_own_answer(pairs: list[tuple[str, str]], asked: str, shots: int) -> None:
    """An example of the question that is asked is left out, however it is cased and spaced; others take its place."""
    told = run_to_end(GivenExamples(pairs=tuple(pairs), shots=shots), asked)
    others = [pair for pair in pairs if pair[0].split() and pair[0].lower().split() != asked.lower().split()]
    assert list(told) == others[:shots]


@pytest.mark.parametrize("shots", [1, 2, 3])
def test_the_nearest_are_those_of_the_highest_cosine(shots: int) -> None:
    """A brute-force search over the same vectors finds the same, the nearest last."""
    asked = "Who wrote the opera?"
    encoder = Minilm().encoder()
    cosines = encoder.encode_questions([question for question, _ in PAIRS]) @ encoder.encode_questions([asked])[0]
    nearest = [PAIRS[place] for place in np.argsort(cosines)[-shots:]]
    assert list(shown(GivenExamples(pairs=PAIRS, shots=shots, choose="nearest"), asked)) == nearest
    assert nearest[-1] == PAIRS[3]


def test_one_call_serves_any_number_of_nearest_examples() -> None:
    """Pipelines that show two or three of them share the call that finds them."""
    two, three = (next(GivenExamples(pairs=PAIRS, shots=shots, choose="nearest").shown("Who?")) for shots in (2, 3))
    assert two == three


def test_nothing_is_asked_for_no_examples() -> None:
    """Without examples, or without shots, nearness is not measured."""
    assert run_to_end(GivenExamples(choose="nearest"), "Who?") == ()
    assert run_to_end(GivenExamples(pairs=PAIRS, shots=0, choose="nearest"), "Who?") == ()


def test_examples_that_are_not_drawn_yet_cannot_be_shown() -> None:
    """A bootstrap that is run on its own says that an exploration draws its examples, and what to do."""
    with pytest.raises(ComponentError, match=r"explored.*given\(pairs=\.\.\.\)"):
        next(Bootstrap().shown("Who?"))


def test_drawn_examples_are_shown_as_was_said() -> None:
    """How many, and which, goes over to what stands in the place of a bootstrap."""
    assert Bootstrap(shots=2, choose="nearest").given(PAIRS) == GivenExamples(pairs=PAIRS, shots=2, choose="nearest")
