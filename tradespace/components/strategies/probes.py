"""Trying out programs: given examples that they must pass, and inputs that tell them apart."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from tradespace.components.base import Call
from tradespace.components.strategies.programs import ProgramRunner

_DOCTEST = re.compile(r"^[ \t]*>>> ?(?P<call>.+)\n[ \t]*(?P<expected>(?!>>>)\S.*)$", re.MULTILINE)
_EXAMPLE = re.compile(
    r"^(?:sample |example )?input:?[ \t]*\n(?P<given>.*?)\n"
    r"(?:sample |example )?output:?[ \t]*\n(?P<expected>.*?)(?:\n\n|\Z)",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Probe:
    """Something to try a program on: its standard input, or else an expression to be worked out after it.

    `expected` is what must be printed, where that is known.
    """

    given: str
    expected: str = ""

    def call(self, runner: ProgramRunner, code: str) -> Call:
        """The call that tries a program."""
        return runner.call(f"{code}\nprint({self.given})") if _is_call(self.given) else runner.call(code, self.given)


def examples_in(question: str) -> list[Probe]:
    """The examples that a question gives: doctests, and blocks of `Input:` and `Output:`.

    >>> examples_in("Double it.\\n\\n>>> double(2)\\n4")
    [Probe(given='repr(double(2))', expected='4')]
    """
    doctests = [Probe(f"repr({match['call']})", match["expected"].strip()) for match in _DOCTEST.finditer(question)]
    blocks = [Probe(match["given"], match["expected"].strip()) for match in _EXAMPLE.finditer(question)]
    return [*doctests, *blocks]


def inputs_in(text: str, most: int) -> list[Probe]:
    """The inputs that a model wrote, one to a line, without numbering, each once."""
    lines = (re.sub(r"^\s*(?:[-*]|\d+[.)])\s+", "", line).strip() for line in text.splitlines())
    return [Probe(line) for line in dict.fromkeys(filter(None, lines))][:most]


def _is_call(text: str) -> bool:
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return isinstance(tree, ast.Call)
