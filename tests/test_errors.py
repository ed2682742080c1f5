"""Errors carry every fault, and say which valid name is nearest."""

from __future__ import annotations

from tradespace.errors import Fault, InputError, nearest


def test_a_fault_leads_with_its_place() -> None:
    """File and line first, as compilers do."""
    assert str(Fault("must be positive", "space.yaml:3")) == "space.yaml:3: must be positive"
    assert str(Fault("must be positive")) == "must be positive"


def test_an_input_error_holds_all_faults_and_prints_a_line_each() -> None:
    """All that is wrong is known at once."""
    error = InputError([Fault("one", "a:1"), Fault("two", "a:2")])
    assert len(error.faults) == 2
    assert str(error) == "a:1: one\na:2: two"


def test_plain_text_is_one_fault() -> None:
    """For errors without a place."""
    assert InputError("wrong").faults == (Fault("wrong"),)


def test_the_nearest_name_is_suggested_before_all_valid_ones() -> None:
    """Where none is near, the valid ones alone are listed."""
    assert nearest("bm52", ["bm25", "dense"]) == "did you mean 'bm25'? Valid: bm25, dense"
    assert nearest("x", ["bm25", "dense"]) == "Valid: bm25, dense"
    assert nearest("x", []) == "None is valid here"
