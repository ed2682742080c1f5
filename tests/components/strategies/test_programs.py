"""Programs that a model wrote are run, tried and chosen among."""

from __future__ import annotations

import pytest

from tradespace.components.corpus import Corpus
from tradespace.components.direct import call_together
from tradespace.components.strategies.base import Strategy
from tradespace.components.strategies.candidates import Candidate
from tradespace.components.strategies.probes import ProgramProbe, examples_in, inputs_in
from tradespace.components.strategies.program_of_thought import ProgramOfThought
from tradespace.components.strategies.programs import ProgramRunner, program_in
from tradespace.components.strategies.sample_filter_cluster import SampleFilterCluster
from tradespace.testing.scripted import Scripted
from tradespace.testing.strategy_contract import rounds
from tradespace.types import Completion, ProgramRun, Request

DOUBLE = Request(
    "Write double(n), which doubles a number.\n\n>>> double(2)\n4\n>>> double(3)\n6\n\nIt takes any number."
)


def fenced(code: str) -> str:
    """As models write programs."""
    return f"Here it is:\n```python\n{code}\n```"


RIGHT = fenced("def double(n):\n    return 2 * n")
ALSO_RIGHT = fenced("def double(n):\n    return n + n")
SQUARE = fenced("def double(n):\n    return n ** 2")
LUCKY = fenced("def double(n):\n    return {2: 4, 3: 6}[n]")
ENDLESS = fenced("def double(n):\n    while True: pass")
DOUBLES = Scripted(
    script={"calculate": (LUCKY, RIGHT, SQUARE, ALSO_RIGHT, ENDLESS), "ask": ("1. double(10)\n2. double(-1)",)}
)
SUMS = Scripted(
    script={
        "calculate": (
            fenced("print(3 + 4)"),
            fenced("print(1 / 0)"),
            "answer: 3 + 4",
            fenced("print(8)"),
            "answer: Ada",
        ),
        "ask": ("",),
        "judge": ("answer: no",),
    }
)


@pytest.mark.parametrize(
    ("text", "program"),
    [
        (RIGHT, "def double(n):\n    return 2 * n"),
        ("hats of ada are 3. answer: 3 + 4", "print(3 + 4)"),
        ("answer: ada lovelace", ""),
        ("answer: 7", ""),
        ("print(1)\n", "print(1)"),
        ("", ""),
    ],
)
def test_the_program_of_a_completion(text: str, program: str) -> None:
    """A block, an expression to be printed, or none."""
    assert program_in(Candidate("", Completion(text, 1, 1))) == program


@pytest.mark.parametrize(
    ("code", "given", "output", "finished"),
    [
        ("print(3 + 4)", "", "7", True),
        ("print(int(input()) * 2)", "21", "42", True),
        ("1 / 0", "", "ZeroDivisionError: division by zero", False),
        ("while True: pass", "", "ran longer than 0.5 s", False),
    ],
)
def test_what_a_program_prints_comes_back_from_its_call(
    code: str, given: str, output: str, finished: bool, corpus: Corpus
) -> None:
    """One that does not run to its end says why."""
    runner = ProgramRunner(seconds=0.5)
    (run,) = call_together([runner.call(code, given)], lambda component: component.open(corpus))
    assert run == ProgramRun(output, finished)


def test_examples_are_found_in_questions() -> None:
    """Doctests, and blocks of input and output."""
    assert examples_in(DOUBLE.question) == [ProgramProbe("repr(double(2))", "4"), ProgramProbe("repr(double(3))", "6")]
    assert examples_in("Double it.\n\nInput:\n2\nOutput:\n4\n\nInput:\n3\nOutput:\n6") == [
        ProgramProbe("2", "4"),
        ProgramProbe("3", "6"),
    ]
    assert examples_in("How many hats has Ada?") == []


def test_inputs_are_read_one_to_a_line() -> None:
    """Without numbering, each once."""
    assert inputs_in("1. 5\n- 7\n\n- 7\n2) -3", 3) == [ProgramProbe("5"), ProgramProbe("7"), ProgramProbe("-3")]


def test_where_a_model_wrote_calls_nothing_else_is_an_input() -> None:
    """What stands around them is no input."""
    assert inputs_in("import double\nHere they are:\ndouble(1)\ndouble(2)", 8) == [
        ProgramProbe("double(1)"),
        ProgramProbe("double(2)"),
    ]


@pytest.mark.parametrize(
    ("line", "given"),
    [
        ("assert double(2) == 4", "double(2)"),
        ("double('a b') == 'a ba b'", "double('a b')"),
        ("assert not even(len([1]))", "even(len([1]))"),
        ("double(3) == 6, 'three'", "double(3)"),
        ("assert True", "assert True"),
        ("assert double(2", "assert double(2"),
        ("3 == 4", "3 == 4"),
        ("x = double(2); y = 3", "x = double(2); y = 3"),
    ],
)
def test_of_a_test_that_a_model_wrote_the_call_is_the_input(line: str, given: str) -> None:
    """What it expects may be wrong. A line that calls nothing, or is no Python, is taken as it is."""
    assert inputs_in(line, 1) == [ProgramProbe(given)]


def test_code_that_goes_on_where_the_question_stops_is_a_program() -> None:
    """Models that complete text write the body of a function alone; a whole program stays as it is."""
    body, whole = "    return 2 * n", "def double(n):\n    return n + n"
    for answer, program in ((body, f"def double(n):\n{body}"), (whole, whole)):
        candidate = Candidate(answer, Completion(answer, 1, 1))
        assert program_in(candidate, "def double(n):\n", "code") == program


@pytest.mark.parametrize(
    ("strategy", "calls", "text", "confidence"),
    [
        (ProgramOfThought(k=1), [1, 1], "7", 1.0),
        (ProgramOfThought(k=3), [3, 2], "7", 2 / 3),
        (ProgramOfThought(k=5), [5, 3], "7", 2 / 5),
        (SampleFilterCluster(k=5, inputs=0), [5, 4], "7", 2 / 5),
        (SampleFilterCluster(k=5, submissions=3), [6, 4, 3], "7", 2 / 5),
    ],
    ids=str,
)
def test_sums_by_program(strategy: Strategy, calls: list[int], text: str, confidence: float) -> None:
    """A program that fails abstains; equal programs are run once; an answer in words stands for itself."""
    found, answer = rounds(strategy, SUMS)
    assert (found, answer.text, answer.confidence) == (calls, text, pytest.approx(confidence))


@pytest.mark.parametrize(
    ("strategy", "calls", "text", "confidence"),
    [
        (SampleFilterCluster(k=1, inputs=0, answer="program"), [1, 2, 1], LUCKY, 1.0),
        (SampleFilterCluster(k=5, inputs=4, seconds=0.5, answer="program"), [6, 10, 9], RIGHT, 2 / 5),
    ],
    ids=str,
)
def test_programs_that_fail_an_example_are_dropped_and_the_rest_clustered(
    strategy: Strategy, calls: list[int], text: str, confidence: float
) -> None:
    """Squaring fails double(3) and one never ends; the lucky one breaks on other inputs; two behave alike and win."""
    found, answer = rounds(strategy, DOUBLES, DOUBLE)
    assert (found, answer.confidence) == (calls, pytest.approx(confidence))
    assert fenced(answer.text) == text
