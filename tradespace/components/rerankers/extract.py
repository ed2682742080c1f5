"""Passages are shortened to the sentences that matter for the question (RECOMP, extractive; Xu et al. 2023)."""

from __future__ import annotations

from collections import defaultdict
from typing import ClassVar

from pydantic import Field

from tradespace.addresses import digest
from tradespace.components.base import Process, Reranker, ranking_of
from tradespace.components.rerankers.base import as_ordered, rewritten
from tradespace.components.rerankers.maxsim import MaxSim
from tradespace.components.sentences import sentence_spans
from tradespace.types import Passage, Request


class Extract(Reranker):
    """Another reranker ranks the sentences of all passages together; those that it keeps stay, in their order.

    Passages keep their order too; one of which no sentence is left goes. A sentence that several passages share stays
    in the first. It makes no calls but those of the reranker, which other pipelines share.
    """

    name: ClassVar[str] = "extract"
    in_words: ClassVar[str] = "only the sentences that matter stay"

    reranker: Reranker = Field(
        default=MaxSim(keep=5), description="what ranks sentences; it keeps so many of all passages together"
    )

    def process(self, request: Request) -> Process:
        origins: dict[str, Passage] = {}
        for passage in request.passages:
            for start, end in sentence_spans(passage.text):
                origins.setdefault(passage.text[start:end], passage)
        sentences = {text: _sentence(text, passage) for text, passage in origins.items()}
        best = yield from self.reranker.process(Request(request.question, tuple(sentences.values())))
        kept = {scored.passage for scored in ranking_of(best)}
        left: defaultdict[Passage, list[str]] = defaultdict(list)
        for text, passage in origins.items():
            if sentences[text] in kept:
                left[passage].append(text)
        return as_ordered(rewritten(passage, " ".join(texts)) for passage, texts in left.items())


def _sentence(text: str, passage: Passage) -> Passage:
    """A sentence, named by its document: however that is cut, it is ranked once."""
    return Passage(f"{passage.document_id}#{digest([text])[:12]}", passage.document_id, text)
