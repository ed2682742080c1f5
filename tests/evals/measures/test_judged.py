"""Judged measures: what a judge is asked, and what its verdicts come to."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import pytest
from pydantic import ValidationError

from tradespace.components.base import Call
from tradespace.components.llms import OpenAI, Replay, SmolLM2, TinyReasoner
from tradespace.components.processes import Running
from tradespace.errors import ComponentError
from tradespace.evals.measures.base import Measure
from tradespace.evals.measures.calling import CallingMeasure, Scoring
from tradespace.evals.measures.judge import UNANSWERABLE, VERDICT_MANNER, JudgedMeasure
from tradespace.evals.measures.judged_correct import JudgedCorrect
from tradespace.evals.measures.judged_faithful import CLAIMS_MANNER, JudgedFaithful
from tradespace.evals.measures.judged_relevant import JudgedRelevant
from tradespace.evals.table import score_table
from tradespace.testing.configured_measure_contract import ConfiguredMeasureContract
from tradespace.testing.measure_contract import MeasureContract, a_ranking
from tradespace.testing.word_judge import WordJudge
from tradespace.types import Answer, Message, NoAnswer, Outcome, Passage, Prompt, Question, Ranking, ScoredPassage

KINDS: tuple[type[JudgedMeasure], ...] = (JudgedCorrect, JudgedFaithful, JudgedRelevant)
QUESTION = Question("q", "Who led the Normans?", ("Rollo", "Count Rollo"))
FOUND: Ranking = tuple(
    ScoredPassage(Passage(name, name, text), 1.0)
    for name, text in (("a", "Rollo led them."), ("b", "He was a Dane."), ("c", "Bees make honey."))
)


def judged(
    measure: CallingMeasure, answer: str, ranking: Ranking = FOUND, question: Question = QUESTION
) -> tuple[Scoring, list[Call]]:
    """What a measure makes of an answer, and the calls that it made."""
    running: Running[Outcome, Scoring] = Running(measure.process(question, ranking, Answer(answer, 0.0)))
    made: list[Call] = []
    while not running.ended:
        made += running.calls
        replies = [call.component.open(None)([call.request])[0] for call in running.calls]
        running.resume(replies)
    return running.outcome, made


def shown(call: Call) -> str:
    """What a judge is shown."""
    assert isinstance(call.request, Prompt)
    return call.request.messages[-1].content


@pytest.mark.parametrize("component", [kind(model=SmolLM2()) for kind in KINDS], ids=str)
class TestKinds(ConfiguredMeasureContract):
    """The contract, with a model that runs here."""


@pytest.mark.parametrize(
    "component",
    [
        JudgedCorrect(model=OpenAI(model="m"), judgements=3, combine="mean", temperature=0.2, seed=7),
        JudgedCorrect(model=Replay(), instruction="Is it right?", prompt="{{ answer }}"),
        JudgedFaithful(model=OpenAI(model="m"), passages=3, most_claims=5, max_tokens=64),
    ],
    ids=str,
)
class TestSettings(ConfiguredMeasureContract):
    """The contract, with models behind servers and in recordings."""


@pytest.mark.parametrize("measure", [kind(model=WordJudge()).measure(kind.name) for kind in KINDS], ids=str)
class TestJudged(MeasureContract):
    """The contract of all measures, whose calls are made directly here."""

    answers: ClassVar[dict[str, str]] = {"judged_relevant": "Rollo led the Normans", "judged_faithful": "text"}

    def best(self, measure: Measure) -> Answer:
        return Answer(self.answers.get(measure.name, "It was Rollo."), 0.0)


def test_a_judge_is_shown_question_references_and_answer() -> None:
    """And told what to say yes or no to, and how."""
    scoring, (call,) = judged(JudgedCorrect(model=WordJudge()).measure("m"), "It was Rollo.")
    assert scoring == Scoring(1.0, "the judge says yes: 'Word by word. verdict: yes'", judgements=1)
    assert isinstance(call.request, Prompt)
    system, user = call.request.messages
    assert system == Message("system", f"{JudgedCorrect(model=WordJudge()).instruction} {VERDICT_MANNER}")
    assert user.content == (
        "Question: Who led the Normans?\n\nReference answer: Rollo\nReference answer: Count Rollo\n\n"
        "Answer to be judged: It was Rollo."
    )


def test_an_empty_answer_is_not_judged() -> None:
    """It is right where an accepted answer is empty, and wrong elsewhere; it has no claims that could be false."""
    declining = replace(QUESTION, answers=("",))
    for kind in (JudgedCorrect, JudgedRelevant):
        measure = kind(model=WordJudge()).measure("m")
        assert [judged(measure, " ", question=each)[0].score for each in (QUESTION, declining)] == [0.0, 1.0]
        assert judged(measure, " ")[1] == []
    assert judged(JudgedFaithful(model=WordJudge()).measure("m"), "") == (
        Scoring(None, "the answer claims nothing"),
        [],
    )


def test_an_answer_to_what_cannot_be_answered_is_judged_as_such() -> None:
    """The judge is told that declining is right, however it is worded."""
    _, (call,) = judged(
        JudgedCorrect(model=WordJudge()).measure("m"), "Rollo", question=replace(QUESTION, answers=("",))
    )
    assert f"Reference answer: {UNANSWERABLE}" in shown(call)


def test_each_claim_is_judged_by_the_passages() -> None:
    """The share that is supported; the others are named. All claims are judged in one round."""
    measure = JudgedFaithful(model=WordJudge(), passages=2).measure("m")
    scoring, (listing, *claims) = judged(measure, "Rollo led them. Bees make honey. He was a Dane.")
    assert scoring.score == pytest.approx(2 / 3)
    assert scoring.reason == "2 of 3 claims are supported; not supported: 'Bees make honey.'"
    assert (scoring.judgements, scoring.unread) == (4, 0)
    assert shown(listing) == "Question: Who led the Normans?\n\nAnswer: Rollo led them. Bees make honey. He was a Dane."
    assert [shown(call) for call in claims] == [
        f"[1] Rollo led them.\n\n[2] He was a Dane.\n\nClaim to be judged: {claim}"
        for claim in ("Rollo led them.", "Bees make honey.", "He was a Dane.")
    ]


def test_without_passages_nothing_is_supported() -> None:
    """A pipeline that found nothing made its answer up: no judge is asked."""
    scoring, made = judged(JudgedFaithful(model=WordJudge()).measure("m"), "Rollo led them.", ())
    assert (scoring.score, made) == (0.0, [])


def test_no_more_claims_are_judged_than_wanted() -> None:
    """An answer that goes on and on costs no more than that; that some were left out is said."""
    measure = JudgedFaithful(model=WordJudge(), most_claims=2).measure("m")
    scoring, made = judged(measure, "Rollo led them. He was a Dane. Bees make honey.")
    assert (scoring.score, len(made)) == (1.0, 3)
    assert scoring.reason == "2 of 2 claims are supported, of 3 that it makes"


def test_a_claim_whose_verdict_cannot_be_read_is_left_out() -> None:
    """It is counted, and neither supported nor not; where there is no other, the score is missing."""
    measure = JudgedFaithful(model=WordJudge(prose_on="judged: He")).measure("m")
    scoring, _ = judged(measure, "Rollo led them. He was a Dane.")
    assert (scoring.score, scoring.judgements, scoring.unread) == (1.0, 3, 1)
    alone, _ = judged(measure, "He was a Dane.")
    assert (alone.score, alone.unread) == (None, 1)
    assert "no verdict can be read" in alone.reason


def test_claims_in_prose_have_no_score() -> None:
    """A list that is none leaves nothing to judge."""
    scoring, made = judged(JudgedFaithful(model=WordJudge(prose_on="Answer: ")).measure("m"), "Rollo led them.")
    assert (scoring.score, scoring.judgements, scoring.unread, len(made)) == (None, 1, 1, 1)
    assert scoring.reason == "no claims can be read in what the judge replied: 'Well, that depends.'"


@pytest.mark.parametrize("kind", KINDS)
def test_several_judgements_are_samples_of_one_prompt(kind: type[JudgedMeasure]) -> None:
    """Drawn at a temperature, so that they may differ; one alone is greedy. Who is outvoted is counted."""
    one, several = (kind(model=WordJudge(contrary=3), judgements=count, seed=5) for count in (1, 3))
    scoring, made = judged(several.measure("m"), "Rollo led them.")
    verdicts = [call.request for call in made if call.request.sample or call.request.temperature]
    assert [prompt.sample for prompt in verdicts if isinstance(prompt, Prompt)] == [0, 1, 2]
    assert {(prompt.temperature, prompt.seed) for prompt in verdicts if isinstance(prompt, Prompt)} == {(0.7, 5)}
    assert (scoring.score, scoring.compared, scoring.outvoted) == (1.0, 3, 1)
    assert all(call.request.temperature == 0 for call in judged(one.measure("m"), "Rollo.")[1])
    mean = several.with_settings(combine="mean").measure("m")
    assert judged(mean, "Rollo led them.")[0].score == pytest.approx(2 / 3)


def test_a_reply_that_is_no_answer_cannot_be_read() -> None:
    """A refusal was paid for, and says nothing about the answer."""

    class Refusing(WordJudge):
        """Refuses."""

        name: ClassVar[str] = "refusing"

        def _reply(self, prompt: Prompt) -> NoAnswer:
            return NoAnswer("the model refuses to answer", reply=super()._reply(prompt))

    measure = JudgedCorrect(model=Refusing()).measure("m")
    assert measure.score([QUESTION], [FOUND], [Answer("Rollo", 0.0)]) == [None]


def test_a_judge_without_a_ledger_that_fails_says_so() -> None:
    """Who scores directly has nowhere to note it."""
    measure = JudgedCorrect(model=WordJudge(fail_on="Rollo")).measure("m")
    with pytest.raises(ComponentError, match="the line is dead"):
        measure.score([QUESTION], [FOUND], [Answer("Rollo", 0.0)])


def test_judged_scores_stand_in_a_table_of_scores() -> None:
    """A question that failed scores 0, and so does one whose answer was cut off: neither is judged."""
    measures = [kind(model=WordJudge(fail_on="q")).measure(kind.name) for kind in KINDS]
    answers = [None, Answer("", 0.0)]
    table = score_table(measures, [QUESTION] * 2, [None, a_ranking("d")], answers, failed=[0], unfinished=[1])
    assert table == {kind.name: (0.0, 0.0) for kind in KINDS}


@pytest.mark.parametrize(
    "other",
    [
        JudgedCorrect(model=OpenAI(model="n")),
        JudgedCorrect(model=OpenAI(model="m"), instruction="Is it?"),
        JudgedCorrect(model=OpenAI(model="m"), prompt="{{ question }} {{ answer }}"),
        JudgedCorrect(model=OpenAI(model="m"), judgements=3),
        JudgedCorrect(model=OpenAI(model="m"), seed=1),
        JudgedRelevant(model=OpenAI(model="m")),
    ],
    ids=str,
)
def test_another_judge_is_another_measure(other: JudgedMeasure) -> None:
    """Its model, its words and how it is asked are part of its key; how patiently a server is asked is not."""
    judge = JudgedCorrect(model=OpenAI(model="m"))
    assert other.key != judge.key
    assert JudgedCorrect(model=OpenAI(model="m", attempts=9)).key == judge.key


def test_another_version_of_a_judge_has_another_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Raised when equal settings begin to give other scores."""
    before = JudgedCorrect(model=Replay()).key
    monkeypatch.setattr(JudgedCorrect, "version", 2)
    assert JudgedCorrect(model=Replay()).key != before


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"model": TinyReasoner()}, "model must follow instructions; tiny_reasoner()"),
        ({"judgements": 3, "temperature": 0.0}, "temperature must be above 0 where there are several judgements"),
        ({"prompt": "{{ question }}"}, "prompt must hold {{ answer }}, or the judge never sees it"),
        ({"prompt": "{{ answer }} {{ references[7] }}"}, "prompt: line 1"),
        ({"prompt": "{{ anwser }}"}, "prompt: line 1: 'anwser' is not known; did you mean 'answer'?"),
        ({"prompt": "{{ answer }} {{ passages }}"}, "'passages' is not known"),
        ({"judgements": 0}, "greater than or equal to 1"),
    ],
)
def test_a_judge_that_could_not_judge_is_refused(settings: dict[str, object], expected: str) -> None:
    """When it is made, in words that say what to do."""
    with pytest.raises(ValidationError) as refused:
        JudgedCorrect(**({"model": WordJudge()} | settings))
    assert expected in str(refused.value)


def test_what_is_told_of_lists_is_told_whatever_is_asked() -> None:
    """Words of one's own take the place of what is wanted, not of how it is written."""
    judge = JudgedFaithful(model=WordJudge(), instruction="Is it so?", claims_instruction="What is said?")
    _, (listing, claim) = judged(judge.measure("m"), "Rollo led them.")
    systems = [call.request.messages[0].content for call in (listing, claim)]
    assert systems == [f"What is said? {CLAIMS_MANNER}", f"Is it so? {VERDICT_MANNER}"]
