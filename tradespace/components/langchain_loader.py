"""Documents that a LangChain loader loads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any

from tradespace.components.dotted_path import construct
from tradespace.components.langchain_documents import squeezed
from tradespace.errors import ComponentError
from tradespace.extras import missing
from tradespace.parsing.base import StructuredText
from tradespace.types import Document

if TYPE_CHECKING:
    from langchain_core.documents import Document as LangChainDocument


def loaded_by_langchain(path: str, arguments: dict[str, Any]) -> tuple[Document, ...]:
    """What the `BaseLoader` at a dotted path loads, as documents.

    A document's id is the id that LangChain's has, or else the `source` in its metadata. Neighbours with one source and
    a `page` each are pages of one document; others with one source are told apart by their number, as in `source#2`.

    Raises:
        ComponentError: there is no such class, it refuses the arguments, or it raises.
    """
    if problem := missing(["langchain_core"]):
        raise ComponentError(f"the loader {path!r} {problem}")
    from langchain_core.document_loaders import BaseLoader

    loader = construct(path, arguments, BaseLoader)
    try:
        return as_own_documents(loader.lazy_load())
    except ComponentError:
        raise
    except Exception as error:
        raise ComponentError(f"the loader {path!r} raised {type(error).__name__}: {error}") from error


def as_own_documents(loaded: Iterable[LangChainDocument]) -> tuple[Document, ...]:
    """LangChain's documents as ours."""
    return tuple(_numbered(_with_pages(loaded)))


def _with_pages(loaded: Iterable[LangChainDocument]) -> Iterator[tuple[str, Document]]:
    """The name of each document, and the document; pages of one are put together."""
    for (name, in_pages), group in groupby(loaded, key=lambda each: (_name(each), "page" in each.metadata)):
        if in_pages and name:
            yield name, _of_pages(name, list(group))
        else:
            yield from ((name, Document(name, each.page_content, _title(each.metadata))) for each in group)


def _name(document: LangChainDocument) -> str:
    named = document.id if document.id is not None else document.metadata.get("source")
    return "" if named is None else str(named)


def _title(metadata: Mapping[str, Any]) -> str:
    return squeezed(str(metadata.get("title") or ""))


def _of_pages(name: str, pages: list[LangChainDocument]) -> Document:
    text = StructuredText(name)
    for page in pages:
        text.begin_page("\n")
        text.add(page.page_content.strip())
    whole = text.document()
    return Document(name, whole.text, _title(pages[0].metadata), pages=whole.pages)


def _numbered(named: Iterable[tuple[str, Document]]) -> Iterator[Document]:
    """Each document with an id of its own."""
    used: dict[str, int] = {}
    for name, document in named:
        number = used[name] = used.get(name, 0) + 1
        id = name if name and number == 1 else f"{name or 'document'}#{number}"
        yield Document(id, document.text, document.title, document.headings, document.pages)
