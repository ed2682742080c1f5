"""How a served pipeline is asked a question: by Tradespace's own interface, or by that of OpenAI."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tradespace.errors import InputError, nearest


@dataclass(frozen=True, slots=True)
class AnswerApi:
    """One way of asking.

    Attributes:
        name: how it is called on the command line.
        path: what follows the version in its URL.
        fields: of a request, from the question and the name of a model, which may be empty.
    """

    name: str
    path: str
    fields: Callable[[str, str], Mapping[str, Any]]

    def url_path(self, given: str) -> str:
        """The path of a request, from that of the URL which a user gave: nothing, `/v1`, or the whole path."""
        return given if given.endswith(self.path) else f"{given or '/v1'}{self.path}"

    def body(self, question: str, model: str) -> bytes:
        """What is sent."""
        return json.dumps(self.fields(question, model), ensure_ascii=False).encode()


ANSWERS = AnswerApi("answers", "/answers", lambda question, model: {"question": question})
CHAT = AnswerApi(
    "chat",
    "/chat/completions",
    lambda question, model: {
        **({"model": model} if model else {}),
        "messages": [{"role": "user", "content": question}],
    },
)
APIS: Mapping[str, AnswerApi] = {api.name: api for api in (ANSWERS, CHAT)}


def candidate_apis(name: str | None, path: str) -> tuple[AnswerApi, ...]:
    """The interface that was named, by itself or by the path of a URL; else all of them, in the order to try them.

    Raises:
        InputError: no interface has that name.
    """
    if name is None:
        return tuple(api for api in APIS.values() if path.endswith(api.path)) or tuple(APIS.values())
    if name not in APIS:
        raise InputError(f"no interface of a server is called {name!r}; {nearest(name, tuple(APIS))}")
    return (APIS[name],)
