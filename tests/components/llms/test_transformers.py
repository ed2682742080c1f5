"""`transformers` draws each sample from its own seed, whatever shares its batch."""

from __future__ import annotations

import json
import math
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tradespace.components.corpus import Corpus
from tradespace.components.llms.tiny_reasoner import WEIGHTS, TinyReasoner
from tradespace.components.llms.transformers import Transformers
from tradespace.errors import ComponentError
from tradespace.testing.language_model_contract import PROMPT, complete
from tradespace.types import Completion, Failure, Message, NoAnswer

MODEL = Transformers(model=str(WEIGHTS / "tiny-reasoner-small"), dtype="float32")
OTHER = replace(PROMPT, messages=(Message("system", "direct"), Message("user", "question: what is 37 plus 45 ?")))


def test_greedy_completions_are_those_of_the_embedded_engine(corpus: Corpus) -> None:
    """The same weights, the same texts, counts and probabilities; also in a batch of unequal lengths."""
    prompts = [PROMPT, OTHER, replace(PROMPT, stop=("is",)), replace(OTHER, max_tokens=1)]
    ours = complete(TinyReasoner(size="small"), corpus, prompts)
    for completion, other in zip(ours, complete(MODEL, corpus, prompts), strict=True):
        assert replace(completion, log_probability=None) == replace(other, log_probability=None)
        assert completion.log_probability == pytest.approx(other.log_probability, abs=1e-3)


def test_samples_follow_the_model_s_distribution(corpus: Corpus) -> None:
    """First tokens come as often as the embedded engine, itself tested against the distribution, draws them."""
    prompts = [replace(OTHER, temperature=1.3, top_p=0.9, max_tokens=1, sample=number) for number in range(800)]
    ours = Counter(completion.text for completion in complete(TinyReasoner(size="small"), corpus, prompts))
    theirs = Counter(completion.text for completion in complete(MODEL.with_settings(batch=200), corpus, prompts))
    for text in ours.keys() | theirs.keys():
        share = (ours[text] + theirs[text]) / 1600
        spread = math.sqrt(2 * share * (1 - share) / 800)
        assert abs(ours[text] - theirs[text]) / 800 < 5 * spread + 1e-9


def test_a_sample_does_not_depend_on_its_batch(corpus: Corpus) -> None:
    """Batches of one and of many draw the same texts."""
    prompts = [replace(PROMPT, temperature=1.2, sample=number) for number in range(6)]
    alone = complete(MODEL.with_settings(batch=1), corpus, prompts)
    assert [completion.text for completion in complete(MODEL, corpus, prompts)] == [
        completion.text for completion in alone
    ]


def test_a_prompt_that_does_not_fit_is_a_failure(corpus: Corpus) -> None:
    """The others are completed."""
    long = replace(PROMPT, messages=(Message("user", "anna " * 2000),))
    first, second = MODEL.open(corpus)([long, PROMPT])
    assert isinstance(first, Failure)
    assert "must fit in 1024 tokens" in first.message
    assert isinstance(second, Completion)


def test_a_thought_that_the_template_begins_is_no_answer(corpus: Corpus, tmp_path: Path) -> None:
    """Such models write no opening tag: what was cut off before the closing one is a thought as a whole."""
    folder = tmp_path / "thinking"
    shutil.copytree(WEIGHTS / "tiny-reasoner-small", folder)
    settings = folder / "tokenizer_config.json"
    known = json.loads(settings.read_text())
    settings.write_text(json.dumps(known | {"chat_template": known["chat_template"] + "<think>"}))
    (drawn,) = MODEL.with_settings(model=str(folder)).open(corpus)([replace(PROMPT, max_tokens=2)])
    assert isinstance(drawn, NoAnswer)
    assert "still thinking" in drawn.message
    assert drawn.reply.thoughts


def test_a_folder_that_is_not_there_is_told(corpus: Corpus) -> None:
    """When it is opened."""
    with pytest.raises(ComponentError, match="must be a folder or id of a causal language model"):
        Transformers(model="/no/such/folder").open(corpus)
