"""The protocols of providers, spoken by the chat-completions server of the tests: Anthropic's and Google's.

What they send and expect is written in terms of a chat completion, so that one model answers all of them.
https://docs.anthropic.com/en/api/messages and https://ai.google.dev/api/generate-content.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

JsonObject = Mapping[str, Any]


class Protocol(ABC):
    """A way to ask for completions and to hand them over; `key_header` holds the key."""

    key_header: ClassVar[str] = "Authorization"

    @abstractmethod
    def serves(self, path: str) -> bool:
        """Whether requests to a path speak it."""

    @abstractmethod
    def request(self, body: JsonObject) -> JsonObject:
        """A request as one for a chat completion."""

    @abstractmethod
    def reply(self, completed: JsonObject) -> JsonObject:
        """A chat completion as this protocol writes it."""


class ChatCompletions(Protocol):
    """OpenAI's, which everything else is written in."""

    def serves(self, path: str) -> bool:
        return path == "/v1/chat/completions"

    def request(self, body: JsonObject) -> JsonObject:
        return body

    def reply(self, completed: JsonObject) -> JsonObject:
        return completed


class Messages(Protocol):
    """Anthropic's, without seeds: each request is answered with one of its own."""

    def __init__(self) -> None:
        self._seed = 0

    def serves(self, path: str) -> bool:
        return path == "/v1/messages"

    def request(self, body: JsonObject) -> JsonObject:
        self._seed += 1
        system = [{"role": "system", "content": body["system"]}] if body.get("system") else []
        sampling = {name: body[name] for name in ("temperature", "top_p", "max_tokens") if name in body}
        return {
            "messages": [*system, *body["messages"]],
            "stop": body.get("stop_sequences"),
            "seed": self._seed * 65536,
            **sampling,
        }

    def reply(self, completed: JsonObject) -> JsonObject:
        (choice,), usage = completed["choices"], completed["usage"]
        kept = usage["prompt_tokens_details"]["cached_tokens"]
        return {
            "id": "msg_1", "type": "message", "role": "assistant", "model": "tiny",
            "content": [{"type": "text", "text": choice["message"]["content"]}],
            "stop_reason": "max_tokens" if choice["finish_reason"] == "length" else "end_turn",
            "stop_sequence": None,
            "usage": {
                "input_tokens": usage["prompt_tokens"] - kept,
                "cache_read_input_tokens": kept,
                "output_tokens": usage["completion_tokens"],
            },
        }  # fmt: skip


class GenerateContent(Protocol):
    """Google's."""

    key_header: ClassVar[str] = "x-goog-api-key"
    roles: ClassVar[Mapping[str, str]] = {"user": "user", "model": "assistant"}

    def serves(self, path: str) -> bool:
        return path.endswith(":generateContent")

    def request(self, body: JsonObject) -> JsonObject:
        config = body.get("generationConfig", {})
        system = [_message("system", body["systemInstruction"])] if "systemInstruction" in body else []
        turns = [_message(self.roles[turn["role"]], turn) for turn in body["contents"]]
        names = {"temperature": "temperature", "topP": "top_p", "maxOutputTokens": "max_tokens", "seed": "seed"}
        sampling = {other: config[name] for name, other in names.items() if name in config}
        return {"messages": [*system, *turns], "stop": config.get("stopSequences"), **sampling}

    def reply(self, completed: JsonObject) -> JsonObject:
        (choice,), usage = completed["choices"], completed["usage"]
        return {
            "candidates": [
                {
                    "content": {"role": "model", "parts": [{"text": choice["message"]["content"]}]},
                    "finishReason": "MAX_TOKENS" if choice["finish_reason"] == "length" else "STOP",
                }
            ],
            "usageMetadata": {
                "promptTokenCount": usage["prompt_tokens"],
                "candidatesTokenCount": usage["completion_tokens"],
                "totalTokenCount": usage["total_tokens"],
                "cachedContentTokenCount": usage["prompt_tokens_details"]["cached_tokens"],
            },
            "modelVersion": "tiny",
        }


def _message(role: str, content: JsonObject) -> dict[str, str]:
    return {"role": role, "content": "".join(part["text"] for part in content["parts"])}
