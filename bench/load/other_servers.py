"""The same pipeline behind other servers, in a process of its own until it is ended.

    python -m bench.load.other_servers litserve|langserve SPACE FOLDER PORT

LangServe is taken from `FOLDER/packages`, where `bench.load.overhead` puts it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import litserve

from bench.load.deployed import OnePipeline
from tradespace.explorer.timing.stopwatch import answer
from tradespace.types import Answer, Request


class Loop:
    """The pipeline called in a loop, one question at a time."""

    def __init__(self, space: Path, folder: Path) -> None:
        own = OnePipeline(space, folder)
        self._pipeline = own.pipeline
        self._operator_of = own.opened.operators_for(own.opened.corpus(own.pipeline))
        self.answer(own.questions[0].text)

    def answer(self, question: str) -> str:
        """The answer's text."""
        said = answer(self._pipeline, Request(question), self._operator_of)
        assert isinstance(said, Answer)
        return said.text


class PipelineAPI(litserve.LitAPI):  # type: ignore[misc]
    """The pipeline in a worker of LitServe."""

    def __init__(self, space: Path, folder: Path) -> None:
        super().__init__()
        self._place = (space, folder)

    def setup(self, device: str) -> None:
        """Open it once in each worker."""
        self._loop = Loop(*self._place)

    def decode_request(self, request: dict[str, str]) -> str:
        """The question of a request."""
        return request["question"]

    def predict(self, question: str) -> str:
        """Answer one question."""
        return self._loop.answer(question)

    def encode_response(self, output: str) -> dict[str, str]:
        """The answer as JSON."""
        return {"answer": output}


def serve_by_litserve(space: Path, folder: Path, port: int) -> None:
    """LitServe, with one worker."""
    server = litserve.LitServer(PipelineAPI(space, folder), accelerator="cpu", devices=1)
    server.run(host="127.0.0.1", port=port, log_level="warning", generate_client_file=False)


def serve_by_langserve(space: Path, folder: Path, port: int) -> None:
    """LangServe, whose routes call the pipeline in a thread."""
    sys.path.append(str(folder / "packages"))
    import uvicorn
    from fastapi import FastAPI
    from langchain_core.runnables import RunnableLambda
    from langserve import add_routes  # type: ignore[import-not-found]

    app = FastAPI()
    chain = RunnableLambda(Loop(space, folder).answer).with_types(input_type=str, output_type=str)
    add_routes(app, chain, path="/pipeline")
    app.get("/health")(lambda: {"status": "ok"})
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)


SERVERS = {"litserve": serve_by_litserve, "langserve": serve_by_langserve}

if __name__ == "__main__":
    name, space, folder, port = sys.argv[1:]
    SERVERS[name](Path(space), Path(folder), int(port))
