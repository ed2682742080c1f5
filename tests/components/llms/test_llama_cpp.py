"""SmolLM2 by llama.cpp: in this process and served on loopback."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.processes import without_coverage
from tradespace.components.answers import Form
from tradespace.components.corpus import Corpus
from tradespace.components.llms.base import LanguageModel
from tradespace.components.llms.llama_cpp import LlamaCpp, LlamaCppEngine, llama_cpp_engine
from tradespace.components.llms.openai import OpenAI
from tradespace.components.llms.smollm2 import SmolLM2
from tradespace.components.prompts.tasks import DIRECT, Task
from tradespace.components.strategies.base import ModelCaller
from tradespace.errors import ComponentError
from tradespace.testing.language_model_contract import PROMPT, LanguageModelContract, complete, samples
from tradespace.types import Completion, Failure, Message, Passage, Prompt, Request

SERVE = Path(__file__).parents[3] / "examples" / "serve_gguf.py"
READY_WITHIN = 300
"""Seconds: a second where nothing else runs."""
SMOLLM2 = SmolLM2(threads=1)
"""On one thread: several wait for each other at every step, for long where other tests run on the same cores."""
MODEL = LlamaCpp(path=str(SMOLLM2.file), threads=1)


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    """The base URL of SmolLM2, served by the example's script in a process of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, str(SERVE), str(SMOLLM2.file), str(port), "1"]
    with subprocess.Popen(command, env=without_coverage(), stdout=subprocess.DEVNULL) as process:
        try:
            _wait_for(process, f"http://127.0.0.1:{port}/health")
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()


def _wait_for(process: subprocess.Popen[bytes], health: str) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(health, timeout=10).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"the server is not ready; exit status: {process.poll()}")


@pytest.fixture(params=["in process", "served"])
def component(request: pytest.FixtureRequest) -> LanguageModel:
    """The model in both ways."""
    if request.param == "in process":
        return MODEL
    return OpenAI(model="smollm2", base_url=request.getfixturevalue("served"), timeout=600)


class TestLanguageModels(LanguageModelContract):
    """The contract."""


def test_it_answers_from_a_passage(corpus: Corpus) -> None:
    """It is a language model, and its chat template is the one in the file."""
    task = Task(DIRECT, "How old is Marina?", (Passage("a", "a", "Marina is 47 years old and lives in Turin."),))
    (answer,) = complete(SMOLLM2, corpus, [Prompt(SMOLLM2.messages(task), max_tokens=24)])
    assert "47" in answer.text
    assert answer.finish_reason == "stop"


def test_it_is_held_to_a_json_schema(component: LanguageModel, corpus: Corpus) -> None:
    """llama.cpp makes a grammar of it: whatever is asked, greedily or by chance, there is an answer of that form."""
    forms: Mapping[Form, str] = {"number": r"-?\d+(\.\d+)?([eE][-+]?\d+)?", "yes_no": "yes|no", "choice": "[A-J]"}
    for form, pattern in forms.items():
        caller = ModelCaller(component, 40, form, structured=True)
        call = caller.call(DIRECT, Request("Why is the sky blue?"))
        for completion in complete(component, corpus, [call.request, replace(call.request, temperature=1.0)]):
            written = json.loads(completion.text)["answer"]
            assert re.fullmatch(pattern, str(written))
            assert caller.answer_in(completion.text)


def test_served_and_in_process_it_writes_the_same(corpus: Corpus, served: str) -> None:
    """Greedy completions: text, tokens and log-probability, which is without the end token's where it is streamed."""
    ours = complete(MODEL, corpus, [PROMPT])
    theirs = complete(OpenAI(model="smollm2", base_url=served, stream=False, timeout=600), corpus, [PROMPT])
    assert [replace(one, log_probability=None) for one in ours] == [
        replace(one, log_probability=None) for one in theirs
    ]
    assert ours[0].log_probability == pytest.approx(theirs[0].log_probability, abs=1e-3)


def test_what_was_asked_before_changes_nothing(corpus: Corpus) -> None:
    """Not a digit: neither another prompt with the same beginning, nor samples of this one."""
    operator = MODEL.open(corpus)
    other = replace(PROMPT, messages=(*PROMPT.messages[:1], Message("user", "* elton is 23 years old .")))
    (first,) = operator([PROMPT])
    operator([other, *samples(0, 1)])
    assert list(operator([PROMPT])) == [first]


def test_the_number_of_threads_changes_nothing(corpus: Corpus) -> None:
    """Not a digit, nor the address: a ledger is shared by machines with other numbers of cores."""
    long = replace(PROMPT, messages=(Message("user", "Marina is 47 years old. " * 80),), max_tokens=2)
    two = MODEL.with_settings(threads=2)
    assert complete(two, corpus, [long]) == complete(MODEL, corpus, [long])
    assert two.key == MODEL.key


def test_samples_are_drawn_from_one_reading_of_their_prompt() -> None:
    """llama.cpp reads the prompt once, and its last token again for each sample."""
    listening = Listening(llama_cpp_engine(SMOLLM2.file, 4096, 1).server)
    drawn = LlamaCppEngine(listening).draw(samples(3)[0], 4)
    whole, *again = listening.tokens_read
    assert whole == drawn[0].tokens_in > 20
    assert again == [1] * 4


class Listening:
    """llama.cpp's server, and how many tokens of a prompt it read for each request."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.tokens_read: list[int] = []

    def handle_chat_completions(self, body: dict[str, Any]) -> Any:
        """Ask it."""
        reply = self.server.handle_chat_completions(body)
        self.tokens_read.append(reply["timings"]["prompt_n"])
        return reply


def test_a_prompt_that_does_not_fit_is_a_failure(corpus: Corpus) -> None:
    """The others are completed."""
    long = replace(PROMPT, messages=(Message("user", "anna " * 400),))
    first, second = MODEL.with_settings(context=256).open(corpus)([long, PROMPT])
    assert isinstance(first, Failure)
    assert "exceeds the available context size (256 tokens)" in first.message
    assert isinstance(second, Completion)


def test_it_is_keyed_by_what_is_in_the_file(tmp_path: Path) -> None:
    """Where it lies makes no difference."""
    first, second, third = (LlamaCpp(path=str(tmp_path / name)) for name in ("first.gguf", "second.gguf", "third.gguf"))
    first.file.write_bytes(b"GGUF one")
    second.file.write_bytes(b"GGUF one")
    third.file.write_bytes(b"GGUF two")
    assert first.key == second.key != third.key


def test_a_file_that_is_not_there_is_told(corpus: Corpus) -> None:
    """When it is opened."""
    with pytest.raises(ComponentError, match=r"a GGUF file must be there; given: 'none\.gguf'"):
        LlamaCpp(path="none.gguf").open(corpus)


def test_a_file_that_is_no_model_is_told(corpus: Corpus, tmp_path: Path) -> None:
    """With its name."""
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(SMOLLM2.file.read_bytes()[:100_000])
    with pytest.raises(ComponentError, match=r"llama.cpp cannot load .*cut.gguf': is it a whole GGUF file\?"):
        LlamaCpp(path=str(cut)).open(corpus)


ALONE = f"""
import ctypes, signal
from tradespace.components.llms.llama_cpp import LlamaCpp
from tradespace.testing.language_model_contract import PROMPT

handler = ctypes.pythonapi.PyOS_getsig
handler.restype = ctypes.c_void_p
before = [handler(number) for number in (signal.SIGINT, signal.SIGTERM)]
(drawn,) = LlamaCpp(path={str(SMOLLM2.file)!r}, threads=1).open(None)([PROMPT])
assert [handler(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
print(drawn.finish_reason)
"""


def test_llama_cpp_says_nothing_and_leaves_ctrl_c_alone() -> None:
    """In a program of its own: what it loads, answers and ends with is not on the terminal, and Python keeps the
    handlers of signals."""
    ran = subprocess.run(
        [sys.executable, "-c", ALONE], env=without_coverage(), capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "stop\n", "")


def test_nobody_else_can_ask_the_model_of_this_process() -> None:
    """llama.cpp listens on a port even so; it wants a key that nobody has."""
    address = llama_cpp_engine(SMOLLM2.file, 4096, 1).server.listening_address
    reply = httpx.post(f"{address}/v1/chat/completions", json={"messages": []}, timeout=60)
    assert reply.status_code == 401
