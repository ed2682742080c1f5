"""How far a judge is believed, in sentences: what people said of its scores, and what follows."""

from __future__ import annotations

from collections.abc import Iterator

from tradespace.evals.agreement import JudgeAgreement
from tradespace.evals.figures.units import NUMBER
from tradespace.evals.statistics import Estimate
from tradespace.explorer.conclusions.calibration import JudgeCalibration, JudgeStanding
from tradespace.explorer.conclusions.conclusion import Conclusion
from tradespace.explorer.results import Evaluation
from tradespace.plurals import agreeing, count
from tradespace.reports.words import capitalised, figure_with_interval, listed, measure_name, percent

MOST_CHANGED = 0.1
"""The share of answers that a judge may judge otherwise when it is asked once more, before that is a warning."""
POLICY_CHARACTERS = 300


def judge_of(measure: str, conclusion: Conclusion) -> JudgeStanding | None:
    """How it stands with the judge of a measure; None where no model judges."""
    return next((each for each in conclusion.judges if each.measure == measure), None)


def judged_words(measure: str, evaluation: Evaluation, conclusion: Conclusion) -> str:
    """What is said behind a figure that a model judged: whether people were heard. Empty of all other figures."""
    standing = judge_of(measure, conclusion)
    if standing is None:
        return ""
    if measure in evaluation.designs:
        return f", corrected by {count(_answers(standing), 'label')}"
    return f", judged by {standing.judge} and not calibrated"


def judge_notes(conclusion: Conclusion) -> tuple[str, ...]:
    """What a careful reader should know of judged figures."""
    return tuple(
        note
        for standing in conclusion.judges
        for note in (*_standing_notes(standing, conclusion), *label_notes(standing))
    )


def label_notes(standing: JudgeStanding) -> Iterator[str]:
    """How judge and people agree, the judge with itself, and people among each other; and how people labelled."""
    name = measure_name(standing.measure)
    if standing.agreement and standing.agreement.answers:
        yield f"Of {name}, judge and people {_agreement_words(standing.agreement)}."
    if standing.repeated:
        yield _consistency_words(standing)
    if standing.labels.disputed:
        yield (
            f"Of {name}, people disagree on {count(standing.labels.disputed, 'answer')}: the share that says yes "
            "counts."
        )
    for policy in standing.labels.policies:
        cut = policy if len(policy) <= POLICY_CHARACTERS else f"{policy[:POLICY_CHARACTERS]} …"
        yield f"Of {name}, people labelled by this policy: “{' '.join(cut.split())}”"
    if standing.labels.without_policy:
        yield (
            f"Of {name}, {count(standing.labels.without_policy, 'label')} came without a policy: say by which rule "
            "people say yes, with --policy."
        )


def _standing_notes(standing: JudgeStanding, conclusion: Conclusion) -> Iterator[str]:
    name, judge = measure_name(standing.measure), standing.judge
    match standing.calibration:
        case JudgeCalibration.CORRECTED:
            yield _corrected_words(standing, conclusion)
        case JudgeCalibration.REFUSED:
            yield (
                f"The judge of {name}, {judge}, is refused: {_lower_words(standing)}. Its figures are raw. Take "
                "another judge or mend its prompt, or demand less with `tradespace judge`."
            )
        case JudgeCalibration.UNLABELLED:
            yield (
                f"{capitalised(name)} is judged by {judge}, which is not calibrated: its errors are in every figure "
                "and in no interval. `tradespace judge` asks people about a few answers, and corrects the figures."
            )
        case _:
            yield f"{capitalised(name)} is judged by {judge}, and raw: {lacking_words(standing)}."


def lacking_words(standing: JudgeStanding) -> str:
    """What is missing until the figures of a judge can be corrected."""
    match standing.calibration:
        case JudgeCalibration.OUTDATED:
            return (
                "people labelled answers of other finalists, or of fewer questions; `tradespace judge` with --ask 0 "
                "says which answers are missing"
            )
        case JudgeCalibration.UNFINISHED:
            answers = agreeing(standing.lacking, "answer to a question", "answers to questions")
            return f"{answers} that people began to label still lack a label"
        case _:
            return f"{agreeing(standing.lacking, 'more question', 'more questions')} must be labelled at least"


def _corrected_words(standing: JudgeStanding, conclusion: Conclusion) -> str:
    name = measure_name(standing.measure)
    heard = f"{count(_answers(standing), 'answer')} to {count(standing.questions, 'question')}"
    words = f"{capitalised(name)} is corrected by what people said of {heard} (prediction-powered inference)"
    chosen = conclusion.recommended or conclusion.best or conclusion.useless or conclusion.nearest
    if chosen is None or standing.measure not in chosen.raw:
        return f"{words}."
    return f"{words}; as {standing.judge} judged, it was {figure_with_interval(chosen.raw, standing.measure)}."


def _lower_words(standing: JudgeStanding) -> str:
    found, labels = standing.agreement, standing.labels
    assert found is not None
    shares = (
        ("sensitivity", found.sensitivity, labels.least_sensitivity),
        ("specificity", found.specificity, labels.least_specificity),
    )
    low = [
        f"its {name} of {_with_interval(share)} is lower than the {least:g} that is demanded"
        for name, share, least in shares
        if share.value is not None and share.value < least
    ]
    return listed(low)


def _agreement_words(found: JudgeAgreement) -> str:
    figures = [
        f"{name} {_with_interval(share)}"
        for name, share in (("κ", found.kappa), ("sensitivity", found.sensitivity), ("specificity", found.specificity))
        if share.value is not None
    ]
    return f"agree on {percent(found.agreed.value or 0.0)} of {count(found.answers, 'answer')}: {listed(figures)}"


def _consistency_words(standing: JudgeStanding) -> str:
    asked = f"asked once more about {count(standing.repeated, 'answer')}, {standing.judge} judged"
    if standing.changed > MOST_CHANGED * standing.repeated:
        return (
            f"The judge of {measure_name(standing.measure)} disagrees with itself: {asked} {standing.changed:,} of "
            "them otherwise. Take several judgements of each answer, or another judge."
        )
    same = "all of them alike" if not standing.changed else f"{standing.changed:,} of them otherwise"
    return f"{capitalised(asked)} {same}."


def _answers(standing: JudgeStanding) -> int:
    return standing.agreement.answers if standing.agreement else 0


def _with_interval(share: Estimate) -> str:
    value, low, high = (NUMBER.write(part) for part in (share.value, share.low, share.high))
    return f"{value} ({low}–{high})"
