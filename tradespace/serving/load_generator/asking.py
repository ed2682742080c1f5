"""How a server is asked: its address, its interface, and how patiently."""

from __future__ import annotations

from dataclasses import dataclass

from tradespace.serving.load_generator.apis import ANSWERS, AnswerApi
from tradespace.serving.load_generator.target import LoadTarget

TIMEOUT = 30.0


@dataclass(frozen=True, slots=True)
class Asking:
    """How a server is asked.

    Attributes:
        timeout: seconds after its time when a request is given up.
        key: sent as `Authorization: Bearer`, unless it is empty.
        model: the name of a model, for servers that have several.
    """

    target: LoadTarget
    api: AnswerApi = ANSWERS
    timeout: float = TIMEOUT
    key: str = ""
    model: str = ""

    def request(self, question: str) -> bytes:
        """What is sent, head and body."""
        body = self.api.body(question, self.model)
        lines = (
            f"POST {self.api.url_path(self.target.path)} HTTP/1.1",
            f"Host: {self.target.authority}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
            *([f"Authorization: Bearer {self.key}"] if self.key else []),
        )
        return "\r\n".join([*lines, "", ""]).encode() + body
