"""A ledger is opened by a path or by a URL."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradespace.errors import InputError
from tradespace.explorer.results import QuestionSet
from tradespace.explorer.storage.databases import open_evaluations, open_ledger
from tradespace.testing.evaluation_store_contract import BM25_EVALUATION


def test_a_path_a_text_and_a_url_open_the_same_file(tmp_path: Path) -> None:
    """Whatever characters its name has; the path of a URL stands as it is."""
    path = tmp_path / "100 % of? our#calls.sqlite"
    open_ledger(path).write({b"key": b"outcome"})
    open_evaluations(tmp_path / "evaluations.sqlite").write("here", "host", [BM25_EVALUATION])
    for where in (path, str(path), f"sqlite:///{path}"):
        assert open_ledger(where).read([b"key"]) == {b"key": b"outcome"}
    for where in (tmp_path / "evaluations.sqlite", f"sqlite:///{tmp_path}/evaluations.sqlite"):
        assert open_evaluations(where).read("here", "host", QuestionSet.EXPLORE) == {
            BM25_EVALUATION.pipeline: BM25_EVALUATION
        }
    assert {file.name.partition("-")[0] for file in tmp_path.iterdir()} == {path.name, "evaluations.sqlite"}


@pytest.mark.parametrize("opening", [open_ledger, open_evaluations])
def test_a_database_that_is_not_known_is_named_with_those_that_are(opening) -> None:
    """By the scheme alone: a URL may hold a password."""
    with pytest.raises(InputError, match="given: 'sqlit'; did you mean 'sqlite'") as raised:
        opening("sqlit://me:secret@host/calls")
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("url", ["sqlite://ledger.sqlite", "sqlite:///"])
def test_a_url_of_an_sqlite_file_without_a_path_is_explained(url: str) -> None:
    """It says how one is written."""
    with pytest.raises(InputError, match='must be "sqlite:///PATH"; given'):
        open_ledger(url)
