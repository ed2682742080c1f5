"""A small set of components with every kind of setting, so that the specification does not hang on the real ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from tradespace.components.base import Chunker, Component, Reader, Reranker, Retriever
from tradespace.components.roles import Role
from tradespace.search_space.specification import Specification

Read = Callable[..., Specification]
"""Reads the `pipeline` section given as text; other sections can be given, or replaced, by name."""


class Cut(Chunker):
    name: ClassVar[str] = "cut"
    size: int = Field(default=64, gt=0)
    overlap: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _smaller(self) -> Cut:
        if self.overlap >= self.size:
            raise ValueError("overlap must be smaller than size")
        return self

    def split(self, documents: Any) -> Any:
        raise NotImplementedError


class Index(Component):
    role: ClassVar[Role] = Role.INDEX


class Flat(Index):
    name: ClassVar[str] = "flat"


class Graph(Index):
    name: ClassVar[str] = "graph"
    ef: int = Field(default=16, gt=0)


class Words(Retriever):
    name: ClassVar[str] = "words"
    k1: float = Field(default=0.9, ge=0)
    b: float = Field(default=0.4, ge=0, le=1)
    language: Literal["english", "german"] = "english"
    top_k: int = Field(default=5, gt=0)


class Vectors(Retriever):
    name: ClassVar[str] = "vectors"
    index: Index = Flat()
    top_k: int = Field(default=5, gt=0)


class Both(Retriever):
    name: ClassVar[str] = "both"
    members: tuple[Retriever, ...] = (Words(), Vectors())
    weights: tuple[float, ...] = (0.5, 0.5)
    limit: int | None = None
    top_k: int = Field(default=5, gt=0)


class Foreign(Retriever):
    name: ClassVar[str] = "foreign"
    path: str
    arguments: Mapping[str, Any] = {}


class Deep(Retriever):
    name: ClassVar[str] = "deep"
    inner: Retriever = Vectors(index=Graph())


class Keep(Reranker):
    name: ClassVar[str] = "keep"
    keep: int = Field(default=3, gt=0)


class Same(Reranker):
    name: ClassVar[str] = "same"


class Answer(Reader):
    name: ClassVar[str] = "answer"
    passages: int = Field(default=3, gt=0)
    shuffled: bool = False


EVERY: tuple[type[Component], ...] = (Cut, Flat, Graph, Words, Vectors, Both, Foreign, Deep, Keep, Same, Answer)
