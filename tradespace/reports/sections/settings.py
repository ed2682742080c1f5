"""Which settings matter: what changing one of them does, while nothing else changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tradespace.evals.figures.units import MISSING
from tradespace.explorer.conclusions.setting_contrasts import SettingContrast, setting_contrasts
from tradespace.plurals import agreeing, count
from tradespace.reports.section import Findings, Section, SectionFigure, SectionRow, SectionTable
from tradespace.reports.table import Cell
from tradespace.reports.words import column_name, duration, figure_with_interval, listed_in_part, measure_name

NAMED_SETTINGS = 3
"""Settings that are told in sentences; the table has all."""


def settings_section(findings: Findings) -> Section | None:
    """The settings in the order in which they matter for the first objective; nothing where none can be compared."""
    contrasts = setting_contrasts(findings.conclusion.points, findings.conclusion.goals)
    if not contrasts:
        return None
    measure, latency = findings.conclusion.primary.measure, findings.conclusion.latency

    def draw() -> Any:
        from tradespace.reports.figures import settings_figure

        return settings_figure(contrasts, measure)

    caption = f"What each setting does for the {measure_name(measure)}, between the two values furthest apart"
    return Section(
        "settings",
        "Which settings matter?",
        tuple(_answer(contrasts, measure)),
        (SectionFigure("settings", caption, draw, _data(contrasts, measure, latency)),),
        notes=(
            "Explored pipelines that differ in one setting alone are compared on the same explore questions, in the "
            "mean over all choices of the other settings that both values were tried with. Where a setting chooses a "
            "component, pipelines that differ in settings of that component alone are taken together. Ranges are 95 % "
            "intervals over questions that hold for all pairs of values at once. A search tries good pipelines more "
            "often than bad ones: elsewhere in the space a setting may do more, or less.",
        ),
    )


def _answer(contrasts: Sequence[SettingContrast], measure: str) -> Iterator[str]:
    shown = [each for each in contrasts if each.shown]
    if not shown:
        yield f"Of no setting can it be shown that it matters for the {measure_name(measure)}."
        return
    first = "What matters most" if len(shown) > 1 else "What matters"
    told = "; ".join(_words(each, measure) for each in shown[:NAMED_SETTINGS])
    yield f"{first} for the {measure_name(measure)}: {told}."
    if rest := [each.setting for each in contrasts if not each.shown]:
        named = listed_in_part(rest, NAMED_SETTINGS)
        yield f"Of {agreeing(len(rest), 'setting', 'settings')} it can't be shown that they matter: {named}."


def _words(each: SettingContrast, measure: str) -> str:
    gain = figure_with_interval({measure: each.gain}, measure)
    longer = f", and {_signed(each.seconds)} of latency" if each.seconds is not None else ""
    return f"{each.setting} from {each.worse} to {each.better} brings {gain}{longer}"


def _signed(seconds: float | None) -> str:
    """A difference of seconds, with its sign."""
    if seconds is None:
        return MISSING
    return f"{'−' if seconds < 0 else '+'}{duration(abs(seconds))}"


def _data(contrasts: Sequence[SettingContrast], measure: str, latency: str) -> SectionTable:
    columns = ("setting", "from", "to", column_name(measure), column_name(latency), "values", "compared in")
    caption = "What each setting does, between the two of its values that are furthest apart"
    return SectionTable(caption, columns, tuple(_row(each, measure) for each in contrasts))


def _row(each: SettingContrast, measure: str) -> SectionRow:
    return SectionRow(
        (
            Cell(each.setting, each.setting),
            Cell(each.worse, each.worse),
            Cell(each.better, each.better),
            Cell(f"+{figure_with_interval({measure: each.gain}, measure)}", each.gain.value),
            Cell(_signed(each.seconds), each.seconds),
            Cell(str(each.values), each.values),
            Cell(count(each.contexts, "choice") + " of the others", each.contexts),
        )
    )
