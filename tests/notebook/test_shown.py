"""A study shows itself: small, whole in itself, and with all text as text."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from html.parser import HTMLParser
from pathlib import Path

from tradespace.explorer.results import Evaluation, Results
from tradespace.notebook.shown import SHOWN_PIPELINES, study_html, study_text
from tradespace.notebook.study import Study
from tradespace.reports.section import findings_of

HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)>"


class Tags(HTMLParser):
    """Notes the tags of a page and the names of their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}


def test_a_study_shows_its_answer_and_its_frontier(study: Study) -> None:
    """The headline, the pipeline, figures with intervals, and a row for each pipeline of the frontier."""
    shown = Tags(html := study._repr_html_())
    assert "Use this pipeline" in html
    assert escape(str(study.recommended)) in html
    known = len(study.pipelines().query("on_frontier or question_set == 'confirm'"))
    assert shown.tags.count("tr") == 1 + min(known, SHOWN_PIPELINES)
    assert "95 % confidence intervals" in html


def test_it_loads_and_runs_nothing(study: Study) -> None:
    """No script, no style sheet, no link to anything; and it is small."""
    shown = Tags(html := study._repr_html_())
    assert not {"script", "link", "style", "img", "iframe"} & set(shown.tags)
    assert shown.attributes <= {"style", "scope"}
    assert len(html) < 20_000


def test_hostile_text_is_text(study: Study) -> None:
    """Of names, components and failures, whoever wrote the study."""
    shown = Tags(study_html(findings_of(hostile(study.results())), Path(HOSTILE)))
    assert not {"script", "img"} & set(shown.tags)
    assert shown.attributes <= {"style", "scope"}


def hostile(results: Results) -> Results:
    """The results of somebody who wants to run code in a reader's browser."""

    def named(evaluation: Evaluation) -> Evaluation:
        stages = dict.fromkeys(evaluation.stages, HOSTILE)
        return replace(evaluation, pipeline=f"{HOSTILE}{evaluation.pipeline}", stages=stages, failures={0: HOSTILE})

    explored, confirmed = (tuple(map(named, each)) for each in (results.explored, results.confirmed))
    provenance = replace(results.provenance, stopped=HOSTILE, generated=HOSTILE)
    return replace(results, name=HOSTILE, explored=explored, confirmed=confirmed, provenance=provenance)


def test_a_study_without_results_says_so(study: Study) -> None:
    """It has no pipeline and no table."""
    nothing = findings_of(replace(study.results(), explored=(), confirmed=()))
    assert "table" not in Tags(study_html(nothing, study.folder)).tags
    assert study_text(nothing, study.folder)


def test_what_is_left_out_is_said(study: Study) -> None:
    """Of a large frontier the first are shown."""
    many = tuple(slower_and_better(study.results().explored[0], place) for place in range(1, SHOWN_PIPELINES + 4))
    html = study_html(findings_of(replace(study.results(), explored=many, confirmed=())), study.folder)
    assert Tags(html).tags.count("tr") == 1 + SHOWN_PIPELINES
    assert "3 more are in study.frontier()" in html


def slower_and_better(evaluation: Evaluation, place: int) -> Evaluation:
    """Another pipeline, right on so many of the 24 questions, and so many hundredths of a second slow."""
    return replace(
        evaluation,
        pipeline=f"bm25(top_k={place})",
        scores={"answer_contained": (1.0,) * place + (0.0,) * (24 - place)},
        seconds={"retrieve": (place / 100,) * 24},
        answers=str(place),
    )
