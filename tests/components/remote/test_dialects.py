"""What a model does not take is learned from its refusals, kept for the run, and said once."""

from __future__ import annotations

import logging
from dataclasses import replace
from itertools import count

import pytest

from tradespace.components.corpus import Corpus
from tradespace.components.llms import openai as openai_module
from tradespace.components.llms.chat_model import ChatModel
from tradespace.components.llms.openai import OpenAI
from tradespace.components.llms.remote import RemoteModel
from tradespace.components.llms.streams import STREAMED
from tradespace.components.remote.dialects import shared_dialect
from tradespace.testing.completion_server import CompletionServer, ServerFault
from tradespace.testing.language_model_contract import PROMPT, SAMPLED, complete, samples
from tradespace.types import Failure, Prompt, Timed

NUMBERS = count()
FULL = replace(SAMPLED, top_p=0.9, stop=("zebra",))
NAMES = ("temperature", "top_p", "stop", "seed", "logprobs")


def refuse(server: CompletionServer, *names: str) -> None:
    """Let the server refuse parameters as OpenAI's reasoning models do."""
    server.refused = {name: f'{{"error": {{"message": "unsupported", "param": "{name}"}}}}' for name in names}


def model(server: CompletionServer, **settings: object) -> OpenAI:
    """A model of its own: what is learned of one is kept for as long as the process lives."""
    return OpenAI(model=f"dialect-{next(NUMBERS)}", base_url=server.url).with_settings(**settings)


@pytest.mark.parametrize("name", NAMES)
def test_a_refused_parameter_is_left_out_once_and_for_all(server: CompletionServer, corpus: Corpus, name: str) -> None:
    """The request is answered at its second try, the next one at its first, also by an equal component."""
    refuse(server, name)
    asked = model(server, attempts=1)
    complete(asked, corpus, [FULL])
    complete(asked, corpus, [replace(FULL, seed=1)])
    assert [name in body for body in server.bodies] == [True, False, False]
    assert all(other in server.bodies[-1] for other in {*NAMES} - {name})


def test_a_model_that_refuses_nearly_everything_needs_no_settings(server: CompletionServer, corpus: Corpus) -> None:
    """As reasoning models do; each parameter costs one request."""
    refuse(server, *NAMES, "max_tokens")
    complete(model(server), corpus, [FULL])
    assert server.bodies[-1].keys() == {"model", "messages", "max_completion_tokens", *STREAMED}
    assert len(server.bodies) == 1 + len(NAMES) + 1


@pytest.mark.parametrize(
    ("refused", "kept"), [("max_tokens", "max_completion_tokens"), ("max_completion_tokens", "max_tokens")]
)
def test_the_length_goes_by_its_other_name(
    server: CompletionServer, corpus: Corpus, monkeypatch: pytest.MonkeyPatch, refused: str, kept: str
) -> None:
    """Whichever name comes first: OpenAI's own address is told the newer one."""
    asked = model(server)
    if refused == "max_completion_tokens":
        monkeypatch.setattr(openai_module, "OPENAI", server.url)
        monkeypatch.setenv("OPENAI_API_KEY", "a-key-of-no-one")
    refuse(server, refused)
    (completion,) = complete(asked, corpus, [replace(PROMPT, max_tokens=3)])
    assert server.bodies[-1][kept] == 3
    assert completion.finish_reason == "length"


def test_samples_come_one_by_one_where_n_is_refused(server: CompletionServer, corpus: Corpus) -> None:
    """They are those that would have been drawn together."""
    together = [completion.text for completion in complete(model(server), corpus, samples(0, 1, 2))]
    server.forget()
    refuse(server, "n")
    assert [completion.text for completion in complete(model(server), corpus, samples(0, 1, 2))] == together
    assert [body.get("n") for body in server.bodies] == [3, None, None, None]


def test_it_is_said_once(server: CompletionServer, corpus: Corpus, caplog: pytest.LogCaptureFixture) -> None:
    """With the name, what is done, and the server's words, however many requests were refused."""
    refuse(server, "temperature")
    asked = model(server)
    complete(asked, corpus, [replace(PROMPT, max_tokens=length) for length in range(5, 15)])
    (said,) = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert f"{asked.model} at {asked.address} does not take `temperature`: left out from now on" in said.getMessage()
    assert "unsupported" in said.getMessage()


def test_a_refusal_that_meant_something_else_teaches_nothing(server: CompletionServer, corpus: Corpus) -> None:
    """Where the request is refused without the parameter too, the next one is sent with it."""
    server.faults.extend([ServerFault(400, "this stop sign was flagged"), ServerFault(400, "flagged")])
    asked = model(server)
    (drawn,) = asked.open(corpus)([FULL])
    assert isinstance(drawn, Failure)
    complete(asked, corpus, [FULL])
    assert ["stop" in body for body in server.bodies] == [True, False, True]


def test_refused_requests_are_no_service_time(server: CompletionServer, corpus: Corpus) -> None:
    """They are waited for; what is timed is the request that was answered."""
    refuse(server, "temperature")
    (drawn,) = model(server).open(corpus)([PROMPT])
    assert isinstance(drawn, Timed)
    assert drawn.waited > 0


def test_servers_are_told_apart() -> None:
    """What one does not take, another may, though LangChain calls both `openai`."""
    here, there = shared_dialect("openai", "localhost", "gpt"), shared_dialect("openai", "api.example.org", "gpt")
    here.learn({"temperature": "unsupported"})
    assert here is shared_dialect("openai", "localhost", "gpt")
    assert (here.refused, there.refused) == ({"temperature"}, set())


@pytest.mark.parametrize("name", ["temperature", "seed", "max_completion_tokens"])
def test_langchains_models_learn_too(
    server: CompletionServer, corpus: Corpus, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """By the words of the provider's package."""
    monkeypatch.setenv("OPENAI_API_KEY", "a-key-of-no-one")
    refuse(server, name)
    asked: RemoteModel = ChatModel(model=f"openai:dialect-{next(NUMBERS)}", arguments={"base_url": server.url})
    prompts: list[Prompt] = [SAMPLED, replace(SAMPLED, seed=1)]
    for prompt in prompts:
        complete(asked, corpus, [prompt])
    assert [name in body for body in server.bodies] == [True, False, False]
