"""The section `ledger` names an environment variable, and nothing else."""

from __future__ import annotations

import pytest

from tradespace.errors import SpaceError
from tradespace.search_space.specification import load_text

FILE = "name: n\ndata: {dataset: d}\npipeline: {retrieve: bm25}\nobjectives: {mrr: }\n"


def test_a_file_names_a_variable() -> None:
    """Without the section, calls are recorded in the study's folder."""
    named = load_text(f"{FILE}ledger: {{from_env: TRADESPACE_LEDGER_2}}\n").ledger
    assert named is not None
    assert named.from_env == "TRADESPACE_LEDGER_2"
    assert load_text(FILE).ledger is None


@pytest.mark.parametrize("name", ["DATABASE_URL", "TRADESPACE_", "tradespace_ledger", "X_TRADESPACE_LEDGER", ""])
def test_a_variable_that_is_not_ours_is_refused(name: str) -> None:
    """It may hold the address of something else, with the right to change it."""
    with pytest.raises(SpaceError, match="must be an environment variable whose name begins with TRADESPACE_"):
        load_text(f"{FILE}ledger: {{from_env: '{name}'}}\n")


@pytest.mark.parametrize(
    "section",
    ["{from_env: URL}", "URL", "{url: URL}", "[URL]", "{from_env: [URL]}", "{from_env: X, password: secret-9}"],
)
def test_an_address_has_no_place_in_it(section: str) -> None:
    """The message says so without the password in it."""
    with pytest.raises(SpaceError) as raised:
        load_text(f"{FILE}ledger: {section.replace('URL', 'postgresql://me:sesame-9@host/calls')}\n")
    assert "sesame-9" not in str(raised.value)
