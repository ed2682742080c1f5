"""What all figures share."""

from __future__ import annotations

import gzip
from base64 import b64decode
from collections.abc import Callable
from typing import Any

import pytest

from tests.reports.conftest import generated_results
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.reports.figures import (
    frontier_figure,
    milliseconds_figure,
    packed_plotly,
    plotly_script,
    sla_figure,
    split_figure,
)
from tradespace.reports.figures.style import (
    LINE,
    STAGE_COLOURS,
    STAGE_HATCHES,
    axis_title,
    bound_line,
    lines_of,
    log_axis,
)
from tradespace.reports.info import frontier_infos, pipeline_numbers, split_infos
from tradespace.reports.milliseconds import milliseconds_info
from tradespace.reports.slas import sla_info

NUMBERS = pipeline_numbers(generated_results())


def drawn(name: str) -> Any:
    """One of the figures of generated results."""
    conclusion = conclude(generated_results())
    makers: dict[str, Callable[[], Any]] = {
        "frontier": lambda: frontier_figure(frontier_infos(conclusion)[0], NUMBERS),
        "milliseconds": lambda: milliseconds_figure(milliseconds_info(conclusion), NUMBERS),
        "split": lambda: split_figure(split_infos(conclusion)[0], NUMBERS),
        "slas": lambda: sla_figure(sla_info(conclusion), NUMBERS),
    }
    return makers[name]()


@pytest.mark.parametrize("name", ["frontier", "milliseconds", "split", "slas"])
def test_every_figure_has_the_template_and_units_on_its_axes(name: str) -> None:
    """An axis of figures says in what; one of names needs no title."""
    figure = drawn(name)
    assert figure.layout.template.layout.colorway is None
    assert figure.layout.template.layout.hovermode == "closest"
    for axis in (figure.layout.xaxis, figure.layout.yaxis):
        assert axis.type == "category" or any(unit in axis.title.text for unit in ("(ms)", "% of", "(0–1)", "millisec"))


def test_stages_differ_in_more_than_colour() -> None:
    """Each colour of a stage has a hatching of its own."""
    bars = [trace for trace in drawn("milliseconds").data if trace.type == "bar"]
    assert len({trace.marker.pattern.shape for trace in bars}) == len(bars) == 3
    assert len(set(STAGE_HATCHES)) == len(STAGE_HATCHES) == len(STAGE_COLOURS)


def test_traces_of_the_frontier_differ_in_shape() -> None:
    """Dominated, frontier, finalists and recommended."""
    marks = [trace.marker for trace in drawn("frontier").data if trace.mode == "markers"]
    assert len({(mark.symbol, mark.size) for mark in marks}) == len(marks) == 4


def test_the_recommended_pipeline_is_labelled_where_it_stands() -> None:
    """And so it is not in the legend."""
    figure = drawn("frontier")
    star = figure.data[-1]
    label = figure.layout.annotations[-1]
    assert star.showlegend is False
    assert (label.x, label.y) == (star.x[0], star.y[0])
    assert f"#{star.customdata[0]}" in label.text


def test_bars_end_before_the_axis_does() -> None:
    """What is written behind the longest one has room; a bar has its label above, in short lines."""
    figure = drawn("milliseconds")
    assert figure.layout.xaxis.range[1] > 1.2 * max(max(trace.x) for trace in figure.data)
    lines = [line for label in figure.layout.annotations for line in label.text.split("<br>")]
    assert max(map(len, lines)) <= LINE


@pytest.mark.parametrize(("position", "side"), [(90, "right"), (10, "left")])
def test_a_bound_is_labelled_on_the_side_that_has_room(position: float, side: str) -> None:
    """To the left of a line that stands far to the right, and the other way round."""
    assert bound_line(position, "SLA", spread=[0, 100])["annotations"][0]["xanchor"] == side


def test_axis_titles_have_units() -> None:
    """Milliseconds, dollars, and the range of scores."""
    assert axis_title("latency_p95") == "95th-percentile latency (ms)"
    assert axis_title("answer_f1") == "answer F1 (0–1)"
    assert axis_title("usd_per_1k").endswith("($)")


def test_long_notations_are_broken_at_arrows() -> None:
    """Into lines that fit on a telephone."""
    short = " → ".join(["bm25(top_k=5)", "cross_encoder(keep=5, layers=3)", "reader(passages=1, precision='int8')"])
    lines = lines_of(short)
    assert lines == ["bm25(top_k=5)", "→ cross_encoder(keep=5, layers=3)", "→ reader(passages=1, precision='int8')"]
    assert all(len(line) <= LINE for line in lines_of("x" * 200))


def test_packed_code_is_the_code() -> None:
    """Less than half as long."""
    packed = packed_plotly()
    assert gzip.decompress(b64decode(packed)).decode() == plotly_script()
    assert 2 * len(packed) < len(plotly_script())


def test_logarithmic_axes_are_labelled_in_full() -> None:
    """At 1, 2 and 5, so that no label is a digit alone; over many powers of ten at these."""
    assert log_axis([1.4, 75])["ticktext"] == ["1", "2", "5", "10", "20", "50", "100", "200", "500"]
    assert log_axis([0.02, 900])["ticktext"] == ["0.01", "0.1", "1", "10", "100", "1,000"]
