"""The words of microworld: invented names, the relations between entities, and the wordings of each relation.

Every name is one word, so that a word-level tokenizer needs one token for it; worlds with more entities than
words use names of several words (see `names.py`).
"""

from dataclasses import dataclass
from itertools import product
from typing import Final, Literal

EntityKind = Literal["person", "town", "institution"]
AnswerKind = Literal["person", "town", "institution", "region", "number"]


@dataclass(frozen=True, slots=True)
class Relation:
    """One thing a document says of its entity: its noun, what it points to, and how it is worded."""

    noun: str
    target: AnswerKind
    clauses: tuple[str, ...]
    question: str


def _compounds(starts: str, ends: str) -> tuple[str, ...]:
    return tuple(start + end for start, end in product(starts.split(), ends.split()))


ENTITY_NAMES: Final[dict[EntityKind, tuple[str, ...]]] = {
    "person": _compounds(
        "al ber cor dan el fre gar han is jo kar lu mar ni or pe ro sa ti va",
        "ana ina bert do ra mund lia vin sha ton",
    ),
    "town": _compounds(
        "ash oak red stone wind clear black fair green west",
        "ford wood by ham field mouth wick dale port bury",
    ),
    "institution": _compounds(
        "nova zen alpha core lumen vera helio quan astra mero",
        "tek dyne lab corp works bank press mill soft gen",
    ),
}
REGIONS: Final[tuple[str, ...]] = _compounds("nor sol var est kal mor", "land mark ia heim")

RELATIONS: Final[dict[EntityKind, tuple[Relation, ...]]] = {
    "person": (
        Relation("home", "town", ("lives in {}", "has a home in {}", "resides in {}"), "where does {} live?"),
        Relation(
            "employer", "institution", ("works for {}", "is employed by {}", "earns a wage at {}"), "who employs {}?"
        ),
        Relation("friend", "person", ("has a friend in {}", "is close to {}", "trusts {}"), "who is the friend of {}?"),
        Relation("age", "number", ("is {} years old", "has lived {} years", "is aged {}"), "how old is {}?"),
    ),
    "town": (
        Relation("region", "region", ("lies in {}", "belongs to {}", "is part of {}"), "which region is {} in?"),
        Relation(
            "mayor", "person", ("is led by mayor {}", "elected {} as mayor", "voted for {}"), "who is the mayor of {}?"
        ),
        Relation(
            "bridges",
            "number",
            ("has {} bridges", "counts {} bridges", "built {} bridges"),
            "how many bridges does {} have?",
        ),
    ),
    "institution": (
        Relation("town", "town", ("stands in {}", "is based in {}", "has an office in {}"), "where is {} based?"),
        Relation("director", "person", ("is run by {}", "has {} as director", "reports to {}"), "who runs {}?"),
        Relation(
            "workers",
            "number",
            ("has {} workers", "pays {} people", "gives work to {} people"),
            "how many workers does {} have?",
        ),
    ),
}

MORE: Final[dict[str, str]] = {
    "age": "is older",
    "bridges": "has more bridges",
    "workers": "has more workers",
}
MOST: Final[dict[str, str]] = {
    "age": "is the oldest",
    "bridges": "has the most bridges",
    "workers": "has the most workers",
}
