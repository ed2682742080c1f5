"""A public name means one thing in the whole package."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import tradespace

PACKAGE = Path(tradespace.__file__).parent
COMMANDS = PACKAGE / "cli"  # their functions are named as users type their commands
SHARED = {
    "T": "a type variable, as everywhere in Python",
    "main": "what `python -m` runs",
    "page": "what `python -m … .describe` prints, of components and of measures",
    "read": "of a module of data/replays: the importer of one published set",
    "runner": "of a module of encoders: the same network in one runtime",
    "encode": "of a module of storage: values as bytes; `decode` reads them back",
    "decode": "of a module of storage: values from bytes; `encode` writes them",
    "Section": "of a space file, and of a report",
    "score": "a verb of the strategies' algebra, and the figure of a measure",
    "NUMBER": "the form of an answer, and the unit of a figure",
}
"""Names that several files may define, and why."""


def public_names(file: Path) -> Iterator[str]:
    """Names that a file defines for others: classes, functions and constants."""
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.Assign(targets=targets):
                yield from (target.id for target in targets if isinstance(target, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name


def defined_twice(folder: Path) -> dict[str, list[str]]:
    """The public names that more than one file defines, with the files."""
    files = defaultdict(set)
    for file in sorted(folder.rglob("*.py")):
        for name in public_names(file) if COMMANDS not in file.parents else ():
            if not name.startswith("_"):
                files[name].add(str(file.relative_to(folder)))
    return {name: sorted(places) for name, places in files.items() if len(places) > 1}


def test_a_public_name_is_defined_once() -> None:
    """Qualify the rarer one with the field's term, or say in `SHARED` why both are called so."""
    assert {name: files for name, files in defined_twice(PACKAGE).items() if name not in SHARED} == {}


def test_no_exception_outlives_its_names() -> None:
    """What is defined once again needs no reason."""
    assert SHARED.keys() <= defined_twice(PACKAGE).keys()


def test_a_name_of_two_files_is_found(tmp_path: Path) -> None:
    """Classes, functions and constants; what begins with an underscore may stand anywhere."""
    (tmp_path / "a.py").write_text("class Row: ...\nMOST: int = 3\n_MOST = LEAST = 4\ndef load(): ...\n")
    (tmp_path / "b.py").write_text("def Row(): ...\nMOST = 5\n_MOST = 6\nasync def load(): ...\n")
    assert defined_twice(tmp_path) == {name: ["a.py", "b.py"] for name in ("Row", "MOST", "load")}
