"""What holds for every parser as a stage of pipelines."""

from __future__ import annotations

from pathlib import Path

from tradespace.components.base import Parser
from tradespace.testing.component_contract import ComponentContract
from tradespace.testing.paragraphs import documents
from tradespace.types import Document


class ParserContract(ComponentContract):
    """Reads the files of documents again. Parametrize `file` with the path of one that it reads."""

    def test_a_file_of_its_kind_is_read(self, component: Parser, file: Path) -> None:
        """What was read before makes no difference."""
        (read,) = component.parsed([Document("a", "As it was read.", "A title", file=str(file))])
        assert (read.id, read.file) == ("a", str(file))
        assert read.text.strip()
        assert read.text != "As it was read."
        assert component.parsed([Document("a", "Otherwise.", "A title", file=str(file))]) == (read,)

    def test_documents_without_such_a_file_stay_as_they_are(self, component: Parser, tmp_path: Path) -> None:
        """Those of no file, and those of files of other kinds, which are not even opened."""
        given = (*documents()[:3], Document("b", "Text.", file=str(tmp_path / "missing.xyz")))
        assert component.parsed(given) == given

    def test_documents_keep_their_order(self, component: Parser, file: Path) -> None:
        """Whichever of them are read."""
        given = [documents()[0], Document("a", "As it was read.", file=str(file)), documents()[1]]
        assert [document.id for document in component.parsed(given)] == [document.id for document in given]

    def test_no_documents_no_documents(self, component: Parser) -> None:
        """Nothing is read."""
        assert component.parsed([]) == ()
