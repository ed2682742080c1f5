"""What two studies have in common: the same questions, and the same pipelines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import yaml

from tradespace.explorer.conclusions.better_than_observed import SettingChange, setting_changes
from tradespace.explorer.results import Evaluation, QuestionSet, Results

MOST_TRIED = 20
"""Replacements that are tried, of those that most components show."""
QuestionPlaces = tuple[tuple[int, int], ...]
"""Positions of the same question, before and after."""
PipelinePair = tuple[Evaluation, Evaluation]
"""The same pipeline, before and after."""


@dataclass(frozen=True, slots=True)
class MatchedPipelines:
    """Pipelines of two studies that are the same, on the questions of one split.

    Attributes:
        pairs: before and after.
        replaced: what was replaced everywhere, such as a model by its successor: pipelines are the same but for it;
            None where notations are the same.
        only_before, only_after: those without a partner, by notation.
    """

    pairs: tuple[PipelinePair, ...]
    replaced: SettingChange | None
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]

    @property
    def readdressed(self) -> tuple[str, ...]:
        """Those with the same notation that are not the same: versions, weights or defaults changed."""
        return tuple(
            after.pipeline
            for before, after in self.pairs
            if before.pipeline == after.pipeline
            and before.address
            and after.address
            and before.address != after.address
        )


def common_questions(before: Results, after: Results, question_set: QuestionSet) -> QuestionPlaces:
    """The questions of a split that both studies asked, told by id and text.

    Studies from before questions had keys have them in common only where both have the same data and drew them in the
    same way: then each begins with the same questions.
    """
    old, new = (results.provenance.question_keys.get(question_set, ()) for results in (before, after))
    if old and new:
        places = {key: place for place, key in enumerate(new)}
        return tuple((place, places[key]) for place, key in enumerate(old) if key in places)
    if before.provenance.data_key != after.provenance.data_key or _drawn(before) != _drawn(after):
        return ()
    counts = (results.provenance.questions.get(question_set, 0) for results in (before, after))
    return tuple((place, place) for place in range(min(counts)))


def _drawn(results: Results) -> object:
    """The seed that questions were drawn by."""
    try:
        space = yaml.safe_load(results.space_yaml)
    except yaml.YAMLError:
        return results.space_yaml
    data = space.get("data") if isinstance(space, dict) else None
    return data.get("seed", 0) if isinstance(data, dict) else 0


def match_pipelines(before: Sequence[Evaluation], after: Sequence[Evaluation]) -> MatchedPipelines:
    """Match pipelines by notation, and those that are left by what was replaced in all of them, where one thing was."""
    new = {each.pipeline: each for each in after}
    pairs = [(each, new[each.pipeline]) for each in before if each.pipeline in new]
    known = {each.pipeline for each, _ in pairs}
    old_rest = [each for each in before if each.pipeline not in known]
    new_rest = [each for each in after if each.pipeline not in known]
    replaced, more = _replaced(old_rest, new_rest) if not pairs else (None, ())
    gone = {each.pipeline for pair in more for each in pair}
    return MatchedPipelines(
        (*pairs, *more),
        replaced,
        tuple(each.pipeline for each in old_rest if each.pipeline not in gone),
        tuple(each.pipeline for each in new_rest if each.pipeline not in gone),
    )


def _replaced(
    before: Sequence[Evaluation], after: Sequence[Evaluation]
) -> tuple[SettingChange | None, tuple[PipelinePair, ...]]:
    """The replacement that pairs most pipelines, with the pairs."""
    found: defaultdict[SettingChange, dict[tuple[str, str], str]] = defaultdict(dict)
    for stage, old, new in _fillings(before, after):
        changes = setting_changes({stage: old}, {stage: new})
        if len(changes) == 1:
            found[changes[0]][stage, old] = new
    likely = sorted(found.items(), key=lambda each: -len(each[1]))[:MOST_TRIED]
    paired = ((change, _pairs(before, after, texts)) for change, texts in likely)
    return max(paired, key=lambda each: len(each[1]), default=(None, ()))


def _fillings(before: Sequence[Evaluation], after: Sequence[Evaluation]) -> Iterator[tuple[str, str, str]]:
    """By stage, what fills it before and never after, with what fills it after and never before."""
    old, new = (
        dict.fromkeys(filling for each in evaluations for filling in each.stages.items())
        for evaluations in (before, after)
    )
    for stage, component in (filling for filling in old if filling not in new):
        for other_stage, other in (filling for filling in new if filling not in old):
            if stage == other_stage:
                yield stage, component, other


def _pairs(
    before: Sequence[Evaluation], after: Sequence[Evaluation], texts: dict[tuple[str, str], str]
) -> tuple[PipelinePair, ...]:
    """Pipelines that are the same once these components are replaced by others."""
    new = {tuple(each.stages.items()): each for each in after}
    replaced = (
        (each, tuple((stage, texts.get((stage, filled), filled)) for stage, filled in each.stages.items()))
        for each in before
    )
    return tuple((each, new[stages]) for each, stages in replaced if stages in new)
