"""Scores of questions that stream by are those of all questions at once."""

from __future__ import annotations

from typing import ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.explorer.conftest import DOCUMENTS, QUESTIONS, Fragile, LastWord, Overlap
from tests.explorer.running.test_runner import pipelines
from tradespace.components.base import Operator, Pipeline
from tradespace.components.calls.replies import heard
from tradespace.components.corpus import Corpus
from tradespace.components.llms.base import LanguageModel
from tradespace.components.readers.llm import LLMReader
from tradespace.components.retrievers.langchain import LangChainRetriever
from tradespace.components.strategies.cot import ChainOfThought
from tradespace.evals.measures import MEASURES, measure
from tradespace.evals.table import score_table
from tradespace.explorer.results import Replies
from tradespace.explorer.running import runner
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.runner import run, stream
from tradespace.explorer.running.scoring import ScoreSheet
from tradespace.explorer.storage.databases import open_ledger
from tradespace.types import Completion, NoAnswer, Prompt, Question

ASKED = tuple(
    Question(str(place), text, answers=(answer,), gold=(DOCUMENTS[place].id,))
    for place, (text, answer) in enumerate(zip(QUESTIONS, ("mat", "cat", "cheese", "honey"), strict=True))
)


@pytest.fixture
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "QUESTIONS_AT_ONCE", (1, 3))


@pytest.mark.usefixtures("_small_blocks")
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=st.lists(st.one_of(pipelines, st.just(Overlap() >> Fragile())), min_size=1, max_size=6, unique=True))
def test_streamed_scores_equal_those_of_all_questions_at_once(chosen: list[Pipeline], tmp_path_factory) -> None:
    """Blocks, and scoring equal answers once, change no score; failures keep their places."""
    folder = tmp_path_factory.mktemp("scoring")
    recorded_calls = RecordedCalls(OpenedComponents(DOCUMENTS, folder / "artefacts"), open_ledger("memory://"))
    sheet = ScoreSheet(MEASURES, ASKED)
    blocks = list(stream(recorded_calls, chosen, QUESTIONS))
    assert len(blocks) > 1
    for block in blocks:
        sheet.add(block)
    for pipeline, traces in run(recorded_calls, chosen, QUESTIONS).items():
        rankings = [None if trace.failure else trace.ranking for trace in traces]
        failed = [place for place, trace in enumerate(traces) if trace.failure]
        table = score_table(MEASURES, ASKED, rankings, [trace.answer for trace in traces], failed)
        assert sheet.scores(pipeline) == {name: row for name, row in table.items() if any(v is not None for v in row)}
        assert list(sheet.failures[pipeline]) == failed


def test_a_measure_without_a_value_is_left_out(recorded_calls: RecordedCalls) -> None:
    """Questions without gold documents have no reciprocal rank."""
    asked = [Question("1", QUESTIONS[0], answers=("mat",))]
    sheet = ScoreSheet(MEASURES, asked)
    pipeline = Overlap() >> LastWord()
    for block in stream(recorded_calls, [pipeline], [asked[0].text]):
        sheet.add(block)
    assert "mrr" not in sheet.scores(pipeline)
    assert "answer_contained" in sheet.scores(pipeline)


def test_pipelines_that_answer_alike_have_one_digest(recorded_calls: RecordedCalls) -> None:
    """Of what they answered, in however many blocks, or found where nothing answers; a failure is an answer too."""
    alike = [Overlap(top_k=1) >> LastWord(passages=2), Overlap(top_k=3) >> LastWord(passages=1)]
    others = [Overlap(top_k=3) >> LastWord(passages=2), Overlap(top_k=1) >> Fragile(), Pipeline((Overlap(top_k=1),))]
    sheet = ScoreSheet(MEASURES, ASKED)
    for block in stream(recorded_calls, [*alike, *others], QUESTIONS):
        sheet.add(block)
    assert sheet.answers[alike[0]] == sheet.answers[alike[1]]
    assert len({sheet.answers[pipeline] for pipeline in [*alike, *others]}) == 4


class Wordy(LanguageModel):
    """Thinks until it is cut off, or says nothing at all, or that it does not know."""

    name: ClassVar[str] = "wordy"

    def open(self, corpus: Corpus) -> Operator:
        def reply(prompt: Prompt) -> Completion | NoAnswer:
            asked = prompt.messages[-1].content
            if "mouse" in asked:
                return heard(prompt, Completion("", 3, 0))
            if "bee" in asked:
                return heard(prompt, Completion("answer:", 3, 2))
            return heard(prompt, Completion("Let me think.", 3, 40, "length"))

        return lambda prompts: [reply(prompt) for prompt in prompts]


def test_what_models_replied_is_counted(recorded_calls: RecordedCalls) -> None:
    """A chain that was cut off before its answer is no abstention; who has none to give may say so."""
    asked = [Question(str(place), text, answers=("",)) for place, text in enumerate(QUESTIONS)]
    pipeline = Overlap() >> LLMReader(model=Wordy(), strategy=ChainOfThought(), passages=1)
    sheet = ScoreSheet(MEASURES, asked)
    for block in stream(recorded_calls, [pipeline], QUESTIONS):
        sheet.add(block)
    assert sheet.replies[pipeline] == Replies(read=3, cut_off=2, no_answer=1)
    assert sheet.failures[pipeline] == {2: "generate: the reply is empty"}
    assert sheet.scores(pipeline)["answer_em"] == (0.0, 0.0, 0.0, 1.0)


def test_passages_of_no_known_document_are_counted(recorded_calls: RecordedCalls) -> None:
    """What a LangChain retriever finds elsewhere is counted, question by question; what it names is not."""
    path = "tradespace.testing.langchain_classes.FixedRetriever"
    known = recorded_calls.opened_components.documents[0].text
    elsewhere = Pipeline((LangChainRetriever(path=path, arguments={"texts": ["Unheard of.", known, "Nor this."]}),))
    here = Pipeline((LangChainRetriever(path=path, arguments={"texts": [known]}),))
    questions = [
        Question(str(place), text, gold=(recorded_calls.opened_components.documents[0].id,))
        for place, text in enumerate("ab")
    ]
    sheet = ScoreSheet([measure("gold_recall@1"), measure("gold_recall@3")], questions)
    for block in stream(recorded_calls, [elsewhere, here], [question.text for question in questions]):
        sheet.add(block)
    assert (sheet.unmatched[elsewhere], sheet.unmatched[here]) == (4, 0)
    assert sheet.scores(elsewhere) == {"gold_recall@1": (0.0, 0.0), "gold_recall@3": (1.0, 1.0)}
    assert sheet.scores(here)["gold_recall@1"] == (1.0, 1.0)
