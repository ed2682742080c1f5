"""Buildings, each with a document of its own, and a model that writes and answers questions about them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import pytest

from tradespace.components.base import Operator
from tradespace.components.corpus import Corpus
from tradespace.components.llms.base import LanguageModel
from tradespace.components.registry import COMPONENTS
from tradespace.explorer.generating.examiner import BY_HEART
from tradespace.explorer.generating.writing_prompts import WRITER_ROLE
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.storage.databases import open_ledger
from tradespace.types import Completion, Document, Prompt

NAMES = ("Kestrel", "Osprey", "Heron", "Falcon", "Bittern", "Curlew", "Dunlin", "Egret", "Fulmar", "Gannet", "Hobby")
BUILDERS = ("Maria", "Otto", "Nora", "Emil", "Clara", "Hugo", "Greta", "Franz", "Wilma", "Karl", "Lotte")
BUILT = {
    name: (str(1800 + 7 * place), f"{builder} {'Lund' if place % 2 else 'Berg'}")
    for place, (name, builder) in enumerate(zip(NAMES, BUILDERS, strict=True))
}
"""The year and the builder of each building."""
DOCUMENTS = tuple(
    Document(f"{name}.md", f"The {name} was built in {year} by {builder}. It stands by the river, made of stone.", name)
    for name, (year, builder) in BUILT.items()
)
_FACT = re.compile(r"The (\w+) was built in (\d{4}) by (\w+ \w+)\.")
_NUMBERED = re.compile(rf"\[(\d+)\] {_FACT.pattern}")
PROMPTS: list[Prompt] = []
"""What the model was given since the test began."""


class Quizmaster(LanguageModel):
    """Writes and answers questions about buildings. It knows one of them by heart; `prose` keeps to no form."""

    name: ClassVar[str] = "quizmaster"

    knows: str = ""
    prose: bool = False

    def open(self, corpus: Corpus) -> Operator:
        def reply(prompt: Prompt) -> Completion:
            PROMPTS.append(prompt)
            system, user = prompt.messages[0].content, prompt.messages[-1].content
            if system == WRITER_ROLE:
                text = "Of course! How about: who built it?" if self.prose else json.dumps(_written(user))
            else:
                known = {self.knows: BUILT[self.knows]} if self.knows else {}
                text = _answer(user, known if BY_HEART in system else _told(user))
            return Completion(text, len(user.split()), len(text.split()))

        return lambda prompts: [reply(prompt) for prompt in prompts]


def _told(text: str) -> dict[str, tuple[str, str]]:
    return {name: (year, builder) for name, year, builder in _FACT.findall(text)}


def _written(user: str) -> dict[str, object]:
    """The reply to a request for a question, of the type that its words ask for."""
    found = _NUMBERED.findall(user)
    if not found:
        return {"sentence": 1, "question": "Who built the tower?", "answer": "nobody"}
    if "`sentence_2`" in user:
        return _joining(*found[:2])
    number, name, year, builder = found[0]
    if "`sentence`" not in user:
        return {"question": f"Who painted the {name}?"}
    asked, answer = f"Who built the {name}?", builder
    if "with `yes`" in user:
        asked, answer = f"Was the {name} built in {year}?", "yes"
    elif "with `no`" in user:
        asked, answer = f"Was the {name} built in {int(year) + 1}?", "no"
    elif "holds a number" in user:
        asked, answer = f"When was the {name} built?", year
    return {"sentence": int(number), "question": asked, "answer": answer}


def _joining(first: tuple[str, ...], second: tuple[str, ...]) -> dict[str, object]:
    """A question that needs the facts of two passages."""
    older = min(first, second, key=lambda fact: fact[2])
    asked = f"Who built the older one, the {first[1]} or the {second[1]}?"
    return {"sentence_1": int(first[0]), "sentence_2": int(second[0]), "question": asked, "answer": older[3]}


def _answer(user: str, known: dict[str, tuple[str, str]]) -> str:
    """What is known in answer to the question that a prompt ends with."""
    asked = user.rpartition("Question: ")[2]
    names = [name for name in NAMES if re.search(rf"\b{name}\b", asked)]
    if not names or any(name not in known for name in names) or "painted" in asked:
        return "unknown"
    year, builder = min(known[name] for name in names)
    if asked.startswith("Was "):
        return "yes" if year in asked else "no"
    return year if asked.startswith("When") else builder


def caller(folder: Path, documents: tuple[Document, ...] = DOCUMENTS) -> RecordedCalls:
    """Makes calls over documents, into the ledger of a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    return RecordedCalls(OpenedComponents(documents, folder / "artefacts"), open_ledger(folder / "ledger.sqlite"))


@contextmanager
def known_by_name() -> Iterator[None]:
    """Let files and commands name it."""
    PROMPTS.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(COMPONENTS, "_entries", {**COMPONENTS, "quizmaster": Quizmaster})
        yield
