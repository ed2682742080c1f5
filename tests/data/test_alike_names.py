"""Files of one name in several formats are noticed."""

from __future__ import annotations

from tradespace.data.alike_names import alike_faults
from tradespace.types import Document


def test_one_name_in_two_formats_is_noticed() -> None:
    """They may be one document; the same name in another folder is another."""
    names = ("a/returns.html", "a/returns.pdf", "b/returns.pdf", "a/returns.2024.pdf")
    [fault] = alike_faults([Document(name, "Text.", file=f"/docs/{name}") for name in names])
    assert fault.where == "/docs/a/returns.html"
    assert fault.message.startswith("'a/returns.html' and 'a/returns.pdf' are read as 2 documents; if they are one")


def test_ids_that_are_no_files_are_not_compared() -> None:
    """`doc.1` and `doc.2` say nothing of formats."""
    assert alike_faults([Document("doc.1", "Text."), Document("doc.2", "More.")]) == ()
