"""An agent uses tools until it knows, or until it may no longer; whatever its model writes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tradespace.components.base import Call, answer_of
from tradespace.components.corpus import Corpus
from tradespace.components.direct import call_together
from tradespace.components.llms.openai import OpenAI
from tradespace.components.processes import drive
from tradespace.components.readers.agent import Agent
from tradespace.components.readers.llm import LLMReader
from tradespace.components.retrievers.bm25 import BM25
from tradespace.components.store import ArtefactStore
from tradespace.components.tools.base import Tool
from tradespace.components.tools.calculator import Calculator
from tradespace.components.tools.look_up import LookUp
from tradespace.components.tools.python import Python
from tradespace.components.tools.search import SearchTool
from tradespace.explorer.running.runner import run
from tradespace.testing.completion_server import CompletionServer, completion_server, scripted_reply
from tradespace.testing.running import run_one
from tradespace.testing.scripted import Scripted
from tradespace.testing.strategy_contract import HATS, PASSAGES, answers, caller_in, follow, small_world
from tradespace.types import Outcome, Passage, Prompt, Request, ToolCall

NUMBERS = count()
TOOLS: tuple[Tool, ...] = (SearchTool(passages=1), LookUp(), Calculator(), Python())
SEARCH, SUM, WRONG = "Action: search[Ada hats]", "Action: calculator[3 + 4]", "Action: browse[hats]"
CODE = "Action: python[print(sum([3, 4]))]"


@pytest.fixture
def hats(tmp_path: Path) -> Corpus:
    """What is searched: the passages that the question can be answered from."""
    return Corpus(PASSAGES, ArtefactStore(tmp_path))


def agent(*replies: str, direct: str = "seven", tools: tuple[Tool, ...] = TOOLS, **more: Any) -> Agent:
    """An agent whose model says these things in turn, and another where it is asked directly."""
    return Agent(model=Scripted(script={"think": replies, "direct": (direct,)}), tools=tools, **more)


def prompts(reader: Agent, corpus: Corpus) -> list[Prompt]:
    """What the model is given, in turn."""
    given: list[Prompt] = []

    def answer(calls: Sequence[Call]) -> list[Outcome]:
        given.extend(call.request for call in calls if isinstance(call.request, Prompt))
        return call_together(calls, cache(lambda part: part.open(corpus)))

    drive(reader.process(HATS), answer)
    return given


@pytest.mark.parametrize(
    ("replies", "more", "calls", "text"),
    [
        (["answer: 7"], {}, [1], "7"),
        ([SEARCH, "answer: 7"], {}, [1, 1, 1], "7"),
        ([SEARCH, SUM, CODE, "answer: 7"], {}, [1, 1, 1, 1, 1, 1, 1], "7"),
        ([SEARCH, SUM, "answer: 7"], {"steps": 2}, [1, 1, 1, 1, 1], "seven"),
        ([SEARCH, SUM, "answer: 7"], {"steps": 2, "at_limit": "abstain"}, [1, 1, 1, 1], ""),
        ([WRONG, "answer: 7"], {}, [1, 1], "7"),
        ([WRONG, SUM, "answer: 7"], {}, [1, 1, 1, 1], "7"),
        ([WRONG, WRONG, "answer: 7"], {}, [1, 1, 1], "seven"),
        ([WRONG, SUM, WRONG, "answer: 7"], {}, [1, 1, 1, 1, 1], "seven"),
        ([SUM, SUM, "answer: 7"], {}, [1, 1, 1, 1], "7"),
        ([SUM, SUM, SUM, "answer: 7"], {}, [1, 1, 1, 1, 1], "seven"),
        (["", "answer:", "answer: 7"], {}, [1, 1, 1], "seven"),
        (["I think so.", "", "answer: 7"], {"at_limit": "abstain"}, [1, 1], ""),
    ],
    ids=str,
)
def test_rounds_calls_and_answers_are_as_written_here(
    hats: Corpus, replies: list[str], more: dict[str, Any], calls: list[int], text: str
) -> None:
    """One number for each round. Every reply and every use of a tool is a call; a fault is none; two end the loop."""
    made, answer = follow(agent(*replies, **more).process(HATS), hats)
    assert (made, answer.text) == (calls, text)


def test_the_model_is_told_what_tools_found(hats: Corpus) -> None:
    """Behind its own words, without what it made up."""
    reply = f"Thought: who has hats?\n{SEARCH}\nObservation: nobody"
    first, second = prompts(agent(reply, "answer: 7"), hats)
    assert first.stop == second.stop == ("Observation:",)
    assert second.messages[: len(first.messages)] == first.messages
    said, told = second.messages[len(first.messages) :]
    assert (said.role, said.content) == ("assistant", f"Thought: who has hats?\n{SEARCH}")
    assert (told.role, told.content) == ("user", "Observation: Ada has 3 hats.")


@pytest.mark.parametrize(
    ("replies", "told"),
    [
        ([WRONG], "there is no tool called 'browse'"),
        ([SUM, SUM], "calculator was used on this before"),
        (["Seven."], "to use a tool, write a line"),
    ],
)
def test_a_fault_is_shown_to_the_model(hats: Corpus, replies: list[str], told: str) -> None:
    """Once, with what to do instead."""
    last = prompts(agent(*replies, "answer: 7"), hats)[-1]
    assert told in last.messages[-1].content
    assert last.messages[-2].content == replies[-1]


def test_at_the_limit_everything_found_is_read(hats: Corpus) -> None:
    """The passages that it began with, those that a search found, and what was worked out: asked directly."""
    reader = agent("Action: search[Bob]", SUM, steps=2, passages=1)
    last = prompts(reader, hats)[-1]
    found = (*PASSAGES, Passage("foreign#calculator: 3 + 4", "foreign#calculator", "3 + 4\n= 7"))
    (call,) = next(LLMReader(model=reader.model, passages=20).process(Request(HATS.question, found)))
    assert last == call.request


def test_it_may_begin_with_nothing(hats: Corpus) -> None:
    """And then searches for itself."""
    first, *_ = prompts(agent("answer: 7", passages=0), hats)
    assert all(passage.text not in message.content for passage in PASSAGES for message in first.messages)


def test_searches_are_shared_with_the_pipeline_around(tmp_path: Path) -> None:
    """What its stage `retrieve` has found for a question is not searched again by the agent."""
    recorded_calls, question = caller_in(tmp_path), small_world().questions[0].text
    run(recorded_calls, [BM25(top_k=3) >> agent("answer: 7")], [question])
    made = recorded_calls.budget.made
    pipeline = BM25(top_k=3) >> agent(f"Action: search[{question}]", "answer: 7")
    assert answers(run(recorded_calls, [pipeline], [question])[pipeline])[0].text == "7"
    assert recorded_calls.budget.made == made + 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(
    st.lists(
        st.text(max_size=40)
        | st.sampled_from([SEARCH, SUM, WRONG, "answer: ", "Action: look_up[0]", "Action: calculator[9**9**9]"]),
        min_size=1,
        max_size=5,
    ),
    st.integers(1, 4),
)
def test_whatever_a_model_writes_the_loop_ends(hats: Corpus, replies: list[str], steps: int) -> None:
    """With an answer, after at most so many replies and one more."""
    reader = agent(*replies, tools=TOOLS[:3], steps=steps)
    made, answer = follow(reader.process(HATS), hats)
    assert sum(made) <= 2 * steps + 1
    assert answer.confidence is None or 0 <= answer.confidence <= 1


@pytest.fixture(scope="module")
def server() -> Any:
    """A server that says what it is told to say."""
    with completion_server() as served:
        yield served


def native(server: CompletionServer, *replies: Any, **more: Any) -> Agent:
    """An agent whose model is at a server, which replies so: texts, or tuples of tool calls."""
    server.forget()
    server.faults.extend(
        scripted_reply(reply) if isinstance(reply, str) else scripted_reply("", *reply) for reply in replies
    )
    model = OpenAI(model=f"agent-{next(NUMBERS)}", base_url=server.url, attempts=1)
    return Agent(model=model, tools=TOOLS, protocol="native", **more)


HATS_OF_ADA, HATS_OF_BOB = (ToolCall("search", json.dumps({"query": f"{name} hats"})) for name in ("Ada", "Bob"))
ADDED = ToolCall("calculator", '{"expression": "3 + 4"}')


def test_native_calls_of_one_reply_are_made_side_by_side(server: CompletionServer, hats: Corpus) -> None:
    """And each is answered in its place, until the model says the answer."""
    reader = native(server, (HATS_OF_ADA, HATS_OF_BOB), (ADDED,), "They have 7. answer: 7")
    made, answer = follow(reader.process(HATS), hats)
    assert (made, answer.text) == ([1, 2, 1, 1, 1], "7")
    declared = [tool["function"]["name"] for tool in server.bodies[0]["tools"]]
    assert declared == ["search", "look_up", "calculator", "python"]
    *_, asked, first, second, asked_again, third = server.bodies[-1]["messages"]
    assert [first["content"], second["content"], third["content"]] == ["Ada has 3 hats.", "Bob has 4 hats.", "7"]
    calls = [*asked["tool_calls"], *asked_again["tool_calls"]]
    assert [message["tool_call_id"] for message in (first, second, third)] == [call["id"] for call in calls]


@pytest.mark.parametrize(
    ("replies", "calls", "text"),
    [
        ([(ToolCall("browse", "{}"),), "seven"], [1, 1], "seven"),
        ([(ToolCall("search", "{"),), (ADDED,), "seven"], [1, 1, 1, 1], "seven"),
        ([(ADDED,), (ADDED,), "seven"], [1, 1, 1, 1], "seven"),
        ([(ADDED, ADDED), "seven"], [1, 1], "seven"),
        ([(ADDED,), (ADDED,), (ADDED,), "direct"], [1, 1, 1, 1, 1], "direct"),
        ([(ToolCall("search", "{"),), (ToolCall("browse", "{}"),), "direct"], [1, 1, 1], "direct"),
    ],
    ids=str,
)
def test_native_faults_are_shown_once_in_words(
    server: CompletionServer, hats: Corpus, replies: list[Any], calls: list[int], text: str
) -> None:
    """No server is sent a call that is malformed, or that nothing answers."""
    made, answer = follow(native(server, *replies).process(HATS), hats)
    assert (made, answer.text) == (calls, text)
    for body in server.bodies:
        asked = [call["id"] for message in body["messages"] for call in message.get("tool_calls", ())]
        answered = [message["tool_call_id"] for message in body["messages"] if message["role"] == "tool"]
        assert asked == answered
        assert all(message["content"] or message.get("tool_calls") for message in body["messages"])


def test_a_server_that_is_asked_again_is_not_called(server: CompletionServer, tmp_path: Path) -> None:
    """Calls of tools are recorded with the completions that ask for them, and replayed."""
    question = small_world().questions[0].text
    pipeline = BM25(top_k=3) >> native(server, (ADDED,), "answer: 7")
    recorded_calls = caller_in(tmp_path)
    (first,) = answers(run(recorded_calls, [pipeline], [question])[pipeline])
    asked = len(server.bodies)
    assert first.text == "7"
    assert answers(run(recorded_calls, [pipeline], [question])[pipeline]) == [first]
    assert len(server.bodies) == asked


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"protocol": "native"}, "protocol must be text with scripted"),
        (
            {"tools": (SearchTool(), SearchTool(passages=1))},
            "each tool must stand in `tools` once; given: search, search",
        ),
        ({"tools": ()}, "tools"),
    ],
)
def test_tools_that_cannot_be_called_are_refused(wrong: dict[str, Any], message: str) -> None:
    """Before anything is asked."""
    with pytest.raises(ValidationError, match=message):
        agent("answer: 7", **wrong)


def test_the_tiny_reasoner_runs_it(corpus: Corpus) -> None:
    """It was never told of tools: it answers at once, or from what it began with."""
    assert answer_of(run_one(Agent(tools=TOOLS), corpus, HATS)).text
