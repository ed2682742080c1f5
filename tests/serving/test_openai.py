"""Clients of OpenAI's interface can talk to a pipeline."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.serving.conftest import KEY, RunningServer
from tradespace.testing.paragraphs import questions

openai = pytest.importorskip("openai")
QUESTION = questions()[0].text


@pytest.fixture
def client(server: RunningServer) -> Iterator[openai.OpenAI]:
    """OpenAI's own client."""
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key=KEY) as asking:
        yield asking


def test_a_completion_is_the_answer(client: openai.OpenAI, server: RunningServer) -> None:
    """To the last thing that the user said, whatever was said before."""
    said = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hello!"},
        {"role": "assistant", "content": "Ask me."},
        {"role": "user", "content": [{"type": "text", "text": QUESTION}]},
    ]
    completion = client.chat.completions.create(model="paragraphs", messages=said, temperature=0.2)
    with server.client(KEY) as plain:
        answer = plain.post("/v1/answers", json={"question": QUESTION}).json()["answer"]
    assert completion.choices[0].message.content == answer
    assert completion.choices[0].finish_reason == "stop"
    assert completion.usage.total_tokens == 0, "this pipeline asks no language model"


def test_a_stream_says_the_same(client: openai.OpenAI) -> None:
    """In one piece, and then its end."""
    said = [{"role": "user", "content": QUESTION}]
    whole = client.chat.completions.create(model="paragraphs", messages=said)
    chunks = list(
        client.chat.completions.create(
            model="paragraphs", messages=said, stream=True, stream_options={"include_usage": True}
        )
    )
    text = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
    assert text == whole.choices[0].message.content
    assert chunks[-1].usage == whole.usage


def test_the_study_is_the_only_model(client: openai.OpenAI) -> None:
    """It is listed, and another is not found."""
    assert [model.id for model in client.models.list()] == ["paragraphs"]
    with pytest.raises(openai.NotFoundError, match="there is no model 'gpt-5' here"):
        client.chat.completions.create(model="gpt-5", messages=[{"role": "user", "content": QUESTION}])


def test_a_chat_without_a_question_is_refused(client: openai.OpenAI) -> None:
    """Nobody asked anything."""
    with pytest.raises(openai.UnprocessableEntityError, match="role `user`"):
        client.chat.completions.create(model="paragraphs", messages=[{"role": "system", "content": "Be brief."}])
