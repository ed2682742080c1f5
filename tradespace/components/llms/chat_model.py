"""Any LangChain chat model: `provider:name` through `init_chat_model`, or a class of one's own by its dotted path.

The interface is that of https://docs.langchain.com/oss/python/langchain/models.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from pydantic import Field, SecretStr

from tradespace.components.calls.replies import Heard, end_by_length, finish, heard
from tradespace.components.calls.thoughts import content
from tradespace.components.dotted_path import Arguments, construct, with_arguments
from tradespace.components.llms.base import sample_seed
from tradespace.components.llms.chat_messages import as_chat, declared_tool, response_format
from tradespace.components.llms.provider_errors import provider_error
from tradespace.components.llms.remote import Ask, RemoteModel, Reply
from tradespace.components.remote.refusals import OTHER_NAME
from tradespace.components.remote.token_counts import with_counts
from tradespace.components.trust import Trust
from tradespace.errors import ComponentError
from tradespace.types import Completion, Prompt, ToolCall, ToolDeclaration

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel, LanguageModelInput
    from langchain_core.messages import AIMessage
    from langchain_core.runnables import Runnable

SCHEMA_PROVIDERS = frozenset({"openai", "azure_openai", "anthropic", "google_genai"})
"""Providers whose packages take OpenAI's `response_format`, and write it as their server wants it."""


class ChatModel(RemoteModel):
    """Samples are drawn by requests of their own. Keys come from the environment, as LangChain's classes read them.

    Tokens are those that the model reports; where it reports none they are estimated, and marked as such.
    """

    name: ClassVar[str] = "chat_model"
    in_words: ClassVar[str] = "{model}"
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
    def takes_schemas(self) -> bool:
        return self.address in SCHEMA_PROVIDERS

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
        _require_key(chat_model)
        names = _names_of(chat_model)

        async def ask(prompt: Prompt, count: int, refused: Set[str]) -> Reply:
            messages = convert_to_messages(as_chat(prompt.messages))
            wanted = self.sampling(prompt, sample_seed(prompt))
            sampling = {name: value for name, value in wanted.items() if not refused & {name, OTHER_NAME.get(name)}}
            try:
                asked = _with_tools(chat_model, prompt.tools) if prompt.tools else chat_model
                named: dict[str, Any] = {names.get(name, name): value for name, value in sampling.items()}
                held = _held_to(chat_model, prompt.json_schema) if prompt.json_schema else {}
                reply = await asked.ainvoke(messages, **named, **held)
            except Exception as error:  # noqa: BLE001 - each provider's package raises its own
                raise provider_error(error, sampling) from None
            return Reply([_heard(prompt, reply)], _cached(reply))

        return ask

    def _made(self) -> BaseChatModel:
        """The chat model, which tries once: what is tried again here is timed apart from what succeeds."""
        made = self._made_with(self.arguments)
        once = {"max_retries": 0} | self.arguments
        return self._made_with(once) if "max_retries" in type(made).model_fields and once != self.arguments else made

    def _made_with(self, arguments: dict[str, Any]) -> BaseChatModel:
        from langchain_core.language_models import BaseChatModel

        if self._is_class:
            return construct(self.model, arguments, BaseChatModel)  # type: ignore[no-any-return]
        from langchain.chat_models import init_chat_model

        return with_arguments(init_chat_model, self.model, arguments, self.model)  # type: ignore[no-any-return]


def _held_to(chat_model: BaseChatModel, json_schema: str) -> dict[str, Any]:
    """What a reply is held to, as an argument of a call. OpenAI's package would read the reply too, and lose one that
    was cut off, if it saw the argument; beside the fields that it knows it sends it on."""
    held = {"response_format": response_format(json_schema)}
    extra: Mapping[str, Any] | None = getattr(chat_model, "extra_body", held)
    return held if extra is held else {"extra_body": {**(extra or {}), **held}}


def _with_tools(chat_model: BaseChatModel, tools: Sequence[ToolDeclaration]) -> Runnable[LanguageModelInput, AIMessage]:
    """The model with tools at hand.

    Raises:
        ComponentError: its class knows none.
    """
    try:
        return chat_model.bind_tools([declared_tool(tool) for tool in tools])
    except NotImplementedError:
        raise ComponentError(f"{type(chat_model).__name__} takes no tools: say `protocol: text` of the agent") from None


def _require_key(chat_model: BaseChatModel) -> None:
    """Say which key is missing, where the package would send an empty one.

    Raises:
        ComponentError: it is.
    """
    if getattr(chat_model, "default_headers", None):  # which may hold another way to be let in
        return
    for name, variable in chat_model.lc_secrets.items():
        key = getattr(chat_model, name, None)
        if isinstance(key, SecretStr) and not key.get_secret_value():
            raise ComponentError(f"{type(chat_model).__name__} needs a key: set the environment variable {variable}")


def _names_of(chat_model: BaseChatModel) -> dict[str, str]:
    """What a class calls parameters that have another name elsewhere: Google's takes `max_tokens` when it is made, and
    not when it is called."""
    fields = type(chat_model).model_fields
    return {"max_tokens": "max_output_tokens"} if "max_output_tokens" in fields and "max_tokens" not in fields else {}


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
    return heard(prompt, counted, reason=reason, refusal=beside.get("refusal") or _blocked(metadata))


def _tool_calls(reply: AIMessage) -> tuple[ToolCall, ...]:
    """The calls whose arguments LangChain could read, then those whose it could not."""
    read = (ToolCall(call["name"], json.dumps(call["args"])) for call in reply.tool_calls)
    unread = (ToolCall(call["name"] or "", call["args"] or "") for call in reply.invalid_tool_calls)
    return (*read, *unread)


def _blocked(metadata: Mapping[str, Any]) -> str:
    """Why a provider did not show its model the prompt, as Google tells it; empty where it did."""
    reason = (metadata.get("prompt_feedback") or {}).get("block_reason")
    return f"the prompt was blocked ({getattr(reason, 'value', reason)})" if reason else ""


def _cached(reply: AIMessage) -> int | None:
    """Tokens of the prompt that the provider had kept; None where it does not say."""
    usage: Any = reply.usage_metadata or {}
    count = (usage.get("input_token_details") or {}).get("cache_read")
    return count if isinstance(count, int) else None
