"""A server on loopback that runs a tiny reasoner and MiniLM, and misbehaves when told to.

It speaks the protocols of OpenAI, Anthropic and Google.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_hex
from typing import Any

from tradespace.components.embedders.minilm import Minilm
from tradespace.components.llms.engine import Generation, LlamaEngine, Sampling
from tradespace.components.llms.tiny_reasoner import WEIGHTS
from tradespace.testing.event_streams import event_stream
from tradespace.testing.provider_protocols import ChatCompletions, GenerateContent, Messages
from tradespace.types import ToolCall

EMBEDDINGS = "/v1/embeddings"
PROTOCOLS = (ChatCompletions(), Messages(), GenerateContent())


@dataclass(frozen=True, slots=True)
class ServerFault:
    """What is sent in the place of a completion.

    Attributes:
        status: HTTP status; 0 closes the connection without a reply.
        body: what follows the headers; text, or bytes such as those of a compressed text.
        headers: further headers.
        missing: bytes that the length promises beyond the body, before the connection is closed.
        delay: seconds before anything is sent.
        answered: whether, after the delay, the real completion is sent after all.
        drip: seconds between two bytes of the body.
    """

    status: int = 500
    body: str | bytes = "out of order"
    headers: Mapping[str, str] = field(default_factory=dict)
    missing: int = 0
    delay: float = 0.0
    answered: bool = False
    drip: float = 0.0


def scripted_reply(text: str = "", *calls: ToolCall) -> ServerFault:
    """A completion that the next request gets, whatever it asks: a text, or calls of tools, each with an identifier
    that no client can foretell."""
    written = [
        {"id": token_hex(8), "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
        for call in calls
    ]
    message = {"role": "assistant", "content": text or None, **({"tool_calls": written} if calls else {})}
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if calls else "stop"}
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
    return ServerFault(200, json.dumps({"object": "chat.completion", "choices": [choice], "usage": usage}))


@dataclass
class CompletionServer:
    """The server as its tests see it.

    Attributes:
        url: the base URL that clients of OpenAI's protocol are given; those of others start at `root`.
        faults: what the next requests get, one each; once it is empty, requests get completions.
        several: whether `n` is understood; without, every reply holds one completion.
        streams: whether `stream` is understood; without, every reply comes whole.
        counts_streamed: whether a stream tells its tokens where that is asked for.
        refused: fields that a request must not have, each with the body of the HTTP 400 that refuses it.
        bodies, keys: what each request brought: its JSON, and the header that its protocol has for the key.
        clients: the address that each request came from: a connection that is used again has the same.
        most_at_once: the most requests that were under way at the same time.
    """

    url: str
    engine: LlamaEngine
    faults: deque[ServerFault] = field(default_factory=deque)
    several: bool = True
    streams: bool = True
    counts_streamed: bool = True
    refused: dict[str, str] = field(default_factory=dict)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    clients: list[Any] = field(default_factory=list)
    most_at_once: int = 0
    _at_once: int = 0
    _kept: set[tuple[str, str]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def root(self) -> str:
        """The address without a path."""
        return self.url.removesuffix("/v1")

    def forget(self) -> None:
        """Be as new."""
        self.faults.clear()
        self.bodies.clear()
        self.keys.clear()
        self.clients.clear()
        self.refused.clear()
        self._kept.clear()
        self.several = self.streams = self.counts_streamed = True
        self.most_at_once = 0

    def begin(self, body: dict[str, Any], key: str | None) -> ServerFault | None:
        """Note a request; return what is to go wrong with it."""
        with self._lock:
            self.bodies.append(body)
            self.keys.append(key)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            refusal = next((text for name, text in self.refused.items() if name in body), None)
            if refusal is not None:
                return ServerFault(400, refusal)
            return self.faults.popleft() if self.faults else None

    def end(self) -> None:
        """Note that a request is done."""
        with self._lock:
            self._at_once -= 1

    def complete(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The reply to a request."""
        stop = tuple(body.get("stop") or ())
        count = body.get("n", 1) if self.several else 1
        seed, first = divmod(body.get("seed", 0), 65536)
        length = body.get("max_tokens") or body.get("max_completion_tokens", 64)
        sampling = Sampling(count, body.get("temperature", 1.0), body.get("top_p", 1.0), length, stop, seed, first)
        with self._lock:
            (drawn,) = self.engine.generate([self.engine.prompt(body["messages"])], sampling)
            kept = self._keep(body)
        return {"object": "chat.completion", "choices": _choices(drawn, body), "usage": _usage(drawn, kept=kept)}

    def embed(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The reply to a request for embeddings: MiniLM's, of texts in any order, shortened where that is asked for."""
        with self._lock:
            vectors = Minilm().load().encode(body["input"])[:, : body.get("dimensions")].tolist()
        tokens = sum(len(text.split()) for text in body["input"])
        data = [{"object": "embedding", "index": place, "embedding": row} for place, row in enumerate(vectors)]
        usage = {"prompt_tokens": tokens, "total_tokens": tokens}
        return {"object": "list", "data": data[::-1], "model": body["model"], "usage": usage}

    def _keep(self, body: Mapping[str, Any]) -> bool:
        """Keep a prompt as servers do, and say whether it was kept already: the salt tells vLLM's prompts apart, and
        llama.cpp looks only where it may."""
        prompt = (json.dumps(body["messages"]), body.get("cache_salt", ""))
        kept = prompt in self._kept and bool(body.get("cache_prompt", True))
        self._kept.add(prompt)
        return kept


def _choices(drawn: Sequence[Generation], body: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "index": place,
            "message": {"role": "assistant", "content": generation.text},
            "finish_reason": generation.finish_reason,
            "logprobs": {"content": [{"token": "", "logprob": score} for score in generation.log_probabilities]}
            if body.get("logprobs")
            else None,
        }
        for place, generation in enumerate(drawn)
    ]


def _usage(drawn: Sequence[Generation], *, kept: bool) -> dict[str, Any]:
    written = sum(generation.tokens_out for generation in drawn)
    return {
        "prompt_tokens": drawn[0].tokens_in,
        "completion_tokens": written,
        "total_tokens": drawn[0].tokens_in + written,
        "prompt_tokens_details": {"cached_tokens": drawn[0].tokens_in if kept else 0},
    }


@contextmanager
def completion_server(size: str = "small") -> Iterator[CompletionServer]:
    """Serve a tiny reasoner on a free port of this machine until the block ends."""
    http = _HTTPServer(("127.0.0.1", 0), _Handler)
    http.served = CompletionServer(
        f"http://127.0.0.1:{http.server_port}/v1", LlamaEngine(WEIGHTS / f"tiny-reasoner-{size}")
    )
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield http.served
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


class _HTTPServer(ThreadingHTTPServer):
    """The socket, with what is served there."""

    served: CompletionServer
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up has seen enough."""
        if not isinstance(sys.exception(), ConnectionResetError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """Answers requests in any of the protocols."""

    server: _HTTPServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        served = self.server.served
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        served.clients.append(self.client_address)
        protocol = next((each for each in PROTOCOLS if each.serves(self.path)), None)
        fault = served.begin(body, self.headers[protocol.key_header if protocol else "Authorization"])
        try:
            if fault:
                time.sleep(fault.delay)
            if fault and not fault.answered:
                self._fail(fault)
            elif self.path == EMBEDDINGS:
                self._send(200, json.dumps(served.embed(body)), {"Content-Type": "application/json"})
            elif protocol:
                completed = served.complete(protocol.request(body))
                if body.get("stream") and served.streams:
                    self._stream(event_stream(completed, usage=served.counts_streamed and "stream_options" in body))
                    return
                self._send(200, json.dumps(protocol.reply(completed)), {"Content-Type": "application/json"})
            else:
                self._send(404, "no such path", {})
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            served.end()

    def _fail(self, fault: ServerFault) -> None:
        if fault.status:
            self._send(fault.status, fault.body, fault.headers, fault.missing, fault.drip)
        if not fault.status or fault.missing:
            self.close_connection = True

    def _send(
        self, status: int, body: str | bytes, headers: Mapping[str, str], missing: int = 0, drip: float = 0.0
    ) -> None:
        content = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content) + missing))
        self.end_headers()
        at_once = 1 if drip else max(1, len(content))
        for start in range(0, len(content), at_once):
            self.wfile.write(content[start : start + at_once])
            time.sleep(drip)

    def _stream(self, events: Iterator[str]) -> None:
        """Send events one by one, as chunks."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for event in (*events, ""):
            content = event.encode()
            self.wfile.write(b"%x\r\n%s\r\n" % (len(content), content))

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet."""
