"""Any LangChain chat model: `provider:name` through `init_chat_model`, or a class of one's own by its dotted path.

The interface is that of https://docs.langchain.com/oss/python/langchain/models.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from pydantic import Field

from tradespace.components.calls.replies import Heard, end_by_length, finish, heard
from tradespace.components.calls.thoughts import content
from tradespace.components.dotted_path import Arguments, construct, with_arguments
from tradespace.components.llms.base import sample_seed
from tradespace.components.llms.chat_messages import as_chat, declared_tool
from tradespace.components.llms.refusals import OTHER_NAME, Refusal, UnavailableError
from tradespace.components.llms.remote import Ask, RemoteModel, Reply
from tradespace.components.llms.token_counts import with_counts
from tradespace.components.trust import Trust
from tradespace.errors import ComponentError, component_error_in
from tradespace.types import Completion, Prompt, ToolCall, ToolDeclaration

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel, LanguageModelInput
    from langchain_core.messages import AIMessage
    from langchain_core.runnables import Runnable

PASSING_ERRORS = {"ConnectionError", "TimeoutError", "TransportError", "APIConnectionError", "APITimeoutError"}
"""Exceptions that may pass, by the name of their class or of a base class: each provider's package has its own."""


class ChatModel(RemoteModel):
    """Samples are drawn by requests of their own. Keys come from the environment, as LangChain's classes read them.

    Tokens are those that the model reports; where it reports none they are estimated, and marked as such.
    """

    name: ClassVar[str] = "chat_model"
    takes_tools: ClassVar[bool] = True

    model: str = Field(
        pattern=r"[.:]",
        description="`provider:name`, as in `anthropic:claude-haiku-4-5`, or the dotted path of a class of your own, "
        "which is imported, so only name code that you trust",
    )
    arguments: Arguments = Field(default={})

    @property
    def needs(self) -> frozenset[Trust]:
        """Some providers' classes import what their arguments name, so that arguments are trusted like a class."""
        imports = self._is_class or self.arguments
        return super().needs | ({Trust.IMPORTS} if imports else set())

    @property
    def optional_packages(self) -> tuple[str, ...]:
        return ("langchain_core",) if self._is_class else ("langchain_core", "langchain")

    @property
    def address(self) -> str:
        return self.model.partition(":")[0]

    @property
    def host(self) -> str:
        return urlsplit(str(self.arguments.get("base_url", ""))).hostname or ""

    @property
    def _is_class(self) -> bool:
        return ":" not in self.model

    @property
    def reads_once(self) -> bool:
        return False

    def connect(self) -> Ask:
        self.require_packages()
        from langchain_core.messages import convert_to_messages

        chat_model = self._made()

        async def ask(prompt: Prompt, count: int, refused: Set[str]) -> Reply:
            messages = convert_to_messages(as_chat(prompt.messages))
            wanted = self.sampling(prompt, sample_seed(prompt))
            sampling = {name: value for name, value in wanted.items() if not refused & {name, OTHER_NAME.get(name)}}
            try:
                asked = _with_tools(chat_model, prompt.tools) if prompt.tools else chat_model
                reply = await asked.ainvoke(messages, **sampling)
            except Exception as error:  # noqa: BLE001 - each provider's package raises its own
                raise _explained(error, sampling) from None
            return Reply([_heard(prompt, reply)])

        return ask

    def _made(self) -> BaseChatModel:
        from langchain_core.language_models import BaseChatModel

        if self._is_class:
            return construct(self.model, self.arguments, BaseChatModel)  # type: ignore[no-any-return]
        from langchain.chat_models import init_chat_model

        return with_arguments(init_chat_model, self.model, self.arguments, self.model)  # type: ignore[no-any-return]


def _with_tools(chat_model: BaseChatModel, tools: Sequence[ToolDeclaration]) -> Runnable[LanguageModelInput, AIMessage]:
    """The model with tools at hand.

    Raises:
        ComponentError: its class knows none.
    """
    try:
        return chat_model.bind_tools([declared_tool(tool) for tool in tools])
    except NotImplementedError:
        raise ComponentError(f"{type(chat_model).__name__} takes no tools: say `protocol: text` of the agent") from None


def _explained(error: Exception, sampling: Mapping[str, Any]) -> ComponentError:
    """What a provider's package raised, in words, and whether asking again may help, all the same or without a name."""
    text = _in_words(error)
    if known := component_error_in(error):
        return known
    response = getattr(error, "response", None)
    status = getattr(error, "status_code", None) or getattr(response, "status_code", None)
    unexpected = isinstance(error, TypeError) and "unexpected keyword argument" in text
    if isinstance(status, int) or unexpected:
        sent = dict(sampling) | {OTHER_NAME[name]: sampling[name] for name in OTHER_NAME if name in sampling}
        body = getattr(error, "body", None)
        said = json.dumps(body) if isinstance(body, dict) else text
        return Refusal(status or 400, said, getattr(response, "headers", {})).error(
            sent, "the environment variable of its provider"
        )
    passing = PASSING_ERRORS & {base.__name__ for base in type(error).__mro__}
    return UnavailableError(text) if passing else ComponentError(text)


def _in_words(error: BaseException) -> str:
    """An error with what it was caused by: packages say no more of it than `Connection error`."""
    text = f"{type(error).__name__}: {error}"
    return f"{text} ({_in_words(error.__cause__)})" if error.__cause__ else text


def _heard(prompt: Prompt, reply: AIMessage) -> Heard:
    """What a message says. Packages that don't know thoughts as parts of the content keep them beside it."""
    written, metadata, beside = content(reply.content), reply.response_metadata, reply.additional_kwargs
    usage: Any = reply.usage_metadata or {}
    scores = (metadata.get("logprobs") or {}).get("content")
    ends = [metadata.get(name) for name in ("finish_reason", "stop_reason", "done_reason")]
    reason = next(filter(None, ends), None) or end_by_length(prompt, usage.get("output_tokens"))
    thoughts = written.thoughts or content(beside.get("reasoning_content")).text
    completion = Completion(
        text=written.text,
        tokens_in=0,
        tokens_out=0,
        finish_reason=finish(reason),
        log_probability=None if scores is None else sum(token["logprob"] for token in scores),
        thoughts=thoughts,
        tool_calls=_tool_calls(reply) if prompt.tools else (),
    )
    counted = with_counts(completion, prompt, usage.get("input_tokens"), usage.get("output_tokens"))
    return heard(prompt, counted, reason=reason, refusal=beside.get("refusal"))


def _tool_calls(reply: AIMessage) -> tuple[ToolCall, ...]:
    """The calls whose arguments LangChain could read, then those whose it could not."""
    read = (ToolCall(call["name"], json.dumps(call["args"])) for call in reply.tool_calls)
    unread = (ToolCall(call["name"] or "", call["args"] or "") for call in reply.invalid_tool_calls)
    return (*read, *unread)
