"""What more samples buy, in sentences, figures and their data."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.explorer.conclusions.test_strategies import GOALS, evaluated, grid
from tests.reports.conftest import provenance
from tradespace.components.notation import parse
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.files import read_specification
from tradespace.explorer.results import Evaluation, Results
from tradespace.reports.info import pipeline_numbers
from tradespace.reports.section import Findings
from tradespace.reports.sections.strategies_by_k import strategies_by_k_section
from tradespace.reports.strategies import MOST_CURVES, curve_name, strategies_infos, strategy_sentences

EXAMPLES = Path(__file__).parents[3] / "examples"


def findings(evaluations: Sequence[Evaluation]) -> Findings:
    """What was found of explored pipelines."""
    results = Results("made", "", GOALS, tuple(evaluations), (), provenance())
    return Findings(results, conclude(results), pipeline_numbers(results))


def sentences(evaluations: Sequence[Evaluation]) -> list[str]:
    """All that is said of their strategies."""
    infos = strategies_infos(findings(evaluations).conclusion)
    return [sentence for info in infos for sentence in strategy_sentences(info)]


def test_it_is_told_where_a_curve_leads_and_whether_less_is_as_good() -> None:
    """With what both ends take."""
    rates = {1: 0.05, 4: 0.9, 8: 0.93}
    told = sentences([evaluated(f"llm(strategy=cot_at_k(k={k}))", rate, 10 * k) for k, rate in rates.items()])
    (sentence,) = told
    assert re.fullmatch(
        r"cot_at_k has exact match 0\.\d{3} \(10\.0 ms\) at k 1, and exact match 0\.\d{3} \(80\.0 ms\) at k 8; "
        r"k 4 can't be told apart from that\.",
        sentence,
    )


def test_where_more_is_better_beyond_noise_that_is_told() -> None:
    """And where more buys nothing."""
    better = sentences([evaluated(f"llm(strategy=best_of_k(k={k}))", rate, k) for k, rate in ((2, 0.1), (8, 0.9))])
    assert better[0].endswith("at k 8, which is better than all before, beyond noise.")
    worse = sentences([evaluated(f"llm(strategy=best_of_k(k={k}))", rate, k) for k, rate in ((2, 0.9), (8, 0.1))])
    assert worse[0].endswith("at k 2, and no more at any higher k.")


def test_single_calls_and_routing_are_told_beside_it() -> None:
    """Of direct answers, of one chain of thought, and of a vote that asks again where few agree."""
    told = sentences(grid())
    single = next(sentence for sentence in told if sentence.startswith("With one call, "))
    assert ("cot has exact match" in single, "direct has exact match" in single) == (True, True)
    (routed,) = [sentence for sentence in told if sentence.startswith("At k 32, route_below 0.5 changes")]
    assert "of cot_at_k by " in routed
    assert routed.endswith(("more.", "less."))


def test_every_mark_stands_in_the_data_of_the_figure() -> None:
    """Each with the pipeline that it is; the figure has a panel for each measure."""
    found = findings(grid())
    section = strategies_by_k_section(found)
    assert section
    (figure,) = section.figures
    drawn = json.loads(figure.draw().to_json())
    marks = {number for trace in drawn["data"] for number in trace["customdata"]}
    rows = {found.numbers[row.pipeline] for row in figure.data.rows if row.pipeline}
    assert marks == rows
    assert {"yaxis", "yaxis2"} <= drawn["layout"].keys() and "yaxis3" not in drawn["layout"]
    assert drawn["layout"]["xaxis2"]["ticktext"] == ["1", "4", "6", "8", "32"]
    assert all(len(row.cells) == len(figure.data.columns) for row in figure.data.rows)


def test_thresholds_have_figures_of_their_own() -> None:
    """As they are on other scales."""
    cascades = [evaluated(f"cascade(accept={at})", at, 10) for at in (0.2, 0.5, 0.9)]
    routers = [evaluated(f"router(hard_from={words})", words / 100, 10) for words in (12, 40, 80)]
    section = strategies_by_k_section(findings([*cascades, *routers, *grid()]))
    assert section
    assert [figure.name for figure in section.figures] == ["strategies", "strategies-accept", "strategies-hard_from"]
    assert section.title == "What do more samples buy?"
    alone = strategies_by_k_section(findings(cascades))
    assert alone and alone.title == "What do thresholds do?"


def test_a_study_without_strategies_has_none() -> None:
    """Nor has one in which nothing of them varies."""
    assert strategies_by_k_section(findings([])) is None
    assert strategies_by_k_section(findings([evaluated("bm25() >> sentence()")])) is None
    assert strategies_by_k_section(findings([evaluated("llm(strategy=cot_at_k(k=4))"), evaluated("llm()")])) is None


def test_the_recommended_pipeline_has_dashed_lines() -> None:
    """Where others are as it is in all but the strategy, and a note says so."""
    best = evaluated("bm25(top_k=3) >> llm(strategy=cot_at_k(k=8))", 1.0, 1.0)
    like = evaluated("bm25(top_k=3) >> llm(strategy=cot_at_k(k=4))", 0.3, 2.0)
    better = evaluated("bm25(top_k=8) >> llm(strategy=cot_at_k(k=4))", 0.5, 2.0)
    found = findings([best, like, better])
    assert found.conclusion.recommended
    assert found.conclusion.recommended.evaluation.pipeline == str(parse(best.pipeline))
    section = strategies_by_k_section(found)
    assert section and any(note.startswith("Dashed lines") for note in section.notes)
    drawn = json.loads(section.figures[0].draw().to_json())
    assert {trace["line"]["dash"] for trace in drawn["data"]} == {"solid", "dash"}
    same = strategies_by_k_section(findings([best, like]))
    assert same and not any(note.startswith("Dashed lines") for note in same.notes), "they are the best anyway"


def test_beyond_what_a_figure_can_hold_curves_are_counted() -> None:
    """Not silently left out."""
    readers = ("map_rerank", "map_reduce", "llm")
    evaluations = [
        evaluated(f"{reader}(strategy=cot_at_k(k={k}, route_below={below}))", 0.5, 10, k)
        for reader in readers
        for k in (2, 4)
        for below in (0.0, 0.3, 0.6)
    ]
    section = strategies_by_k_section(findings(evaluations))
    assert section
    assert "1 more curve is not drawn." in section.notes
    assert len(strategies_infos(findings(evaluations).conclusion)[0].curves) == MOST_CURVES


@pytest.mark.parametrize(
    ("example", "shown"),
    [
        ("microworld", {"cot_at_k", "cot_at_k, route_below 0.5", "propose_and_verify"}),
        ("replay-aqua", {"program_of_thought"}),
        ("replay-game24", {"best_of_k"}),
        ("replay-gsm8k", {"router"}),
        ("replay-humaneval", {"sample_filter_cluster"}),
    ],
)
def test_the_examples_show_their_strategies(example: str, shown: set[str]) -> None:
    """Whatever their pipelines come to: of each example, the curves that its space has."""
    pipelines = read_specification(EXAMPLES / f"{example}.yaml").space.members()
    evaluations = [evaluated(str(pipeline), 0.5, 10, seed) for seed, pipeline in enumerate(pipelines)]
    infos = strategies_infos(findings(evaluations).conclusion)
    curves = [curve for info in infos for curve in info.curves if len(curve.best) > 1]
    assert {curve_name(curve.curve) for curve in curves} == shown
