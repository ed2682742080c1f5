"""The answer that a study gives, in sentences: which pipeline, how good, how fast, and how to split the budget."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from tradespace.evals.figures import figure_of
from tradespace.evals.statistics import Estimate
from tradespace.explorer.conclusions.conclusion import Conclusion
from tradespace.explorer.conclusions.figures import worths
from tradespace.explorer.conclusions.judging import Finalist, kept
from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.plurals import agreeing, count
from tradespace.reports.bounds import bounds_in_words, kept_note, missed_note, near_notes, within_bounds
from tradespace.reports.by_group import group_notes
from tradespace.reports.claims import brackets_words, class_notes, fall_notes, sla_notes, tie_notes
from tradespace.reports.failures import troubles_of
from tradespace.reports.generated import generated_notes
from tradespace.reports.judge_calibration import judge_notes, judged_words
from tradespace.reports.latency import load_words
from tradespace.reports.nothing import judged_evaluations, refusal
from tradespace.reports.table import latency_basis, never_timed
from tradespace.reports.unmatched import unmatched_notes
from tradespace.reports.words import a_measure, figure_with_interval, listed, measure_name
from tradespace.search_space.goals import Goals

_BASIS = {
    "measured": "measured end to end",
    "predicted": "predicted from separately timed stages",
    "modelled": "foretold from timed calls",
}


class Verdict(StrEnum):
    """What the answer rests on."""

    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    FRONTIER = "frontier"
    MISSED = "missed"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One sentence, the pipeline that it is about, and what a careful reader should know besides."""

    verdict: Verdict
    headline: str
    pipeline: str | None = None
    notes: tuple[str, ...] = ()


def recommendation(conclusion: Conclusion) -> Recommendation:
    """Put the conclusion into words. Names of pipelines are given apart, so that they can be shown as code."""
    recommended = _answer(conclusion)
    unmatched = unmatched_notes(judged_evaluations(conclusion))
    return replace(
        recommended, notes=(*generated_notes(conclusion), *recommended.notes, *judge_notes(conclusion), *unmatched)
    )


def _answer(conclusion: Conclusion) -> Recommendation:
    if chosen := conclusion.recommended:
        verdict = Verdict.CONFIRMED if conclusion.basis is QuestionSet.CONFIRM else Verdict.UNCONFIRMED
        notes = (
            _questions_note(chosen, conclusion),
            *_utility_notes(chosen, conclusion.goals),
            *_failed_notes(chosen.evaluation),
            *fall_notes(conclusion),
            *tie_notes(conclusion),
            *class_notes(conclusion),
            *sla_notes(chosen, conclusion),
            *group_notes(chosen, conclusion.goals),
            *near_notes(chosen, conclusion.goals),
            *_unconfirmed_notes(conclusion),
        )
        return Recommendation(verdict, _headline(chosen, conclusion), chosen.evaluation.pipeline, notes)
    if conclusion.best:
        notes = (_questions_note(conclusion.best, conclusion),)
        return Recommendation(Verdict.FRONTIER, _frontier_headline(conclusion), None, notes)
    if refused := refusal(conclusion):
        return Recommendation(Verdict.NOTHING, refused.headline, refused.pipeline, refused.notes)
    return Recommendation(Verdict.MISSED, *_nearest(conclusion))


def _nearest(conclusion: Conclusion) -> tuple[str, str | None, tuple[str, ...]]:
    """That the bound is missed, and by which pipeline least."""
    goals, nearest = conclusion.goals, conclusion.nearest
    headline = f"No pipeline keeps {bounds_in_words(goals)}."
    if nearest is None:
        return headline, None, ()
    others = dict.fromkeys(
        each.measure
        for each in goals.bounds
        if each.measure != goals.primary.measure and (each in nearest.missed or each.measure not in goals.of_groups)
    )
    figures = [f"{a_measure(name)} of {figure_with_interval(nearest.estimates, name)}" for name in others]
    headline += f" The nearest has {listed([*figures, _accuracy_words(nearest, conclusion)])}."
    notes = (
        missed_note(nearest, goals),
        *group_notes(nearest, goals),
        kept_note(conclusion),
        _questions_note(nearest, conclusion),
    )
    return headline, nearest.evaluation.pipeline, tuple(note for note in notes if note)


def _frontier_headline(conclusion: Conclusion) -> str:
    """How many pipelines there are to choose from, where no recommendation is wanted."""
    size = count(len(conclusion.frontier), "pipeline")
    within = [point for point in conclusion.frontier if kept(point, conclusion.goals.bounds)]
    keep = (
        f", of which {agreeing(len(within), 'keeps', 'keep')} {bounds_in_words(conclusion.goals)}"
        if conclusion.goals.bounds
        else ""
    )
    return f"The frontier holds {size}{keep}; no recommendation was asked for."


def _headline(chosen: Finalist, conclusion: Conclusion) -> str:
    accuracy = _accuracy_words(chosen, conclusion)
    if never_timed(chosen.evaluation):
        return f"Use this pipeline: {accuracy}; its latency is unknown."
    judged = "," if judged_words(conclusion.primary.measure, chosen.evaluation, conclusion) else ""
    latency = figure_with_interval(chosen.estimates, conclusion.latency)
    within = f", {words}" if (words := within_bounds(conclusion.goals)) else ""
    return f"Use this pipeline: {accuracy}{judged} at a {measure_name(conclusion.latency)} of {latency}{within}."


def _accuracy_words(finalist: Finalist, conclusion: Conclusion) -> str:
    measure = conclusion.primary.measure
    words = judged_words(measure, finalist.evaluation, conclusion)
    return f"{measure_name(measure)} {figure_with_interval(finalist.estimates, measure)}{words}"


def _questions_note(finalist: Finalist, conclusion: Conclusion) -> str:
    accuracy = finalist.estimates.get(conclusion.primary.measure)
    questions = accuracy.n if accuracy else 0
    brackets = brackets_words(finalist, conclusion)
    if finalist.evaluation.question_set is QuestionSet.CONFIRM:
        timed = _timed_words(finalist, conclusion, " of them")
        return f"Accuracy on {_scored_words(accuracy, conclusion)}{timed}. {brackets}"
    timed = _timed_words(finalist, conclusion)
    scored = count(questions, "question")
    return f"Not confirmed: accuracy on the {scored} that chose the pipeline, so biased upwards{timed}. {brackets}"


def _scored_words(accuracy: Estimate | None, conclusion: Conclusion) -> str:
    """How many held-out questions have a score; of which, where a pipeline has other ones than others have."""
    questions, missing = (accuracy.n, accuracy.missing) if accuracy else (0, 0)
    if figure_of(conclusion.primary.measure).summary.paired:
        return count(questions, "held-out question")
    return f"the {questions:,} of {count(questions + missing, 'held-out question')} that it answered"


def _utility_notes(chosen: Finalist, goals: Goals) -> tuple[str, ...]:
    """What the recommended pipeline is worth, where that was weighed."""
    if goals.utility is None:
        return ()
    return (f"Its utility, {goals.utility.text}, is {worths([chosen.evaluation], goals)[0]:.3f}.",)


def _failed_notes(evaluation: Evaluation) -> tuple[str, ...]:
    """That the recommended pipeline failed on some questions, and the most frequent failure."""
    if not evaluation.failures:
        return ()
    failed, trouble = count(len(evaluation.failures), "question"), troubles_of([evaluation])[0]
    return (f"It failed on {failed}: wrong and infinitely slow in every figure. Most often: {trouble.message}",)


def _timed_words(finalist: Finalist, conclusion: Conclusion, which: str = "") -> str:
    """How latency is known; nothing where it is not."""
    if never_timed(finalist.evaluation):
        return ""
    latency, run = finalist.estimates.get(conclusion.latency), len(finalist.evaluation.end_to_end)
    questions = latency.n if latency else 0
    checked = f", {run:,} of which ran end to end" if 0 < run < questions else ""
    load = load_words(finalist.evaluation.conditions)
    return f"; latency {load}, {_BASIS[latency_basis(finalist.evaluation)]}, on {questions:,}{which}{checked}"


def _unconfirmed_notes(conclusion: Conclusion) -> tuple[str, ...]:
    if conclusion.unconfirmed is None:
        return ()
    return (
        "On the explore questions a pipeline that was never confirmed did better within the bound: "
        f"{conclusion.unconfirmed.pipeline}. Explore under {_these(conclusion.goals)} to confirm it.",
    )


def _these(goals: Goals) -> str:
    return "these bounds" if goals.limits else "this SLA"
