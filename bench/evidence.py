"""What measures of passages tell about chunkings: recall by document, by accepted answer and by evidence, side by side.

    python bench/evidence.py

Paragraphs of the bundled wikipedia with one title are one document, as articles are. The questions are those that
people asked about a paragraph (XQuAD); evidence is the sentence of it in which an accepted answer stands first.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.page import STUDIES, table, write
from tradespace.components.base import Pipeline
from tradespace.components.notation import parse
from tradespace.components.sentences import sentence_spans
from tradespace.data import load_dataset
from tradespace.evals.measures import Measure, measure
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.runner import Trace, run
from tradespace.explorer.running.scoring import score_traces
from tradespace.explorer.storage.databases import open_ledger
from tradespace.types import Document, Evidence, Question

QUESTIONS = 600
SIZES = (16, 32, 64, 128, 256, 512)
PIPELINES = (
    *(f"sentences(size={size}) >> bm25(top_k=5)" for size in SIZES),
    *(f"sentences(size={size}, overlap=1) >> bm25(top_k=5)" for size in (64, 128)),
    "bm25(top_k=5)",
)
MEASURES = ("gold_recall@5", "mrr", "answer_in_passages", "evidence_recall", "evidence_precision", "evidence_iou")
GAP = "\n\n"


def main() -> None:
    """Retrieve by every chunking, score by every measure, and write the table."""
    dataset = load_dataset("wikipedia/xquad")
    places, articles = _joined(dataset.documents)
    texts = {document.id: document.text for document in dataset.documents}
    asked = [_evident(each, texts, places, articles) for each in dataset.split(QUESTIONS, 0, seed=0).explore]
    opened = OpenedComponents(tuple(articles.values()), STUDIES / "bench-artefacts")
    pipelines = [parse(notation) for notation in PIPELINES]
    traces = run(RecordedCalls(opened, open_ledger("memory://")), pipelines, [question.text for question in asked])
    measures = [measure(name) for name in MEASURES]
    rows = [_row(pipeline, measures, asked, traces[pipeline]) for pipeline in pipelines]
    spread = [f"{max(column) - min(column):.3f}" for column in zip(*(figures for _, figures in rows), strict=True)]
    cells = [[name, *(f"{figure:.3f}" for figure in figures)] for name, figures in rows]
    heading = ["", *(f"`{name}`" for name in MEASURES)]
    write("evidence", table(heading, [*cells, ["largest difference", *spread]]))


def _joined(paragraphs: Sequence[Document]) -> tuple[Mapping[str, tuple[str, int]], Mapping[str, Document]]:
    """For each paragraph its article and where it begins there; and the articles."""
    places: dict[str, tuple[str, int]] = {}
    texts: dict[str, str] = {}
    for paragraph in paragraphs:
        before = f"{texts[paragraph.title]}{GAP}" if paragraph.title in texts else ""
        places[paragraph.id] = paragraph.title, len(before)
        texts[paragraph.title] = before + paragraph.text
    return places, {title: Document(title, text, title) for title, text in texts.items()}


def _evident(
    question: Question,
    texts: Mapping[str, str],
    places: Mapping[str, tuple[str, int]],
    articles: Mapping[str, Document],
) -> Question:
    """The question about articles, with the sentence that its answer stands in as evidence."""
    paragraph = texts[question.gold[0]]
    answer = min(place for text in question.answers if (place := paragraph.find(text)) >= 0)
    first, last = next(span for span in sentence_spans(paragraph) if span[0] <= answer < span[1])
    title, offset = places[question.gold[0]]
    evidence = Evidence(title, paragraph[first:last], offset + first, articles[title].text)
    return replace(question, gold=(title,), evidence=((evidence,),))


def _row(
    pipeline: Pipeline, measures: Sequence[Measure], asked: Sequence[Question], traces: Sequence[Trace]
) -> tuple[str, list[float]]:
    """The chunking in words, and the mean of each measure."""
    scores = score_traces(measures, asked, traces)
    name = f"`{pipeline.chunker!r}`" if pipeline.chunker else "whole documents"
    return name, [fmean(score for score in scores[each.name] if score is not None) for each in measures]


if __name__ == "__main__":
    main()
