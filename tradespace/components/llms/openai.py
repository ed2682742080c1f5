"""OpenAI-compatible HTTP: vLLM's server, Ollama, llama.cpp, OpenAI and most other providers.

The interface is that of https://platform.openai.com/docs/api-reference/chat.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Mapping, Sequence, Set
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from tradespace.components.base import Operator
from tradespace.components.bounded_http import ENCODING, bounded_lines, is_event_stream, read_bounded_but_events
from tradespace.components.calls.replies import Heard, end_by_length, finish, heard
from tradespace.components.calls.thoughts import content
from tradespace.components.corpus import Corpus
from tradespace.components.dotted_path import Arguments
from tradespace.components.llms.base import sample_seed
from tradespace.components.llms.chat_messages import as_chat, declared_tool, response_format, tool_call
from tradespace.components.llms.prompt_cache import FreshPrompts, tokens_kept
from tradespace.components.llms.remote import Ask, RemoteModel, Reply
from tradespace.components.llms.streams import STREAMED, Received, assembled
from tradespace.components.remote.background import close_with
from tradespace.components.remote.openai_server import OPENAI, OpenAIServer, counted_tokens, explained_losses, json_of
from tradespace.components.remote.refusals import UnavailableError, quoted
from tradespace.components.remote.token_counts import with_counts
from tradespace.types import Completion, Prompt

if TYPE_CHECKING:
    from httpx import AsyncClient, Response


class OpenAI(OpenAIServer, RemoteModel):
    """Several samples come from one request where the server can do that; a server that sends fewer is asked again.

    The key is read from the environment when the model is opened, and is kept nowhere.
    """

    name: ClassVar[str] = "openai"
    in_words: ClassVar[str] = "{model}"
    keeps_prompts: ClassVar[bool] = True
    takes_tools: ClassVar[bool] = True
    unkeyed: ClassVar[frozenset[str]] = RemoteModel.unkeyed | OpenAIServer.unkeyed | {"stream"}

    several: bool = Field(default=True, description="whether the server can draw several samples in one request (`n`)")
    logprobs: bool = Field(default=True, description="whether log-probabilities are requested")
    stream: bool = Field(
        default=True,
        description="whether replies come piece by piece where the server can do that, so that the time to the first "
        "token is recorded",
    )
    extra: Arguments = Field(default={}, description="further fields of each request, by name")

    @property
    def reads_once(self) -> bool:
        return self.several

    @property
    def takes_schemas(self) -> bool:
        return True

    def open_for_timing(self, corpus: Corpus) -> Operator:
        return self._operator(self.connect(fresh=True))

    def connect(self, *, fresh: bool = False) -> Ask:
        """Make what sends requests; `fresh` ones ask the server to process each prompt from scratch."""
        client = self.client(read_bounded_but_events, "identity")

        async def post(body: Mapping[str, Any]) -> Received:
            started = time.monotonic()
            async with _posted(client, body) as response:
                if is_event_stream(response) and response.is_success:
                    return await assembled(bounded_lines(response), started)
                await response.aread()
                if not response.is_success:
                    raise self.refusal(response, {name: body[name] for name in body if name not in self.extra})
                return Received(json_of(response))

        send = FreshPrompts(post) if fresh else post

        async def ask(prompt: Prompt, count: int, refused: Set[str]) -> Reply:
            received = await send(self.body(prompt, count, refused))
            return Reply(completions_in(prompt, received.reply), tokens_kept(received.reply), received.first_token)

        close_with(ask, client.aclose)
        return ask

    def body(self, prompt: Prompt, count: int, refused: Set[str] = frozenset()) -> dict[str, Any]:
        """The JSON of a request for so many samples, from `prompt.sample` on, without refused parameters."""
        sampling = self.sampling(prompt, sample_seed(prompt))
        if (limit := sampling.pop("max_tokens", None)) is not None:
            sampling |= dict.fromkeys(self._names_of_the_limit(refused), limit)
        tools = {"tools": [declared_tool(tool) for tool in prompt.tools]} if prompt.tools else {}
        held = {"response_format": response_format(prompt.json_schema)} if prompt.json_schema else {}
        several = {"n": count} if count > 1 else {}
        scored = {"logprobs": True} if self.logprobs else {}
        streamed = STREAMED if self.stream and not refused & STREAMED.keys() else {}
        wanted = {**sampling, **several, **scored, **streamed}
        kept = {name: value for name, value in wanted.items() if name not in refused}
        return {"model": self.model, "messages": as_chat(prompt.messages), **tools, **held, **kept, **self.extra}

    def _names_of_the_limit(self, refused: Set[str]) -> Sequence[str]:
        """What the most tokens are called, if anything: OpenAI's newer models refuse the name that all others know."""
        names = (
            ["max_completion_tokens", "max_tokens"]
            if self.base_url == OPENAI
            else ["max_tokens", "max_completion_tokens"]
        )
        return [name for name in names if name not in refused][:1]


@asynccontextmanager
async def _posted(client: AsyncClient, body: Mapping[str, Any]) -> AsyncIterator[Response]:
    """The response to one request, as it comes.

    Raises:
        UnavailableError: no connection, or it broke off.
        OversizedReplyError: the reply is too large.
    """
    whole = {} if "stream" in body else {"Accept-Encoding": ENCODING}
    with explained_losses():
        async with client.stream("POST", "/chat/completions", json=body, headers=whole) as response:
            yield response


def completions_in(prompt: Prompt, reply: Any) -> list[Heard]:
    """The completions in a reply; each one's prompt tokens are those of the whole prompt.

    Raises:
        UnavailableError: the reply does not have the form of one.
    """
    try:
        choices = reply["choices"]
        scores = [_scores(choice) for choice in choices]
        tokens_in, tokens_out = counted_tokens(reply, "prompt_tokens"), counted_tokens(reply, "completion_tokens")
        shares = _shares(tokens_out, scores)
        return [
            _heard(prompt, choice, tokens_in, share, None if of_tokens is None else sum(of_tokens))
            for choice, of_tokens, share in zip(choices, scores, shares, strict=True)
        ]
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise UnavailableError(
            f"a reply must have choices with messages ({error!r}); given: {quoted(json.dumps(reply))}"
        ) from None


def _heard(
    prompt: Prompt, choice: Any, tokens_in: int | None, tokens_out: int | None, log_probability: float | None
) -> Heard:
    """What one choice says; its thoughts stand in a field of their own at some servers, and have two names there."""
    message = choice["message"]
    reason = choice.get("finish_reason") or end_by_length(prompt, tokens_out)
    written = content(message.get("content"))
    thoughts = written.thoughts or content(message.get("reasoning_content") or message.get("reasoning")).text
    calls = tuple(tool_call(call) for call in message.get("tool_calls") or ()) if prompt.tools else ()
    completion = Completion(written.text, 0, 0, finish(reason), log_probability, thoughts=thoughts, tool_calls=calls)
    counted = with_counts(completion, prompt, tokens_in, tokens_out)
    return heard(prompt, counted, reason=reason, refusal=message.get("refusal"))


def _scores(choice: Mapping[str, Any]) -> list[float] | None:
    tokens = (choice.get("logprobs") or {}).get("content")
    return None if tokens is None else [float(token["logprob"]) for token in tokens]


def _shares(total: int | None, scores: Sequence[list[float] | None]) -> list[int | None]:
    """Tokens of each completion: as many as have scores if all do, else the same for all, the first ones the rest.

    None where neither tells.

    Raises:
        ValueError: there is no completion.
    """
    if not scores:
        raise ValueError("no choices")
    scored = [None if of_tokens is None else len(of_tokens) for of_tokens in scores]
    if total is None or (None not in scored and total == sum(filter(None, scored))):
        return scored
    each, rest = divmod(total, len(scores))
    return [each + (place < rest) for place in range(len(scores))]
