"""The three sizes of tiny reasoners, and a miniature for tests."""

from dataclasses import dataclass
from typing import Final

HEAD: Final = 32
"""Dimensions of an attention head, in every size."""
ROPE_THETA: Final = 1e6
"""Base of the rotary phases: slow ones leave most of a head's dimensions free to match words at any distance."""


@dataclass(frozen=True, slots=True)
class Size:
    """The shape of a Llama: layers, heads, and the width of the feed-forward part."""

    layers: int
    heads: int
    feed_forward: int


SIZES: Final = {
    "miniature": Size(2, 2, 128),
    "small": Size(3, 3, 256),
    "medium": Size(4, 6, 384),
    "large": Size(6, 9, 512),
}
