"""Documents that LangChain loaders load, by their dotted path."""

from __future__ import annotations

from pathlib import Path

import pytest
from langchain_core.documents import Document as LangChainDocument

from tradespace.components.langchain_loader import as_own_documents, loaded_by_langchain
from tradespace.components.trust import Trust
from tradespace.errors import ComponentError, DataError, InputError, SpaceError
from tradespace.explorer.files import read_data
from tradespace.search_space.specification import Specification, load_specification
from tradespace.types import Document

LOADER = "tradespace.testing.langchain_classes.LinesLoader"
SPACE = """
name: loaded
data: {{questions: questions.csv, langchain_loader: {{path: {path}, arguments: {arguments}}}, explore: 1, confirm: 0}}
pipeline: {{retrieve: bm25}}
objectives: {{mrr: maximize}}
"""


def specification(folder: Path, path: str = LOADER, arguments: str = "{}") -> Specification:
    (folder / "questions.csv").write_text("question,gold\nWho sits?,lines.txt\n")
    (folder / "space.yaml").write_text(SPACE.format(path=path, arguments=arguments))
    return load_specification(folder / "space.yaml")


def loaded(*documents: tuple[str, dict[str, object]]) -> tuple[Document, ...]:
    return as_own_documents(LangChainDocument(text, metadata=metadata) for text, metadata in documents)


def test_documents_are_called_by_their_source() -> None:
    """Several of one source are told apart by their number; one without is called after its own."""
    documents = loaded(("One.", {"source": "a"}), ("Two.", {"source": "a"}), ("Three.", {}), ("Four.", {"title": "T"}))
    assert [document.id for document in documents] == ["a", "a#2", "document#1", "document#2"]
    assert documents[3].title == "T"


def test_pages_of_one_source_are_one_document() -> None:
    """As loaders of PDFs give them."""
    first, second = loaded(
        ("One.", {"source": "a", "page": 0}),
        ("Two.", {"source": "a", "page": 1}),
        ("Three.", {"source": "b", "page": 0}),
    )
    assert (first.id, first.text, first.pages) == ("a", "One.\nTwo.", (0, 5))
    assert (second.id, second.pages) == ("b", (0,))


def test_a_loader_is_a_source_of_documents(tmp_path: Path) -> None:
    """In the place of a folder; gold documents are named by their ids."""
    (tmp_path / "lines.txt").write_text("The cat sits.\nA dog runs.\n")
    given = specification(tmp_path, arguments=f"{{file: {tmp_path / 'lines.txt'}, source: lines.txt}}")
    dataset = read_data(given, [Trust.IMPORTS]).required()
    assert [document.text for document in dataset.documents] == ["The cat sits.", "A dog runs."]
    assert dataset.questions[0].gold == ("lines.txt",)


def test_a_loader_is_imported_on_request_only(tmp_path: Path) -> None:
    """Data can come from somebody else: the refusal names the class, and the flag that allows it."""
    with pytest.raises(InputError, match=r"LangChainLoader\(path='evil\.Loader'.*imports code.*--allow-imports"):
        read_data(specification(tmp_path, path="evil.Loader"))


@pytest.mark.parametrize(
    ("path", "arguments", "message"),
    [
        ("nowhere.Loader", "{}", "the module can't be imported"),
        ("pathlib.Path", "{}", "must be a subclass of langchain_core.document_loaders.base.BaseLoader"),
        (LOADER, "{}", "could not be made with arguments"),
        (LOADER, "{file: missing.txt, source: x}", "raised FileNotFoundError"),
    ],
)
def test_a_loader_that_does_not_load_is_a_fault_of_the_data(
    path: str, arguments: str, message: str, tmp_path: Path
) -> None:
    """With the reason."""
    with pytest.raises(DataError, match=message):
        read_data(specification(tmp_path, path, arguments), [Trust.IMPORTS])


def test_documents_come_from_one_place(tmp_path: Path) -> None:
    """A folder or a loader."""
    given = specification(tmp_path)
    text = given.text.replace("questions: questions.csv", "questions: questions.csv, documents: here")
    (tmp_path / "space.yaml").write_text(text)
    with pytest.raises(SpaceError, match="needs either `documents` or `langchain_loader`, and not both"):
        load_specification(tmp_path / "space.yaml")


def test_an_unknown_setting_is_named(tmp_path: Path) -> None:
    """With what is valid."""
    given = specification(tmp_path)
    (tmp_path / "space.yaml").write_text(given.text.replace("arguments: {}", "argument: {}"))
    with pytest.raises(SpaceError, match="'argument' is not valid here; did you mean 'arguments'"):
        load_specification(tmp_path / "space.yaml")


def test_a_missing_langchain_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that installs it."""
    monkeypatch.setattr("tradespace.components.langchain_loader.missing", lambda modules: "needs langchain_core")
    with pytest.raises(ComponentError, match=f"the loader '{LOADER}' needs langchain_core"):
        loaded_by_langchain(LOADER, {})
