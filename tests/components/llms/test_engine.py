"""Specification of the engine: it draws what `transformers` would draw, only faster."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
import torch

from tradespace.components.llms.engine import DamagedWeightsError, LlamaEngine, Sampling, verified_version
from training.reasoner.models import build
from training.reasoner.release import release
from training.reasoner.sizes import SIZES
from training.reasoner.vocabulary import build_tokenizer, save_tokenizer

PROMPTS = (
    "<s> <|user|> * Marina lives in Ashford. question: where does Marina live? <|system|> think <|assistant|>",
    "<s> <|user|> question: what is 37 plus 45? <|system|> direct <|assistant|>",
)
MESSAGES = [
    {"role": "system", "content": "think"},
    {"role": "user", "content": "* Marina is 47 years old. question: how old is Marina?"},
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Release a randomly initialised model: its texts are long, varied and never certain."""
    torch.manual_seed(1)
    trained, released = tmp_path_factory.mktemp("trained"), tmp_path_factory.mktemp("released")
    model = build(SIZES["small"], len(build_tokenizer()))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(1.5)
    model.save_pretrained(trained)
    save_tokenizer(trained)
    release(trained, released, "7")
    return released


@pytest.fixture(scope="module")
def engine(folder: Path) -> LlamaEngine:
    return LlamaEngine(folder)


@pytest.fixture(scope="module")
def reference(folder: Path) -> Any:
    from transformers import AutoModelForCausalLM

    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)


def _tokens(engine: LlamaEngine, prompt: str) -> list[int]:
    return list(engine.tokenizer.encode(prompt, add_special_tokens=False).ids)


@pytest.mark.parametrize("prompt", PROMPTS)
def test_greedy_decoding_gives_the_tokens_of_transformers(engine: LlamaEngine, reference: Any, prompt: str) -> None:
    """Temperature 0 and `transformers.generate` without sampling write the same text."""
    ours = engine.generate([prompt], Sampling(max_tokens=40))[0][0]
    tokens = torch.tensor([_tokens(engine, prompt)])
    theirs = reference.generate(tokens, max_new_tokens=40, do_sample=False)[0, tokens.shape[1] :]
    assert ours.tokens_out == len(theirs)
    assert ours.text == engine.tokenizer.decode(theirs.tolist())


@pytest.mark.parametrize("prompt", PROMPTS)
def test_log_probabilities_are_those_of_the_whole_forward_pass(
    engine: LlamaEngine, reference: Any, prompt: str
) -> None:
    """Cached, shared-prefix decoding of many samples scores tokens as one uncached pass over each whole text does."""
    for drawn in engine.generate([prompt], Sampling(samples=5, temperature=1.0, max_tokens=30, seed=2))[0]:
        start = _tokens(engine, prompt)
        added = _tokens(engine, drawn.text) + [engine.config["eos_token_id"]] * (drawn.finish_reason == "stop")
        if len(added) != drawn.tokens_out:  # a special token was drawn, which the text does not show
            continue
        scores = reference(torch.tensor([start + added])).logits[0].log_softmax(-1)
        expected = [scores[len(start) - 1 + place, token].item() for place, token in enumerate(added)]
        assert drawn.log_probabilities == pytest.approx(expected, abs=1e-3)


def test_the_first_samples_do_not_depend_on_how_many_are_drawn(engine: LlamaEngine) -> None:
    """Drawing 32 once answers what 4 would have been."""
    few = engine.generate([PROMPTS[0]], Sampling(samples=4, temperature=1.0, max_tokens=20, seed=3))[0]
    many = engine.generate([PROMPTS[0]], Sampling(samples=32, temperature=1.0, max_tokens=20, seed=3))[0]
    assert [generation.text for generation in many[:4]] == [generation.text for generation in few]
    assert len({generation.text for generation in many}) > 16
    later = engine.generate([PROMPTS[0]], Sampling(samples=2, temperature=1.0, max_tokens=20, seed=3, first=2))[0]
    assert [generation.text for generation in later] == [generation.text for generation in few[2:]]


def test_another_seed_draws_other_texts(engine: LlamaEngine) -> None:
    """The seed, and nothing else, makes a draw repeatable."""
    texts = [
        engine.generate([PROMPTS[0]], Sampling(temperature=1.0, max_tokens=20, seed=seed))[0][0].text
        for seed in (1, 2, 1)
    ]
    assert texts[0] == texts[2] != texts[1]


def test_samples_follow_the_model_s_distribution(engine: LlamaEngine, reference: Any) -> None:
    """First tokens are drawn as often as the tempered distribution says, none of them outside the top-p set."""
    prompt, temperature, top_p, count = PROMPTS[0], 0.5, 0.6, 1500
    drawn = engine.generate([prompt], Sampling(count, temperature, top_p, max_tokens=1, seed=5))[0]
    logits = reference(torch.tensor([_tokens(engine, prompt)])).logits[0, -1]
    ordered, order = (logits / temperature).softmax(-1).sort(descending=True)
    kept = int((ordered.cumsum(0) - ordered < top_p).sum())
    expected = ordered[:kept] / ordered[:kept].sum()
    words = [engine.tokenizer.decode([token]) for token in order[:kept].tolist()]
    for word, probability in zip(words, expected.tolist(), strict=True):
        seen = sum(generation.text == word for generation in drawn) / count
        assert abs(seen - probability) < 5 * math.sqrt(probability * (1 - probability) / count) + 1e-9
    assert {generation.text for generation in drawn} <= set(words)


def test_a_stop_string_ends_a_text_and_is_cut_off(engine: LlamaEngine) -> None:
    """Generation stops at the first stop string; the tokens spent on it are counted."""
    whole = engine.generate([PROMPTS[0]], Sampling(max_tokens=30))[0][0]
    word = whole.text.split()[3]
    cut = engine.generate([PROMPTS[0]], Sampling(max_tokens=30, stop=(word,)))[0][0]
    assert cut.text == whole.text[: whole.text.index(word)]
    assert cut.finish_reason == "stop"
    assert cut.tokens_out < whole.tokens_out


def test_max_tokens_bounds_a_text(engine: LlamaEngine) -> None:
    """A text that does not end by itself is cut at max_tokens and says so."""
    drawn = engine.generate([PROMPTS[1]], Sampling(max_tokens=3))[0][0]
    assert (drawn.tokens_out, drawn.finish_reason) == (3, "length")
    assert len(drawn.log_probabilities) == 3
    assert drawn.tokens_in == len(_tokens(engine, PROMPTS[1]))


def test_the_prompt_is_that_of_the_chat_template(engine: LlamaEngine, folder: Path) -> None:
    """Chat messages render as transformers renders them."""
    from transformers import AutoTokenizer

    theirs = AutoTokenizer.from_pretrained(folder).apply_chat_template(
        MESSAGES, tokenize=False, add_generation_prompt=True
    )
    assert engine.prompt(MESSAGES) == theirs


def test_a_prompt_too_long_is_refused(engine: LlamaEngine) -> None:
    """The context is bounded, and the message says by what and what to do."""
    with pytest.raises(ValueError, match=r"1 to 924 tokens beside max_tokens=100.*fewer or shorter passages"):
        engine.generate(["anna " * 1000], Sampling(max_tokens=100))


@pytest.mark.parametrize("settings", [{"samples": 0}, {"max_tokens": 0}, {"temperature": -1.0}, {"top_p": 0.0}])
def test_impossible_sampling_is_refused(settings: dict[str, Any]) -> None:
    """Settings are checked when they are made."""
    with pytest.raises(ValueError, match="must be at least 1"):
        Sampling(**settings)


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json"])
def test_a_damaged_file_is_a_clear_error(folder: Path, tmp_path: Path, name: str) -> None:
    """One changed byte, or a missing file, is found before anything is loaded, and named."""
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    assert verified_version(tmp_path) == "7"
    damaged = bytearray((tmp_path / name).read_bytes())
    damaged[-1] ^= 1
    (tmp_path / name).write_bytes(damaged)
    with pytest.raises(DamagedWeightsError, match=f"{name} must have SHA-256.*damaged"):
        LlamaEngine(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(DamagedWeightsError, match=f"{name}.*no file"):
        LlamaEngine(tmp_path)


def test_a_folder_without_a_manifest_is_refused(folder: Path, tmp_path: Path) -> None:
    """Weights of unknown origin are not loaded."""
    (tmp_path / "config.json").write_text(json.dumps({}))
    with pytest.raises(DamagedWeightsError, match=r"must hold manifest\.json"):
        LlamaEngine(tmp_path)
