"""Specification of the committed weights."""

from pathlib import Path
from typing import Any

import pytest
import torch

from tradespace.components.llms.engine import LlamaEngine, Sampling, verified_version
from training.reasoner.evaluate import WEIGHTS
from training.reasoner.exam import exam
from training.reasoner.measures import Ask, ask_all
from training.reasoner.release import READ_WHEN_LOADING
from training.reasoner.vocabulary import build_tokenizer

FOLDERS = [WEIGHTS / f"tiny-reasoner-{size}" for size in ("small", "medium", "large")]
ITEMS = list(exam(20))


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def folder(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


def test_a_released_folder_is_whole_and_at_most_ten_megabytes(folder: Path) -> None:
    """Checksums agree, every file that loading reads is covered, and there is a model card."""
    assert verified_version(folder)
    assert all((folder / name).is_file() for name in (*READ_WHEN_LOADING, "MODEL_CARD.md"))
    assert (folder / "model.safetensors").stat().st_size < 10e6


def test_the_released_tokenizer_is_the_one_that_training_builds(folder: Path) -> None:
    """Prompts rendered today have the tokens that the weights were trained on."""
    engine, built = LlamaEngine(folder), build_tokenizer()
    prompt = engine.prompt(ITEMS[0].messages("think"))
    assert engine.tokenizer.get_vocab() == built.get_vocab()
    assert engine.tokenizer.encode(prompt).ids == built(prompt, add_special_tokens=False).input_ids


def test_the_engine_writes_what_transformers_writes(folder: Path) -> None:
    """Greedy chains of thought from the released weights are the same, token for token."""
    from transformers import AutoModelForCausalLM

    engine = LlamaEngine(folder)
    reference: Any = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    for item in ITEMS[:5]:
        prompt = engine.prompt(item.messages("think"))
        tokens = torch.tensor([engine.tokenizer.encode(prompt).ids])
        theirs = reference.generate(tokens, max_new_tokens=60, do_sample=False)[0, tokens.shape[1] :]
        assert engine.generate([prompt], Sampling(max_tokens=60))[0][0].text == engine.tokenizer.decode(theirs.tolist())


def test_thinking_beats_answering_directly(folder: Path) -> None:
    """On twenty held-out questions at least four more are right with a chain of thought than without."""
    engine = LlamaEngine(folder)
    thought, direct = (sum(ask_all(engine, ITEMS, Ask(mode)).right) for mode in ("think", "direct"))
    assert thought >= direct + 4
