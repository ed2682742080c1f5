"""What a component is known by: settings with their defaults, the version of its behaviour, and its weights."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Annotated, ClassVar

import pytest

from tradespace.addresses import AddedLater
from tradespace.components.base import Component
from tradespace.components.embedders.minilm import Minilm
from tradespace.components.fusions.rrf import RRF
from tradespace.components.llms.tiny_reasoner import TinyReasoner
from tradespace.components.llms.transformers import Transformers
from tradespace.components.notation import parse
from tradespace.components.readers.reader import TrainedReader
from tradespace.components.registry import component_class
from tradespace.components.rerankers.cross_encoder import EmbeddedCrossEncoder
from tradespace.components.retrievers.bm25 import BM25
from tradespace.components.retrievers.dense import Dense

OLD_KEYS: dict[str, str] = json.loads((Path(__file__).parent / "keys_of_old.json").read_text())
"""Content addresses as they were given before versions and weights were part of them."""


def component_of(notation: str) -> Component:
    """Read any component, also one that fills no stage."""
    call = ast.parse(notation, mode="eval").body
    assert isinstance(call, ast.Call)
    assert isinstance(call.func, ast.Name)
    settings = {str(keyword.arg): _setting(keyword.value) for keyword in call.keywords}
    return component_class(call.func.id)(**settings)


def _setting(node: ast.expr) -> object:
    return component_of(ast.unparse(node)) if isinstance(node, ast.Call) else ast.literal_eval(node)


@pytest.mark.parametrize("notation", OLD_KEYS)
def test_keys_of_unchanged_components_stay_valid(notation: str) -> None:
    """What an older ledger holds of a component is still found, unless its behaviour or that of a part has changed."""
    component = component_of(notation)
    changed = any(part.version > 1 for part in component.parts())
    assert (component.key == OLD_KEYS[notation]) is not changed


@pytest.mark.parametrize("component", [BM25(), Dense(), TinyReasoner(), TrainedReader()])
def test_another_behaviour_has_another_key(monkeypatch: pytest.MonkeyPatch, component: Component) -> None:
    """Raising the version changes the key at equal settings."""
    before = component.key
    monkeypatch.setattr(type(component), "version", component.version + 1)
    assert type(component)(**component.settings).key != before


def test_what_holds_a_changed_component_changes_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Version and weights of a nested component are part of the outer one's identity."""
    before = Dense().key
    monkeypatch.setattr(Minilm, "version", 2)
    assert Dense().key != before
    monkeypatch.undo()
    monkeypatch.setattr(Minilm, "weights_checksum", "other")
    assert Dense().key != before


def test_each_of_several_components_in_a_setting_is_part_of_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the version and the weights of each, and with their order."""

    class Several(BM25):
        """Holds retrievers."""

        name: ClassVar[str] = "several"
        members: tuple[Component, ...] = (BM25(), Dense())

    before = Several().key
    assert Several(members=(Dense(), BM25())).key != before
    monkeypatch.setattr(Minilm, "weights_checksum", "other")
    assert Several().key != before


def test_weights_are_part_of_every_address_that_depends_on_them() -> None:
    """The reader, what reranks with it, and the tiny reasoners name the checksum of what they were trained to."""
    assert TrainedReader().weights_checksum in EmbeddedCrossEncoder().identity
    sizes = [TinyReasoner(size=size) for size in ("small", "medium", "large")]
    assert len({model.weights_checksum for model in sizes}) == 3


def test_a_model_that_was_trained_on_has_another_key(tmp_path: Path) -> None:
    """Weights in a folder of the user's are part of the address: the path alone says nothing of them."""
    (tmp_path / "model.safetensors").write_bytes(b"before")
    before = Transformers(model=str(tmp_path)).key
    (tmp_path / "model.safetensors").write_bytes(b"behind")
    assert Transformers(model=str(tmp_path)).key != before


def test_settings_that_change_no_outcome_are_in_no_key() -> None:
    """Any component may leave settings out of its address, and stays another value where they differ."""

    class Patient(BM25):
        """BM25 with a setting that no outcome depends on."""

        name: ClassVar[str] = "patient"
        unkeyed: ClassVar[frozenset[str]] = frozenset({"patience"})
        patience: int = 1

    assert Patient(patience=1).key == Patient(patience=2).key
    assert Patient(patience=1) != Patient(patience=2)


class Widened(BM25):
    """BM25 with two settings that it did not have at first."""

    name: ClassVar[str] = "bm25"
    stemmed: Annotated[bool, AddedLater(was="False")] = False
    also: Annotated[Component, AddedLater(was="rrf(k=60)")] = RRF()


def test_a_setting_that_was_added_later_changes_no_address_while_it_is_what_it_was() -> None:
    """What was recorded before the setting existed is found; every other value has an address of its own."""
    assert Widened().key == BM25().key
    keys = {one.key for one in (Widened(), Widened(stemmed=True), Widened(also=RRF(k=1)), Widened(b=0.4))}
    assert len(keys) == 4


def test_another_default_of_a_setting_that_was_added_later_has_another_address() -> None:
    """What was recorded before the setting existed is not taken for what a new default comes to."""

    class Redefined(Widened):
        """Stems unless it is told not to."""

        stemmed: Annotated[bool, AddedLater(was="False")] = True

    assert Redefined(stemmed=False).key == BM25().key
    assert Redefined().key != BM25().key


def test_another_behaviour_of_an_added_part_has_another_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part that was added later is left out as long as it behaves as it did."""
    monkeypatch.setattr(RRF, "version", RRF.version + 1)
    assert Widened().key != BM25().key


def test_a_pipeline_is_addressed_by_what_its_notation_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two releases may write a pipeline alike and mean two things: the address tells them apart."""
    before = parse("bm25() >> reader()")
    address = before.address
    monkeypatch.setattr(BM25, "version", BM25.version + 1)
    after = parse("bm25() >> reader()")
    assert str(before) == str(after)
    assert after.address != address
