"""Trying out programs: given examples that they must pass, and inputs that tell them apart."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from tradespace.components.base import Call
from tradespace.components.strategies.programs import ProgramRunner
from tradespace.syntax import parse_statements

_DOCTEST = re.compile(r"^[ \t]*>>> ?(?P<call>.+)\n[ \t]*(?P<expected>(?!>>>)\S.*)$", re.MULTILINE)
_EXAMPLE = re.compile(
    r"^(?:sample |example )?input:?[ \t]*\n(?P<input>.*?)\n"
    r"(?:sample |example )?output:?[ \t]*\n(?P<expected>.*?)(?:\n\n|\Z)",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ProgramProbe:
    """Something to try a program on: its standard input, or else an expression to be worked out after it.

    `expected` is what must be printed, where that is known.
    """

    input: str
    expected: str = ""

    def call(self, runner: ProgramRunner, code: str) -> Call:
        """The call that tries a program."""
        return runner.call(f"{code}\nprint({self.input})") if _is_call(self.input) else runner.call(code, self.input)


def examples_in(question: str) -> list[ProgramProbe]:
    """The examples that a question gives: doctests, and blocks of `Input:` and `Output:`.

    >>> examples_in("Double it.\\n\\n>>> double(2)\\n4")
    [ProgramProbe(input='repr(double(2))', expected='4')]
    """
    doctests = [
        ProgramProbe(f"repr({match['call']})", match["expected"].strip()) for match in _DOCTEST.finditer(question)
    ]
    blocks = [ProgramProbe(match["input"], match["expected"].strip()) for match in _EXAMPLE.finditer(question)]
    return [*doctests, *blocks]


def inputs_in(text: str, most: int) -> list[ProgramProbe]:
    """The inputs that a model wrote, one to a line, without numbering, each once.

    Where some are calls, those alone. Of a test that it wrote instead of an input, the call counts: what the model
    expects of it may be wrong.

    >>> inputs_in("import double\\n1. double(2)\\nassert double(3) == 5", most=4)
    [ProgramProbe(input='double(2)', expected=''), ProgramProbe(input='double(3)', expected='')]
    """
    lines = (re.sub(r"^\s*(?:[-*]|\d+[.)])\s+", "", line).strip() for line in text.splitlines())
    written = dict.fromkeys(filter(None, lines))
    calls = dict.fromkeys(filter(None, map(_tested, written)))
    return [ProgramProbe(line) for line in calls or written][:most]


def _tested(line: str) -> str:
    """The first call in an expression, or in what is asserted; empty where there is none."""
    statement = _parsed(line if line.startswith("assert") else f"assert {line}")
    nodes = ast.walk(statement.test) if isinstance(statement, ast.Assert) else ()
    return next((ast.unparse(node) for node in nodes if isinstance(node, ast.Call)), "")


def _is_call(text: str) -> bool:
    statement = _parsed(text)
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)


def _parsed(text: str) -> ast.stmt | None:
    """The only statement of a text; None where it is no Python, or more than one."""
    try:
        (statement,) = parse_statements(text.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return statement
