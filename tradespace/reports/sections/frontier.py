"""What can be had for how many milliseconds, or dollars: accuracy against what it costs, a section for each cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tradespace.evals.figures import figure_of
from tradespace.explorer.results import QuestionSet
from tradespace.plurals import agreeing, count
from tradespace.reports.info import Bounds, Dot, FrontierInfo, frontier_infos
from tradespace.reports.section import Findings, Section, SectionFigure, SectionRow, SectionTable
from tradespace.reports.table import Cell, pipeline_cells
from tradespace.reports.words import both_ends, capitalised, column_name, measure_name, quantity


def frontier_section(findings: Findings) -> tuple[Section, ...]:
    """A plane for the judged latency, and one for each other objective that is kept small."""
    infos = frontier_infos(findings.conclusion)
    return tuple(
        _section(f"frontier-{info.cost}" if place else "frontier", _title(info, infos), info, findings)
        for place, info in enumerate(infos)
    )


def _title(info: FrontierInfo, infos: Sequence[FrontierInfo]) -> str:
    """What is asked; where another plane asks for the same unit, of what."""
    wording = figure_of(info.cost).wording
    same = sum(figure_of(each.cost).wording.asked == wording.asked for each in infos)
    return f"What can be had for {wording.asked}{f' of {wording.name}' if same > 1 else ''}?"


def _section(name: str, title: str, info: FrontierInfo, findings: Findings) -> Section:
    def draw() -> Any:
        from tradespace.reports.figures import frontier_figure

        return frontier_figure(info, findings.numbers)

    caption = f"{capitalised(measure_name(info.accuracy))} against {measure_name(info.cost)} of all pipelines"
    return Section(
        name,
        title,
        (_reach(info), _price(info, findings)),
        (SectionFigure(name, caption, draw, _data(info, findings)),),
        notes=(_reading(info, findings), *_left_out(info)),
    )


def _reach(info: FrontierInfo) -> str:
    """From where to where the frontier goes, in what can be had for each cost."""
    ends = [f"{quantity(y, info.accuracy)} at {quantity(x, info.cost)}" for x, y in (info.steps[0], info.steps[-1])]
    accuracy, cost = measure_name(info.accuracy), measure_name(info.cost)
    if len(info.steps) == 1:
        return f"On the explore questions one pipeline has both the best {accuracy} and the lowest {cost}: {ends[0]}."
    return f"On the explore questions the frontier of {accuracy} and {cost} goes from {ends[0]} to {ends[1]}."


def _price(info: FrontierInfo, findings: Findings) -> str:
    """What more accuracy takes, where a pipeline on the frontier is beaten by no other."""
    others = [name for name in findings.conclusion.goals.measures if name not in {info.accuracy, info.cost}]
    price = figure_of(info.cost).wording.price + "".join(f", or give up some {measure_name(name)}" for name in others)
    return (
        f"A pipeline on the frontier is beaten by no other: whoever wants more {measure_name(info.accuracy)} must "
        f"{price}."
    )


def _reading(info: FrontierInfo, findings: Findings) -> str:
    provenance = findings.results.provenance
    timed = info.cost == findings.conclusion.latency and not provenance.table
    explored = count(provenance.questions.get(QuestionSet.EXPLORE, 0), "explore question")
    circles = f"Circles are figures on the {explored}"
    circles += ", with latency predicted from stages that were timed alone" if timed else ""
    if info.confirmed:
        circles += "; diamonds are the finalists, on confirm questions that no decision has seen"
        circles += ", a few of which they were run on end to end" if timed else ""
    return f"Each mark is one pipeline; grey marks are dominated. Bars are 95 % intervals. {circles}."


def _left_out(info: FrontierInfo) -> Iterator[str]:
    if info.left_out:
        pipelines = agreeing(info.left_out, "further dominated pipeline is", "further dominated pipelines are")
        yield f"{pipelines} not drawn."
    if info.unplaced:
        pipelines = agreeing(info.unplaced, "pipeline that lacks", "pipelines that lack")
        yield (
            f"{pipelines} an accuracy or a finite {measure_name(info.cost)} can't be placed here; the table of all "
            "pipelines has every one."
        )


def _data(info: FrontierInfo, findings: Findings) -> SectionTable:
    """The frontier and the confirmed finalists; the dominated pipelines stand in the table of all."""
    chosen = info.recommended.pipeline if info.recommended else None
    rows = [
        *(_row(dot, QuestionSet.CONFIRM, dot.pipeline == chosen, info, findings) for dot in info.confirmed),
        *(_row(dot, QuestionSet.EXPLORE, dot.pipeline == chosen, info, findings) for dot in info.frontier),
    ]
    columns = ("#", "pipeline", "questions", column_name(info.accuracy), column_name(info.cost), "on frontier")
    return SectionTable(
        "The confirmed finalists and the frontier on the explore questions, with 95 % intervals",
        columns,
        tuple(rows),
        left_out=len(info.dominated) + info.left_out,
    )


def _row(dot: Dot, questions: QuestionSet, chosen: bool, info: FrontierInfo, findings: Findings) -> SectionRow:
    share = "" if dot.membership is None else f"{dot.membership:.0%}"
    cells = (
        *pipeline_cells(dot.pipeline, findings.numbers),
        Cell(questions, questions),
        Cell(_with_range(dot.y, dot.y_range, info.accuracy), dot.y),
        Cell(_with_range(dot.x, dot.x_range, info.cost), dot.x),
        Cell(share, dot.membership),
    )
    return SectionRow(cells, dot.pipeline, "recommended" if chosen else "")


def _with_range(value: float, limits: Bounds | None, measure: str) -> str:
    text = quantity(value, measure)
    return f"{text} ({both_ends(quantity(limits[0], measure), quantity(limits[1], measure))})" if limits else text
