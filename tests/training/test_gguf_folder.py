"""A GGUF file as a folder of Hugging Face's holds the same model."""

from __future__ import annotations

from pathlib import Path

from tradespace.components.corpus import Corpus, whole_documents
from tradespace.components.llms.smollm2 import SmolLM2
from tradespace.components.store import ArtefactStore
from tradespace.testing.language_model_contract import complete
from tradespace.testing.paragraphs import documents
from tradespace.types import Message, Prompt
from training.gguf_folder import write_folder

QUESTIONS = ("What is the capital of France?", "Name three primary colours.", "Is 7 a prime number?")
NEAR_TIE = 0.25
"""Nats: llama.cpp rounds activations to 8 bits, so that it takes another token where two are as likely."""


def test_the_folder_says_what_llama_cpp_says(tmp_path: Path) -> None:
    """Template, tokenizer and weights are the file's: each greedy token of llama.cpp is the folder's likeliest, too."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    write_folder(SmolLM2().file, tmp_path / "folder")
    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "folder")
    model = AutoModelForCausalLM.from_pretrained(tmp_path / "folder")
    corpus = Corpus(whole_documents(documents()), ArtefactStore(tmp_path / "artefacts"))
    prompts = [Prompt((Message("user", question),), max_tokens=8) for question in QUESTIONS]
    for question, said in zip(QUESTIONS, complete(SmolLM2(), corpus, prompts), strict=True):
        chat = [{"role": "user", "content": question}]
        text = tokenizer.apply_chat_template(chat, add_generation_prompt=True, tokenize=False)
        asked = tokenizer(text, add_special_tokens=False)["input_ids"]
        answered = tokenizer(said.text, add_special_tokens=False)["input_ids"]
        with torch.no_grad():
            likely = model(torch.tensor([asked + answered])).logits[0, len(asked) - 1 : -1].log_softmax(-1)
        lost = likely.max(-1).values - likely[range(len(answered)), answered]
        assert len(asked) == said.tokens_in
        assert lost.max() < NEAR_TIE
