"""Trained weights: stored as a small delta over MiniLM, and checked when they are read."""

from __future__ import annotations

from pathlib import Path

import numpy
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tradespace.addresses import file_digest
from tradespace.components.encoders.base import base_weights
from tradespace.components.encoders.network import ReadingNetwork
from tradespace.components.encoders.reader import READER_FOLDER
from tradespace.components.encoders.weights import (
    ScoreCalibration,
    add_delta,
    delta_of,
    load_weights,
    read_manifest,
    rounded_rows,
    save_network,
    tensors,
)
from tradespace.errors import ComponentError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Weights of a network that differs a little from MiniLM."""
    torch.manual_seed(0)
    network = ReadingNetwork()
    network.load_state_dict(tensors(base_weights()), strict=False)
    with torch.no_grad():
        network.layers[0].query.weight += 0.01 * torch.randn(384, 384)
    save_network(tmp_path, "tried", "1.2.3", network, {3: ScoreCalibration(0.5), 6: ScoreCalibration(1.0)})
    return tmp_path


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31 - 1), st.floats(1e-4, 1.0))
def test_delta_gives_back_the_trained_matrix(seed: int, size: float) -> None:
    """Each restored weight is within half a rounding step of its row: its row's greatest change over 254."""
    generator = numpy.random.default_rng(seed)
    base = {"matrix": generator.standard_normal((5, 7), numpy.float32)}
    trained = {"matrix": base["matrix"] + numpy.float32(size) * generator.standard_normal((5, 7), numpy.float32)}
    restored = add_delta(base, delta_of(base, trained))["matrix"]
    step = numpy.abs(trained["matrix"] - base["matrix"]).max(1, keepdims=True) / 127
    assert bool((numpy.abs(restored - trained["matrix"]) <= step * 0.501 + 1e-6).all())


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31 - 1), st.floats(1e-4, 1e4), st.integers(2, 8))
def test_rounded_rows_are_within_half_a_step(seed: int, size: float, bits: int) -> None:
    """The integers use as many bits as they may, and no weight is further away than half a step of its row."""
    matrix = numpy.float32(size) * numpy.random.default_rng(seed).standard_normal((4, 9), numpy.float32)
    integers, step = rounded_rows(matrix, bits)
    assert (numpy.abs(integers).max(1) == 2 ** (bits - 1) - 1).all()
    assert (numpy.abs(integers * step - matrix) <= step * 0.501).all()


def test_unchanged_weights_are_not_stored() -> None:
    """What training left as it was comes from MiniLM's own file."""
    base = {"same": numpy.ones((2, 2)), "other": numpy.ones((2, 2))}
    assert set(delta_of(base, base | {"other": numpy.zeros((2, 2))})) == {"other.delta", "other.scale"}


def test_saved_weights_are_read_back(folder: Path) -> None:
    """Version and calibrations survive, and so does what was trained."""
    manifest = read_manifest(folder)
    assert (manifest.name, manifest.version) == ("tried", "1.2.3")
    assert manifest.calibrations["3"] == ScoreCalibration(0.5)
    changed = load_weights(folder)["layers.0.query.weight"] - base_weights()["layers.0.query.weight"]
    assert float(changed.std()) == pytest.approx(0.01, rel=0.05)


def test_damaged_file_is_named(folder: Path) -> None:
    """One changed byte makes an error that names the file and what to do."""
    path = folder / "model.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(ComponentError, match=r"model\.safetensors must have the SHA-256 .* reinstall tradespace"):
        load_weights(folder)


def test_missing_file_is_named(folder: Path) -> None:
    """Weights that are not there make an error that says where they must be."""
    (folder / "model.safetensors").unlink()
    with pytest.raises(ComponentError, match="there is no such file"):
        load_weights(folder)


@pytest.mark.parametrize("content", ["", "{}", '{"calibrations": {}, "name": "x"}', "[]"])
def test_unreadable_manifest_is_named(folder: Path, content: str) -> None:
    """A manifest that is empty, cut short or not an object makes an error that names it."""
    (folder / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(ComponentError, match=r"manifest\.json must be the manifest"):
        read_manifest(folder)


def test_shipped_weights_are_small_and_whole() -> None:
    """The shipped file is the one its manifest names, and about 12 MB at most."""
    path = READER_FOLDER / "model.safetensors"
    assert file_digest(path) == read_manifest(READER_FOLDER).sha256
    assert path.stat().st_size <= 12_100_000
