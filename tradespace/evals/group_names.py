"""Names of measures of one group of questions: `answer_f1[language=de]`."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = re.compile(r"([^\[\]]+)\[([^\[\]=]+)=(.+)\]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class GroupName:
    """A measure of the questions that have a value in a column.

    >>> str(GroupName("answer_f1", "language", "de")), GroupName.parse("ndcg@5[type=how]"), GroupName.parse("ndcg@5")
    ('answer_f1[language=de]', GroupName(measure='ndcg@5', column='type', value='how'), None)
    """

    measure: str
    column: str
    value: str

    @classmethod
    def parse(cls, name: str) -> GroupName | None:
        """Read a name; None where it is that of another measure."""
        match = _NAME.fullmatch(name)
        return cls(*match.groups()) if match else None

    def __str__(self) -> str:
        return f"{self.measure}[{self.column}={self.value}]"


def base_measure(name: str) -> str:
    """The measure of all questions that a name is about.

    >>> base_measure("answer_f1[language=de]"), base_measure("ndcg@5")
    ('answer_f1', 'ndcg@5')
    """
    group = GroupName.parse(name)
    return group.measure if group else name
