"""What servers mean when they refuse, in the words of those that people use."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tradespace.components.remote.refusals import ParameterRefusedError, Refusal, UnavailableError
from tradespace.errors import ComponentError

SENT = {"temperature": 0.0, "top_p": 0.9, "max_tokens": 40, "stop": ["\n"], "seed": 7, "n": 4, "logprobs": True}
KEY = "the environment variable OPENAI_API_KEY"


def openai(message: str, param: str | None = None, code: str | None = None) -> str:
    """An error as OpenAI writes it."""
    error = {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    return json.dumps({"error": error})


def error(status: int, text: str, sent: dict[str, Any] | None = None, **headers: str) -> ComponentError:
    """What a refusal becomes."""
    return Refusal(status, text, headers).error(SENT if sent is None else sent, KEY)


PARAMETERS = {
    "OpenAI, reasoning": (
        400,
        openai(
            "Unsupported value: 'temperature' does not support 0. Only the default (1) value is supported.",
            "temperature",
            "unsupported_value",
        ),
        "temperature",
    ),
    "OpenAI, tokens": (
        400,
        openai(
            "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead.",
            "max_tokens",
            "unsupported_parameter",
        ),
        "max_tokens",
    ),
    "OpenAI, stop": (400, openai("Unsupported parameter: 'stop' is not supported with this model.", "stop"), "stop"),
    "OpenAI, logprobs": (403, openai("You are not allowed to request logprobs from this model"), "logprobs"),
    "Groq": (400, openai("'n' : number must be at most 1", None), "n"),
    "llama.cpp": (400, '{"error": {"code": 400, "message": "Only one completion choice is allowed"}}', "n"),
    "Mistral": (
        422,
        '{"detail": [{"type": "extra_forbidden", "loc": ["body", "seed"], "msg": "Extra inputs are not permitted"}]}',
        "seed",
    ),
    "vLLM": (
        400,
        "{\"object\": \"error\", \"message\": \"[{'type': 'extra_forbidden', 'loc': ('body', 'top_p')}]\"}",
        "top_p",
    ),
    "FastAPI": (422, '{"detail": "log-probabilities are not available"}', "logprobs"),
    "text": (400, "temperature does not support 0", "temperature"),
    "TGI": (422, '{"error": "Input validation error: `temperature` must be strictly positive"}', "temperature"),
}


@pytest.mark.parametrize(("status", "text", "name"), PARAMETERS.values(), ids=PARAMETERS)
def test_a_parameter_that_is_named_can_be_left_out(status: int, text: str, name: str) -> None:
    """In a place of its own or in words."""
    refused = error(status, text)
    assert isinstance(refused, ParameterRefusedError)
    assert refused.name == name


FINAL = {
    "a wrong key": (401, openai("Incorrect API key provided: sk-ab***yz"), KEY),
    "no right": (403, openai("Project does not have access to model"), "has no right"),
    "no such model": (404, openai("The model `gpt-9` does not exist", "model"), "`model` and `base_url`"),
    "no money": (429, openai("You exceeded your current quota", None, "insufficient_quota"), "add credit"),
    "no money, at DeepSeek": (402, openai("Insufficient Balance"), "add credit"),
    "no money, at Anthropic": (400, openai("Your credit balance is too low to access the API"), "add credit"),
    "a long prompt": (400, openai("maximum context length is 4096 tokens, however you requested 5000"), "too long"),
    "a long prompt, at vLLM": (
        400,
        openai("'max_tokens' or 'max_completion_tokens' is too large: 40. Maximum context length is 64", "max_tokens"),
        "too long",
    ),
    "a long prompt, at llama.cpp": (500, openai("the request exceeds the available context size"), "too long"),
    "a large body": (413, "Request Entity Too Large", "too long"),
    "a moved server": (301, "", "'https://new/v1'"),
    "no tools, at vLLM": (400, openai('"auto" tool choice requires --enable-auto-tool-choice'), "`protocol: text`"),
    "no tools, at Ollama": (400, openai("registry.ollama.ai/library/gemma does not support tools"), "`protocol: text`"),
    "something else": (400, openai("invalid message role", "messages"), "`extra`"),
}


@pytest.mark.parametrize(("status", "text", "advice"), FINAL.values(), ids=FINAL)
def test_every_other_refusal_has_the_advice_that_fits(status: int, text: str, advice: str) -> None:
    """And is final: it is neither waited for nor asked again without something."""
    refused = error(status, text, location="https://new/v1")
    assert type(refused) is ComponentError
    assert advice in str(refused)
    assert f"HTTP {status}" in str(refused)
    assert "leave_out" not in str(refused) or advice == "`extra`"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("temperature", 1.7, "temperature must be between 0 and 1"),
        ("max_tokens", 99_999, "max_tokens is too large: 99999. This model supports at most 16384 completion tokens"),
    ],
)
def test_a_value_out_of_range_is_the_users_to_change(name: str, value: float, message: str) -> None:
    """To leave it out would answer another question than the one that was asked."""
    refused = error(400, openai(message, name), {**SENT, name: value})
    assert type(refused) is ComponentError
    assert f"Give a value for `{name}`" in str(refused)


def test_what_was_not_sent_cannot_be_left_out() -> None:
    """Otherwise the same request would be made for ever."""
    assert type(error(400, openai("unknown parameter: 'seed'", "seed"), {"temperature": 0.0})) is ComponentError


@pytest.mark.parametrize("status", [408, 429, 500, 503, 529])
def test_what_may_pass_is_told_apart(status: int) -> None:
    """With the pause that the server asks for, whatever it names."""
    refused = error(status, "temperature sensors are overloaded", **{"retry-after": "2"})
    assert isinstance(refused, UnavailableError)
    assert refused.pause == 2


@pytest.mark.parametrize(
    "text",
    [
        "Too many tokens, please wait before trying again.",
        openai(
            "Rate limit reached for gpt-5 on tokens per min (TPM): Limit 30000, Used 29000", None, "rate_limit_exceeded"
        ),
        "You exceeded your current quota, please check your plan and billing details. Please retry in 32s.",
    ],
    ids=["Bedrock", "OpenAI", "Gemini"],
)
def test_a_limit_per_minute_is_waited_for(text: str) -> None:
    """However much it sounds like a prompt that is too long, or like a bill."""
    assert isinstance(error(429, text), UnavailableError)


@pytest.mark.parametrize("text", ["[" * 50_000, '{"error": ' * 900, "null", '"temperature"', "\ud83d", "[1]", ""])
def test_any_text_is_a_refusal(text: str) -> None:
    """Servers and proxies send what they like."""
    assert isinstance(error(400, text), ComponentError)
