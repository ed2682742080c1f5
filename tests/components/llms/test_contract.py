"""Every language model keeps its contract."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tradespace.components.llms.base import LanguageModel
from tradespace.components.llms.chat_model import ChatModel
from tradespace.components.llms.openai import OpenAI
from tradespace.components.llms.tiny_reasoner import WEIGHTS, TinyReasoner
from tradespace.components.llms.transformers import Transformers
from tradespace.testing.completion_server import CompletionServer
from tradespace.testing.language_model_contract import LanguageModelContract

SMALL = str(WEIGHTS / "tiny-reasoner-small")
OWN = "tradespace.testing.langchain_classes.TinyChatModel"
MODELS: dict[str, Callable[[str], LanguageModel]] = {
    "tiny_reasoner": lambda url: TinyReasoner(size="small"),
    "transformers": lambda url: Transformers(model=SMALL, dtype="float32", format="tiny_reasoner"),
    "openai": lambda url: OpenAI(model="tiny", base_url=url, format="tiny_reasoner"),
    "openai without n": lambda url: OpenAI(model="tiny", base_url=url, several=False, logprobs=False),
    "chat_model of one's own": lambda url: ChatModel(model=OWN),
    "chat_model of OpenAI's": lambda url: ChatModel(model="openai:tiny", arguments={"base_url": url}),
    "chat_model of Google's": lambda url: ChatModel(
        model="google_genai:gemini-tiny", arguments={"base_url": url.removesuffix("/v1")}
    ),
}


@pytest.fixture(params=list(MODELS))
def component(
    request: pytest.FixtureRequest, server: CompletionServer, monkeypatch: pytest.MonkeyPatch
) -> LanguageModel:
    """Each model in turn."""
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    monkeypatch.setenv("GOOGLE_API_KEY", "secret")
    return MODELS[request.param](server.url)


class TestLanguageModels(LanguageModelContract):
    """The contract."""
