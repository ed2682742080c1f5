"""The routes of the server: what can be asked, and how it is answered."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Annotated, Any

from fastapi import FastAPI, Header, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from tradespace.components.base import Pipeline
from tradespace.components.chunkers.structure import SourceLocation
from tradespace.errors import ComponentError, InputError, RequestRefusedError
from tradespace.serving.adaptation.live import ServerAdapter
from tradespace.serving.dispatcher import Dispatcher, ServedAnswer
from tradespace.serving.gate import Gate
from tradespace.serving.locations import PassageLocations
from tradespace.serving.metrics import ServerMetrics
from tradespace.serving.openai import ChatCompletionBody, chat_completion, model_list
from tradespace.serving.replies import json_reply, problem
from tradespace.serving.server_settings import ServerSettings
from tradespace.serving.tracing import trace_stages, traced_request
from tradespace.types import ScoredPassage

_LOG = logging.getLogger(__name__)
MOST_MILLISECONDS = 86_400_000
DeadlineHeader = Annotated[float | None, Header(alias="X-Deadline-Ms", gt=0, le=MOST_MILLISECONDS)]


class QuestionBody(BaseModel):
    """A question to the pipeline."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(min_length=1, description="what is asked")
    deadline_ms: float | None = Field(
        default=None, gt=0, le=MOST_MILLISECONDS, description="milliseconds that the answer may take"
    )
    passages: bool = Field(default=True, description="whether the passages that were read are sent, too")


def create_app(
    name: str,
    dispatcher: Dispatcher,
    metrics: ServerMetrics,
    settings: ServerSettings,
    *,
    locations: PassageLocations,
    adapter: ServerAdapter | None = None,
) -> FastAPI:
    """The application that serves a dispatcher's pipeline, under the name of the study: clients of OpenAI's interface
    take it for that of a model.
    """
    app = FastAPI(title=f"Tradespace: {name}", docs_url=None, redoc_url=None)
    app.add_middleware(Gate, key=settings.key, most_bytes=settings.request_bytes)
    started = int(time.time())

    async def answered(question: str, deadline_ms: float | None, request: Request) -> ServedAnswer:
        if settings.log_questions:
            _LOG.info("question: %r", question)
        with traced_request(name, request.headers) as span:
            answer = await dispatcher.answer(question, deadline_ms and deadline_ms / 1000)
            trace_stages(span, answer)
        return answer

    @app.post("/v1/answers")
    async def answers(body: QuestionBody, request: Request, deadline: DeadlineHeader = None) -> Response:
        """Answer a question."""
        answer = await answered(body.question, body.deadline_ms or deadline, request)
        return json_reply(_content(answer, locations if body.passages else None))

    @app.post("/v1/chat/completions")
    async def completions(body: ChatCompletionBody, request: Request, deadline: DeadlineHeader = None) -> Response:
        """Answer the user's last message."""
        if body.model not in ("", name):
            return problem(404, "model_not_found", f"there is no model {body.model!r} here; there is {name!r}")
        return chat_completion(body, name, await answered(body.question, deadline, request))

    @app.get("/v1/models")
    async def models() -> Response:
        """What can be asked."""
        return json_reply(model_list(name, started))

    @app.get("/health")
    async def health() -> Response:
        """The process lives."""
        return json_reply({"status": "ok"})

    @app.get("/ready")
    async def ready() -> Response:
        """Whether requests are answered now, and how many replicas each group of stages has open."""
        replicas = {group.name: group.open_replicas for group in dispatcher.groups}
        return json_reply({"ready": dispatcher.is_ready, "replicas": replicas}, 200 if dispatcher.is_ready else 503)

    if adapter:

        @app.get("/v1/adaptation")
        async def adaptation() -> Response:
            """What the policy has chosen, and the load that it expects."""
            return json_reply(adapter.state)

    @app.get("/metrics")
    async def prometheus() -> Response:
        """What the server did, for Prometheus."""
        return Response(metrics.page(), media_type=metrics.content_type)

    _explain_errors(app, dispatcher)
    return app


def _content(answer: ServedAnswer, locations: PassageLocations | None) -> dict[str, Any]:
    """An answer as JSON has it, with the passages where it is said how to locate them. Scores are those of what ranked
    them last."""
    reply = answer.answer
    return {
        "answer": reply.text if reply else None,
        "confidence": reply.confidence if reply else None,
        "score": reply.score if reply else None,
        "passage_id": reply.passage_id if reply else None,
        **({"passages": _passages(answer, locations)} if locations else {}),
        "spans": [
            {
                "stage": span.stage,
                "component": span.component,
                "queue_seconds": round(span.queued, 6),
                "service_seconds": round(span.seconds, 6),
            }
            for span in answer.spans
        ],
        "pipeline": _notation(answer.pipeline),
    }


@lru_cache(maxsize=256)
def _notation(pipeline: Pipeline) -> str:
    """Of a pipeline that answers many requests."""
    return str(pipeline)


def _passages(answer: ServedAnswer, locations: PassageLocations) -> list[dict[str, Any]]:
    return [_passage(scored, locations.of(scored.passage, answer.pipeline)) for scored in answer.passages]


def _passage(scored: ScoredPassage, location: SourceLocation) -> dict[str, Any]:
    passage = scored.passage
    return {
        "id": passage.id,
        "document": passage.document_id,
        "text": passage.text,
        "score": scored.score,
        **({"pages": [location.first_page, location.last_page]} if location.first_page else {}),
        **({"section": list(location.section)} if location.section else {}),
    }


def _explain_errors(app: FastAPI, dispatcher: Dispatcher) -> None:
    """Every error becomes JSON that says what went wrong; a server that is about to end keeps no connection."""
    explained: dict[type[Exception], Callable[[Any], Response]] = {
        RequestValidationError: lambda error: problem(422, "invalid_request", _faults(error)),
        InputError: lambda error: problem(422, "invalid_request", str(error)),
        HTTPException: lambda error: problem(error.status_code, "http_error", str(error.detail)),
        RequestRefusedError: lambda error: problem(
            503, "overloaded", str(error), headers={"Retry-After": "1"}, close=not dispatcher.accepting
        ),
        TimeoutError: lambda error: problem(504, "deadline_exceeded", "there was no answer by the deadline"),
        ComponentError: lambda error: problem(500, "component_failed", str(error)),
    }
    for kind, explain in explained.items():
        app.add_exception_handler(kind, _handler(explain))


def _handler(explain: Callable[[Any], Response]) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def handle(request: Request, error: Exception) -> Response:
        return explain(error)

    return handle


def _faults(error: RequestValidationError) -> str:
    """Where a request is wrong, and how; what was given is not repeated."""
    return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
