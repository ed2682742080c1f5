"""HumanEval: a program chosen by the tests that the same model wrote (CodeT), against one drawn at random."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from bench.replays.recorded import a_caller, accuracies, mean, reader, samples, table
from tradespace.components.answers.code import program
from tradespace.components.sandbox import Limits, ProgramFinished, Sandbox
from tradespace.components.strategies.sample_filter_cluster import SampleFilterCluster
from tradespace.data import load_dataset
from tradespace.data.replays.codet_humaneval import STOP
from tradespace.types import Program, Question

MODEL = "codet_humaneval/codegen-16b"
TESTS_OF_A_SAMPLE = 5
"""Generated tests that are used of each of the 100 samples, as published."""
DRAWN, INPUTS = 20, 8
"""Solutions and inputs of each problem that the component is given: each is a run of its own."""
CODET, GREEDY = 0.367, 0.297
"""Published pass@1 of CodeT, and of its baseline, one greedy solution (Chen, B. et al. 2022)."""
HARNESS = """
import signal as _signal

def _late(*_):
    raise TimeoutError

_signal.signal(_signal.SIGALRM, _late)
_passed, _misses = [], 0
for _test, _seconds in {tests!r}:
    _ok = False
    if _misses < 3:
        _signal.setitimer(_signal.ITIMER_REAL, _seconds)
        try:
            exec(_test, dict(globals()))
            _ok = True
        except TimeoutError:
            _misses += 1
        except BaseException:
            pass
        finally:
            _signal.setitimer(_signal.ITIMER_REAL, 0)
    _passed.append("01"[_ok])
print()
print("".join(_passed))
"""
"""Runs tests one by one, each in its time: the published ones first, then those that the model wrote."""


def assertions(question: Question, texts: Sequence[str]) -> list[str]:
    """The distinct assertions about the problem's function that samples of tests hold, the first few of each."""
    name = re.findall(r"check\((\w+)\)", question.answers[0])[-1]
    checks: dict[str, None] = {}
    for text in texts:
        valid = [check for part in f"assert {text}".split("assert ") if name in part and (check := _assertion(part))]
        checks |= dict.fromkeys(valid[:TESTS_OF_A_SAMPLE])
    return list(checks)


def _assertion(part: str) -> str:
    """One assertion, cut off where the model went on with something else; empty where it is no Python."""
    for stop in STOP:
        part = part.partition(stop)[0]
    try:
        compile(assertion := f"assert {part.strip()}", "", "exec")
    except (SyntaxError, ValueError):
        return ""
    return assertion


def passes() -> list[list[str]]:
    """For each problem and sampled solution, which tests it passes: the published ones, then each generated one."""
    questions = load_dataset("humaneval").questions
    solutions, tests = samples(MODEL, questions, "direct", 100), samples(MODEL, questions, "ask", 100)
    rows = [
        [
            f"{program(question.text, sample.completion.text.rstrip().strip(chr(10)))}\n{HARNESS.format(tests=checks)}"
            for sample in solved
        ]
        for question, solved, tested in zip(questions, solutions, tests, strict=True)
        for checks in [_timed(question, assertions(question, [sample.completion.text for sample in tested]))]
    ]
    codes = list(dict.fromkeys(code for row in rows for code in row))
    with Sandbox(Limits(seconds=6), modules=()) as sandbox:
        results = dict(zip(codes, sandbox.run(list(map(Program, codes))), strict=True))
    bits = {
        code: result.output.split("\n")[-2] if isinstance(result, ProgramFinished) else ""
        for code, result in results.items()
    }
    return [[bits[code] for code in row] for row in rows]


def _timed(question: Question, generated: Sequence[str]) -> list[tuple[str, float]]:
    return [(question.answers[0], 3.0), *((check, 0.1) for check in generated)]


def chosen(passed: Sequence[str]) -> float:
    """Chance that a solution of the best group is right.

    Solutions that pass the same generated tests form a group, worth its solutions times its tests.
    """
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for bits in passed:
        groups[bits[1:]].append(bits)
    best = max(groups, key=lambda tests: len(groups[tests]) * tests.count("1"))
    return mean([bits.startswith("1") for bits in groups[best]])


def through_the_ledger(drawn: int = DRAWN, questions: int | None = None) -> float:
    """Accuracy of the component `sample_filter_cluster` on the first so many solutions, or all, of each problem.

    It groups programs by what they return, not by which tests they pass, and takes the largest group.
    """
    strategy = SampleFilterCluster(k=drawn, inputs=INPUTS, asked=100, answer="program", seconds=1)
    with a_caller() as recorded_calls:
        (scored,) = accuracies(recorded_calls, "humaneval", "answer_code", [reader(MODEL, strategy, "code")], questions)
        return mean(scored)


def page() -> str:
    """The section of the page."""
    rows = passes()
    alone = mean([mean([bits.startswith("1") for bits in row]) for row in rows])
    tests = mean([len(max(row, key=len)) - 1 for row in rows])
    grouped = mean([chosen(row) for row in rows])
    compared = [
        ["one sample, on average", 100, f"{alone:.3f}"],
        ["tests passed: solutions times tests (CodeT)", 100, f"{grouped:.3f}"],
        ["tests passed: solutions times tests (CodeT)", DRAWN, f"{mean([chosen(row[:DRAWN]) for row in rows]):.3f}"],
        ["what they return: `sample_filter_cluster`", DRAWN, f"{through_the_ledger():.3f}"],
    ]
    return f"""## HumanEval
CodeGen-Mono-16B, 100 solutions of each of 164 problems, and on average {tests:.0f} distinct tests that it wrote itself.
Solutions that pass the same tests form a group; the group with the most solutions times tests is chosen. No given
example is used. All programs ran in the sandbox, with all their tests.

{table(("chosen by", "solutions", "pass@1"), compared)}

CodeT's authors publish {CODET:.3f} where this has {grouped:.3f}; their gain is about seven points over {GREEDY:.3f},
and this is one of {100 * (grouped - alone):.1f}. The difference is in what the gain is over. Their baseline is one
solution drawn greedily, which is not among the published files. These hold 100 solutions drawn at temperature 0.8 (so
they are named), and one of those, at random, is right less often: {alone:.3f}.

The component `sample_filter_cluster` does not believe what tests expect: it runs the first {DRAWN} solutions on at most
{INPUTS} calls that stand in the generated tests, through the ledger and the sandbox, and takes the largest group that
returns the same.
"""
