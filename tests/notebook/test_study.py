"""A study answers what people ask of it, as the command line does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.commands.conftest import Run, run  # noqa: F401 - a fixture
from tests.notebook.conftest import asked
from tradespace import parse
from tradespace.errors import InputError, StudyError
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.notebook.study import Study


def test_the_recommended_pipeline(study: Study) -> None:
    """Its text is the notation, its figures have intervals, and it says where they come from."""
    best, chosen = study.recommended, conclude(study.results()).recommended
    assert best is not None and chosen is not None
    assert str(best) == chosen.evaluation.pipeline == str(parse(str(best)))
    assert best.figures["answer_contained"] == chosen.estimates["answer_contained"]
    assert best.basis.startswith("confirm questions, latency ")
    assert f"#{best.number} {best.notation}" in repr(best)
    assert "recommended; confirm questions" in repr(best)


def test_another_bound_is_asked_without_running(study: Study) -> None:
    """It is judged anew, and the study stays as it was."""
    tight = study.under("1 us")
    assert tight.recommended is None
    assert tight.conclusion.sla is not None and tight.conclusion.sla.seconds == 1e-6
    assert study.recommended is not None


def test_another_quantile_is_asked(study: Study) -> None:
    """It takes the place of the one that the study was explored for."""
    sla = study.under("latency_p50 <= 9 s").conclusion.sla
    assert sla is not None
    assert (sla.measure, sla.seconds) == ("latency_p50", 9.0)


def test_what_is_asked_adds_up(study: Study) -> None:
    """A limit beside another bound, and another limit beside these."""
    asked_again = study.under("9 s", limits="answer_contained >= 0.1").under(limits=["latency_p50 <= 8 s"])
    assert [str(bound) for bound in asked_again.conclusion.goals.bounds] == [
        "latency_p95 <= 9000 ms",
        "answer_contained >= 0.1",
        "latency_p50 <= 8000 ms",
    ]


def test_the_cheapest_that_is_good_enough(study: Study) -> None:
    """Of all finalists that reach it, none takes less beyond noise; none reaches what is out of reach."""
    goals = study.under(limits="answer_contained >= 0.1", best="usd_per_1k").conclusion
    cheapest = study.cheapest(accuracy=0.1)
    assert cheapest is not None and goals.recommended is not None
    assert cheapest.notation == goals.recommended.evaluation.pipeline
    assert study.cheapest(accuracy=1.0) is None


def test_the_best_for_at_most_so_much(study: Study) -> None:
    """Several bounds at once; the one on the latency of the SLA takes its place."""
    assert study.best(usd_per_1k=1000, latency_p95="9 s") == study.under("9 s", limits="usd_per_1k <= 1000").recommended
    assert study.best(usd_per_1k=0) is None


def test_what_no_pipeline_has_is_refused(study: Study) -> None:
    """The message says what there is."""
    with pytest.raises(InputError, match=r"no pipeline .*'answer_speed'"):
        study.cheapest(accuracy=0.1, by="answer_speed")
    with pytest.raises(InputError, match="must be a duration above 0"):
        _ = study.under("fast").recommended


def test_the_figures_of_the_report(study: Study) -> None:
    """Each is drawn by its name; another name is refused with those that there are."""
    assert "frontier" in study.figures
    assert type(study.figure("frontier")).__name__ == "Figure"
    with pytest.raises(InputError, match="did you mean 'frontier'"):
        study.figure("fronteir")


def test_the_report_is_written(study: Study, tmp_path: Path) -> None:
    """Under what is asked, wherever it is wanted."""
    path = study.under("1 us").report(tmp_path / "tight.html")
    assert "No pipeline keeps" in path.read_text(encoding="utf-8")


def test_it_is_named_as_it_was_asked(study: Study) -> None:
    """So that its representation can be typed."""
    assert repr(Study("studies/a", host="laptop")) == "Study('studies/a', host='laptop')"
    changed = Study("a").under("9 s", limits="mrr >= 0.1")
    assert repr(changed) == "Study('a').under(sla='9 s', limits=('mrr >= 0.1',))"
    assert changed == Study("a").under("9 s", limits="mrr >= 0.1")


def test_what_it_says_is_what_the_command_line_says(study: Study, run: Run) -> None:  # noqa: F811
    """The headline, the pipeline, and its split."""
    shown, said = run("show", study.folder).out, str(study)
    headline = re.search(r"^Use this pipeline: .*$", said, re.MULTILINE)
    assert headline and headline[0] in shown
    assert f"  #{study.recommended.number} {study.recommended}" in said  # type: ignore[union-attr]
    assert "this pipeline takes" in said


def test_another_host_has_no_timings(study: Study) -> None:
    """It is refused, with those that there are."""
    with pytest.raises(InputError, match="must be one that"):
        study.results("another machine")


def test_no_study_is_an_error(tmp_path: Path) -> None:
    """But shows itself all the same: what is looked at must not fail."""
    with pytest.raises(StudyError, match="holds no study"):
        Study(tmp_path / "<b>none").pipelines()
    assert "&lt;b&gt;none holds no study" in Study(tmp_path / "<b>none")._repr_html_()


def test_questions_of_a_study_are_those_of_the_frames(study: Study) -> None:
    """Of the recommended pipeline, where none is named."""
    questions = study.questions()
    assert set(questions["question_id"]) <= set(asked()["id"])
    assert study.questions(study.recommended, confirm=True)["question_id"].isin(questions["question_id"]).sum() == 0
    with pytest.raises(InputError, match="was not evaluated"):
        study.questions("bm25(top_k=9) >> sentence()")
