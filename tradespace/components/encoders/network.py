"""The network behind the span reader and the cross-encoder: MiniLM with two exits and question alignment.

The trunk is BERT (Devlin et al. 2019) in the shape of MiniLM-L6-H384 (Wang et al. 2020). It is written out
here, and not taken from `transformers`, because the early exits then stop computing, the module exports to ONNX
as it is, and it loads without a second of imports; a test holds it equal to `transformers.BertModel`. Import
this module inside functions only: it imports torch.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

ALIGNMENT_FEATURES = 6


class Layer(nn.Module):
    """One post-norm transformer layer."""

    def __init__(self, hidden: int, heads: int, inner: int, epsilon: float) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.attended = (nn.Linear(hidden, hidden) for _ in range(4))
        self.attended_norm = nn.LayerNorm(hidden, eps=epsilon)
        self.widen, self.narrow = nn.Linear(hidden, inner), nn.Linear(inner, hidden)
        self.output_norm = nn.LayerNorm(hidden, eps=epsilon)

    def forward(self, states: Tensor, bias: Tensor, dropout: float) -> Tensor:
        def split(projection: nn.Module) -> Tensor:
            return projection(states).unflatten(-1, (self.heads, -1)).transpose(1, 2)  # type: ignore[no-any-return]

        context = functional.scaled_dot_product_attention(
            split(self.query), split(self.key), split(self.value), attn_mask=bias
        )
        attended = functional.dropout(self.attended(context.transpose(1, 2).flatten(2)), dropout)
        states = self.attended_norm(states + attended)
        widened = self.narrow(functional.gelu(self.widen(states)))
        return self.output_norm(states + functional.dropout(widened, dropout))  # type: ignore[no-any-return]


class QuestionAlignment(nn.Module):
    """Says of each token how it agrees with the other side, question or passage.

    Six features per token, after the exact-match and aligned-embedding features of DrQA (Chen et al. 2017) and
    the word-in-question features of FastQA (Weissenborn et al. 2017): exact match, exact match times inverse
    document frequency (IDF), best cosine of the word embeddings, and the IDF-weighted share of the question
    that is matched within 4, 12 and 32 tokens.
    """

    idf: Tensor

    def __init__(self, vocabulary: int, hidden: int) -> None:
        super().__init__()
        self.register_buffer("idf", torch.zeros(vocabulary))
        self.project = nn.Linear(ALIGNMENT_FEATURES, hidden, bias=False)
        nn.init.zeros_(self.project.weight)

    def forward(self, tokens: Tensor, segments: Tensor, mask: Tensor, embedded: Tensor) -> Tensor:
        """Features [batch, length, 6] of `tokens` [batch, length] with `embedded` [batch, length, hidden]."""
        weight = self.idf[tokens] * mask
        content = (weight > 0).to(embedded.dtype)
        other_side = (segments[:, :, None] != segments[:, None, :]).to(embedded.dtype) * content[:, None, :]
        equal = (tokens[:, :, None] == tokens[:, None, :]).to(embedded.dtype) * other_side
        exact = equal.amax(2) * content
        unit = functional.normalize(embedded, dim=-1)
        soft = ((unit @ unit.transpose(1, 2)) * other_side).amax(2) * content
        asked = (weight * (segments == 0)).sum(1, keepdim=True).clamp(min=1e-3)
        matched = (exact * weight / asked)[:, None, :]
        density = [functional.avg_pool1d(matched, 2 * w + 1, 1, w)[:, 0] * (2 * w + 1) for w in (4, 12, 32)]
        return torch.stack([exact, exact * weight, soft, *density], dim=-1)


class ExitHeads(nn.Module):
    """The heads on one layer's output: start and end of the answer, and whether the passage answers at all."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.span = nn.Sequential(nn.Linear(hidden, hidden), nn.GELU(), nn.Linear(hidden, 2))
        self.relevance = nn.Sequential(nn.Linear(hidden + 1, hidden), nn.GELU(), nn.Linear(hidden, 1))

    def forward(self, states: Tensor, coverage: Tensor) -> tuple[Tensor, Tensor]:
        relevance = self.relevance(torch.cat([states[:, 0], coverage], dim=-1))
        return self.span(states), relevance[:, 0]


class ReadingNetwork(nn.Module):
    """Start and end logits of every token and the relevance of the passage, at any of the exits."""

    def __init__(
        self,
        *,
        vocabulary: int = 30522,
        hidden: int = 384,
        heads: int = 12,
        inner: int = 1536,
        layers: int = 6,
        exits: tuple[int, ...] = (3, 6),
        positions: int = 512,
        epsilon: float = 1e-12,
    ) -> None:
        super().__init__()
        self.dropout = 0.0
        self.words, self.positions, self.segments = (_embedding(rows, hidden) for rows in (vocabulary, positions, 2))
        self.embedding_norm = nn.LayerNorm(hidden, eps=epsilon)
        self.alignment = QuestionAlignment(vocabulary, hidden)
        self.layers = nn.ModuleList(Layer(hidden, heads, inner, epsilon) for _ in range(layers))
        self.exits = nn.ModuleDict({str(depth): ExitHeads(hidden) for depth in exits})

    def forward(
        self, tokens: Tensor, segments: Tensor, mask: Tensor, depths: tuple[int, ...] = (6,)
    ) -> list[tuple[Tensor, Tensor]]:
        """For each of `depths`: logits [batch, length, 2] and relevance [batch].

        Args:
            tokens: word-piece identifiers [batch, length].
            segments: 0 for the question's tokens, 1 for the passage's.
            mask: 1 for tokens, 0 for padding.
            depths: the exits wanted, ascending; layers above the last one are not computed.
        """
        words = self.words(tokens)
        features = self.alignment(tokens, segments, mask, words)
        place = torch.arange(tokens.shape[1], device=tokens.device)
        states = words + self.positions(place) + self.segments(segments) + self.alignment.project(features)
        states = self.embedding_norm(states)
        coverage = (features[:, :, 0] * (segments == 0) * self.alignment.idf[tokens]).sum(1, keepdim=True)
        coverage = coverage / (self.alignment.idf[tokens] * (segments == 0)).sum(1, keepdim=True).clamp(min=1e-3)
        bias = (1.0 - mask[:, None, None, :].to(states.dtype)) * -1e4
        outputs = []
        for depth, layer in enumerate(self.layers[: depths[-1]], start=1):
            states = layer(states, bias, self.dropout if self.training else 0.0)
            if depth in depths:
                outputs.append(self.exits[str(depth)](states, coverage))
        return outputs


def _embedding(rows: int, hidden: int) -> nn.Embedding:
    """An embedding of zeros, since MiniLM's always take their place; drawing it at random on the "meta" device would
    import a second's worth of modules."""
    return nn.Embedding.from_pretrained(torch.zeros(rows, hidden), freeze=False)  # type: ignore[no-untyped-call, no-any-return]
