"""The report as a file: self-contained, whole, and safe."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tradespace.explorer.results import Results
from tradespace.reports import page, render_report, write_report
from tradespace.reports.making import made_sections
from tradespace.reports.section import Findings, Section
from tradespace.reports.sections import SECTIONS
from tradespace.search_space.goals import Goals, Objective, ServiceLevel

Make = Callable[..., Results]
ATTACK = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"


class Outline(HTMLParser):
    """Collects elements, links and text of a page, scripts and styles apart."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.script = ""
        self.inside = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.inside = tag

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside == "script":
            self.script += data
        elif self.inside != "style":
            self.text += data


def data_of(html: str) -> dict[str, Any]:
    """The JSON that the page's script reads."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.S)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_report_is_one_file_that_loads_nothing(make_results: Make, tmp_path: Path) -> None:
    """The file refers to nothing outside itself, and forbids loading by its content security policy."""
    path = write_report(make_results(), tmp_path / "report.html")
    assert path == tmp_path / "report.html"
    outline = Outline(path.read_text(encoding="utf-8"))
    assert not [tag for tag, attributes in outline.tags if {"src", "data", "action"} & attributes.keys()]
    assert all((attributes.get("href") or "#").startswith("#") for _, attributes in outline.tags)
    policy = [attributes for tag, attributes in outline.tags if attributes.get("http-equiv")]
    assert (policy[0]["content"] or "").startswith("default-src 'none'")
    assert path.stat().st_size < 3_000_000


def test_report_answers_in_its_first_heading(make_results: Make) -> None:
    """The first heading is the answer in one sentence, the split follows, then the sections in order."""
    html = render_report(make_results())
    assert html.index('<h1 id="answer-title"') < html.index('<p class="split"') < html.index('id="frontier-title"')
    titles = re.findall(r'<h2 id="([a-z]+)-title">[^<]', html)
    assert titles == [
        "frontier",
        "split",
        "slas",
        "milliseconds",
        "settings",
        "pipelines",
        "latencies",
        "predictions",
        "failures",
        "provenance",
    ]
    assert "Use this pipeline: answer F1" in Outline(html).text


def test_dollars_have_a_plane_of_their_own_where_they_are_an_objective(make_results: Make) -> None:
    """Beside that of the latency, with words that fit."""
    results: Results = make_results()
    html = render_report(
        replace(results, goals=Goals((*results.goals.objectives, Objective("usd_per_1k", False)), results.goals.sla))
    )
    text = Outline(html).text
    assert "What can be had for how many milliseconds?" in text
    assert "What can be had for how many dollars?" in text
    assert "must pay more, or give up some 95th-percentile latency" in text
    assert 'id="figure-frontier-usd_per_1k"' in html


def test_a_section_that_fails_is_a_card_among_the_others(make_results: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says so, with no secret in it; the page has all other sections."""
    monkeypatch.setenv("SOME_API_KEY", "sk-0123456789abcdef")
    before = [tag for tag, _ in Outline(render_report(make_results())).tags].count("section")

    def broken_section(findings: Findings) -> Section:
        raise ValueError(f"{findings.results.name} was refused sk-0123456789abcdef <b>")

    monkeypatch.setattr(page, "made_sections", lambda findings: made_sections(findings, (*SECTIONS, broken_section)))
    html = render_report(make_results())
    assert "This section could not be made: ValueError: generated was refused [SOME_API_KEY] &lt;b&gt;" in html
    assert "sk-0123456789abcdef" not in html
    assert [tag for tag, _ in Outline(html).tags].count("section") == before + 1


def test_report_tells_where_figures_come_from(make_results: Make) -> None:
    """Data key, host, seed, versions, calls and questions are all shown."""
    text = Outline(render_report(make_results())).text
    shown = ["0123456789abcdef", "4 cores", "2.4.6", "88,231 asked for, 10,412 made", "120 explore, 120 confirm"]
    assert [fact for fact in shown if fact not in text] == []


@pytest.mark.parametrize("sla", [None, ServiceLevel("latency_p95", 0.005), ServiceLevel("latency_p50", 0.04)])
def test_report_for_any_service_level(make_results: Make, sla: ServiceLevel | None) -> None:
    """A report can be written under no, an impossible, or another service level."""
    html = render_report(make_results(sla=sla))
    assert ("split-0" in data_of(html)["figures"]) == (sla is not None)
    assert ('<p class="split"' in html) == (sla is not None)


def test_report_of_an_interrupted_study(make_results: Make) -> None:
    """Whatever was known at the interruption is reported, also nothing at all, and the page says that it is partial."""
    results = make_results(confirm=False)
    stopped = replace(results, provenance=replace(results.provenance, interrupted=True))
    assert "The exploration was interrupted" in render_report(stopped)
    empty = Outline(render_report(replace(stopped, explored=())))
    assert "No pipeline has been evaluated yet." in empty.text


def test_report_of_a_study_that_a_model_stopped(make_results: Make) -> None:
    """The reason is on the page, and nobody is said to have interrupted it."""
    results = make_results(confirm=False)
    where = replace(results.provenance, interrupted=True, stopped="gpt does not answer")
    page = render_report(replace(results, provenance=where))
    assert "The exploration was stopped: gpt does not answer." in page
    assert "The exploration was interrupted" not in page


def test_failures_and_gaps_are_reported(make_results: Make) -> None:
    """Messages of failures and the number of unscored questions are on the page."""
    results = make_results()
    first = results.explored[0]
    scores = {"answer_f1": (None, None, *first.scores["answer_f1"][2:])}
    broken = replace(first, failures={5: "the reader timed out"}, scores=scores)
    text = Outline(render_report(replace(results, explored=(broken, *results.explored[1:])))).text
    assert "the reader timed out" in text
    assert "Up to 2 questions of a pipeline have no answer F1" in text
    assert "No question failed." in Outline(render_report(results)).text


def test_text_from_data_is_escaped_everywhere(make_results: Make) -> None:
    """A script in a name, pipeline, YAML or message stays text: in the page, in its JSON, and in plotly's labels."""
    results = make_results(retriever=f"{ATTACK} <b>bold</b>")
    first, second, *others = results.explored
    second = replace(second, yaml=f"pipeline: {ATTACK}", failures={0: ATTACK})
    provenance = replace(results.provenance, dataset=ATTACK, host=ATTACK)
    explored = (first, second, *others)
    results = replace(results, name=ATTACK, space_yaml=ATTACK, provenance=provenance, explored=explored)
    html = render_report(results)
    outline = Outline(html)
    assert [tag for tag, _ in outline.tags].count("script") == 3
    assert not [tag for tag, attributes in outline.tags if tag == "img" or "onerror" in attributes]
    assert ATTACK in outline.text
    data = data_of(html)
    assert data["pipelines"]["2"]["yaml"] == f"pipeline: {ATTACK}"
    hovers = [text for trace in data["figures"]["frontier"]["data"] for text in trace.get("text") or ()]
    assert hovers and not [text for text in hovers if "<script" in text or "<b>bold" in text or "<img" in text]


def test_long_studies_list_the_best(make_results: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond what a page can list, rows are left out from the end and counted, and the details of those with them
    that stand nowhere else."""
    monkeypatch.setattr(page, "LISTED_ROWS", 30)
    html = render_report(make_results())
    start = html.index('id="pipelines-table"')
    table = html[start : html.index("</section>", start)]
    assert table.count("<tr") == 1 + 30
    assert "15 more are not listed here" in table
    assert 30 <= len(data_of(html)["pipelines"]) < 45
