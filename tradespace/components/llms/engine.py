"""Fast sampling on CPU from a small Llama in a weights folder of Hugging Face format.

One prefill serves all samples of a prompt: attention reads the prompt's keys and values once for the whole batch
(shared-prefix attention, Juravsky et al. 2024, "Hydragen") and keeps only what each sample adds. A sample that has
ended leaves the batch. Greedy decoding gives the tokens of `transformers.generate`.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tradespace.errors import ComponentError

if TYPE_CHECKING:
    from jinja2 import Template
    from torch import Tensor


class DamagedWeightsError(ComponentError):
    """A weights folder lacks a file of its manifest, or a file's SHA-256 is not the one written there."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How to draw: `temperature` 0 is greedy; `stop` strings end a text and are cut off it.

    Sample number i depends on `seed` and i alone, so the first 8 of 32 samples are the samples of a call for 8, and a
    call for 24 with `first` 8 draws the others.
    """

    samples: int = 1
    temperature: float = 0.0
    top_p: float = 1.0
    max_tokens: int = 128
    stop: tuple[str, ...] = ()
    seed: int = 0
    first: int = 0

    def __post_init__(self) -> None:
        if self.samples < 1 or self.max_tokens < 1 or self.temperature < 0 or not 0 < self.top_p <= 1:
            raise ValueError(
                f"samples and max_tokens must be at least 1, temperature at least 0 and top_p in (0, 1]; got {self}"
            )


@dataclass(frozen=True, slots=True)
class Generation:
    """One drawn text; `log_probabilities` (natural, at temperature 1) has one entry for each token out.

    `finish_reason` is "stop" at the end token or a stop string, "length" at `max_tokens`.
    """

    text: str
    tokens_in: int
    tokens_out: int
    finish_reason: Literal["stop", "length"]
    log_probabilities: tuple[float, ...]


def verified_version(folder: Path) -> str:
    """Compare every file of a weights folder with its manifest and return the version; raise DamagedWeightsError."""
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        raise DamagedWeightsError(f"a weights folder must hold manifest.json; {folder} does not: install it again")
    written = json.loads(manifest.read_text())
    for name, expected in written["sha256"].items():
        path = folder / name
        checksum = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "no file"
        if checksum != expected:
            raise DamagedWeightsError(
                f"{path} must have SHA-256 {expected} (version {written['version']}) but has {checksum}: "
                "the file is damaged; install the package again or rebuild the weights with `make train`"
            )
    return str(written["version"])


class LlamaEngine:
    """A small Llama, ready to draw. Loading verifies the checksums in manifest.json."""

    def __init__(self, folder: Path) -> None:
        from safetensors.torch import load_file
        from tokenizers import Tokenizer

        self.folder = folder
        self.version = verified_version(folder)
        self.config: dict[str, Any] = json.loads((folder / "config.json").read_text())
        self.tokenizer: Tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._llama = Llama(self.config, load_file(folder / "model.safetensors"))

    @cached_property
    def _template(self) -> "Template":
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        settings = json.loads((self.folder / "tokenizer_config.json").read_text())
        return ImmutableSandboxedEnvironment().from_string(settings["chat_template"])

    def prompt(self, messages: Sequence[Mapping[str, str]]) -> str:
        """Render chat messages (`role`, `content`) as the text that the model was trained to go on from."""
        return self._template.render(messages=messages, add_generation_prompt=True)

    def generate(self, prompts: Sequence[str], sampling: Sampling | None = None) -> list[list[Generation]]:
        """Draw `sampling.samples` texts for each prompt, prompt after prompt.

        Raises ValueError for a prompt that leaves no room for `max_tokens` in the context.
        """
        import torch

        with torch.inference_mode():
            return [self._draw(prompt, sampling or Sampling()) for prompt in prompts]

    def _draw(self, prompt: str, sampling: Sampling) -> list[Generation]:
        tokens = self.tokenizer.encode(prompt, add_special_tokens=False).ids
        room = self.config["max_position_embeddings"] - sampling.max_tokens
        if not 0 < len(tokens) <= room:
            raise ValueError(
                f"a prompt must have 1 to {room} tokens beside max_tokens={sampling.max_tokens}; this one has "
                f"{len(tokens)}: give fewer or shorter passages"
            )
        # Greedy samples are all alike: draw one and hand it out again.
        count = sampling.samples if sampling.temperature > 0 else 1
        drafts = [_Draft() for _ in range(count)]
        for alive, chosen, scores in self._steps(tokens, count, sampling, drafts):
            for draft, token, score in zip(alive, chosen, scores, strict=True):
                self._extend(draft, token, score, sampling.stop)
        generations = [self._finished(draft, len(tokens), sampling.stop) for draft in drafts]
        return generations if count == sampling.samples else generations * sampling.samples

    def _steps(
        self, tokens: list[int], count: int, sampling: Sampling, drafts: "list[_Draft]"
    ) -> "Iterator[tuple[list[_Draft], list[int], list[float]]]":
        """Yield the drafts still open and the next token of each with its log-probability, until none is open."""
        logits, prefix = self._llama.prefill(tokens)
        logits = logits.expand(count, -1)
        suffix = self._llama.empty_suffix(count, sampling.max_tokens)
        uniforms = _uniforms(sampling, count)
        alive = list(range(count))
        for step in range(sampling.max_tokens):
            chosen, scores = _choose(logits, sampling, uniforms[alive, step])
            yield [drafts[row] for row in alive], chosen.tolist(), scores.tolist()
            kept = [place for place, row in enumerate(alive) if not drafts[row].ended]
            if not kept or step == sampling.max_tokens - 1:
                return
            if len(kept) < len(alive):
                alive = [alive[place] for place in kept]
                chosen, suffix = chosen[kept], suffix[:, :, kept]
            logits = self._llama.decode(chosen, step, prefix, suffix)

    def _extend(self, draft: "_Draft", token: int, score: float, stop: tuple[str, ...]) -> None:
        draft.tokens.append(token)
        draft.scores.append(score)
        ended = token == self.config["eos_token_id"]
        draft.ended = ended or (bool(stop) and any(text in self.tokenizer.decode(draft.tokens) for text in stop))

    def _finished(self, draft: "_Draft", tokens_in: int, stop: tuple[str, ...]) -> Generation:
        text = self.tokenizer.decode(draft.tokens)
        cut = min((text.index(mark) for mark in stop if mark in text), default=len(text))
        reason: Literal["stop", "length"] = "stop" if draft.ended else "length"
        return Generation(text[:cut], tokens_in, len(draft.tokens), reason, tuple(draft.scores))


@dataclass(slots=True)
class _Draft:
    tokens: list[int] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    ended: bool = False


def _uniforms(sampling: Sampling, count: int) -> "Tensor":
    """Draw a number in [0, 1) for each sample and step, each sample from a stream of its own."""
    import numpy as np
    import torch

    rows = range(sampling.first, sampling.first + count)
    drawn = [np.random.default_rng((sampling.seed, row)).random(sampling.max_tokens) for row in rows]
    return torch.from_numpy(np.stack(drawn))


def _choose(logits: "Tensor", sampling: Sampling, uniforms: "Tensor") -> "tuple[Tensor, Tensor]":
    """Choose a token for each row (by inverse transform sampling) and return it with its log-probability."""
    import torch

    scores = logits.log_softmax(-1)
    if sampling.temperature == 0:
        chosen = logits.argmax(-1)
    else:
        # Most probable first, so that top-p is a prefix and near-equal batches choose alike.
        ordered, order = (logits.double() / sampling.temperature).softmax(-1).sort(-1, descending=True)
        total = ordered.cumsum(-1)
        kept = (total - ordered < sampling.top_p).sum(-1, keepdim=True)
        mass = total.gather(-1, kept - 1)
        place = torch.searchsorted(total, uniforms[:, None] * mass, right=True).minimum(kept - 1)
        chosen = order.gather(-1, place)[:, 0]
    return chosen, scores.gather(-1, chosen[:, None])[:, 0]


KeysAndValues = list[tuple["Tensor", "Tensor"]]


class Llama:
    """The forward pass of a Llama with tied embeddings and as many key-value heads as heads, in float32.

    `prefill` reads one prompt; `decode` takes one more token of each of n samples that share it.
    """

    def __init__(self, config: Mapping[str, Any], weights: "Mapping[str, Tensor]") -> None:
        import torch

        self.heads, self.head = config["num_attention_heads"], config["head_dim"]
        self.epsilon: float = config["rms_norm_eps"]
        floats = {name.removeprefix("model."): tensor.float() for name, tensor in weights.items()}
        self.embedding, self.norm = floats["embed_tokens.weight"], floats["norm.weight"]
        self.layers = [_layer(floats, f"layers.{number}.") for number in range(config["num_hidden_layers"])]
        theta = config.get("rope_theta") or config["rope_parameters"]["rope_theta"]
        frequencies = theta ** (-torch.arange(0, self.head, 2).float() / self.head)
        angles = torch.arange(config["max_position_embeddings"])[:, None] * frequencies.repeat(2)
        self.cosine, self.sine = angles.cos(), angles.sin()

    def empty_suffix(self, samples: int, steps: int) -> "Tensor":
        """Return room for what the samples add: layer, key or value, sample, head, step, dimension."""
        import torch

        return torch.empty(len(self.layers), 2, samples, self.heads, steps, self.head)

    def prefill(self, tokens: Sequence[int]) -> "tuple[Tensor, KeysAndValues]":
        """Return the logits after a prompt (1 x vocabulary) and each layer's keys and values (head x token x dim)."""
        import torch

        hidden = self.embedding[torch.tensor(tokens)]
        prefix: KeysAndValues = []
        for layer in self.layers:
            query, key, value = self._projected(hidden, layer, slice(0, len(tokens)))
            mixed = torch.nn.functional.scaled_dot_product_attention(
                query[None], key[None], value[None], is_causal=True
            )[0]
            hidden = self._rest(hidden, mixed.transpose(0, 1), layer)
            prefix.append((key, value))
        return self._logits(hidden[-1:]), prefix

    def decode(self, tokens: "Tensor", step: int, prefix: KeysAndValues, suffix: "Tensor") -> "Tensor":
        """Return the logits (sample x vocabulary) after one more token of each sample, noting it in `suffix`."""
        hidden = self.embedding[tokens]
        position = prefix[0][0].shape[1] + step
        for layer, (keys, values), added in zip(self.layers, prefix, suffix, strict=True):
            query, key, value = self._projected(hidden, layer, slice(position, position + 1))
            added[0, :, :, step], added[1, :, :, step] = key.transpose(0, 1), value.transpose(0, 1)
            own_keys, own_values = added[0, :, :, : step + 1], added[1, :, :, : step + 1]
            mixed = _shared_prefix_attention(query * self.head**-0.5, keys, values, own_keys, own_values)
            hidden = self._rest(hidden, mixed, layer)
        return self._logits(hidden)

    def _projected(self, hidden: "Tensor", layer: "_Layer", positions: slice) -> "tuple[Tensor, Tensor, Tensor]":
        """Return rotated queries, rotated keys and values, each head x token x dimension."""
        joint = self._normal(hidden, layer.attention_norm) @ layer.query_key_value
        query, key, value = joint.view(len(hidden), 3, self.heads, self.head).permute(1, 2, 0, 3)
        cosine, sine = self.cosine[positions], self.sine[positions]
        return _rotated(query, cosine, sine), _rotated(key, cosine, sine), value

    def _rest(self, hidden: "Tensor", mixed: "Tensor", layer: "_Layer") -> "Tensor":
        """Return the hidden states after the attention's output (token x head x dim) and the feed-forward part."""
        import torch

        hidden = hidden + mixed.reshape(len(hidden), -1) @ layer.output
        gate, up = (self._normal(hidden, layer.feed_forward_norm) @ layer.gate_up).chunk(2, -1)
        return hidden + (torch.nn.functional.silu(gate) * up) @ layer.down

    def _normal(self, hidden: "Tensor", weight: "Tensor") -> "Tensor":
        import torch

        return torch.nn.functional.rms_norm(hidden, weight.shape, weight, self.epsilon)

    def _logits(self, hidden: "Tensor") -> "Tensor":
        return self._normal(hidden, self.norm) @ self.embedding.T


@dataclass(frozen=True, slots=True)
class _Layer:
    """One layer's weights, input dimension first; projections of the same input are joined."""

    attention_norm: "Tensor"
    query_key_value: "Tensor"
    output: "Tensor"
    feed_forward_norm: "Tensor"
    gate_up: "Tensor"
    down: "Tensor"


def _layer(weights: "Mapping[str, Tensor]", prefix: str) -> _Layer:
    import torch

    def joined(*names: str) -> "Tensor":
        return torch.cat([weights[f"{prefix}{name}.weight"] for name in names]).T.contiguous()

    return _Layer(
        weights[f"{prefix}input_layernorm.weight"],
        joined("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
        joined("self_attn.o_proj"),
        weights[f"{prefix}post_attention_layernorm.weight"],
        joined("mlp.gate_proj", "mlp.up_proj"),
        joined("mlp.down_proj"),
    )


def _rotated(vectors: "Tensor", cosine: "Tensor", sine: "Tensor") -> "Tensor":
    """Apply rotary position embedding in the half-split layout of Hugging Face's Llama."""
    import torch

    first, second = vectors.chunk(2, -1)
    return vectors * cosine + torch.cat((-second, first), -1) * sine


def _shared_prefix_attention(
    query: "Tensor", keys: "Tensor", values: "Tensor", own_keys: "Tensor", own_values: "Tensor"
) -> "Tensor":
    """Attend from one query per sample (head x sample x dim, scaled) to the shared prefix and the sample's own suffix.

    Shared keys are head x token x dim, own keys sample x head x step x dim; the result is sample x head x dim.
    """
    import torch

    own_query = query.transpose(0, 1)[:, :, None]
    shared = (query @ keys.transpose(1, 2)).transpose(0, 1)
    own = (own_query @ own_keys.transpose(2, 3))[:, :, 0]
    weights = torch.cat((shared, own), -1).softmax(-1)
    length = keys.shape[1]
    from_shared = (weights[..., :length].transpose(0, 1) @ values).transpose(0, 1)
    return from_shared + (weights[..., None, length:] @ own_values)[:, :, 0]
