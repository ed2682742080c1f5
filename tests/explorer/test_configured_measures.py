"""Measures with settings in an exploration: scored from the ledger, and stored with their settings."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import pytest

from tests.explorer.test_crash import write_space
from tests.explorer.test_exploration import explore_text
from tradespace.errors import MeasureError
from tradespace.evals.measures.rouge_l import RougeL
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.results import Results
from tradespace.explorer.storage.study import StudyFolder
from tradespace.testing.completion_server import completion_server

SPACE = """
name: measured
data: {questions: questions.jsonl, documents: documents, explore: 12, confirm: 4}
pipeline:
  retrieve: {bm25: {top_k: 3}}
  generate: {sentence: {passages: [1, 3]}}
search: {strategy: grid}
"""
MODULE = """
def length(question, answer, passages, references):
    return len(answer.split())


def slips(question, answer, passages, references):
    if BROKEN:
        raise RuntimeError("out of order")
    return 0.25 * len(passages)


BROKEN = False
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Questions, documents, and a module of the user's beside them."""
    write_space(tmp_path)
    (tmp_path / "my_scores.py").write_text(MODULE)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "my_scores", raising=False)
    return tmp_path


def explored(folder: Path, measures: str, objectives: str) -> Results:
    text = f"{SPACE}measures: {measures}\nobjectives: {objectives}\n"
    return explore_text(folder, folder / "study", text)


def test_other_settings_score_anew_from_the_ledger(folder: Path) -> None:
    """Every pipeline, on the questions of both splits, at no call; what is stored says which settings it is of."""
    objectives = "{close: maximize, latency_p95: minimize}"
    before = explored(folder, "{close: rouge_l}", objectives)
    after = explored(folder, "{close: {rouge_l: {beta: 0}}}", objectives)
    assert after.provenance.calls_made == before.provenance.calls_made
    for results, measure in ((before, RougeL()), (after, RougeL(beta=0))):
        evaluations = (*results.explored, *results.confirmed)
        assert {evaluation.scored_by["close"] for evaluation in evaluations} == {measure.key}
    assert [each.pipeline for each in after.explored] == [each.pipeline for each in before.explored]
    for earlier, later in zip(before.explored, after.explored, strict=True):
        assert later.scores["close"] != earlier.scores["close"]
        assert later.scores["answer_f1"] == earlier.scores["answer_f1"]


def test_the_same_settings_are_not_scored_again(folder: Path) -> None:
    """However they are written."""
    before = explored(folder, "{close: rouge_l}", "{close: maximize}")
    after = explored(folder, "{close: {rouge_l: {beta: 1.0}}}", "{close: maximize}")
    assert (after.explored, after.confirmed) == (before.explored, before.confirmed)


def test_scores_of_other_settings_are_not_shown_under_the_name(folder: Path) -> None:
    """Where the exploration that was to replace them was cut short."""
    explored(folder, "{close: rouge_l}", "{close: maximize, answer_f1: maximize}")
    study = StudyFolder(folder / "study")
    study.save(study.manifest().model_copy(update={"scored_by": {"close": "other"}}))
    for evaluation in (*study.results().explored, *study.results().confirmed):
        assert "close" not in evaluation.scores
        assert "answer_f1" in evaluation.scores


def test_a_study_from_before_there_were_such_measures_is_read(folder: Path) -> None:
    """Its scores are of measures without settings, and hold."""
    before = explored(folder, "{close: rouge_l}", "{answer_f1: maximize}")
    assert {tuple(evaluation.scored_by) for evaluation in before.explored} == {()}
    study = StudyFolder(folder / "study")
    manifest = study.manifest()
    assert manifest.scored_by == {}
    written = (folder / "study" / "study.json").read_text()
    (folder / "study" / "study.json").write_text(written.replace('"scored_by": {},', ""))
    assert "scored_by" not in (folder / "study" / "study.json").read_text()
    assert (study.manifest(), study.results().explored) == (manifest, before.explored)


def test_less_may_be_better(folder: Path) -> None:
    """Unless an objective says otherwise, the direction is the measure's; scores are shares of its range."""
    measures = (
        '{slips: {path: "my_scores:slips", direction: minimize}, length: {path: "my_scores:length", range: [0, 60]}}'
    )
    results = explored(folder, measures, "{slips: , length: }")
    assert results.goals.maximize == (False, True)
    assert {score for evaluation in results.explored for score in evaluation.scores["slips"]} == {0.75}
    assert {score for evaluation in results.explored for score in evaluation.scores["length"]} == {0.5}
    assert conclude(results).frontier


def test_a_function_that_is_not_there_costs_no_call(folder: Path) -> None:
    """It is looked for before anything is asked of a pipeline."""
    with pytest.raises(MeasureError, match="the module 'my_scores' has no 'slip'"):
        explored(folder, '{slips: {path: "my_scores:slip"}}', "{slips: }")
    assert not (folder / "study").exists()


def test_an_embedder_behind_a_server_is_asked_once_for_each_text(folder: Path) -> None:
    """Through the ledger, apart from what the pipelines cost; the scores are those of the same model here."""
    with completion_server() as server:
        embedder = f"{{openai_embeddings: {{model: minilm, base_url: {server.url!r}}}}}"
        served = f"{{close: {{semantic_similarity: {{embedder: {embedder}}}}}}}"
        results = explored(folder, served, "{close: maximize}")
        sent = [tuple(body["input"]) for body in server.bodies]
        assert len(set(sent)) == len(sent) > 0
        assert explored(folder, served, "{close: maximize}").explored == results.explored
        assert len(server.bodies) == len(sent)
    here = explored(folder, "{close: semantic_similarity}", "{close: maximize}")
    for far, near in zip(results.explored, here.explored, strict=True):
        assert far.scores["close"] == pytest.approx(near.scores["close"], abs=1e-5)
        assert far.judging["close"].calls > 0


def test_a_function_that_raises_ends_the_run_and_loses_no_call(folder: Path) -> None:
    """The question is named; once it is mended, the same command makes no call again."""
    module = import_module("my_scores")
    module.BROKEN = True  # type: ignore[attr-defined]  # the user's module, which the fixture writes
    written = '{slips: {path: "my_scores:slips", direction: minimize}}'
    with pytest.raises(
        MeasureError, match=r"slips, my_scores:slips, raised RuntimeError: out of order. .*question 'q\d+'"
    ):
        explored(folder, written, "{slips: }")
    made = len(StudyFolder(folder / "study").ledger)
    assert made > 0
    module.BROKEN = False  # type: ignore[attr-defined]
    results = explored(folder, written, "{slips: }")
    assert len(StudyFolder(folder / "study").ledger) == made + results.provenance.calls_made
    assert all(score == 0.75 for evaluation in results.explored for score in evaluation.scores["slips"])
