"""Any GGUF file, completed by llama.cpp in this process (https://github.com/ggml-org/llama.cpp, package `xllamacpp`).

A prompt is read once for all samples that are drawn from it together, and each sample is then drawn alone, from a seed
of its own. Drawn side by side, samples would be rounded otherwise than alone, so that sample 5 would depend on how many
others are drawn with it; and on a processor they would come no sooner. For the same reason no prompt begins with what
is left of another one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from secrets import token_hex
from threading import Lock
from typing import Any, ClassVar

from pydantic import Field

from tradespace.addresses import known_digest
from tradespace.components.base import Operator
from tradespace.components.corpus import Corpus
from tradespace.components.llms.base import Draw, LanguageModel, in_groups, sample_seed
from tradespace.components.llms.chat_messages import as_chat, declared_tool, response_format
from tradespace.components.llms.openai import completions_in
from tradespace.components.threads import cores
from tradespace.errors import ComponentError
from tradespace.types import Failure, Prompt


class GgufModel(LanguageModel, ABC):
    """A model in a GGUF file. The prompt is written by the chat template that the file holds."""

    takes_tools: ClassVar[bool] = True
    unkeyed: ClassVar[frozenset[str]] = frozenset({"threads"})

    context: int = Field(
        default=4096,
        ge=256,
        le=1_048_576,
        description="most tokens of a prompt and its completion together; rounded up to a multiple of 256",
    )
    threads: int | None = Field(
        default=None, ge=1, le=1024, description="how many threads compute; by default one for each core but one"
    )

    @property
    @abstractmethod
    def file(self) -> Path:
        """Where the model lies, or should lie."""

    @property
    def takes_schemas(self) -> bool:
        return True

    @property
    def weights_checksum(self) -> str:
        return known_digest(self.file) if self.file.is_file() else ""

    @property
    def optional_packages(self) -> tuple[str, ...]:
        return ("xllamacpp",)

    @property
    def batch_size(self) -> int:
        return 16

    def open(self, corpus: Corpus) -> Operator:
        self.require_packages()
        return in_groups(llama_cpp_engine(self.file, self.context, self.threads or max(1, cores() - 1)).draw)


class LlamaCpp(GgufModel):
    """A model file of the user's. Its calls are keyed by what the file holds, not by where it lies."""

    name: ClassVar[str] = "llama_cpp"
    in_words: ClassVar[str] = "a GGUF model"
    unkeyed: ClassVar[frozenset[str]] = GgufModel.unkeyed | {"path"}

    path: str = Field(min_length=1, description="the GGUF file")

    @property
    def file(self) -> Path:
        return Path(self.path).expanduser()

    @property
    def listed_as(self) -> str:
        return self.file.stem


@dataclass(frozen=True)
class LlamaCppEngine:
    """A loaded model that completes one prompt at a time.

    Attributes:
        server: llama.cpp's server, asked in this process.
        lock: held from reading a prompt to the last sample drawn from it.
    """

    server: Any
    lock: Lock = field(default_factory=Lock)

    def draw(self, prompt: Prompt, count: int) -> Sequence[Draw]:
        """Draw completions number `prompt.sample` and the next ones; of greedy ones, which are all alike, one is drawn.

        A prompt that llama.cpp refuses, such as one too long, is a failure.
        """
        distinct = count if prompt.temperature > 0 else 1
        with self.lock:
            read = self._completed({**_body(prompt), "max_tokens": 1, "cache_prompt": False})
            if "error" in read:
                return [_refusal(read)] * count
            drawn = [self._sample(replace(prompt, sample=prompt.sample + offset)) for offset in range(distinct)]
        return drawn * (count // distinct)

    def _sample(self, prompt: Prompt) -> Draw:
        reply = self._completed({**_body(prompt), "cache_prompt": True})
        return _refusal(reply) if "error" in reply else completions_in(prompt, reply)[0]

    def _completed(self, body: dict[str, Any]) -> Mapping[str, Any]:
        reply: Mapping[str, Any] = self.server.handle_chat_completions(body)
        return reply


def _body(prompt: Prompt) -> dict[str, Any]:
    """A request for one sample. Only temperature and `top_p` shape the distribution, in the order that
    the embedded engine and `transformers` apply them in."""
    tools = {"tools": [declared_tool(tool) for tool in prompt.tools]} if prompt.tools else {}
    held = {"response_format": response_format(prompt.json_schema)} if prompt.json_schema else {}
    return {
        "messages": as_chat(prompt.messages),
        "samplers": ["temperature", "top_p"],
        "temperature": prompt.temperature,
        "top_p": prompt.top_p,
        "max_tokens": prompt.max_tokens,
        "stop": list(prompt.stop),
        "seed": sample_seed(prompt),
        "logprobs": True,
        "top_logprobs": 1,
        **tools,
        **held,
    }


def _refusal(reply: Mapping[str, Any]) -> Failure:
    return Failure(f"llama.cpp refuses a prompt: {reply['error']['message']}")


@cache
def llama_cpp_engine(file: Path, context: int, threads: int) -> LlamaCppEngine:
    """Load a model; all operators of this process that name the same share it.

    llama.cpp's server listens on a free port of this machine, also where it is asked in process: with a key that is
    kept nowhere, it answers nobody else.
    """
    from xllamacpp import CommonParams, Server, llama_flash_attn_type

    if not file.is_file():
        raise ComponentError(f"a GGUF file must be there; given: {str(file)!r}")
    parameters = CommonParams()
    parameters.model.path = str(file)
    parameters.n_ctx = context
    parameters.n_parallel = 1
    parameters.cache_ram_mib = 0
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = threads
    # Flash attention splits a long prompt among the threads: what is written would depend on how many there are.
    parameters.flash_attn_type = llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
    parameters.api_keys = [token_hex(32)]
    parameters.ui = False
    parameters.verbosity = -1
    try:
        return LlamaCppEngine(Server(parameters))
    except RuntimeError as error:
        raise ComponentError(f"llama.cpp cannot load {str(file)!r}: is it a whole GGUF file? {error}") from error
