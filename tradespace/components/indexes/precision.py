"""Scalar quantisation: each number of a vector is kept in fewer bits (Douze et al. 2024, "The Faiss library", 4.1)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from tradespace.addresses import AddedLater

VectorPrecision = Annotated[
    Literal["fp32", "fp16", "int8"],
    AddedLater(was="'fp32'"),
    Field(
        default="fp32",
        description="the numbers that vectors are kept in: half the room in `fp16`, a quarter in `int8` (SQ8)",
    ),
]


def quantizer_type(precision: Literal["fp16", "int8"]) -> Any:
    """What FAISS calls a precision."""
    from faiss import ScalarQuantizer

    types = {"fp16": ScalarQuantizer.QT_fp16, "int8": ScalarQuantizer.QT_8bit}
    return types[precision]
