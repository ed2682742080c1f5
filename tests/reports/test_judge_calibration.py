"""What is said of judged figures: corrected or raw, by how much, and how far the judge is to be believed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.judged_results import JUDGE, judged_results, judged_study, labels_of
from tradespace.explorer.conclusions.conclusion import Conclusion, conclude
from tradespace.reports.info import pipeline_numbers
from tradespace.reports.judge_calibration import judge_notes
from tradespace.reports.page import render_report
from tradespace.reports.recommendation import recommendation
from tradespace.reports.section import findings_of
from tradespace.reports.sections.judged import judged_section, judged_table
from tradespace.reports.table import pipelines_table

STUDY = judged_study()


def concluded(**changed: Any) -> Conclusion:
    return conclude(judged_results(STUDY, labels_of(STUDY, **changed)))


def test_the_headline_quotes_the_corrected_figure() -> None:
    """And says so; the raw one stands in a note."""
    conclusion = concluded()
    chosen = conclusion.recommended
    assert chosen is not None
    corrected, raw = (each["judged_correct"].value for each in (chosen.estimates, chosen.raw))
    answer = recommendation(conclusion)
    labels = len(labels_of(STUDY).labels)
    assert f"judged correct {corrected:.3f} (" in answer.headline
    assert f", corrected by {labels} labels, at a 95th-percentile latency" in answer.headline
    (note,) = [note for note in answer.notes if "prediction-powered inference" in note]
    assert f"as {JUDGE} judged, it was {raw:.3f} (" in note
    assert any("judge and people agree on" in note and "κ " in note for note in answer.notes)


def test_a_figure_that_nobody_corrected_is_marked() -> None:
    """In the headline, and in the table of all pipelines."""
    results = judged_results(STUDY)
    conclusion = conclude(results)
    answer = recommendation(conclusion)
    assert f"judged by {JUDGE} and not calibrated, at" in answer.headline
    assert any("`tradespace judge` asks people" in note for note in answer.notes)
    table = pipelines_table(conclusion, pipeline_numbers(results))
    place = table.columns.index("judged correct")
    assert all(row.cells[place].text.startswith("raw ") for row in table.rows)
    assert judged_section(findings_of(results)) is None


def test_corrected_figures_stand_beside_raw_ones() -> None:
    """Of each finalist; in the table of all pipelines they are not called raw."""
    results = judged_results(STUDY, labels_of(STUDY))
    conclusion, numbers = conclude(results), pipeline_numbers(results)
    table = judged_table(findings_of(results))
    assert len(table.rows) == 3
    for row, finalist in zip(table.rows, conclusion.finalists, strict=True):
        before, _, after = row.cells[2].text.partition(" → ")
        assert before.startswith(f"{finalist.raw['judged_correct'].value:.3f}")
        assert after.startswith(f"{finalist.estimates['judged_correct'].value:.3f}")
    everything = pipelines_table(conclusion, numbers)
    place = everything.columns.index("judged correct")
    assert not any(row.cells[place].text.startswith("raw ") for row in everything.rows)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"least_specificity": 0.95}, "is refused: its specificity of"),
        ({"answers": {}}, "people labelled answers of other finalists"),
        ({"drawn": STUDY.drawn[:1]}, "more questions must be labelled at least"),
        ({"disputed": 2}, "people disagree on 2 answers"),
        ({"policies": ("Yes if\nthe same is meant.",)}, "people labelled by this policy: “Yes if the same is meant.”"),
        ({"policies": (), "without_policy": 40}, "40 labels came without a policy"),
    ],
)
def test_what_a_reader_should_know_is_said(changed: dict[str, Any], words: str) -> None:
    """Why figures are raw, and how people labelled."""
    assert any(words in note for note in judge_notes(concluded(**changed)))


def test_a_judge_that_disagrees_with_itself_is_named() -> None:
    """With how often; one that does so once in forty is not accused."""
    keys = [f"{place}-0" for place in STUDY.drawn]
    same = {key: float(STUDY.judged[0, place]) for key, place in zip(keys, STUDY.drawn, strict=True)}
    other = same | {key: 1 - same[key] for key in keys[:10]}
    notes = judge_notes(concluded(repeated=other))
    assert any(
        f"disagrees with itself: asked once more about {len(keys)} answers, {JUDGE} judged 10" in note for note in notes
    )
    calm = judge_notes(concluded(repeated=same))
    assert any("judged all of them alike" in note for note in calm)
    assert not any("disagrees with itself" in note for note in calm)


def test_the_page_has_a_section_of_the_judge() -> None:
    """With hostile policies and judges shown as text; none where nothing is corrected."""
    evil = "<script>alert(1)</script>"
    results = judged_results(STUDY, labels_of(STUDY, policies=(evil,)))
    page = render_report(replace(results, judges=dict.fromkeys(results.judges, evil)))
    assert "How far is the judge off?" in page
    assert evil not in page
    assert "&lt;script&gt;alert(1)" in page
    raw = render_report(judged_results(STUDY))
    assert "How far is the judge off?" not in raw
    assert "“Raw” is a figure that a model judged" in raw


def test_a_fall_is_told_of_raw_figures() -> None:
    """The explore questions were never corrected: raw is compared with raw."""
    results = judged_results(STUDY, labels_of(STUDY))
    lower = tuple(
        replace(
            each, scores={name: tuple(np.clip(np.array(row) - 0.1, 0, 1).tolist()) for name, row in each.scores.items()}
        )
        for each in results.explored
    )
    notes = recommendation(conclude(replace(results, explored=lower))).notes
    assert any("its raw judged correct is" in note for note in notes)
