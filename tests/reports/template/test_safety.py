"""No text of others becomes code, nobody is shut out, and a large study stays a small page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from bench.report.many import many_results
from tests.reports.conftest import generated_results
from tests.reports.template.conftest import Open
from tradespace.reports import page as assembling
from tradespace.reports import write_report
from tradespace.reports.section import Section, SectionListing, SectionRow, SectionTable
from tradespace.reports.table import Cell

ATTACK = "</script><script>window.hacked=1</script><img src=x onerror=window.hacked=2><b>bold</b>"
PIPELINES, MOST_BYTES = 20_000, 8_000_000


@pytest.mark.browser
def test_text_of_others_is_shown_and_never_run(open_report: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """A script in names, YAML, messages, hover texts, and in documents, questions and answers that a section quotes."""
    results = generated_results(retriever=ATTACK)
    explored = tuple(replace(one, yaml=ATTACK, failures={0: ATTACK}) for one in results.explored)
    table = SectionTable(ATTACK, (ATTACK,), (SectionRow((Cell(ATTACK),)),) * 2)
    quoting = Section("quoting", ATTACK, (ATTACK,), tables=(table,), listings=(SectionListing(ATTACK, ATTACK),))
    made = assembling.made_sections
    monkeypatch.setattr(assembling, "made_sections", lambda findings: (quoting, *made(findings)))
    confirmed = tuple(replace(one, yaml=ATTACK) for one in results.confirmed)
    hostile = replace(results, name=ATTACK, space_yaml=ATTACK, explored=explored, confirmed=confirmed)
    page = open_report(hostile)
    mark = page.locator("#figure-frontier .scatterlayer .trace").last.locator(".point")
    mark.scroll_into_view_if_needed()
    mark.hover(force=True)
    page.wait_for_selector("#figure-frontier .hoverlayer .hovertext")
    page.locator("#pipelines-table button.open").first.click()
    assert page.locator("#details-yaml").inner_text() == ATTACK
    assert page.locator("#quoting td").first.inner_text() == ATTACK
    assert ATTACK in page.locator("#quoting p").first.inner_text()
    assert page.locator("#quoting pre").inner_text() == ATTACK
    page.locator("#figure-frontier").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("window.hacked") is None
    assert page.locator("body img, body b:not(.plot b), .plot [onerror]").count() == 0


def violations(page: Page) -> list[str]:
    """What axe finds that is serious or critical, with the elements that it finds it in."""
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    grave = [each for each in found if each["impact"] in {"serious", "critical"}]
    return [f"{each['id']}: {[node['target'] for node in each['nodes']][:5]}" for each in grave]


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_nobody_is_shut_out(open_report: Open, scheme: Literal["light", "dark"], width: int) -> None:
    """An accessibility scan finds nothing serious, with all folded parts open and a pipeline selected."""
    page = open_report(fragment="#pipeline-1", color_scheme=scheme, width=width, reduced_motion="reduce")
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    assert violations(page) == []


def test_twenty_thousand_pipelines_are_a_small_page(tmp_path: Path) -> None:
    """Under 8 MB, with a note of what is not listed. How soon it can be used is measured by `bench.report.page`."""
    path = write_report(many_results(PIPELINES), tmp_path / "report.html")
    assert path.stat().st_size < MOST_BYTES
    assert "19,000 more are not listed here" in path.read_text(encoding="utf-8")
