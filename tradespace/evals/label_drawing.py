"""Which questions people are asked to label: at random, and more often where labels decide something."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from tradespace.evals.prediction_powered import FEWEST_OF_A_STRATUM

WORTH_OF_DECIDING = 2.0
"""How much more a label counts where it decides between pipelines than where it tells of all of them alike."""


@dataclass(frozen=True, slots=True)
class LabelStratum:
    """Questions that are drawn with the same probability.

    Attributes:
        cost: labels that a question takes, in the mean: one for each different answer.
        worth: how much its spread counts.
    """

    cost: float
    worth: float = 1.0


def drawn_questions(
    order: Sequence[int],
    strata: Mapping[int, int],
    kinds: Mapping[int, LabelStratum],
    labels: int,
    drawn: Collection[int] = (),
) -> list[int]:
    """Draw questions that take about so many labels, beside those that were drawn before.

    From each stratum they come in the order given. So if that is a random order, all questions of a stratum have the
    same chance to be among those drawn, however often one draws: the share of the stratum that is drawn. The labels are
    allotted as is best for a mean where strata cost differently (Neyman 1934; Cochran 1977, "Sampling Techniques",
    section 5.5), with a worth for each stratum: so many questions that the number is proportional to size times worth
    over the root of the cost.

    Args:
        order: the questions that can be drawn, in an order that has nothing to do with what is found in them.
        strata: the stratum of each.
        kinds: what the questions of each stratum cost, and how much they are worth.
        labels: how many more there are to be.
        drawn: those that were drawn before, in the same way.

    Returns:
        The new ones, in that order; none where no more are left.

    >>> kinds = {0: LabelStratum(cost=1.0), 1: LabelStratum(cost=2.0)}
    >>> drawn_questions([4, 2, 0, 5, 3, 1], {0: 0, 1: 1, 2: 0, 3: 0, 4: 1, 5: 1}, kinds, labels=6)
    [4, 2, 0, 5]
    """
    by_stratum: defaultdict[int, list[int]] = defaultdict(list)
    for place in order:
        by_stratum[strata[place]].append(place)
    before = Counter(strata[place] for place in drawn)
    total = labels + sum(kinds[stratum].cost * count for stratum, count in before.items())
    sizes = {stratum: len(places) for stratum, places in by_stratum.items()}
    wanted = _allotted(sizes, kinds, total)
    chosen = {place for stratum, places in by_stratum.items() for place in places[: wanted[stratum]]} - {*drawn}
    waiting = [place for place in order if place not in drawn]
    chosen = chosen or {*waiting[: min(1, labels)]}
    return [place for place in waiting if place in chosen]


def _allotted(sizes: Mapping[int, int], kinds: Mapping[int, LabelStratum], total: float) -> dict[int, int]:
    """How many questions of each stratum so many labels are spent on: at least two, at most all."""
    wanted = {stratum: min(FEWEST_OF_A_STRATUM, size) for stratum, size in sizes.items()}
    left = set(sizes)
    while left:
        spent = sum(kinds[stratum].cost * count for stratum, count in wanted.items() if stratum not in left)
        weights = {one: sizes[one] * kinds[one].worth for one in left}
        each = (total - spent) / sum(weights[one] * math.sqrt(kinds[one].cost) for one in left)
        shares = {one: weights[one] / math.sqrt(kinds[one].cost) * each for one in left}
        full = {one for one in left if shares[one] >= sizes[one]}
        wanted |= {one: max(wanted[one], min(sizes[one], round(share))) for one, share in shares.items()}
        if not full:
            break
        left -= full
    return wanted
