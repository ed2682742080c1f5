"""What a server of the OpenAI kind is asked, and what becomes of its misbehaviour; both are real."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import count

import pytest
from pydantic import ValidationError

from tradespace.components import bounded_http
from tradespace.components.corpus import Corpus
from tradespace.components.llms.openai import OpenAI
from tradespace.components.remote.openai_server import OPENAI
from tradespace.components.remote.refusals import retry_after
from tradespace.errors import ComponentError
from tradespace.testing.completion_server import CompletionServer, ServerFault
from tradespace.testing.language_model_contract import PROMPT, samples
from tradespace.types import Completion, Failure, NoAnswer, Prompt, Timed

NUMBERS = count()
KEY = "sk-nobody-may-read-this"
PASSING = {
    "429": ServerFault(429, "slow down", {"Retry-After": "0.02"}),
    "500": ServerFault(500),
    "503": ServerFault(503, "overloaded", {"Retry-After": "0"}),
    "no reply": ServerFault(0),
    "cut short": ServerFault(200, '{"choices": [', missing=50),
    "not JSON": ServerFault(200, "<html>"),
    "no choices": ServerFault(200, '{"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 0}}'),
    "other JSON": ServerFault(200, '["hello"]'),
    "no message": ServerFault(200, '{"choices": [{"finish_reason": "stop"}]}'),
    "late": ServerFault(delay=1.5, answered=True),
}


def model(server: CompletionServer, **settings: object) -> OpenAI:
    """A client of the server. Limits belong to a model's name: each test has a name of its own."""
    return OpenAI(model=f"tiny-{next(NUMBERS)}", base_url=server.url).with_settings(**settings)


def ask(server: CompletionServer, corpus: Corpus, prompts: list[Prompt], **settings: object) -> list[Timed | Failure]:
    """Complete prompts through HTTP."""
    drawn = model(server, **settings).open(corpus)(prompts)
    return [one for one in drawn if isinstance(one, Timed | Failure)]


def completion(drawn: Timed | Failure) -> Completion:
    """What came back, which must not be a failure."""
    assert isinstance(drawn, Timed)
    assert isinstance(drawn.outcome, Completion)
    return drawn.outcome


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
def test_what_may_pass_is_tried_again(server: CompletionServer, corpus: Corpus, fault: ServerFault) -> None:
    """Faults of the server or of the line are followed by another attempt, whose completion is what counts."""
    server.faults.extend([fault, fault])
    (drawn,) = ask(server, corpus, [PROMPT], timeout=1.0 if fault.delay else 60.0)
    assert completion(drawn).finish_reason == "stop"
    assert len(server.bodies) == 3


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
def test_what_does_not_pass_is_a_failure(server: CompletionServer, corpus: Corpus, fault: ServerFault) -> None:
    """Once the attempts are used up; the message says how many there were, and what the last one met."""
    server.faults.extend([fault] * 2)
    (drawn,) = ask(server, corpus, [PROMPT], timeout=1.0 if fault.delay else 60.0, attempts=2)
    assert isinstance(drawn, Failure)
    assert "failed 2 times; the last time: " in drawn.message
    assert len(server.bodies) == 2


def test_hidden_thoughts_are_paid_for(server: CompletionServer, corpus: Corpus) -> None:
    """OpenAI's reasoning models show none of them, and count them among the tokens out."""
    usage = {
        "prompt_tokens": 9,
        "completion_tokens": 500,
        "completion_tokens_details": {"reasoning_tokens": 490},
    }
    reply = {"choices": [{"message": {"content": "Rome"}, "finish_reason": "stop"}], "usage": usage}
    server.faults.append(ServerFault(200, json.dumps(reply)))
    (drawn,) = ask(server, corpus, [PROMPT])
    assert completion(drawn) == Completion("Rome", 9, 500)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_what_cannot_pass_is_a_failure_at_once(server: CompletionServer, corpus: Corpus, status: int) -> None:
    """A request that the server refuses is not repeated; its words are in the message."""
    server.faults.append(ServerFault(status, "it is no use"))
    (drawn,) = ask(server, corpus, [PROMPT])
    assert isinstance(drawn, Failure)
    assert f"HTTP {status}: 'it is no use'. " in drawn.message
    assert len(server.bodies) == 1


def test_a_key_that_is_not_accepted_is_looked_for_where_it_is_read(
    server: CompletionServer, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And if there is none, the message says so."""
    monkeypatch.delenv("MINE", raising=False)
    server.faults.append(ServerFault(401, "no key"))
    (drawn,) = ask(server, corpus, [PROMPT], key_variable="MINE")
    assert isinstance(drawn, Failure)
    assert "read from the environment variable MINE, which is not set" in drawn.message


def test_a_reply_that_unfolds_to_too_much_is_a_failure_at_once(server: CompletionServer, corpus: Corpus) -> None:
    """A thousandfold of what was sent, in the memory of the largest reply."""
    zeros = gzip.compress(bytes(2 * bounded_http.LARGEST_REPLY), 1)
    server.faults.append(ServerFault(200, zeros, {"Content-Encoding": "gzip"}))
    (drawn,) = ask(server, corpus, [PROMPT])
    assert isinstance(drawn, Failure)
    assert "at most 64 MiB" in drawn.message
    assert len(server.bodies) == 1


def test_a_compressed_reply_is_read(server: CompletionServer, corpus: Corpus) -> None:
    """Servers may compress."""
    body = '{"choices": [{"message": {"content": "a"}, "finish_reason": "stop"}], "usage": %s}'
    usage = '{"prompt_tokens": 1, "completion_tokens": 1}'
    server.faults.append(ServerFault(200, gzip.compress((body % usage).encode()), {"Content-Encoding": "gzip"}))
    assert completion(ask(server, corpus, [PROMPT])[0]).text == "a"


def test_a_reply_that_trickles_in_is_given_up(server: CompletionServer, corpus: Corpus) -> None:
    """The time limit is on the whole of it: a byte now and then does not prolong it."""
    server.faults.append(ServerFault(200, "{" + " " * 1000, drip=0.05))
    (drawn,) = ask(server, corpus, [PROMPT], timeout=0.5, attempts=1)
    assert isinstance(drawn, Failure)
    assert "no answer within 0.5 seconds" in drawn.message


@pytest.mark.parametrize("body", ["[" * 100_000, '{"choices": 1e999}', '{"usage": {"prompt_tokens": 1e999}}'])
def test_a_reply_of_any_form_is_a_failure(server: CompletionServer, corpus: Corpus, body: str) -> None:
    """Nested deeper than Python recurses, or with numbers that are none."""
    server.faults.append(ServerFault(200, body))
    (drawn,) = ask(server, corpus, [PROMPT], attempts=1)
    assert isinstance(drawn, Failure)


def test_a_quota_that_is_spent_is_not_waited_for(server: CompletionServer, corpus: Corpus) -> None:
    """429 stands for both: too many requests for now, and no money left."""
    server.faults.append(ServerFault(429, '{"error": {"code": "insufficient_quota"}}'))
    (drawn,) = ask(server, corpus, [PROMPT])
    assert isinstance(drawn, Failure)
    assert len(server.bodies) == 1


def test_one_failure_leaves_the_other_calls_alone(server: CompletionServer, corpus: Corpus) -> None:
    """Failures come back in their places: a paid call is never repeated because another one failed."""
    prompts = [replace(PROMPT, max_tokens=length) for length in range(30, 36)]
    server.faults.append(ServerFault(400))
    drawn = ask(server, corpus, prompts)
    assert sum(isinstance(one, Failure) for one in drawn) == 1
    assert len(drawn) == len(server.bodies) == 6


def test_a_completion_that_was_filtered_is_a_failure(server: CompletionServer, corpus: Corpus) -> None:
    """It is no answer of the model, and asking again would not change it."""
    choice = {"message": {"content": "I"}, "finish_reason": "content_filter"}
    body = json.dumps({"choices": [choice], "usage": {"prompt_tokens": 1, "completion_tokens": 1}})
    server.faults.append(ServerFault(200, body))
    (drawn,) = ask(server, corpus, [PROMPT])
    assert isinstance(drawn, Failure)
    assert "content_filter" in drawn.message
    assert len(server.bodies) == 1


def said(*messages: dict[str, object], reason: str = "stop") -> ServerFault:
    """A reply of a server with these messages."""
    choices = [{"message": message, "finish_reason": reason} for message in messages]
    return ServerFault(200, json.dumps({"choices": choices, "usage": {"prompt_tokens": 7, "completion_tokens": 9}}))


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (said({"content": None}), "the reply is empty"),
        (said({"content": ""}), "the reply is empty"),
        (said({"content": None, "refusal": "I can't."}), "the model refuses to answer"),
        (said({"content": None, "reasoning_content": "Is it"}, reason="length"), "while it was still thinking"),
        (said({"content": "<think>Is it"}, reason="length"), "while it was still thinking"),
        (said({"content": None}, reason="length"), "cut off at max_tokens=40"),
        (said({"content": None, "tool_calls": []}, reason="tool_calls"), "withheld"),
    ],
    ids=["null", "empty", "refusal", "thinking", "tags", "hidden", "tools"],
)
def test_what_is_no_answer_is_a_failure_that_says_why(
    server: CompletionServer, corpus: Corpus, fault: ServerFault, why: str
) -> None:
    """It is not asked for again in this run: a model that thinks too long would do so again, and is paid for it."""
    server.faults.append(fault)
    (drawn,) = ask(server, corpus, [PROMPT])
    assert isinstance(drawn, NoAnswer)
    assert why in drawn.message
    assert "openai(" in drawn.message
    assert (drawn.reply.tokens_in, drawn.reply.tokens_out) == (7, 9)
    assert len(server.bodies) == 1


def test_one_sample_without_an_answer_leaves_the_others(server: CompletionServer, corpus: Corpus) -> None:
    """They came with the same reply, and are paid for."""
    server.faults.append(said({"content": "Rome"}, {"content": None}, {"content": "Paris"}))
    first, second, third = ask(server, corpus, samples(0, 1, 2))
    assert (completion(first).text, completion(third).text) == ("Rome", "Paris")
    assert isinstance(second, NoAnswer)


@pytest.mark.parametrize(
    "message",
    [
        {"content": "<think>Paris? answer: Paris</think>\n\nRome"},
        {"content": "Paris? answer: Paris</think>Rome"},
        {"content": "Rome", "reasoning_content": "Paris? answer: Paris"},
        {"content": "Rome", "reasoning": "Paris? answer: Paris"},
        {"content": [{"type": "thinking", "thinking": "Paris? answer: Paris"}, {"type": "text", "text": "Rome"}]},
    ],
)
def test_thoughts_are_kept_apart(server: CompletionServer, corpus: Corpus, message: dict[str, object]) -> None:
    """In whatever form a server sends them."""
    server.faults.append(said(message))
    (drawn,) = ask(server, corpus, [PROMPT])
    assert completion(drawn) == Completion("Rome", 7, 9, thoughts="Paris? answer: Paris")


def test_waits_are_told_apart_from_service(server: CompletionServer, corpus: Corpus) -> None:
    """Failed attempts and the pauses after them are waited for; the attempt that succeeded is service."""
    server.faults.extend([ServerFault(503, "", {"Retry-After": "0.3"}), ServerFault(delay=0.2, answered=True)])
    (drawn,) = ask(server, corpus, [PROMPT])
    assert isinstance(drawn, Timed)
    assert drawn.waited >= 0.3
    assert drawn.seconds >= 0.2
    assert drawn.host == server.url.removeprefix("http://").removesuffix("/v1")


def test_a_pause_that_is_too_long_is_a_failure(server: CompletionServer, corpus: Corpus) -> None:
    """A server that asks to come back tomorrow is not waited for."""
    server.faults.append(ServerFault(429, "tomorrow", {"Retry-After": "86400"}))
    (drawn,) = ask(server, corpus, [PROMPT])
    assert isinstance(drawn, Failure)
    assert "86400 seconds" in drawn.message


def test_retry_after_may_be_a_date() -> None:
    """RFC 9110 allows seconds and dates; a date in the past means now."""
    soon = datetime.now(UTC) + timedelta(seconds=30)
    wait = retry_after({"retry-after": format_datetime(soon, usegmt=True)})
    assert wait is not None
    assert 25 < wait <= 30
    assert retry_after({"retry-after": "Sun, 06 Nov 1994 08:49:37 GMT"}) == 0.0


def test_samples_of_a_prompt_are_one_request(server: CompletionServer, corpus: Corpus) -> None:
    """The prompt is sent, read and paid for once."""
    drawn = ask(server, corpus, samples(0, 1, 2, 3))
    assert [body["n"] for body in server.bodies] == [4]
    assert len({completion(one).text for one in drawn}) > 1


def test_a_server_that_ignores_n_is_asked_for_the_rest(server: CompletionServer, corpus: Corpus) -> None:
    """The samples are those that it would have drawn together."""
    together = [completion(one).text for one in ask(server, corpus, samples(0, 1, 2, 3))]
    server.forget()
    server.several = False
    assert [completion(one).text for one in ask(server, corpus, samples(0, 1, 2, 3))] == together
    assert len(server.bodies) == 4


def test_greedy_samples_are_one_request(server: CompletionServer, corpus: Corpus) -> None:
    """They are all alike; some servers refuse `n` at temperature 0."""
    ask(server, corpus, [replace(PROMPT, sample=number) for number in range(3)])
    assert [body.get("n") for body in server.bodies] == [None]


def test_what_a_server_does_not_know_is_left_out(server: CompletionServer, corpus: Corpus) -> None:
    """And `extra` is added."""
    body = model(server, leave_out=("seed",), extra={"reasoning_effort": "low"}).body(samples(0)[0], 1)
    assert "seed" not in body
    assert body["reasoning_effort"] == "low"


def test_openai_is_told_the_length_by_its_newer_name() -> None:
    """Its newer models refuse `max_tokens`; other servers know no other name."""
    body = OpenAI(model="gpt-5-mini").body(PROMPT, 1)
    assert body["max_completion_tokens"] == 40
    assert "max_tokens" not in body


def test_requests_at_the_same_time_are_limited(server: CompletionServer, corpus: Corpus) -> None:
    """They run side by side, but never more than `concurrency`, over all components that name the model."""
    prompts = [replace(PROMPT, max_tokens=length) for length in range(5, 25)]
    server.faults.extend([ServerFault(delay=0.05, answered=True)] * 20)
    ask(server, corpus, prompts, model="limited", concurrency=3)
    assert server.most_at_once == 3
    server.forget()
    server.faults.extend([ServerFault(delay=0.05, answered=True)] * 20)
    ask(server, corpus, prompts, model="limited", concurrency=8)
    assert server.most_at_once == 3


def test_the_key_is_sent_and_kept_nowhere(
    server: CompletionServer, corpus: Corpus, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is in the request's header; not in what is logged, compared, written down or reported."""
    monkeypatch.setenv("TRADESPACE_TEST_KEY", KEY)
    caplog.set_level(0)
    chosen = model(server, key_variable="TRADESPACE_TEST_KEY")
    server.faults.append(ServerFault(401, f"{KEY} is not a key"))
    operator = chosen.open(corpus)
    outcomes = [*operator([PROMPT]), *operator([PROMPT])]
    assert server.keys == [f"Bearer {KEY}"] * 2
    assert "[TRADESPACE_TEST_KEY] is not a key" in str(outcomes[0])
    assert KEY not in f"{outcomes} {chosen!r} {chosen.full_notation()} {chosen.model_dump()} {caplog.text}"


@pytest.mark.parametrize("given", [f"{KEY}\r\n", f" {KEY} ", f'"{KEY}"'])
def test_a_key_is_sent_without_what_a_file_put_around_it(
    server: CompletionServer, corpus: Corpus, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    """Line breaks of Windows, blanks and quotation marks."""
    monkeypatch.setenv("OPENAI_API_KEY", given)
    ask(server, corpus, [PROMPT])
    assert server.keys == [f"Bearer {KEY}"]


@pytest.mark.parametrize(
    ("given", "place"), [("sk-“quoted”-key", "U+201C at place 4 of 15"), ("a b", "U+0020 at place 2")]
)
def test_a_key_that_cannot_be_sent_is_refused_unquoted(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch, given: str, place: str
) -> None:
    """The message says which character of it is wrong, and nothing else of it."""
    monkeypatch.setenv("OPENAI_API_KEY", given)
    with pytest.raises(ComponentError, match=re.escape(place)) as raised:
        OpenAI(model="gpt-5-mini").open(corpus)
    assert given not in str(raised.value)


@pytest.mark.parametrize("body", [f'{{"error": "{KEY}"}}', f"<html>{KEY}", f"{'x' * 285}{KEY}"])
def test_a_reply_that_is_none_is_quoted_without_the_key(
    server: CompletionServer, corpus: Corpus, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    """Also where the quotation ends within it."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    server.faults.append(ServerFault(200, body))
    (drawn,) = ask(server, corpus, [PROMPT], attempts=1)
    assert isinstance(drawn, Failure)
    assert KEY[:12] not in drawn.message


def test_a_server_that_needs_no_key_is_sent_none(
    server: CompletionServer, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one's own vLLM."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    ask(server, corpus, [PROMPT])
    assert server.keys == [None]


def test_openai_needs_a_key(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says which variable to set."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ComponentError, match="OPENAI_API_KEY"):
        OpenAI(model="gpt-5-mini").open(corpus)


@pytest.mark.parametrize("url", ["https://me:secret@host/v1", "https://host/v1?key=secret", "host:8000", "ftp://host"])
def test_an_address_holds_no_secret(url: str) -> None:
    """It is part of the ledger's keys and of every report."""
    with pytest.raises(ValidationError, match="without user name, password or query"):
        OpenAI(model="tiny", base_url=url)


def test_patience_is_no_part_of_a_call() -> None:
    """Other limits, timeouts and attempts find the calls that were made before; another model does not."""
    patient = OpenAI(
        model="a", timeout=300.0, attempts=9, concurrency=2, requests_per_minute=10.0, key_variable="MY_KEY"
    )
    assert patient.key == OpenAI(model="a").key
    assert patient != OpenAI(model="a")
    assert patient.key != OpenAI(model="b").key
    assert OpenAI(model="a").base_url == OPENAI


def reply(content: str = "Rome it is", **fields: object) -> ServerFault:
    """A reply with one choice; the fields are those of the choice, but `usage` is the reply's."""
    usage = {"usage": fields.pop("usage")} if "usage" in fields else {}
    return ServerFault(200, json.dumps({"choices": [{"message": {"content": content}, **fields}], **usage}))


@pytest.mark.parametrize(
    "usage",
    [
        {},
        {"usage": None},
        {"usage": {}},
        {"usage": {"prompt_tokens": 0, "completion_tokens": 0}},
        {"usage": {"prompt_tokens": None, "completion_tokens": "many"}},
        {"usage": [1, 2]},
    ],
    ids=str,
)
def test_tokens_that_a_server_does_not_count_are_estimated(
    server: CompletionServer, corpus: Corpus, usage: dict[str, object]
) -> None:
    """The answer is there, and is taken at the first try; the counts are marked."""
    server.faults.append(reply(**usage))
    drawn = completion(ask(server, corpus, [PROMPT])[0])
    written = sum(len(message.content) for message in PROMPT.messages)
    assert (drawn.text, drawn.tokens_in, drawn.tokens_out) == ("Rome it is", -(-written // 4), 3)
    assert drawn.tokens_estimated
    assert len(server.bodies) == 1


def test_tokens_with_scores_are_counted_by_them(server: CompletionServer, corpus: Corpus) -> None:
    """They are as many as have a log-probability; the prompt's are still estimated."""
    scores = {"content": [{"token": "", "logprob": -0.5}] * 7}
    server.faults.append(reply(logprobs=scores))
    drawn = completion(ask(server, corpus, [PROMPT])[0])
    assert (drawn.tokens_out, drawn.log_probability, drawn.tokens_estimated) == (7, -3.5, True)


def test_tokens_that_a_server_counts_are_not_marked(server: CompletionServer, corpus: Corpus) -> None:
    """As most do."""
    assert not completion(ask(server, corpus, [PROMPT])[0]).tokens_estimated


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ({}, "stop"),
        ({"finish_reason": None}, "stop"),
        ({"finish_reason": ""}, "stop"),
        ({"finish_reason": "eos_token"}, "stop"),
        ({"finish_reason": "stop_sequence"}, "stop"),
        ({"finish_reason": "end_turn"}, "stop"),
        ({"finish_reason": "length"}, "length"),
        ({"finish_reason": "max_tokens"}, "length"),
    ],
    ids=str,
)
def test_the_end_has_many_names_or_none(
    server: CompletionServer, corpus: Corpus, end: dict[str, object], expected: str
) -> None:
    """What is known as a cut-off is one, and all else an end, at the first try."""
    server.faults.append(reply(usage={"prompt_tokens": 9, "completion_tokens": 3}, **end))
    drawn = completion(ask(server, corpus, [PROMPT])[0])
    assert (drawn.text, drawn.finish_reason) == ("Rome it is", expected)
    assert len(server.bodies) == 1


def test_an_end_that_is_not_told_is_a_cut_off_at_full_length(server: CompletionServer, corpus: Corpus) -> None:
    """As many tokens as were allowed."""
    server.faults.append(reply(usage={"prompt_tokens": 9, "completion_tokens": PROMPT.max_tokens}))
    assert completion(ask(server, corpus, [PROMPT])[0]).finish_reason == "length"
