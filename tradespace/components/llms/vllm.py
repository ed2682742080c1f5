"""vLLM in this process: the whole batch is handed to its offline engine (Kwon et al. 2023, https://docs.vllm.ai)."""

from __future__ import annotations

import atexit
from collections.abc import Sequence
from functools import cache
from typing import Any, ClassVar

from pydantic import Field

from tradespace.components.base import Operator
from tradespace.components.calls.replies import finish, heard
from tradespace.components.calls.thoughts import begins_a_thought
from tradespace.components.corpus import Corpus
from tradespace.components.dotted_path import Arguments
from tradespace.components.llms.base import Draw, in_order, sample_runs, sample_seed
from tradespace.components.llms.chat_messages import as_chat
from tradespace.components.llms.instructed import InstructedModel
from tradespace.components.trust import Trust
from tradespace.errors import ComponentError
from tradespace.types import Completion, Failure, Outcome, Prompt, Timed

PROMPT_ENDING_TOKENS = 16
"""Tokens at the end of a prompt that are looked at for the beginning of a thought."""


class VLLM(InstructedModel):
    """Samples of one prompt come from one prefill. A model that a vLLM server holds is `openai` with its address."""

    name: ClassVar[str] = "vllm"
    in_words: ClassVar[str] = "{model}"
    keeps_prompts: ClassVar[bool] = True

    model: str = Field(min_length=1, description="a folder, or the model's id at its hub")
    arguments: Arguments = Field(
        default={},
        description="arguments of vLLM's engine, by name, such as dtype, max_model_len, tensor_parallel_size",
    )

    @property
    def needs(self) -> frozenset[Trust]:
        """Arguments of the engine can name code (`trust_remote_code`, `worker_cls`) and change with its versions."""
        return super().needs | ({Trust.IMPORTS} if self.arguments else set())

    @property
    def takes_schemas(self) -> bool:
        return True

    @property
    def listed_as(self) -> str:
        return self.model

    @property
    def optional_packages(self) -> tuple[str, ...]:
        return ("vllm",)

    def open(self, corpus: Corpus) -> Operator:
        self.require_packages()
        engine = engine_of(self.model, repr(self.arguments))

        def operate(prompts: Sequence[Prompt]) -> list[Draw]:
            grouped = sample_runs(prompts)
            return in_order(prompts, grouped, engine.draw(grouped) if grouped else [])

        return operate

    def open_for_timing(self, corpus: Corpus) -> Operator:
        operator, engine = self.open(corpus), engine_of(self.model, repr(self.arguments))

        def operate(prompts: Sequence[Prompt]) -> Sequence[Outcome | Timed | Failure]:
            engine.llm.reset_prefix_cache()  # else a prompt that is timed again would not be read again
            return operator(prompts)

        return operate


class VllmEngine:
    """One engine with its model; all operators of this process that name the same share it."""

    def __init__(self, model: str, arguments: dict[str, Any]) -> None:
        try:
            from vllm import LLM
        except ImportError as error:
            raise ComponentError(f"vLLM cannot be imported: {error}") from error
        try:
            self.llm = LLM(model=model, **arguments)
        except (ValueError, OSError, RuntimeError, TypeError) as error:
            raise ComponentError(f"vLLM cannot load {model!r} with {arguments!r}: {error}") from error
        atexit.register(self.close)  # before Python tears down what that needs

    def close(self) -> None:
        """End the engine's processes."""
        self.llm.llm_engine.engine_core.shutdown()

    def draw(self, grouped: Sequence[tuple[Prompt, int]]) -> list[list[Draw]]:
        """Draw samples of each prompt. A prompt that vLLM refuses, such as one too long, is a failure."""
        conversations: Any = [as_chat(prompt.messages) for prompt, _ in grouped]
        parameters = [_parameters(prompt, count) for prompt, count in grouped]
        try:
            outputs = self.llm.chat(conversations, parameters, use_tqdm=False)
        except ValueError as error:
            if len(grouped) == 1:
                return [[Failure(f"vLLM refuses a prompt: {error}")] * grouped[0][1]]
            return [drawn for group in grouped for drawn in self.draw([group])]
        return [self._drawn(output, *group) for output, group in zip(outputs, grouped, strict=True)]

    def _drawn(self, output: Any, prompt: Prompt, count: int) -> list[Draw]:
        ending = self.llm.get_tokenizer().decode(output.prompt_token_ids[-PROMPT_ENDING_TOKENS:])
        begun = begins_a_thought(ending)
        samples = sorted(output.outputs, key=lambda written: int(written.index))
        drawn: list[Draw] = [
            heard(prompt, _completion(output, written), reason=written.finish_reason, begun=begun)
            for written in samples
        ]
        return drawn * (count if len(drawn) == 1 else 1)


def _parameters(prompt: Prompt, count: int) -> Any:
    """Greedy samples are all alike, so that one is enough; vLLM gives sample number i of others the seed plus i."""
    from vllm import SamplingParams
    from vllm.sampling_params import StructuredOutputsParams

    return SamplingParams(
        n=count if prompt.temperature > 0 else 1,
        temperature=prompt.temperature,
        top_p=prompt.top_p,
        max_tokens=prompt.max_tokens,
        stop=list(prompt.stop) or None,
        seed=sample_seed(prompt),
        logprobs=0,
        structured_outputs=StructuredOutputsParams(json=prompt.json_schema) if prompt.json_schema else None,
    )


def _completion(output: Any, written: Any) -> Completion:
    tokens_in, tokens_out = len(output.prompt_token_ids), len(written.token_ids)
    return Completion(written.text, tokens_in, tokens_out, finish(written.finish_reason), written.cumulative_logprob)


@cache
def engine_of(model: str, arguments: str) -> VllmEngine:
    """The engine of a model with these arguments, written as Python: the same for all that ask."""
    from ast import literal_eval

    return VllmEngine(model, literal_eval(arguments))
