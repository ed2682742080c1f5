"""The first screen of a report: what was asked, which pipeline to run and why, and what to do next.

Everything on it is about the same pipeline, also what it says of the split.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tradespace.evals.figures import USD_PER_1K, Kind, figure_of
from tradespace.evals.figures.units import NUMBER
from tradespace.explorer.conclusions.alternatives import OtherChoice, better_choice, saving_choice, turned
from tradespace.explorer.conclusions.conclusion import Conclusion
from tradespace.explorer.conclusions.judging import Finalist
from tradespace.explorer.results import Evaluation, Provenance, QuestionSet
from tradespace.plurals import count
from tradespace.reports.bounds import within_bounds
from tradespace.reports.claims import NAMED_PIPELINES, class_notes, tie_notes
from tradespace.reports.in_words import pipeline_words
from tradespace.reports.judge_calibration import judged_words
from tradespace.reports.observed import observed_sentences
from tradespace.reports.recommendation import Verdict, recommendation
from tradespace.reports.section import Findings
from tradespace.reports.splits import split_sentence
from tradespace.reports.table import latency_basis, never_timed
from tradespace.reports.words import a_measure, both_ends, interval, listed, listed_in_part, measure_name, quantity

ANY_STUDY = "STUDY"
"""What stands for the folder where it is not known."""
RECORDED = "replay("
"""What stands in the notation of pipelines whose model is a recording of another: it answers no new question."""
_MADE = {"measured": "measured end to end", "predicted": "predicted", "modelled": "foretold from timed calls"}
_ASKED = {QuestionSet.CONFIRM: "confirmed on", QuestionSet.EXPLORE: "not confirmed, on"}


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure of a pipeline, to be read at a glance.

    Attributes:
        measure: its name, such as `answer_f1`.
        name: what it is called, such as `answer F1`.
        value: with its unit.
        interval: its 95 % confidence interval with its unit; empty where it is not known.
        basis: the questions that it rests on, and how it became known where it was not scored.
    """

    measure: str
    name: str
    value: str
    interval: str
    basis: str


@dataclass(frozen=True, slots=True)
class NamedPipeline:
    """A pipeline by its number, its notation, and in words; these are empty where no words are known for it."""

    number: int
    notation: str
    words: str


@dataclass(frozen=True, slots=True)
class AlternativePipeline:
    """Another pipeline: what it is beside the recommended one, as `Faster?`, and what it gives and takes, in words."""

    title: str
    pipeline: NamedPipeline
    sentence: str


@dataclass(frozen=True, slots=True)
class FirstScreen:
    """All that is told before anybody scrolls; what a study has nothing to say to is empty.

    Attributes:
        question: what the study asks.
        verdict: what the answer rests on.
        headline: the answer, in a sentence.
        pipeline: the one that is recommended, or else the one that the headline speaks of.
        tiles: its figures, those of the objectives first.
        ties: sentences: what can't be told apart from it, what is one with it, and that nothing is faster, or better,
            where nothing is; pipelines by number.
        faster: the pipeline that loses least of those that are clearly faster; cheaper, where nothing was timed.
        better: the fastest pipeline that is better beyond noise.
        split: how the recommended pipeline splits the bound.
        observed: where a running system stands.
        notices: what the reader must know before all else: that the exploration was stopped or interrupted.
        notes: what a careful reader should know besides.
        commands: lines to copy, that serve and export the recommended pipeline.
    """

    question: str
    verdict: Verdict
    headline: str
    pipeline: NamedPipeline | None = None
    tiles: tuple[Tile, ...] = ()
    ties: tuple[str, ...] = ()
    faster: AlternativePipeline | None = None
    better: AlternativePipeline | None = None
    split: str = ""
    observed: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()


def first_screen(findings: Findings, folder: Path | str | None = None) -> FirstScreen:
    """What is told first of a study, which lies in a folder where that is known."""
    conclusion, provenance = findings.conclusion, findings.results.provenance
    said = recommendation(conclusion)
    shown = next((each for each in conclusion.finalists if each.evaluation.pipeline == said.pipeline), None)
    faster, better = _faster(findings), _better(findings)
    told_as_ties = {*tie_notes(conclusion), *class_notes(conclusion)}
    return FirstScreen(
        question=question_in_words(conclusion),
        verdict=said.verdict,
        headline=said.headline,
        pipeline=_named(shown.evaluation, findings) if shown else None,
        tiles=tuple(_tiles(shown, conclusion)) if shown else (),
        ties=(*_ties(findings), *_unrivalled(faster, better, conclusion)),
        faster=faster,
        better=better,
        split=split_sentence(conclusion),
        observed=observed_sentences(conclusion),
        notices=tuple(_notices(provenance)),
        notes=tuple(note for note in said.notes if note not in told_as_ties),
        commands=_commands(conclusion, provenance, folder),
    )


def question_in_words(conclusion: Conclusion) -> str:
    """What is asked of a study, as its goals say it."""
    goals, primary = conclusion.goals, conclusion.primary
    bounds = f", {words}," if (words := within_bounds(goals)) else ""
    if not goals.recommend:
        within = f", {words}" if words else ""
        return f"Which pipelines does no other beat in {listed(list(map(measure_name, goals.measures)))}{within}?"
    if goals.utility:
        return f"Which pipeline{bounds} is worth most by {goals.utility.text}?"
    best = f"the {'highest' if primary.maximize else 'lowest'} {measure_name(primary.measure)}"
    others = [each for each in goals.objectives if each is not primary]
    then = [f"{'highest' if each.maximize else 'lowest'} {measure_name(each.measure)}" for each in others]
    first = f", and of equals the {listed(then)}" if then else ""
    return f"Which pipeline{bounds} has {best}{first}?"


def _named(evaluation: Evaluation, findings: Findings) -> NamedPipeline:
    words = pipeline_words(evaluation.yaml, findings.results.words)
    return NamedPipeline(findings.numbers[evaluation.pipeline], evaluation.pipeline, words)


def _tiles(finalist: Finalist, conclusion: Conclusion) -> Iterator[Tile]:
    """The figures of the objectives, the latency that is judged, and what it costs; those that are known."""
    goals = conclusion.goals
    for measure in dict.fromkeys([conclusion.primary.measure, *goals.measures, conclusion.latency, USD_PER_1K.name]):
        estimate = finalist.estimates.get(measure)
        if estimate is None or (figure_of(measure).kind is Kind.LATENCY and never_timed(finalist.evaluation)):
            continue
        value, low, high = (quantity(part, measure) for part in (estimate.value, estimate.low, estimate.high))
        between = "" if low == value == high else interval(estimate, measure)
        asked = f"{_ASKED[finalist.evaluation.question_set]} {count(estimate.n, 'question')}"
        made = _made(measure, finalist.evaluation, conclusion)
        yield Tile(measure, measure_name(measure), value, between, f"{asked}{made}")


def _made(measure: str, evaluation: Evaluation, conclusion: Conclusion) -> str:
    """How a figure became known, where it was not scored by rule."""
    figure = figure_of(measure)
    if figure.kind is Kind.LATENCY:
        return f", {_MADE[latency_basis(evaluation)]}"
    if figure.meter and figure.meter.quantity in evaluation.modelled:
        return ", estimated"
    return judged_words(measure, evaluation, conclusion)


def _ties(findings: Findings) -> Iterator[str]:
    """What can't be told apart from the recommended pipeline, and what is one with it, each class once."""
    conclusion, chosen = findings.conclusion, findings.conclusion.recommended
    if chosen is None:
        return
    others = [each.evaluation.pipeline for each in conclusion.tied if each is not chosen]
    if others:
        worth = "utility" if conclusion.goals.utility else measure_name(conclusion.primary.measure)
        decided = ", then ".join(map(measure_name, conclusion.weighed))
        why = f"; it was chosen among these by {decided}" if decided else ""
        yield f"{_numbered(others, findings)} can't be told apart from it in {worth}{why}."
    if conclusion.alike:
        one = len(conclusion.alike) == 1
        answer, are = ("answers", "counts") if one else ("answer", "count")
        yield f"{_numbered(conclusion.alike, findings)} {answer} every question as it does, and {are} as one with it."


def _numbered(pipelines: Sequence[str], findings: Findings) -> str:
    return listed_in_part([f"#{findings.numbers[pipeline]}" for pipeline in pipelines], NAMED_PIPELINES)


def _spared(conclusion: Conclusion) -> str:
    """What another pipeline may save, or take more of: the latency, or a cost where nothing was timed."""
    chosen = conclusion.recommended
    if chosen is None or not never_timed(chosen.evaluation):
        return conclusion.latency
    costs = [name for name in conclusion.goals.measures if figure_of(name).kind is Kind.COST]
    return next(iter([*costs, USD_PER_1K.name]))


def _faster(findings: Findings) -> AlternativePipeline | None:
    spared = _spared(findings.conclusion)
    choice = saving_choice(findings.conclusion, spared)
    title = "Faster?" if spared == findings.conclusion.latency else "Cheaper?"
    return _alternative(title, choice, spared, findings)


def _better(findings: Findings) -> AlternativePipeline | None:
    spared = _spared(findings.conclusion)
    title = "More accurate?" if findings.conclusion.primary.is_score else "Better?"
    return _alternative(title, better_choice(findings.conclusion, spared), spared, findings)


def _alternative(title: str, choice: OtherChoice | None, spared: str, findings: Findings) -> AlternativePipeline | None:
    if choice is None:
        return None
    return AlternativePipeline(title, _named(choice.evaluation, findings), _beside(choice, spared, findings))


def _unrivalled(
    faster: AlternativePipeline | None, better: AlternativePipeline | None, conclusion: Conclusion
) -> Iterator[str]:
    """That nothing is faster than the recommended pipeline, or better, where nothing is."""
    chosen, spared = conclusion.recommended, _spared(conclusion)
    if chosen is None:
        return
    if faster is None and spared in chosen.estimates:
        yield f"No pipeline of the frontier is a tenth {'faster' if spared == conclusion.latency else 'cheaper'}."
    if better is None:
        worth = "utility" if conclusion.goals.utility else measure_name(conclusion.primary.measure)
        yield f"No pipeline that was tried has a better {worth}, beyond noise."


def _beside(choice: OtherChoice, spared: str, findings: Findings) -> str:
    """What another pipeline takes and gives in comparison."""
    goals, number = findings.conclusion.goals, findings.numbers[choice.evaluation.pipeline]
    costs = dict.fromkeys([spared, *(name for name in (USD_PER_1K.name, *goals.measures) if _is_cost(name))])
    taken = [
        f"{a_measure(name)} of {there} instead of {here}"
        for name in costs
        if (there := quantity(choice.figures.get(name), name)) != (here := quantity(choice.own.get(name), name))
    ]
    told = listed([*taken, _gain_words(choice, findings.conclusion)])
    return f"#{number} has {told}, on the {choice.evaluation.question_set} questions."


def _is_cost(measure: str) -> bool:
    return figure_of(measure).kind is not Kind.SCORE


def _gain_words(choice: OtherChoice, conclusion: Conclusion) -> str:
    """How much more it is worth, or less; or that this cannot be told."""
    goals, measure, gains = conclusion.goals, conclusion.primary.measure, (choice.ahead.value or 0.0) >= 0
    change = choice.ahead if gains else turned(choice.ahead)
    more = gains == (conclusion.primary.maximize or goals.utility is not None)
    worth = "utility" if goals.utility else measure_name(measure)
    unit = NUMBER if goals.utility else figure_of(measure).unit
    between = both_ends(unit.write(change.low), unit.write(change.high))
    noise = "" if (choice.ahead.low or 0.0) > 0 or (choice.ahead.high or 0.0) < 0 else ", which is no more than noise"
    return f"{unit.write(change.value)} {'more' if more else 'less'} {worth} ({between}){noise}"


def _notices(provenance: Provenance) -> Iterator[str]:
    if provenance.stopped:
        yield f"The exploration was stopped: {provenance.stopped}."
    elif provenance.interrupted:
        yield "The exploration was interrupted: these are the results so far."


def _commands(conclusion: Conclusion, provenance: Provenance, folder: Path | str | None) -> tuple[str, ...]:
    """How the recommended pipeline is put to use; nothing where that is a row of a table, or a recording."""
    chosen = conclusion.recommended
    if chosen is None or provenance.table or RECORDED in chosen.evaluation.pipeline:
        return ()
    study = ANY_STUDY if folder is None else shlex.quote(str(folder))
    return (f"tradespace serve {study}", f"tradespace export {study} --format python")
