"""Trained weights: stored as a small delta over MiniLM, and checked when they are read."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tradespace.components.encoders.base import base_weights
from tradespace.components.encoders.network import ReadingNetwork
from tradespace.components.encoders.reader import READER_FOLDER
from tradespace.components.encoders.weights import (
    Calibration,
    add_delta,
    delta_of,
    load_network,
    read_manifest,
    save_network,
    sha256,
)
from tradespace.errors import ComponentError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Weights of a network that differs a little from MiniLM."""
    torch.manual_seed(0)
    network = ReadingNetwork()
    network.load_state_dict(base_weights(), strict=False)
    with torch.no_grad():
        network.layers[0].query.weight += 0.01 * torch.randn(384, 384)
    save_network(tmp_path, "tried", "1.2.3", network, {3: Calibration(0.5), 6: Calibration(1.0)})
    return tmp_path


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31 - 1), st.floats(1e-4, 1.0))
def test_delta_gives_back_the_trained_matrix(seed: int, size: float) -> None:
    """Each restored weight is within half a rounding step of its row: its row's greatest change over 254."""
    generator = torch.Generator().manual_seed(seed)
    base = {"matrix": torch.randn(5, 7, generator=generator)}
    trained = {"matrix": base["matrix"] + size * torch.randn(5, 7, generator=generator)}
    restored = add_delta(base, delta_of(base, trained))["matrix"]
    step = (trained["matrix"] - base["matrix"]).abs().amax(1, keepdim=True) / 127
    assert bool(((restored - trained["matrix"]).abs() <= step * 0.501 + 1e-6).all())


def test_unchanged_weights_are_not_stored() -> None:
    """What training left as it was comes from MiniLM's own file."""
    base = {"same": torch.ones(2, 2), "other": torch.ones(2, 2)}
    assert set(delta_of(base, base | {"other": torch.zeros(2, 2)})) == {"other.delta", "other.scale"}


def test_saved_weights_are_read_back(folder: Path) -> None:
    """Version and calibrations survive, and so does what was trained."""
    manifest = read_manifest(folder)
    assert (manifest.name, manifest.version) == ("tried", "1.2.3")
    assert manifest.calibrations["3"] == Calibration(0.5)
    changed = load_network(folder).layers[0].query.weight - base_weights()["layers.0.query.weight"]
    assert float(changed.std()) == pytest.approx(0.01, rel=0.05)


def test_damaged_file_is_named(folder: Path) -> None:
    """One changed byte makes an error that names the file and what to do."""
    path = folder / "model.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(ComponentError, match=r"model\.safetensors must have the SHA-256 .* reinstall tradespace"):
        load_network(folder)


def test_missing_file_is_named(folder: Path) -> None:
    """Weights that are not there make an error that says where they must be."""
    (folder / "model.safetensors").unlink()
    with pytest.raises(ComponentError, match="there is no such file"):
        load_network(folder)


@pytest.mark.parametrize("content", ["", "{}", '{"calibrations": {}, "name": "x"}', "[]"])
def test_unreadable_manifest_is_named(folder: Path, content: str) -> None:
    """A manifest that is empty, cut short or not an object makes an error that names it."""
    (folder / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(ComponentError, match=r"manifest\.json must be the manifest"):
        read_manifest(folder)


def test_shipped_weights_are_small_and_whole() -> None:
    """The shipped file is the one its manifest names, and about 12 MB at most."""
    path = READER_FOLDER / "model.safetensors"
    assert sha256(path) == read_manifest(READER_FOLDER).sha256
    assert path.stat().st_size <= 12_100_000
