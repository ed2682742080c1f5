"""Tokens and dollars of each stage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.results import Results, Usage
from tradespace.reports import render_report
from tradespace.reports.section import SectionTable, findings_of
from tradespace.reports.sections.usage import usage_info, usage_section

Make = Callable[..., Results]


def with_usage(results: Results, *used: Usage | None) -> Results:
    """Results whose finalists generate with a language model."""
    confirmed = tuple(replace(one, usage={"generate": used}) for one in results.confirmed)
    return replace(results, confirmed=confirmed)


def table_of(results: Results) -> SectionTable:
    """What the section shows."""
    section = usage_section(findings_of(results))
    assert section is not None
    return section.tables[0]


def test_usage_is_the_mean_over_questions_that_did_not_fail(make_results: Make) -> None:
    """Tokens of one question, dollars of a thousand; a failed question is left out."""
    results = with_usage(make_results(), Usage(100, 10, 0.001), None, Usage(300, 30, 0.003))
    infos = usage_info(conclude(results))
    assert len(infos) == len(results.confirmed)
    one = infos[0]
    assert (one.stage, one.question_set, one.tokens_in, one.tokens_out, one.usd_per_1k) == (
        "generate",
        "confirm",
        200,
        20,
        2,
    )


def test_one_call_without_a_price_leaves_dollars_open(make_results: Make) -> None:
    """They are not taken for nothing; calls that the host's price covers are."""
    results = with_usage(make_results(), Usage(100, 10, None), Usage(300, 30, 0.003))
    row = table_of(results).rows[0]
    assert (row.cells[-1].text, row.cells[-1].order) == ("no price", None)
    covered = with_usage(make_results(), Usage(100, 10, 0.0))
    assert usage_info(conclude(covered))[0].usd_per_1k == 0


def test_estimated_tokens_are_marked(make_results: Make) -> None:
    """And the dollars that follow from them, where one question's were estimated."""
    results = with_usage(make_results(), Usage(100, 10, 0.001, estimated=True), Usage(300, 30, 0.003))
    cells = table_of(results).rows[0].cells
    assert [cell.text for cell in cells[-3:]] == ["≈ 200", "≈ 20", "≈ $2.00"]
    counted = with_usage(make_results(), Usage(100, 10, 0.001))
    assert "≈" not in str(table_of(counted))


def test_the_answer_sums_up_the_recommended_pipeline(make_results: Make) -> None:
    """Over all its stages."""
    section = usage_section(findings_of(with_usage(make_results(), Usage(1234, 10, 0.001))))
    assert section and section.sentences == (
        "For a question, the models of the recommended pipeline read 1,234 tokens and write 10.",
    )


def test_the_page_shows_usage_and_the_bill_where_there_are_any(make_results: Make) -> None:
    """Without language models there is no such section."""
    results = make_results()
    assert 'id="usage"' not in render_report(results)
    billed = replace(results, provenance=replace(results.provenance, usd_for_calls=1.234))
    page = render_report(with_usage(billed, Usage(1234, 10, 0.001)))
    assert 'id="usage"' in page
    assert "1,234" in page
    assert "$1.23" in page
