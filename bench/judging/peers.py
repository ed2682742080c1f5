"""Other packages that correct a judged mean, each called as its documentation says: one finalist, uniform labels."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np

from bench.environment import enter
from bench.judging.simulated import SimulatedStudy

ENVIRONMENT = Path(__file__).parents[1] / ".venv-judging"
PACKAGES = ("ppi-python", "cje-eval")
POSTERIOR_DRAWS = 4000
Interval = tuple[float, float]


def enter_environment() -> None:
    """Run the benchmark again where the other packages are, as far as they can be installed."""
    enter(PACKAGES, ENVIRONMENT, ("-m", "bench.judging", *sys.argv[1:]), optional=True)


def ppi_python(study: SimulatedStudy) -> Interval:
    """ppi_py.ppi_mean_ci, power-tuned: labelled questions, and all others."""
    from ppi_py import ppi_mean_ci

    judged, said, known = _first(study)
    low, high = ppi_mean_ci(said[known], judged[known], judged[~known], alpha=0.05)
    return float(np.ravel(low)[0]), float(np.ravel(high)[0])


def cje_eval(study: SimulatedStudy) -> Interval:
    """cje.analyze_dataset with the judge's score of each question, and the label where there is one."""
    from cje import analyze_dataset

    judged, said, known = _first(study)
    rows = [
        {
            "prompt_id": str(place),
            "judge_score": float(score),
            **({"oracle_label": float(said[place])} if known[place] else {}),
        }
        for place, score in enumerate(judged)
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = analyze_dataset(fresh_draws_data={"finalist": rows})
    low, high = results.ci()[0]
    return float(low), float(high)


def rogan_gladen(study: SimulatedStudy) -> Interval:
    """The correction by sensitivity and specificity of Rogan and Gladen 1978, with Jeffreys posteriors of all three
    shares, which is what awslabs' calibrated-agent-evaluation documents; the package itself is on no index here."""
    judged, said, known = _first(study)
    random = np.random.default_rng(0)

    def posterior(flags: np.ndarray) -> np.ndarray:
        return random.beta(flags.sum() + 0.5, (1 - flags).sum() + 0.5, POSTERIOR_DRAWS)

    right, wrong = judged[known & (said > 0)], judged[known & (said == 0)]
    sensitivity, specificity = posterior(right), posterior(1 - wrong)
    corrected = (posterior(judged) + specificity - 1) / np.maximum(sensitivity + specificity - 1, 1e-9)
    low, high = np.quantile(np.clip(corrected, 0, 1), (0.025, 0.975))
    return float(low), float(high)


PEERS: dict[str, Callable[[SimulatedStudy], Interval]] = {
    "ppi-python": ppi_python,
    "cje-eval": cje_eval,
    "Rogan and Gladen": rogan_gladen,
}


def _first(study: SimulatedStudy) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    known = np.zeros(study.judged.shape[1], dtype=bool)
    known[list(study.drawn)] = True
    return study.judged[0], study.true[0], known
