"""Language models: what a strategy calls."""

from __future__ import annotations

from tradespace.components.base import Component
from tradespace.components.llms.chat_model import ChatModel
from tradespace.components.llms.llama_cpp import LlamaCpp
from tradespace.components.llms.openai import OpenAI
from tradespace.components.llms.replay import Replay
from tradespace.components.llms.smollm2 import SmolLM2
from tradespace.components.llms.tiny_reasoner import TinyReasoner
from tradespace.components.llms.transformers import Transformers
from tradespace.components.llms.vllm import VLLM

LLMS: tuple[type[Component], ...] = (
    TinyReasoner, SmolLM2, LlamaCpp, OpenAI, VLLM, Transformers, ChatModel, Replay
)  # fmt: skip
