"""vLLM in this process on a real model: it keeps the contract, says what `transformers` says, and is held to JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from multiprocessing import active_children
from pathlib import Path

import pytest

from tradespace.components.answers import Form
from tradespace.components.corpus import Corpus, whole_documents
from tradespace.components.llms.base import LanguageModel
from tradespace.components.llms.transformers import Transformers
from tradespace.components.llms.vllm import VLLM, engine_of
from tradespace.components.prompts.tasks import DIRECT, Task
from tradespace.components.store import ArtefactStore
from tradespace.components.strategies.base import ModelCaller
from tradespace.testing.language_model_contract import LanguageModelContract, complete
from tradespace.testing.paragraphs import documents, questions
from tradespace.types import Passage, Prompt, Request

pytestmark = [
    pytest.mark.vllm,
    pytest.mark.skipif(find_spec("vllm") is None, reason="vLLM has an environment of its own: make test-vllm"),
]
ARGUMENTS = {"dtype": "float32", "max_model_len": 1024, "enforce_eager": True}


@pytest.fixture(scope="module")
def component(smollm2_folder: Path) -> Iterator[LanguageModel]:
    """One engine for all tests here; its processes end with them, and are waited for, so that none is left a zombie."""
    model = VLLM(model=str(smollm2_folder), arguments=ARGUMENTS)
    before = active_children()
    engine = engine_of(model.model, repr(model.arguments))
    started = set(active_children()).difference(before)
    yield model
    engine.close()
    for process in started:
        process.join()


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Anything: language models do not search it."""
    return Corpus(whole_documents(documents()), ArtefactStore(tmp_path_factory.mktemp("artefacts")))


class TestLanguageModels(LanguageModelContract):
    """The contract."""


def test_it_answers_from_a_passage(component: LanguageModel, corpus: Corpus) -> None:
    """It is a language model, and its chat template and end token are those of the file."""
    task = Task(DIRECT, "How old is Marina?", (Passage("a", "a", "Marina is 47 years old and lives in Turin."),))
    (answer,) = complete(component, corpus, [Prompt(component.messages(task), max_tokens=24)])
    assert "47" in answer.text
    assert answer.finish_reason == "stop"


def test_greedy_completions_are_those_of_transformers(
    component: LanguageModel, corpus: Corpus, smollm2_folder: Path
) -> None:
    """Real paragraphs and their questions, all at once: the same texts, counts and probabilities."""
    tasks = [
        Task(DIRECT, question.text, (Passage(document.id, document.id, document.text),))
        for document, question in zip(documents()[:4], questions(), strict=False)
    ]
    prompts = [Prompt(component.messages(task), max_tokens=16) for task in tasks]
    expected = complete(Transformers(model=str(smollm2_folder), dtype="float32"), corpus, prompts)
    for one, other in zip(complete(component, corpus, prompts), expected, strict=True):
        assert replace(one, log_probability=None) == replace(other, log_probability=None)
        assert one.log_probability == pytest.approx(other.log_probability, abs=1e-2)


@pytest.mark.parametrize(
    ("form", "pattern"),
    [("number", r"-?\d+(\.\d+)?([eE][-+]?\d+)?"), ("yes_no", "yes|no"), ("choice", "[A-J]")],
)
def test_it_is_held_to_a_json_schema(component: LanguageModel, corpus: Corpus, form: Form, pattern: str) -> None:
    """Whatever is asked, greedily or by chance, there is an answer of that form."""
    caller = ModelCaller(component, 40, form, structured=True)
    call = caller.call(DIRECT, Request("Why is the sky blue?"))
    for completion in complete(component, corpus, [call.request, replace(call.request, temperature=1.0)]):
        assert re.fullmatch(pattern, str(json.loads(completion.text)["answer"]))
        assert caller.answer_in(completion.text)
