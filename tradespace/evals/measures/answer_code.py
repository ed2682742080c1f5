from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from tradespace.components.answers import extract
from tradespace.components.answers.code import program
from tradespace.components.sandbox import ProgramFinished, Sandbox
from tradespace.evals.measures.form import FormMeasure
from tradespace.types import Answer, Program, Question, Ranking


class AnswerCode(FormMeasure):
    """1 if the answer is a program that passes the accepted answer's tests, else 0.

    The accepted answer is a program that is run after the answer's, and raises where that is wrong. Programs run in a
    sandbox. Chen, M. et al. 2021, "Evaluating Large Language Models Trained on Code" (HumanEval).
    """

    accepted = re.compile(r".*\b(assert|check\().*", re.DOTALL)

    def score(
        self, questions: Sequence[Question], rankings: Sequence[Ranking | None], answers: Sequence[Answer | None]
    ) -> list[float | None]:
        places = [
            place for place, answer in enumerate(answers) if answer is not None and self.applies_to(questions[place])
        ]
        tests = [_tested(answer.text, questions[place]) for place in places if (answer := answers[place])]
        passed = dict(zip(places, _passed(tests), strict=True))
        return [float(passed[place]) if place in passed else None for place in range(len(questions))]

    def is_right(self, answer: str, question: Question) -> bool:
        return _passed([_tested(answer, question)])[0]


def _tested(answer: str, question: Question) -> tuple[str, ...]:
    """The programs of an answer and each accepted set of tests."""
    code = program(question.text, extract(answer, "code"))
    return tuple(f"{code}\n{tests}" for tests in question.answers)


def _passed(tests: Sequence[tuple[str, ...]]) -> list[bool]:
    """Whether any program of each case runs to its end; each distinct one is run once."""
    codes = list(dict.fromkeys(code for case in tests for code in case))
    results = _sandbox().run(list(map(Program, codes))) if codes else []
    finished = {code for code, result in zip(codes, results, strict=True) if isinstance(result, ProgramFinished)}
    return [any(code in finished for code in case) for case in tests]


@cache
def _sandbox() -> Sandbox:
    """Kept open: it takes a second to start, and ends with this process."""
    return Sandbox()


ANSWER_CODE = AnswerCode("answer_code")
