"""What a prompt asks for reaches the answer: citations are taken off it, and a model that may decline abstains."""

from __future__ import annotations

import pytest

from tradespace.components.base import answer_of
from tradespace.components.corpus import Corpus
from tradespace.components.llms.openai import OpenAI
from tradespace.components.prompts.base import PromptTemplate
from tradespace.components.prompts.presets import Cautious, Cited
from tradespace.components.prompts.standard import STANDARD, Standard
from tradespace.components.prompts.tasks import NOTE
from tradespace.components.readers.llm import LLMReader, ModelReader
from tradespace.components.readers.map_reduce import MapReduce
from tradespace.components.readers.map_rerank import MapRerank
from tradespace.components.readers.refine import Refine
from tradespace.components.rerankers.summarize import Summarize
from tradespace.components.retrievers import RETRIEVERS
from tradespace.components.retrievers.asking import ModelGuidedRetriever
from tradespace.components.retrievers.ircot import IRCoT
from tradespace.components.strategies import STRATEGIES
from tradespace.components.strategies.base import Strategy
from tradespace.components.strategies.cot import ChainOfThought
from tradespace.components.strategies.cot_at_k import ChainOfThoughtAtK
from tradespace.components.strategies.direct import Direct
from tradespace.components.strategies.few_shot import FewShot
from tradespace.components.strategies.self_refine import SelfRefine
from tradespace.testing.running import run_one
from tradespace.testing.scripted import Scripted
from tradespace.testing.strategy_contract import HATS
from tradespace.types import Answer


def answer(corpus: Corpus, strategy: Strategy, prompt: PromptTemplate, *replies: str) -> Answer:
    """What a strategy comes to where the model says this, one reply after the other."""
    script = {"direct": replies, "think": replies, "judge": ("answer: yes",)}
    return answer_of(run_one(LLMReader(model=Scripted(script=script), strategy=strategy, prompt=prompt), corpus, HATS))


@pytest.mark.parametrize(
    "strategy", [Direct(), ChainOfThought(), FewShot(think=True), SelfRefine()], ids=lambda one: one.name
)
def test_an_answer_is_from_the_passage_that_it_cites(corpus: Corpus, strategy: Strategy) -> None:
    """The citation is taken off the answer, and names its passage."""
    said = answer(corpus, strategy, Cited(), "Ada has 3 [1]. answer: Bob [2].")
    assert (said.text, said.passage_id) == ("Bob", HATS.passages[1].id)


def test_citations_are_of_passages_as_they_were_shown(corpus: Corpus) -> None:
    """In another order, another passage has the number."""
    said = answer(corpus, Direct(), Cited(order="best_last"), "Bob [2]")
    assert said.passage_id == HATS.passages[0].id


def test_answers_that_cite_differently_are_one_answer(corpus: Corpus) -> None:
    """A vote counts what was said, not where it was found."""
    said = answer(corpus, ChainOfThoughtAtK(k=3), Cited(), "answer: Bob [1]", "answer: Bob [2]", "answer: Ada")
    assert (said.text, said.confidence) == ("Bob", pytest.approx(2 / 3))


def test_brackets_that_were_not_asked_for_stay(corpus: Corpus) -> None:
    """They are what the model says."""
    assert answer(corpus, Direct(), STANDARD, "item [2]").text == "item [2]"


@pytest.mark.parametrize("reply", ["unknown", "Unknown.", "I see nothing of it. answer: unknown [1]"])
def test_a_model_that_may_decline_abstains(corpus: Corpus, reply: str) -> None:
    """Its answer is empty, as where a vote comes to none; where it may not decline, the word is its answer."""
    assert answer(corpus, Direct(), Cautious(cite=True), reply).text == ""
    assert answer(corpus, Direct(), STANDARD, "unknown").text == "unknown"


def test_who_declines_has_no_vote(corpus: Corpus) -> None:
    """But keeps the confidence of the others down."""
    said = answer(corpus, ChainOfThoughtAtK(k=3), Cautious(), "answer: unknown", "answer: unknown", "answer: Bob")
    assert (said.text, said.confidence) == ("Bob", pytest.approx(1 / 3))


@pytest.mark.parametrize(
    "asking",
    [
        *(LLMReader(strategy=strategy()) for strategy in STRATEGIES),
        *(reader() for reader in (MapRerank, MapReduce, Refine)),
        *(retriever() for retriever in RETRIEVERS if issubclass(retriever, ModelGuidedRetriever)),
    ],
    ids=str,
)
def test_whatever_asks_a_model_tells_it_what_the_prompt_says(asking: ModelReader | ModelGuidedRetriever) -> None:
    """Strategies, readers and retrievers: all take one, and their first calls show it."""
    told = asking.with_settings(model=OpenAI(model="any"), prompt=Standard(system="You know hats."))
    process = told.process(HATS)
    calls = next(process)
    if isinstance(told, IRCoT):  # searches first
        calls = process.send([()])
    assert all(call.request.messages[0].content.startswith("You know hats.\n\n") for call in calls)


def test_an_instruction_says_how_passages_are_shortened() -> None:
    """Where notes are what is asked for, and not where they are help on the way."""
    mine = Standard(instruction="Copy what matters.")
    model = OpenAI(model="any")
    summarized = next(Summarize(model=model, prompt=mine).process(HATS))
    noted = next(MapReduce(model=model, prompt=mine).process(HATS))
    assert {call.request.messages[0].content for call in summarized} == {"Copy what matters."}
    assert {call.request.messages[0].content for call in noted} == {NOTE.text}
    unchanged = next(Summarize(model=model).process(HATS))
    assert [call.request for call in unchanged] == [call.request for call in noted]
