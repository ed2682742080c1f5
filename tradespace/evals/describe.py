"""Writes the page of all measures: `python -m tradespace.evals.describe > docs/measures.md`."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from itertools import groupby

from tradespace.components.describe import settings_table
from tradespace.evals.figures import FIGURES
from tradespace.evals.measures import Measure, Needs, measures
from tradespace.evals.measures.configured import ConfiguredMeasure
from tradespace.evals.measures.form import FormMeasure
from tradespace.evals.measures.formulas import FAMILIES
from tradespace.evals.measures.kinds import MEASURE_KINDS

_INTRODUCTION = """\
# Measures

What pipelines are compared by: the names that `objectives` in a search space may hold, and what each of them measures.
This page is written from the classes themselves by `python -m tradespace.evals.describe > docs/measures.md`.

Scores are of single questions, from 0 to 1; a pipeline has their mean, with an interval. A question that lacks what a
measure needs is left out of it, never counted as 0. A question on which the pipeline failed gets the worst score.
`tradespace check` says how many questions each objective can score; [search spaces](space.md#objectives) say how
objectives are written, and [parts of your own](extending.md) how a measure of yours joins. Which of them is right for
what, and what each costs, is told in [scores](scores.md).

Measures of passages take another cutoff than those below: `ndcg@5`, `gold_recall@7`, `evidence_recall@3`. Where any of
several documents will do ([alternatives](data.md#evidence)), they are one gold document, at the place of the first of
them; the others take a place and add nothing, as in α-nDCG with α = 1 (Clarke et al. 2008). Any formula of
[ir_measures](https://ir-measur.es) that looks at the places of gold documents alone is a measure too: {formulas},
such as `P@3` or `nDCG(dcg='exp-log2')@5`. What one [group](data.md#groups) of the questions scores is a measure too:
`answer_f1[language=de]`.
"""
_SECTIONS = {
    (False, Needs.ANSWERS): "Of answers: these need the accepted `answers` of a question.",
    (False, Needs.TEXT): "Of answers, compared with nothing that is known beforehand: any question will do.",
    (True, Needs.GOLD): "Of passages: these need a question's `gold`, the documents that hold the answer.",
    (True, Needs.EVIDENCE): "Of passages: these need a question's `evidence`, the pieces of documents that answer it.",
    (True, Needs.ANSWERS): "Of passages: these need the accepted `answers` of a question.",
}
"""Headings, by whether measures score passages, and by what they need."""
_CONFIGURED = """\
## With settings: named in the section `measures`

A kind of measure has settings, and is given a name by the [section `measures`](space.md#measures): as often as you
like, with other settings each time. One that needs no setting may also be an objective as it is.
"""
_FIGURES = """\
## Of running: measured, not scored

| name | unit | what |
|---|---|---|
{rows}

Latencies are those of whole questions, from the first stage to the answer, failed ones infinitely slow:
see [latency](latency.md).
"""


def page() -> str:
    """The whole page, as Markdown."""
    sections = (line for kind in _SECTIONS for line in _section(*kind))
    formulas = ", ".join(f"`{family}`" for family in FAMILIES)
    kinds = (line for kind in MEASURE_KINDS.values() for line in _kind(kind))
    figures = _FIGURES.format(rows="\n".join(_figures()))
    return "\n".join([_INTRODUCTION.format(formulas=formulas), *sections, _CONFIGURED, *kinds, figures])


def _section(of_passages: bool, needs: Needs) -> Iterator[str]:
    yield f"## {_SECTIONS[of_passages, needs]}\n"
    members = (one for one in measures().values() if one.needs is needs and one.scores_passages is of_passages)
    for family, alike in groupby(members, type):
        yield from _family(family, alike)


def _kind(kind: type[ConfiguredMeasure]) -> Iterator[str]:
    yield f"### `{kind.name}`\n"
    yield f"{inspect.getdoc(kind)}\n"
    yield from settings_table(kind)


def _family(family: type[Measure], members: Iterable[Measure]) -> Iterator[str]:
    yield f"### {', '.join(f'`{member.name}`' for member in members)}\n"
    yield f"{inspect.getdoc(family)}\n"
    if issubclass(family, FormMeasure):
        yield (
            f"Scores questions without gold documents whose accepted answers all match `{family.accepted.pattern}`.\n"
        )


def _figures() -> Iterator[str]:
    for figure in FIGURES.values():
        yield f"| `{figure.name}` | {figure.unit.name} | {figure.what} |"


if __name__ == "__main__":
    print(page(), end="")
