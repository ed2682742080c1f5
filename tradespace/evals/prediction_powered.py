"""Means of scores by a judge, corrected by what people said of some of the answers.

A judge errs, and not only at random: the mean of its scores has a narrow interval in the wrong place. So people label
the answers to some questions. What the judge says more or less than they do is averaged over these, and taken off its
mean over all questions (prediction-powered inference: Angelopoulos, Bates, Fannjiang, Jordan and Zrnic 2023,
"Prediction-powered inference"). How far the judge is followed, from not at all to wholly, is chosen so that the
interval is short (power tuning: Angelopoulos, Duchi and Zrnic 2023, "PPI++: Efficient prediction-powered inference").
Labels may be spent where they decide: each stands for as many questions as the inverse of its probability says (Zrnic
and Candès 2024, "Active statistical inference"), which is the same within a stratum (Fisch et al. 2024, "Stratified
prediction-powered inference for hybrid language model evaluation").

A *rectified score* is what a question adds to the corrected mean: what is expected of it by the judge, and where people
labelled it, also how far they are from that, times the questions that it stands for. The mean of a pipeline's rectified
scores is its corrected mean, and that of the differences of two pipelines' the corrected difference. Their variance is
that of sampling in two phases: the questions from all there might be, and of these the labelled ones.

Intervals are made for a few dozen labels, of which the formulas for many hold in less than 95 % of studies
(docs/benchmarks-judging.md): Student's distribution has the degrees of freedom that the labels give (Satterthwaite
1946), and labels are added by which people contradict the judge, as one that never erred on 40 labelled answers may err
on others. For means they are two, one each way, as Agresti and Coull 1998 add two of each kind to a share; for
differences they are one, half of it each way, as Agresti and Min 2005, "Simple improved confidence intervals for
comparing matched proportions", do for pairs.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradespace.evals.simultaneous import critical_value, paired_differences, simultaneous_means
from tradespace.evals.statistics import CONFIDENCE, SCORES, Array, Estimate, Table, Values, array_of, mean_of

OUTSIDE = -1
"""The stratum of questions that a measure does not apply to."""
FEWEST_OF_A_STRATUM = 2
"""Labelled questions without which a stratum has no spread."""
FEWEST_TO_PART = 5
"""Labelled questions that each part must have, so that a stratum is parted after the drawing."""
ADDED_TO_MEANS, ADDED_TO_DIFFERENCES = 2.0, 1.0
"""Labels that contradict the judge, half of them each way, which intervals know of besides those that people gave."""

_Places = NDArray[np.intp]


@dataclass(frozen=True)
class LabelDesign:
    """Which questions people labelled, and how many each of them stands for.

    Within a stratum every question had the same chance to be labelled.

    Attributes:
        strata: the stratum of each question; `OUTSIDE` where there is nothing to score.
        labelled: which questions have a label for every pipeline.
        alike: strata in which all pipelines gave the same answers, so that no label can tell them apart.
    """

    strata: tuple[int, ...]
    labelled: tuple[bool, ...]
    alike: frozenset[int] = frozenset()

    @cached_property
    def cells(self) -> dict[int, tuple[_Places, _Places]]:
        """By stratum, the places of its questions and of those that are labelled."""
        strata, labelled = np.array(self.strata, dtype=np.intp), np.array(self.labelled, dtype=np.bool_)
        return {
            stratum: (np.flatnonzero(strata == stratum), np.flatnonzero((strata == stratum) & labelled))
            for stratum in sorted({*self.strata} - {OUTSIDE})
        }

    @cached_property
    def inside(self) -> _Places:
        """The places of all questions that are scored."""
        return np.flatnonzero(np.array(self.strata, dtype=np.intp) != OUTSIDE)

    @property
    def probabilities(self) -> dict[int, float]:
        """By stratum, the share of its questions that is labelled."""
        return {stratum: len(known) / len(whole) for stratum, (whole, known) in self.cells.items()}

    @property
    def missing(self) -> int:
        """How many questions must be labelled at least before anything can be corrected."""
        return sum(
            max(0, min(FEWEST_OF_A_STRATUM, len(whole)) - len(known)) for whole, known in self.cells.values()
        ) + (not self.cells)

    def open_strata(self, *, telling_apart: bool = False) -> list[int]:
        """The strata that are not labelled wholly; those alone that can tell pipelines apart, if that is asked."""
        return [
            stratum
            for stratum, (whole, known) in self.cells.items()
            if len(known) < len(whole) and not (telling_apart and stratum in self.alike)
        ]


def label_design(drawn_from: Sequence[int], alike: Sequence[bool], labelled: Sequence[bool]) -> LabelDesign:
    """The design of labels that were drawn by strata.

    Questions to which all pipelines gave the same answer are parted from the others of their stratum after the drawing,
    where both have labels enough. That is fair, as the answers were there before; and there differences are known
    without any label.

    Args:
        drawn_from: the stratum from which each question could be drawn; `OUTSIDE` where there is nothing to score.
        alike: whether all pipelines gave the same answer to it.
        labelled: whether it has a label for every pipeline.
    """
    parts: defaultdict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for place, stratum in enumerate(drawn_from):
        if stratum != OUTSIDE:
            parts[stratum][alike[place]].append(place)
    strata, same = [OUTSIDE] * len(drawn_from), set()
    cells = (cell for stratum in sorted(parts) for cell in _parted(parts[stratum], labelled))
    for number, cell in enumerate(cells):
        for place in cell:
            strata[place] = number
        if all(alike[place] for place in cell):
            same.add(number)
    known = tuple(flag and stratum != OUTSIDE for flag, stratum in zip(labelled, strata, strict=True))
    return LabelDesign(tuple(strata), known, frozenset(same))


def rectified_scores(scores: ArrayLike, labels: ArrayLike, design: LabelDesign, power: float | None = None) -> Array:
    """The rectified score of each pipeline and question.

    Args:
        scores: what the judge said, of shape (pipelines, questions), each from 0 to 1. Where it said nothing that could
            be read (NaN), the pipeline's mean stands for it: any guess will do, as people correct it.
        labels: what people said; read at the labelled questions.
        design: which these are.
        power: how far the judge is followed, from 0 to 1; by default `tuned_power`, the same for all pipelines, so that
            those that answer alike stay alike.

    Returns:
        Of the shape of the scores; NaN at questions outside.

    Raises:
        ValueError: a stratum has too few labelled questions.
    """
    if design.missing:
        raise ValueError(
            f"each stratum needs {FEWEST_OF_A_STRATUM} labelled questions, or all that it has; missing: "
            f"{design.missing} of {design.probabilities}"
        )
    judged, said = _filled(scores, design), np.asarray(labels, dtype=np.float64)
    trust = tuned_power(scores, labels, design) if power is None else power
    rectified = np.full(judged.shape, math.nan)
    for whole, known in design.cells.values():
        errors = said[:, known] - trust * judged[:, known]
        shift = errors.mean(axis=1, keepdims=True)
        rectified[:, whole] = trust * judged[:, whole] + shift
        rectified[:, known] += _questions_for_each(len(known), len(whole)) * (errors - shift)
    return rectified


def tuned_power(scores: ArrayLike, labels: ArrayLike, design: LabelDesign) -> float:
    """How far the judge is to be followed so that the intervals of all pipelines are shortest together, from 0 to 1.

    Of one pipeline and one stratum it is what PPI++ says: with n labelled questions and N others,
    Cov(label, score) / ((1 + n/N) Var(score)) as a factor of the mean over the others, which is
    Cov(label, score) / Var(score) as a factor of the mean over all.
    """
    judged, said = _filled(scores, design), np.asarray(labels, dtype=np.float64)
    together = alone = 0.0
    for whole, known in design.cells.values():
        weight = len(whole) ** 2 * (1 / len(known) - 1 / len(whole))
        if weight > 0:
            centred = judged[:, known] - judged[:, known].mean(axis=1, keepdims=True)
            together += weight * float((centred * said[:, known]).sum()) / (len(known) - 1)
            alone += weight * float(judged[:, whole].var(axis=1, ddof=1).sum())
    return min(1.0, max(0.0, together / alone)) if alone > 0 else 0.0


def corrected_means(rectified: Table, design: LabelDesign, confidence: float = CONFIDENCE) -> list[Estimate]:
    """The corrected mean of each pipeline, with intervals that all hold together (`simultaneous_means`).

    Args:
        rectified: of `rectified_scores`.
        design: that of the labels.
        confidence: of all intervals at once.
    """
    if not design.open_strata():
        return simultaneous_means(rectified, SCORES, confidence)
    data = array_of(rectified)
    if not len(data):
        return []
    half = _errors(data, design) * _critical(data, design, confidence)
    values = mean_of(data)
    return _estimates(values, half, SCORES, design)


def corrected_differences(
    rectified: Table, reference: Values, design: LabelDesign, confidence: float = CONFIDENCE
) -> list[Estimate]:
    """By how much the corrected mean of each row exceeds a reference's, with intervals that all hold together.

    Where both gave the same answers they do not differ, whatever people would say of them: labels of other questions
    alone tell them apart. The error is divided by the number of rows (Bonferroni).
    """
    from scipy.special import stdtrit

    apart = design.open_strata(telling_apart=True)
    if not apart:
        return paired_differences(rectified, reference, confidence=confidence)
    differences = array_of(rectified) - array_of([reference])
    alone = 1 - (1 - confidence) / max(1, len(differences))
    half = _errors(differences, design, ADDED_TO_DIFFERENCES, apart) * stdtrit(
        _degrees(differences, design), (1 + alone) / 2
    )
    return _estimates(mean_of(differences), half, (-1.0, 1.0), design)


def labels_for_half_width(
    rectified: Table, design: LabelDesign, half_width: float, confidence: float = CONFIDENCE
) -> int | None:
    """How many more questions must be labelled, drawn as those so far, until every corrected mean is known this well.

    Returns:
        0 where it is known this well; None where not even the labels of all questions would do: then there are too few
        questions.
    """
    if not design.open_strata():
        return (
            0 if all(_half_of(each) <= half_width for each in corrected_means(rectified, design, confidence)) else None
        )
    data = array_of(rectified)
    critical = _critical(data, design, confidence)
    whole, known = (sum(len(cell[part]) for cell in design.cells.values()) for part in (0, 1))

    def narrow(more: int) -> bool:
        times = 1 + more / known if more < whole - known else math.inf
        return bool((critical * np.sqrt(_foretold_variances(data, design, times))).max(initial=0.0) <= half_width)

    low, high = -1, whole - known
    if not narrow(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if narrow(middle) else (middle, high)
    return high


def _parted(parts: tuple[list[int], list[int]], labelled: Sequence[bool]) -> Iterator[list[int]]:
    """Both parts of a stratum, or the whole of it."""
    filled = [part for part in parts if part]
    known = [sum(labelled[place] for place in part) for part in filled]
    if all(count >= min(FEWEST_TO_PART, len(part)) for count, part in zip(known, filled, strict=True)):
        yield from filled
    else:
        yield sorted(place for part in filled for place in part)


def _filled(scores: ArrayLike, design: LabelDesign) -> Array:
    """The judge's scores, with a pipeline's mean where one is missing."""
    table = np.asarray(scores, dtype=np.float64)
    means = np.nan_to_num(mean_of(table[:, design.inside]), nan=0.0)
    return np.where(np.isnan(table), means[:, None], table)


def _questions_for_each(known: int, whole: int) -> float:
    """How many questions a labelled one stands for; a little more where a spread is estimated from few."""
    return whole / known * (math.sqrt(known / (known - 1)) if known < whole else 1.0)


def _errors(
    data: Array, design: LabelDesign, added: float = ADDED_TO_MEANS, apart: Collection[int] | None = None
) -> Array:
    """The standard error of each row's mean."""
    sized = len(design.inside)
    sampled = data[:, design.inside].var(axis=1, ddof=1) / sized if sized > 1 else np.zeros(len(data))
    counts = {stratum: float(len(design.cells[stratum][1])) for stratum in design.open_strata()}
    return np.asarray(np.sqrt(sampled + _contradicted(design, counts, added, apart)))


def _contradicted(
    design: LabelDesign, counts: dict[int, float], added: float, apart: Collection[int] | None = None
) -> float:
    """The variance of so many more labels by which people contradict the judge, half of them each way, spread over
    strata as the labels are; `counts` says how many these are."""
    strata = [stratum for stratum in counts if apart is None or stratum in apart]
    labels = sum(counts[stratum] for stratum in strata)
    total = 0.0
    for stratum in strata:
        whole = len(design.cells[stratum][0])
        total += added * whole * (whole / counts[stratum] - 1) / labels
    return total / len(design.inside) ** 2


def _label_parts(data: Array, design: LabelDesign) -> dict[int, Array]:
    """By stratum that is open, the variance of each row's mean that comes of its labelled questions."""
    parts = {}
    for stratum in design.open_strata():
        known = data[:, design.cells[stratum][1]]
        centred = known - known.mean(axis=1, keepdims=True)
        parts[stratum] = np.asarray((centred**2).sum(axis=1)) / len(design.inside) ** 2
    return parts


def _degrees(data: Array, design: LabelDesign) -> Array:
    """Degrees of freedom of each row's standard error: Satterthwaite 1946, "An approximate distribution of estimates of
    variance components"."""
    parts, sized = _label_parts(data, design), len(design.inside)
    total = data[:, design.inside].var(axis=1, ddof=1) / sized if sized > 1 else np.zeros(len(data))
    rest = np.maximum(0.0, total - sum(parts.values()))
    counts = {stratum: len(design.cells[stratum][1]) for stratum in parts}
    squares = rest**2 / max(1, sized - 1)
    for stratum, part in parts.items():
        squares = squares + part**2 / max(1, counts[stratum] - 1)
    fewest = float(max(1, sum(counts.values()) - 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(squares > 0, np.maximum(1.0, total**2 / squares), fewest))


def _critical(data: Array, design: LabelDesign, confidence: float) -> float:
    """How many standard errors all means stay within at once."""
    inner = data[:, design.inside]
    centred = inner - inner.mean(axis=1, keepdims=True)
    errors = _errors(data, design)
    covariances = centred @ centred.T / (inner.shape[1] * max(1, inner.shape[1] - 1))
    correlations = covariances / np.outer(errors, errors)
    np.fill_diagonal(correlations, 1.0)
    return critical_value(correlations, float(_degrees(data, design).min()), confidence)


def _foretold_variances(data: Array, design: LabelDesign, times: float) -> Array:
    """What each mean's variance will be about with so many times the labels in each stratum, as far as it has
    questions."""
    sized = len(design.inside)
    variances = np.asarray(data[:, design.inside].var(axis=1, ddof=1) / sized)
    counts = {}
    for stratum, part in _label_parts(data, design).items():
        whole, known = (float(len(places)) for places in design.cells[stratum])
        counts[stratum] = min(whole, known * times)
        variances = variances - part * (1 - known / counts[stratum])
    return np.asarray(np.maximum(0.0, variances) + _contradicted(design, counts, ADDED_TO_MEANS))


def _half_of(estimate: Estimate) -> float:
    return max((estimate.high or 0.0) - (estimate.value or 0.0), (estimate.value or 0.0) - (estimate.low or 0.0))


def _estimates(values: Array, half: Array, within: tuple[float, float], design: LabelDesign) -> list[Estimate]:
    least, most = within
    count, missing = len(design.inside), len(design.strata) - len(design.inside)
    figures = np.clip(np.stack([values, values - half, values + half], axis=1), least, most).tolist()
    return [Estimate(value, low, high, count, missing) for value, low, high in figures]
