"""A pipeline is hovered over, selected, marked wherever it stands, and told of; with the mouse and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import FloatRect, Locator, Page

from tests.reports.conftest import generated_results
from tests.reports.template.conftest import Open
from tradespace.reports import page as assembling

pytestmark = pytest.mark.browser


def recommended(page: Page) -> str:
    """The number of the recommended pipeline, as `#12`."""
    return page.locator(".first .chosen .id").inner_text()


def star(page: Page) -> FloatRect:
    """Where the recommended pipeline is in the frontier, once it is scrolled to."""
    mark = page.locator("#figure-frontier .scatterlayer .trace").last.locator(".point")
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    assert box is not None
    return box


def hover(page: Page, box: FloatRect) -> tuple[float, float]:
    """Move to the middle of a mark, and wait for its label."""
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.wait_for_selector("#figure-frontier .hoverlayer .hovertext")
    return middle


def details(page: Page) -> Locator:
    """What is told of the selected pipeline."""
    return page.get_by_role("complementary")


def test_a_mark_names_its_pipeline(open_report: Open) -> None:
    """Over a mark stand its number and what tells it from the others, without what all have in common."""
    page = open_report()
    hover(page, star(page))
    text = page.locator("#figure-frontier .hoverlayer .hovertext").first.text_content() or ""
    assert recommended(page) in text
    assert "reader(" in text and "sentences(" not in text


def test_a_click_selects_everywhere(open_report: Open) -> None:
    """A click on a mark rings it in every figure that has it, marks its rows, tells of it, and is in the address."""
    page = open_report()
    number = recommended(page)
    rings = "each => each.layout.shapes?.filter(shape => shape.type !== 'line').length ?? 0"
    assert page.locator("#figure-frontier").evaluate(rings) == 0
    page.mouse.click(*hover(page, star(page)))
    assert details(page).locator("h2").inner_text() == f"Pipeline {number}, recommended"
    assert page.locator("#figure-frontier").evaluate(rings) >= 1
    assert page.locator("#figure-milliseconds").evaluate(rings) >= 1
    row = page.locator("#pipelines-table tr[aria-current]")
    assert row.count() == 1 and row.locator("td").first.inner_text() == number
    assert page.evaluate("location.hash") == f"#pipeline-{number.removeprefix('#')}"


def test_details_tell_all_of_a_pipeline(open_report: Open) -> None:
    """Its figures, the time of each stage and of all, its full notation, its YAML, and Python."""
    page = open_report()
    results = generated_results()
    page.locator("#pipelines-table tbody tr").last.locator("button.open").click()
    number = int(page.evaluate("location.hash").removeprefix("#pipeline-"))
    evaluation = results.explored[number - 1]
    told = details(page)
    assert told.locator("#details-notation").inner_text() == evaluation.pipeline
    assert told.locator("#details-yaml").inner_text().strip() == evaluation.yaml.strip()
    assert f"tradespace.parse({evaluation.pipeline!r})" in told.locator("#details-python").inner_text()
    assert "answer F1" in told.locator("#details-figures dt").all_inner_texts()
    stages = told.locator("#details-stages td:first-child").all_inner_texts()
    assert stages == ["retrieve", "rerank", "generate", "all stages"]
    assert all("ms" in text for text in told.locator("#details-stages td:nth-child(3)").all_inner_texts())


def test_rows_are_selected_by_keyboard(open_report: Open) -> None:
    """Enter on a row's button selects; Escape closes, and leaves the focus where it was and the address clean."""
    page = open_report()
    button = page.locator("#pipelines-table button.open").nth(2)
    button.focus()
    page.keyboard.press("Enter")
    assert details(page).is_visible()
    page.keyboard.press("Escape")
    assert not details(page).is_visible()
    assert button.evaluate("each => each === document.activeElement")
    assert page.evaluate("location.hash") == ""
    assert page.locator("tr[aria-current]").count() == 0


def test_marks_are_reached_by_keyboard(open_report: Open) -> None:
    """In a figure, arrow keys go from one pipeline to the next, which is read out, and Enter selects it."""
    page = open_report()
    page.locator("#figure-frontier").focus()
    page.keyboard.press("ArrowRight")
    first = page.locator("#said").inner_text()
    page.keyboard.press("ArrowRight")
    second = page.locator("#said").inner_text()
    assert first.startswith("#") and "answer F1" in first and first != second
    page.keyboard.press("Enter")
    assert details(page).locator("h2").inner_text().startswith(f"Pipeline {second.split()[0]}")


def test_an_address_names_a_pipeline(open_report: Open) -> None:
    """A page that is opened with its fragment has the pipeline selected, marks included."""
    page = open_report(fragment="#pipeline-7")
    assert details(page).locator("h2").inner_text().startswith("Pipeline #7")
    assert page.locator("#pipelines-table tr[aria-current] td").first.inner_text() == "#7"
    assert page.locator("#figure-frontier").evaluate(
        "each => each.layout.shapes.some(shape => shape.type === 'circle')"
    )


def test_a_pipeline_that_is_not_listed_is_said_to_be(open_report: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a page lists the best alone, the others have no details; it says where they stand."""
    monkeypatch.setattr(assembling, "LISTED_ROWS", 5)
    page = open_report(generated_results(confirm=False))
    listed = page.evaluate("Object.keys(JSON.parse(document.getElementById('data').textContent).pipelines).map(Number)")
    (unlisted, *_) = sorted({*range(1, 46)} - {*listed})
    page.evaluate(f"location.hash = '#pipeline-{unlisted}'")
    details(page).wait_for()
    assert "show --all" in details(page).inner_text()
    assert page.locator("#details .columns").is_hidden()


def test_yaml_is_copied(open_report: Open) -> None:
    """With the button beside it."""
    page = open_report(fragment="#pipeline-3")
    details(page).get_by_role("button", name="Copy: YAML").click()
    page.locator("#said:not(:empty)").wait_for(state="attached")
    assert page.locator("#said").inner_text() in {"Copied.", "Selected: copy it with your keyboard."}
