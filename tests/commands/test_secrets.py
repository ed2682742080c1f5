"""Components that quote their key in whatever they raise: neither the terminal nor a study gets to know it."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from tests.commands.conftest import Run
from tradespace.testing import indiscreet_classes
from tradespace.testing.indiscreet_classes import SECRET_VARIABLE

KEY = "vault-7Qw3Zx9Lk2Vb6Nm1Pd8"
CLASSES = indiscreet_classes.__name__
RETRIEVE, RERANK = "bm25: {}", "{none: {}}"
MODEL = f"{{chat_model: {{model: {CLASSES}.IndiscreetChatModel}}}}"
STAGES = {
    "chat model": (RETRIEVE, f"{RERANK}\n  generate: {{llm: {{model: {MODEL}}}}}"),
    "embeddings": (f"dense: {{embedder: {{langchain_embeddings: {{path: {CLASSES}.IndiscreetEmbeddings}}}}}}", RERANK),
    "compressor": (RETRIEVE, f"{{langchain_compressor: {{path: {CLASSES}.IndiscreetCompressor}}}}"),
    "retriever": (f"langchain_retriever: {{path: {CLASSES}.IndiscreetRetriever}}", RERANK),
}  # fmt: skip


@pytest.fixture
def indiscreet(request: pytest.FixtureRequest, space: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A space whose only pipeline has one of the components."""
    monkeypatch.setenv(SECRET_VARIABLE, f"{KEY}\r")
    retrieve, rerank = STAGES[request.param]
    file = space.parent / f"{request.param}.yaml"
    data, objectives = "{questions: questions.jsonl, documents: documents, explore: 4, confirm: 0}", "{mrr: maximize}"
    file.write_text(
        f"name: indiscreet\ndata: {data}\npipeline:\n  retrieve:\n    {retrieve}\n  rerank: {rerank}\n"
        f"objectives: {objectives}\nsearch: {{strategy: {{tpe: {{}}}}, budget: {{pipelines: 2}}}}\n"
    )
    return file


@pytest.mark.parametrize("indiscreet", STAGES, indirect=True)
@pytest.mark.filterwarnings("ignore:unusual header")
def test_a_key_that_a_component_quotes_stays_inside(
    run: Run, indiscreet: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """With and without `--debug`, on the terminal, in logs, and in every file of the study."""
    caplog.set_level(logging.DEBUG)
    study = tmp_path / "study"
    explored = run("explore", indiscreet, "--study", study, "--debug")
    asked = run("ask", study, "which?", "--allow-imports", "--debug")
    shown = run("show", study)
    printed = "".join(ran.out + ran.err for ran in (explored, asked, shown)) + caplog.text
    files = b"".join(file.read_bytes() for file in study.rglob("*") if file.is_file())
    assert "Illegal header value" in printed
    assert KEY not in printed
    assert KEY.encode() not in files
