"""The report: one HTML file that needs no network, no server and no model.

All text from data or YAML is escaped: by jinja in the page, as `\\u003c` in the JSON that scripts read, and by
`figures.style.shown` in labels and hover texts. A content security policy forbids the page to load anything at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tradespace.evals.figures import FIGURES, figure_of
from tradespace.explorer.conclusions.conclusion import Conclusion, conclude
from tradespace.explorer.results import Provenance, QuestionSet, Results
from tradespace.plurals import count
from tradespace.reports.by_group import group_tables
from tradespace.reports.failures import troubles
from tradespace.reports.figures import (
    frontier_figure,
    load_curve_figure,
    milliseconds_figure,
    plotly_script,
    sla_figure,
    split_figure,
)
from tradespace.reports.info import (
    FrontierInfo,
    MillisecondsInfo,
    SplitInfo,
    frontier_infos,
    milliseconds_info,
    pipeline_numbers,
    split_infos,
)
from tradespace.reports.judge_calibration import judged_table
from tradespace.reports.judging import judging_sentences
from tradespace.reports.latency import latency_table, timing_info, timing_sentences
from tradespace.reports.metering import metering_sentences
from tradespace.reports.observed import observed_sentences
from tradespace.reports.recommendation import recommendation
from tradespace.reports.replies import reply_sentences
from tradespace.reports.searched import class_sentences, dropped_sentences, search_sentences
from tradespace.reports.slas import SlaInfo, sla_info, sla_sentences
from tradespace.reports.splits import split_sentence
from tradespace.reports.table import PipelinesTable, pipelines_table, predictions_table
from tradespace.reports.under_load import UnderLoadInfo
from tradespace.reports.usage import usage_table
from tradespace.reports.words import bound, group_names, listed, measure_name, space_size

TEMPLATE = Path(__file__).parent / "template"
LISTED_PIPELINES = 1000


def write_report(results: Results, path: Path | str, loads: Sequence[UnderLoadInfo] = ()) -> Path:
    """Write the report of `results` and return its path; with what is said of each of the loads.

    Raises:
        OSError: the file cannot be written.
    """
    file = Path(path)
    file.write_text(render_report(results, loads), encoding="utf-8")
    return file


def render_report(results: Results, loads: Sequence[UnderLoadInfo] = ()) -> str:
    """Return the report as HTML."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(TEMPLATE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["unbroken"] = _unbroken
    conclusion = conclude(results)
    return environment.get_template("page.html.j2").render(
        **_content(results, conclusion, loads),
        style=Markup((TEMPLATE / "page.css").read_text(encoding="utf-8")),
        script=Markup((TEMPLATE / "page.js").read_text(encoding="utf-8")),
        plotly=Markup(plotly_script()),
    )


def _unbroken(text: str) -> Any:
    """Keep figures with their units, and intervals, on one line."""
    from markupsafe import Markup, escape

    symbols = "|".join(sorted({re.escape(figure.unit.symbol) for figure in FIGURES.values()}))
    figures = rf"\([^()]*–[^()]*\)|[\d.,]+ (?:{symbols})"
    return Markup(re.sub(figures, r'<span class="unbroken">\g<0></span>', str(escape(text))))


def _content(results: Results, conclusion: Conclusion, loads: Sequence[UnderLoadInfo]) -> dict[str, Any]:
    """Everything that the template shows."""
    numbers = pipeline_numbers(results)
    table = pipelines_table(conclusion, numbers)
    listed = PipelinesTable(table.columns, table.rows[:LISTED_PIPELINES])
    infos = _Infos(
        _frontiers(conclusion), milliseconds_info(conclusion), split_infos(conclusion), sla_info(conclusion), loads
    )
    return {
        "results": results,
        "provenance": results.provenance,
        "questions": {split.value: results.provenance.questions.get(split, 0) for split in QuestionSet},
        "answer": recommendation(conclusion),
        "split_sentence": split_sentence(conclusion),
        "usage": usage_table(conclusion, numbers),
        "judged": judged_table(conclusion, numbers),
        "raw": bool(conclusion.judges),
        "frontiers": [(name, info, _plane_words(info, conclusion)) for name, info in infos.frontiers.items()],
        "latency": conclusion.latency,
        "milliseconds": infos.milliseconds,
        "splits": infos.splits,
        "groups": group_tables(conclusion),
        "slas": sla_sentences(infos.slas, numbers) if infos.slas else (),
        "observed": observed_sentences(conclusion),
        "names": _names(results, conclusion),
        "numbers": numbers,
        "pipelines": listed,
        "pipelines_left_out": len(table.rows) - len(listed.rows),
        "predictions": predictions_table(conclusion, numbers),
        "searched": search_sentences(results.provenance.search),
        "classes": class_sentences(results.provenance.search),
        "dropped": dropped_sentences(results.provenance.search),
        "latencies": latency_table(conclusion, numbers),
        "timing": (*timing_sentences(timing_info(results)), *metering_sentences(results)),
        "troubles": troubles(results),
        "replies": (*reply_sentences(results), *judging_sentences(results)),
        "unscored": max((point.missing for point in conclusion.points), default=0),
        "facts": _facts(results.provenance),
        "loads": loads,
        "data": _data(results, infos, {row.pipeline for row in listed.rows}),
    }


def _names(results: Results, conclusion: Conclusion) -> dict[str, str]:
    """Names of measures and stages that the page's sentences use."""
    names = {"accuracy": measure_name(conclusion.primary.measure), "latency": measure_name(conclusion.latency)}
    if sla := conclusion.sla:
        names |= {"groups": listed(group_names(sla)), "bound": bound(sla.seconds)}
    return names


def _frontiers(conclusion: Conclusion) -> dict[str, FrontierInfo]:
    """The planes of accuracy and cost, by the name of their section."""
    infos = frontier_infos(conclusion)
    return {f"frontier-{info.cost}" if place else "frontier": info for place, info in enumerate(infos)}


def _plane_words(info: FrontierInfo, conclusion: Conclusion) -> dict[str, str]:
    """What a plane asks, and what more accuracy takes in it."""
    wording = figure_of(info.cost).wording
    others = [name for name in conclusion.goals.measures if name not in {info.accuracy, info.cost}]
    price = wording.price + "".join(f", or give up some {measure_name(name)}" for name in others)
    return {"cost": wording.name, "asked": wording.asked, "price": price}


@dataclass(frozen=True, slots=True)
class _Infos:
    """What sentences and figures both show, worked out once."""

    frontiers: Mapping[str, FrontierInfo]
    milliseconds: MillisecondsInfo
    splits: Sequence[SplitInfo]
    slas: SlaInfo | None
    loads: Sequence[UnderLoadInfo]


def _data(results: Results, infos: _Infos, listed: set[str]) -> Any:
    """Return what the page's script reads, as JSON that no text in it can break out of."""
    from jinja2.utils import htmlsafe_json_dumps

    numbers = pipeline_numbers(results)
    figures = {f"figure-{name}": frontier_figure(info, numbers) for name, info in infos.frontiers.items()}
    figures["figure-milliseconds"] = milliseconds_figure(infos.milliseconds, numbers)
    figures |= {f"figure-split-{each.place}": split_figure(each, numbers) for each in infos.splits}
    if infos.slas:
        figures["figure-slas"] = sla_figure(infos.slas, numbers)
    figures |= {f"figure-load-{place}": load_curve_figure(info) for place, info in enumerate(infos.loads) if info.curve}
    pipelines = {
        numbers[evaluation.pipeline]: {"notation": evaluation.pipeline, "yaml": evaluation.yaml}
        for evaluation in results.explored
        if evaluation.pipeline in listed
    }
    plain = {name: json.loads(figure.to_json()) for name, figure in figures.items()}
    return htmlsafe_json_dumps({"figures": plain, "pipelines": pipelines})


def _facts(provenance: Provenance) -> list[tuple[str, str]]:
    """Where the figures come from, as names and texts."""
    if provenance.table:
        return _table_facts(provenance)
    size = space_size(provenance.space_size, exact=provenance.space_size_exact)
    shared = provenance.calls_asked - provenance.calls_made
    return [
        ("Data", f"{provenance.dataset}, {count(provenance.documents, 'document')}"),
        ("Data key", provenance.data_key),
        ("Questions", ", ".join(f"{number:,} {split}" for split, number in provenance.questions.items())),
        *([("Generated", provenance.generated)] if provenance.generated else []),
        *([("Confirming", provenance.confirmed)] if provenance.confirmed else []),
        ("Search space", f"{size} pipelines"),
        ("Calls", f"{provenance.calls_asked:,} asked for, {provenance.calls_made:,} made, {shared:,} shared"),
        *([("Dollars for calls", f"${provenance.usd_for_calls:,.2f}")] if provenance.usd_for_calls else []),
        *([("Calls to judge", f"{provenance.judging_calls:,} of those made")] if provenance.judging_calls else []),
        ("Time", f"{provenance.seconds_spent:,.0f} s"),
        ("Host", provenance.host),
        ("Seed", str(provenance.seed)),
        ("Created", provenance.created),
        ("Tradespace", provenance.tradespace),
        *sorted(provenance.versions.items()),
    ]


def _table_facts(provenance: Provenance) -> list[tuple[str, str]]:
    """The same of figures that were measured elsewhere: nothing was called here, and no time was taken."""
    return [
        ("Table", provenance.table),
        ("Data key", provenance.data_key),
        ("Pipelines", f"{provenance.space_size:,}"),
        *(
            [("Looked up", f"{provenance.calls_made:,} pairs of pipeline and question")]
            if provenance.calls_made
            else []
        ),
        ("Questions", ", ".join(f"{number:,} {split}" for split, number in provenance.questions.items())),
        ("Seed", str(provenance.seed)),
        ("Created", provenance.created),
        ("Tradespace", provenance.tradespace),
        *sorted(provenance.versions.items()),
    ]
