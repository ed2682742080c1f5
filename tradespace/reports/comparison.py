"""What changed between two studies, as sections: for a page, a terminal, Markdown and JSON.

`compare_studies` says what moved; here it is put into words.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from tradespace.evals.figures import Kind, figure_of
from tradespace.evals.statistics import Estimate
from tradespace.explorer.conclusions.comparing import FigureChange, FigureShift, StudyComparison
from tradespace.explorer.conclusions.judging import Finalist
from tradespace.explorer.results import Provenance, QuestionSet, Results
from tradespace.plurals import agreeing, count
from tradespace.reports.first_screen import FirstScreen
from tradespace.reports.recommendation import Recommendation, recommendation
from tradespace.reports.section import Section, SectionFigure, SectionRow, SectionTable
from tradespace.reports.table import Cell, finite
from tradespace.reports.words import both, capitalised, column_name, listed, listed_in_part, measure_name, quantity

LISTED_CHANGES = 1000
"""Rows of a table."""
SHORT_KEY = 12
"""Digits of a digest that are shown."""
NO_RECOMMENDATION = "none"


def comparison_screen(compared: StudyComparison) -> FirstScreen:
    """What is told first of two studies: what became of the recommendation, and both answers."""
    before, after = (recommendation(each) for each in compared.concluded)
    return FirstScreen(
        question="What moved beyond noise, and is the same pipeline recommended?",
        verdict=after.verdict,
        headline=_recommendation_words(compared),
        notices=tuple(_notices(compared)),
        ties=(
            _answer("Before", before),
            _answer("After", after),
        ),
    )


def _answer(when: str, recommended: Recommendation) -> str:
    named = f" `{recommended.pipeline}`" if recommended.pipeline else ""
    return f"{when}: {recommended.headline}{named}"


def comparison_title(compared: StudyComparison) -> str:
    """Both studies by name; by when they were explored, where the name is the same."""
    names = (compared.before.name, compared.after.name)
    if names[0] == names[1]:
        return f"What changed in {names[1]} since {compared.before.provenance.created}?"
    return f"What changed from {names[0]} to {names[1]}?"


def _notices(compared: StudyComparison) -> Iterator[str]:
    """What must be known before any difference is read."""
    if not any(compared.changes.values()):
        yield _incomparable(compared)
    for when, results in (("before", compared.before), ("after", compared.after)):
        if results.provenance.stopped or results.provenance.interrupted:
            yield f"The study {when} is not finished: its figures are of what was known by then."


def comparison_sections(compared: StudyComparison) -> tuple[Section, ...]:
    """What moved, the recommended pipelines side by side, what the studies differ in, what only one of them has."""
    return (
        _moved_section(compared),
        *_recommendation_sections(compared),
        *_explored_sections(compared),
        _differing_section(compared),
        *_unmatched_sections(compared),
    )


def _recommendation_sections(compared: StudyComparison) -> Iterator[Section]:
    change = compared.recommendation
    if change.figures:
        differ = [f"What differs: {listed([str(each) for each in change.settings])}."] if change.settings else []
        table = _change_table("The recommended pipelines, before and after", change.figures, named=False)
        title = "How do the recommended pipelines compare?"
        yield Section("recommendation", title, tuple(differ), tables=(table,))


def _recommendation_words(compared: StudyComparison) -> str:
    change, primary = compared.recommendation, compared.concluded[1].primary
    if change.before is None or change.after is None:
        names = [_notation(each) for each in (change.before, change.after)]
        return f"The recommended pipeline was {names[0]}, and is {names[1]}."
    if change.same:
        return " ".join(["The same pipeline is recommended.", *_moved_words(compared)])
    figure = next((each for each in change.figures if each.measure == primary.measure), None)
    if figure is None or figure.difference.value is None:
        return "Another pipeline is recommended. No question tells how they compare: none was asked in both studies."
    better = (figure.difference.value > 0) == primary.maximize
    told = f"{_signed(figure.difference, primary.measure)} in {measure_name(primary.measure)}"
    asked = f"on {count(figure.difference.n, 'question')} that both studies asked"
    if not figure.moved:
        return f"Another pipeline is recommended. Beside the one before it can't be told apart: {told}, {asked}."
    return f"Another pipeline is recommended, {'better' if better else 'worse'} than the one before: {told}, {asked}."


def _moved_words(compared: StudyComparison) -> Iterator[str]:
    """What became of accuracy and latency of the pipeline that is recommended before and after."""
    goals = compared.concluded[1].goals
    for measure in dict.fromkeys((goals.primary.measure, goals.latency)):
        for change in compared.recommendation.figures:
            if change.measure == measure and change.difference.value is not None:
                verb = "rose" if change.difference.value > 0 else "fell"
                told = f"{verb}: {_signed(change.difference, measure)}" if change.moved else "did not move beyond noise"
                yield f"Its {measure_name(measure)} {told}."


def _notation(finalist: Finalist | None) -> str:
    return finalist.evaluation.pipeline if finalist else NO_RECOMMENDATION


def _moved_section(compared: StudyComparison) -> Section:
    title = "What moved beyond noise?"
    if not compared.shifts:
        return Section("moved", title, (_incomparable(compared),))
    told = [shift for shift in compared.shifts if shift.question_set is compared.basis]
    tables = (_shift_table(compared.shifts), *_moved_tables(compared, compared.basis))
    asked = listed([count(number, f"{split} question") for split, number in compared.questions.items() if number])
    notes = (
        f"Of each pipeline the same {asked}, asked in both studies. Brackets hold intervals that hold at once with "
        "95 % confidence, however many pipelines there are. A change of a latency is that of its mean over the "
        "questions; intervals are over questions, and say nothing of a machine that is slower on one day than another.",
        *_raw_notes(compared),
    )
    figures = tuple(_changes_figure(compared))
    return Section("moved", title, tuple(map(_shift_words, told)), figures, tables, notes=notes)


def _changes_figure(compared: StudyComparison) -> Iterator[SectionFigure]:
    """The first objective of each pipeline, what moved most on top."""
    measure, split = compared.concluded[1].primary.measure, compared.basis
    own = [change for change in compared.changes[split] if change.measure == measure and _is_finite(change)]
    changes = sorted(own, key=lambda change: -abs(change.difference.value or 0.0))

    def draw() -> Any:
        from tradespace.reports.figures import changes_figure

        return changes_figure(changes)

    if any(change.difference.value for change in changes):
        caption = f"What became of the {measure_name(measure)} of each pipeline, on {split} questions"
        yield SectionFigure("changes", caption, draw, _change_table(caption, changes, named=True))


def _is_finite(change: FigureChange) -> bool:
    return all(
        finite(part) is not None for part in (change.difference.value, change.difference.low, change.difference.high)
    )


def _moved(compared: StudyComparison, split: QuestionSet) -> list[FigureChange]:
    """What moved, the figures of the goals first, and of each what moved most."""
    names = compared.concluded[1].goals.needed
    moved = [change for change in compared.changes[split] if change.moved]
    return sorted(
        moved, key=lambda change: ((*names, change.measure).index(change.measure), -abs(change.difference.value or 0.0))
    )


def _moved_tables(compared: StudyComparison, split: QuestionSet) -> Iterator[SectionTable]:
    if moved := _moved(compared, split):
        yield _change_table(f"Figures that moved beyond noise, on {split} questions", moved, named=True)


def _explored_sections(compared: StudyComparison) -> Iterator[Section]:
    """What moved on the explore questions, where the confirm questions say it of the finalists."""
    explore = QuestionSet.EXPLORE
    tables = tuple(_moved_tables(compared, explore)) if compared.basis is not explore else ()
    if tables:
        words = tuple(_shift_words(shift) for shift in compared.shifts if shift.question_set is explore)
        yield Section("moved-explored", "What moved on the explore questions?", words, tables=tables, folded=True)


def _raw_notes(compared: StudyComparison) -> Iterator[str]:
    judged = dict.fromkeys(each.measure for conclusion in compared.concluded for each in conclusion.judges)
    if judged:
        names = listed([measure_name(measure) for measure in judged])
        yield f"What a model judged is compared raw, uncorrected by what people said: {names}."


def _incomparable(compared: StudyComparison) -> str:
    if not any(matched.pairs for matched in compared.matched.values()):
        return "The studies have no pipeline in common, so no figure can be compared."
    return (
        "The studies have no question in common, so no figure can be compared: those of other questions do not compare."
    )


def _shift_words(shift: FigureShift) -> str:
    """What became of one figure."""
    name, moved = capitalised(measure_name(shift.measure)), shift.rose + shift.fell
    pipelines = count(shift.pipelines, "pipeline")
    if not moved:
        return (
            f"{name}: none of {pipelines} moved beyond noise; {_signed(shift.difference, shift.measure)} in the mean."
        )
    parts = [f"{verb} for {number:,}" for verb, number in (("rose", shift.rose), ("fell", shift.fell)) if number]
    ratio = f" In the median it is {shift.ratio:.2f} times what it was." if _by_ratio(shift) else ""
    return f"{name} {listed(parts)} of {pipelines}; {_signed(shift.difference, shift.measure)} in the mean.{ratio}"


def _by_ratio(shift: FigureShift) -> bool:
    return figure_of(shift.measure).kind is not Kind.SCORE and shift.ratio is not None


def _shift_table(shifts: Sequence[FigureShift]) -> SectionTable:
    rows = (
        SectionRow(
            (
                Cell(column_name(shift.measure), shift.measure),
                Cell(shift.question_set, shift.question_set),
                Cell(f"{shift.pipelines:,}", shift.pipelines),
                Cell(_signed(shift.difference, shift.measure), shift.difference.value),
                Cell(f"{shift.ratio:.2f}" if shift.ratio is not None else "", shift.ratio),
                Cell(f"{shift.rose:,}", shift.rose),
                Cell(f"{shift.fell:,}", shift.fell),
            )
        )
        for shift in shifts
    )
    columns = ("figure", "questions", "pipelines", "mean change", "median ratio", "rose", "fell")
    return SectionTable("All pipelines of both studies together", columns, tuple(rows))


def _change_table(caption: str, changes: Sequence[FigureChange], *, named: bool) -> SectionTable:
    rows = tuple(_change_row(change, named=named) for change in changes[:LISTED_CHANGES])
    columns = (*(("pipeline",) if named else ()), "figure", "before", "after", "change", "beyond noise")
    return SectionTable(caption, columns, rows, left_out=max(0, len(changes) - LISTED_CHANGES))


def _change_row(change: FigureChange, *, named: bool) -> SectionRow:
    measure, moved = change.measure, "yes" if change.moved else "no"
    cells = (
        *((Cell(change.pipeline, change.pipeline),) if named else ()),
        Cell(column_name(measure), measure),
        Cell(quantity(change.before, measure), finite(change.before)),
        Cell(quantity(change.after, measure), finite(change.after)),
        Cell(_signed(change.difference, measure), finite(change.difference.value)),
        Cell(moved, moved),
    )
    return SectionRow(cells)


def _signed(difference: Estimate, measure: str) -> str:
    """A difference with its sign and interval: `+0.031 (0.012 to 0.050)`."""
    if difference.value is None or math.isnan(difference.value):
        return quantity(None, measure)
    sign = "+" if difference.value > 0 else ""
    ends = both(quantity(difference.low, measure), " to ", quantity(difference.high, measure))
    return f"{sign}{quantity(difference.value, measure)} ({ends})"


def _differing_section(compared: StudyComparison) -> Section:
    """Everything that is not the same, so that a change is laid to the right door."""
    before, after = compared.before, compared.after
    facts = [fact for fact in _facts(before, after) if fact[1] != fact[2]]
    sentences = (_data_words(compared), _host_words(before.provenance, after.provenance), *_replaced_words(compared))
    rows = tuple(SectionRow(tuple(map(Cell, fact))) for fact in facts)
    tables = (SectionTable("What else is not the same", ("fact", "before", "after"), rows),) if rows else ()
    return Section("differences", "What do the studies differ in?", sentences, tables=tables)


def _data_words(compared: StudyComparison) -> str:
    old, new = compared.before.provenance, compared.after.provenance
    asked = ", ".join(f"{compared.questions[split]:,} to {split}" for split in QuestionSet)
    if old.data_key == new.data_key:
        return f"The data are the same. Questions in common: {asked}."
    keys = f"{old.data_key[:SHORT_KEY]} before, {new.data_key[:SHORT_KEY]} after"
    told = f"questions are the same where id and text are: {asked}"
    if not any(compared.questions.values()):
        told = "no question is known to be the same"
    return f"The data differ (keys: {keys}); {told}."


def _host_words(old: Provenance, new: Provenance) -> str:
    if old.host == new.host:
        return f"Latencies are of the same host, {new.host}." if new.host else "Latencies are as they were recorded."
    return f"Latencies are of other hosts: {old.host or 'not known'} before, {new.host or 'not known'} after."


def _replaced_words(compared: StudyComparison) -> Iterator[str]:
    explored = compared.matched[QuestionSet.EXPLORE]
    if explored.replaced:
        yield f"No pipeline has the same notation. They are matched as if one thing was replaced: {explored.replaced}."
    if names := explored.readdressed:
        same = agreeing(len(names), "pipeline has", "pipelines have")
        yield (
            f"{same} the notation as before, but not the same parts: versions, weights, prompts or defaults changed: "
            f"{listed_in_part(names, 2)}."
        )


def _facts(before: Results, after: Results) -> Iterator[tuple[str, ...]]:
    """What may differ, as names and texts."""
    old, new = before.provenance, after.provenance
    yield "explored", *(count(len(each.explored), "pipeline") for each in (before, after))
    yield "confirmed", *(count(len(each.confirmed), "pipeline") for each in (before, after))
    yield "data", *(f"{each.dataset}, {count(each.documents, 'document')}" for each in (old, new))
    yield "objectives", ", ".join(before.goals.measures), ", ".join(after.goals.measures)
    yield "bounds", *(", ".join(map(str, each.goals.stated)) or "none" for each in (before, after))
    yield "created", old.created, new.created
    yield "Tradespace", old.tradespace, new.tradespace
    for package in dict.fromkeys((*old.versions, *new.versions)):
        yield package, old.versions.get(package, "none"), new.versions.get(package, "none")


def _unmatched_sections(compared: StudyComparison) -> Iterator[Section]:
    """Pipelines that only one of the studies explored."""
    matched = compared.matched[QuestionSet.EXPLORE]
    for name, names in (("before", matched.only_before), ("after", matched.only_after)):
        if names:
            shared = agreeing(len(matched.pairs), "is", "are")
            words = f"{count(len(names), 'pipeline')} of the study {name}; {shared} in both."
            rows = tuple(SectionRow((Cell(each, each),)) for each in names[:LISTED_CHANGES])
            table = SectionTable("Pipelines", ("pipeline",), rows, left_out=max(0, len(names) - LISTED_CHANGES))
            yield Section(f"only-{name}", f"What was explored only {name}?", (words,), tables=(table,), folded=True)
