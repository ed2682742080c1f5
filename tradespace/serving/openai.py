"""OpenAI's interface of chat completions, so that any client of it can talk to a pipeline."""

from __future__ import annotations

import json
import time
from typing import Any, Literal
from uuid import uuid4

from pydantic import BaseModel
from starlette.responses import Response

from tradespace.errors import InputError
from tradespace.serving.dispatcher import ServedAnswer
from tradespace.serving.replies import json_reply

OWNER = "tradespace"


class ContentPart(BaseModel):
    """A part of a message; only texts are read."""

    type: str
    text: str = ""


class ChatMessage(BaseModel):
    """What somebody said."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[ContentPart] | None = None

    @property
    def text(self) -> str:
        """All of its text."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class StreamOptions(BaseModel):
    """What a stream is to have besides the text."""

    include_usage: bool = False


class ChatCompletionBody(BaseModel):
    """A request for a chat completion. Settings of models, such as `temperature`, are those of the pipeline."""

    messages: list[ChatMessage]
    model: str = ""
    stream: bool = False
    stream_options: StreamOptions | None = None

    @property
    def question(self) -> str:
        """What the user said last.

        Raises:
            InputError: the user said nothing.
        """
        said = next((message.text for message in reversed(self.messages) if message.role == "user"), "")
        if not said.strip():
            raise InputError("the last message of role `user` is the question; there is none that has a text")
        return said


def chat_completion(body: ChatCompletionBody, name: str, answer: ServedAnswer) -> Response:
    """The answer as OpenAI's interface has it, streamed in one piece if that was asked."""
    text = answer.answer.text if answer.answer else ""
    about = {"id": f"chatcmpl-{uuid4().hex}", "created": int(time.time()), "model": name}
    if body.stream:
        return _streamed(about, text, answer, usage=bool(body.stream_options and body.stream_options.include_usage))
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop", "logprobs": None}
    return json_reply({**about, "object": "chat.completion", "choices": [choice], "usage": _usage(answer)})


def model_list(name: str, since: int) -> dict[str, Any]:
    """The one model that there is: the study."""
    model = {"id": name, "object": "model", "created": since, "owned_by": OWNER}
    return {"object": "list", "data": [model]}


def _streamed(about: dict[str, Any], text: str, answer: ServedAnswer, *, usage: bool) -> Response:
    """Events sent by the server: the text, its end, the usage on demand."""
    chunk = {**about, "object": "chat.completion.chunk"}
    spoken = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": None}
    ended = {"index": 0, "delta": {}, "finish_reason": "stop"}
    chunks = [{**chunk, "choices": [spoken]}, {**chunk, "choices": [ended]}]
    if usage:
        chunks.append({**chunk, "choices": [], "usage": _usage(answer)})
    events = [*(json.dumps(each, ensure_ascii=False) for each in chunks), "[DONE]"]
    return Response("".join(f"data: {event}\n\n" for event in events), media_type="text/event-stream")


def _usage(answer: ServedAnswer) -> dict[str, int]:
    """Tokens of all language models that the pipeline asked; none where it asks none."""
    read, written = answer.tokens
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
