"""Models of Hugging Face's `transformers`, from a folder or by id, run in this process.

Each sample is drawn by the Gumbel-max trick (Gumbel 1954) from noise of its own seed, so that it is the same whatever
shares its batch: the most probable token after adding the noise is a draw from the softmax.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from tradespace.addresses import weights_of
from tradespace.components.base import Operator
from tradespace.components.calls.replies import heard
from tradespace.components.calls.thoughts import begins_a_thought
from tradespace.components.corpus import Corpus
from tradespace.components.llms.base import Draw, sample_seed
from tradespace.components.llms.chat_messages import as_chat
from tradespace.components.llms.instructed import InstructedModel
from tradespace.errors import ComponentError
from tradespace.types import Completion, Failure, Prompt

if TYPE_CHECKING:
    from torch import Tensor


class Transformers(InstructedModel):
    """Prompts that are drawn alike are completed together, `batch` at a time. Needs a model with a chat template."""

    name: ClassVar[str] = "transformers"
    in_words: ClassVar[str] = "{model}"
    unkeyed: ClassVar[frozenset[str]] = InstructedModel.unkeyed | {"batch", "device"}

    model: str = Field(min_length=1, description="a folder, or the model's id at its hub")
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = Field(
        default="auto", description="the numbers it computes with; `auto` is what it was stored with"
    )
    device: str = Field(default="cpu", description="where it runs, as in `cpu` or `cuda:0`")
    batch: int = Field(default=16, ge=1, le=1024, description="completions drawn at the same time")

    @property
    def weights_checksum(self) -> str:
        return weights_of(self.model)

    @property
    def listed_as(self) -> str:
        return self.model

    @property
    def reads_once(self) -> bool:
        return False

    def open(self, corpus: Corpus) -> Operator:
        loaded = _loaded(self.model, self.dtype, self.device)

        def operate(prompts: Sequence[Prompt]) -> list[Draw]:
            drawn: dict[Prompt, Draw] = {}
            for group in _drawn_alike(prompts, self.batch):
                drawn.update(zip(group, loaded.complete(group), strict=True))
            return [drawn[prompt] for prompt in prompts]

        return operate


def _drawn_alike(prompts: Sequence[Prompt], most: int) -> Iterator[list[Prompt]]:
    """Distinct prompts in batches that share all but messages, seed and sample; the long ones apart from the short."""
    groups: dict[Prompt, list[Prompt]] = {}
    for prompt in dict.fromkeys(prompts):
        groups.setdefault(replace(prompt, messages=(), seed=0, sample=0), []).append(prompt)
    for group in groups.values():
        group.sort(key=lambda prompt: sum(len(message.content) for message in prompt.messages))
        for start in range(0, len(group), most):
            yield group[start : start + most]


@dataclass(frozen=True)
class _Loaded:
    """A tokenizer and a model, ready to draw."""

    tokenizer: Any
    model: Any

    def complete(self, prompts: Sequence[Prompt]) -> list[Draw]:
        """Complete prompts that are drawn alike. One that leaves no room for its completion is a failure."""
        texts = [self._written(prompt) for prompt in prompts]
        room = getattr(self.model.config, "max_position_embeddings", None) or float("inf")
        lengths = [len(self.tokenizer(text, add_special_tokens=False).input_ids) for text in texts]
        fitting = [place for place, length in enumerate(lengths) if length + prompts[place].max_tokens <= room]
        drawn: list[Draw] = [
            Failure(f"prompt and completion must fit in {room} tokens; this prompt has {length}") for length in lengths
        ]
        if fitting:
            completed = self._generated([prompts[place] for place in fitting], [texts[place] for place in fitting])
            for place, completion in zip(fitting, completed, strict=True):
                counted = replace(completion, tokens_in=lengths[place])
                drawn[place] = heard(prompts[place], counted, begun=begins_a_thought(texts[place]))
        return drawn

    def _written(self, prompt: Prompt) -> str:
        messages = as_chat(prompt.messages)
        try:
            return str(self.tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True))
        except ValueError as error:
            raise ComponentError(f"the model needs a chat template: {error}") from error

    def _generated(self, prompts: Sequence[Prompt], texts: list[str]) -> list[Completion]:
        import torch

        inputs = self.tokenizer(
            texts, add_special_tokens=False, padding=True, padding_side="left", return_tensors="pt"
        ).to(self.model.device)
        first = prompts[0]
        choosing = _choosing(prompts)
        start = inputs.input_ids.shape[1]
        with torch.inference_mode():
            tokens = self.model.generate(
                input_ids=inputs.input_ids,
                attention_mask=inputs.attention_mask,
                max_new_tokens=first.max_tokens,
                do_sample=False,
                logits_processor=[choosing],
                stopping_criteria=[_stopping(self.tokenizer, first.stop, start)],
                pad_token_id=self.tokenizer.pad_token_id,
            )
        choosing.settle(tokens)
        rows = zip(prompts, tokens[:, start:], choosing.rows(), strict=True)
        return [self._completion(prompt, row, scores) for prompt, row, scores in rows]

    def _completion(self, prompt: Prompt, row: Tensor, scores: Sequence[float]) -> Completion:
        """What one row wrote: up to its end token or stop string; both count as tokens out."""
        length = self._length(prompt, row)
        text = self.tokenizer.decode(row[:length], skip_special_tokens=True)
        cut = min((text.index(stop) for stop in prompt.stop if stop in text), default=None)
        ended = cut is not None or (length > 0 and int(row[length - 1]) in self._ends)
        return Completion(text[:cut], 0, length, "stop" if ended else "length", sum(scores[:length]))

    def _length(self, prompt: Prompt, row: Tensor) -> int:
        for place, token in enumerate(row.tolist(), 1):
            if token in self._ends:
                return place
            if prompt.stop and any(stop in self.tokenizer.decode(row[:place]) for stop in prompt.stop):
                return place
        return len(row)

    @property
    def _ends(self) -> set[int]:
        end_tokens = self.model.generation_config.eos_token_id
        return set(end_tokens if isinstance(end_tokens, list) else [end_tokens])


def _choosing(prompts: Sequence[Prompt]) -> Any:
    """A logits processor that makes the greedy choice a draw for each row, and keeps what was chosen's probability."""
    import torch
    from transformers import LogitsProcessor, TemperatureLogitsWarper, TopPLogitsWarper

    first = prompts[0]

    class Choosing(LogitsProcessor):
        """Adds each row's own Gumbel noise to its tempered, truncated scores."""

        def __init__(self) -> None:
            self.generators = [torch.Generator().manual_seed(sample_seed(prompt)) for prompt in prompts]
            self.last: Tensor | None = None
            self.chosen: list[Tensor] = []

        def __call__(self, tokens: Tensor, scores: Tensor) -> Any:
            self.settle(tokens)
            self.last = scores.float().log_softmax(-1)
            if first.temperature == 0:
                return scores
            tempered = TemperatureLogitsWarper(float(first.temperature))(tokens, scores.float())
            kept = TopPLogitsWarper(first.top_p)(tokens, tempered) if first.top_p < 1 else tempered
            noise = torch.stack([torch.rand(scores.shape[1], generator=own) for own in self.generators])
            return kept - (-noise.log()).log().to(scores.device)

        def settle(self, tokens: Tensor) -> None:
            """Note the log-probabilities, at temperature 1, of the tokens that were chosen last."""
            if self.last is not None:
                self.chosen.append(self.last.gather(-1, tokens[:, -1:])[:, 0])
                self.last = None

        def rows(self) -> list[list[float]]:
            """For each row, the log-probability of each token added."""
            return [list(row) for row in torch.stack(self.chosen, 1).tolist()]

    return Choosing()


def _stopping(tokenizer: Any, stops: Sequence[str], start: int) -> Any:
    """Whether each row has written a stop string after the prompt's tokens."""
    import torch
    from transformers import StoppingCriteria

    class Stopping(StoppingCriteria):
        """Looks at the text: a stop string may begin and end within tokens, which not every tokenizer can tell."""

        def __call__(self, tokens: Tensor, scores: Any, **more: Any) -> Tensor:
            texts = tokenizer.batch_decode(tokens[:, start:]) if stops else [""] * len(tokens)
            written = [any(stop in text for stop in stops) for text in texts]
            return torch.tensor(written, device=tokens.device)

    return Stopping()


@cache
def _loaded(model: str, dtype: str, device: str) -> _Loaded:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(model, trust_remote_code=False)  # unsaid, it would ask in a terminal
        loaded: Any = AutoModelForCausalLM.from_pretrained(model, dtype=dtype, trust_remote_code=False)
    except (OSError, ValueError) as error:
        raise ComponentError(f"{model!r} must be a folder or id of a causal language model: {error}") from error
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    return _Loaded(tokenizer, loaded.to(device).eval())
