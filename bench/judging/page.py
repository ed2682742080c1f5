"""The tables of docs/benchmarks-judging.md: how often intervals hold, and how wide they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench.judging.peers import PEERS, Interval
from bench.judging.simulated import JudgeSetting, SimulatedStudy, simulated_study, truth
from bench.page import table, write
from tradespace.evals.prediction_powered import corrected_differences, corrected_means, rectified_scores
from tradespace.evals.simultaneous import paired_differences, simultaneous_means
from tradespace.evals.statistics import Estimate, wilson_interval

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks-judging.md"
THREE = (0.65, 0.75, 0.7)
SETTINGS = (
    JudgeSetting("a good judge", 0.95, 0.9, THREE),
    JudgeSetting("says yes too easily", 0.97, 0.6, THREE),
    JudgeSetting("says no too easily", 0.7, 0.95, THREE),
    JudgeSetting("flatters one finalist", 0.95, 0.85, THREE, favours=0.3),
    JudgeSetting("no better than a coin", 0.5, 0.5, THREE),
    JudgeSetting("20 labels", 0.95, 0.8, THREE, labels=20),
    JudgeSetting("100 labels", 0.95, 0.8, THREE, labels=100),
    JudgeSetting("100 questions", 0.95, 0.8, THREE, questions=100),
    JudgeSetting("answers never alike", 0.95, 0.8, THREE, alike=0.0),
    JudgeSetting("nearly all right", 0.95, 0.8, (0.94, 0.97, 0.96)),
    JudgeSetting("labels drawn uniformly", 0.95, 0.8, THREE, decisive=False),
)
ALONE = (
    JudgeSetting("a good judge", 0.95, 0.9, decisive=False),
    JudgeSetting("says yes too easily", 0.97, 0.6, decisive=False),
    JudgeSetting("says no too easily", 0.7, 0.95, decisive=False),
    JudgeSetting("nearly all right", 0.95, 0.8, (0.95,), decisive=False),
    JudgeSetting("a good judge, 100 labels", 0.95, 0.9, labels=100, decisive=False),
)
PEER_STUDIES = 500


def write_page(studies: int) -> None:
    """Simulate, and write both tables."""
    write("finalists", _finalists_table(studies), PAGE)
    write("peers", _peers_table(min(studies, PEER_STUDIES)), PAGE)


def _finalists_table(studies: int) -> str:
    columns = (
        "judge",
        "labels",
        "raw",
        "corrected",
        "raw differences",
        "corrected differences",
        "± raw",
        "± corrected",
        "± labels alone",
    )
    return table(columns, [_finalists_row(setting, studies) for setting in SETTINGS])


def _finalists_row(setting: JudgeSetting, studies: int) -> list[str]:
    random, true, seen = np.random.default_rng(0), truth(setting), defaultdict(list)
    apart = true[1:] - true[0]
    for _ in range(studies):
        study = simulated_study(setting, random)
        raw, rectified, alone = (rows.tolist() for rows in (study.judged, _rectified(study), _rectified(study, 0.0)))
        design = study.design
        for name, estimates, truths in (
            ("raw", simultaneous_means(raw), true),
            ("corrected", corrected_means(rectified, design), true),
            ("alone", corrected_means(alone, design), true),
            ("raw apart", paired_differences(raw[1:], raw[0]), apart),
            ("corrected apart", corrected_differences(rectified[1:], rectified[0], design), apart),
        ):
            seen[name].append(all(_holds(each, each_true) for each, each_true in zip(estimates, truths, strict=True)))
            seen[f"± {name}"].append(float(np.mean([_half(each) for each in estimates])))
        seen["labels"].append(_answers(study))
    shares = [_percent(seen[name]) for name in ("raw", "corrected", "raw apart", "corrected apart")]
    widths = [f"{np.mean(seen[f'± {name}']):.3f}" for name in ("raw", "corrected", "alone")]
    return [setting.name, f"{np.mean(seen['labels']):.0f}", *shares, *widths]


def _peers_table(studies: int) -> str:
    rows = [row for setting in ALONE for row in _peer_rows(setting, studies)]
    return table(("judge, and what makes the interval", "holds", "± its interval"), rows)


def _peer_rows(setting: JudgeSetting, studies: int) -> list[list[str]]:
    """Of one finalist, each way on the same studies."""
    random, (true,), seen = np.random.default_rng(1), truth(setting), defaultdict(list)
    drawn = [simulated_study(setting, random) for _ in range(studies)]
    ways = {"judge alone": _raw, "labels alone (Wilson)": _labels_alone, "Tradespace": _ours, **PEERS}
    problems: dict[str, str] = {}
    for name, interval in ways.items():
        for study in drawn:
            try:
                low, high = interval(study)
            except Exception as error:  # noqa: BLE001 - a package that is not there, or refuses so few labels
                problems[name] = f"{type(error).__name__}: {' '.join(str(error).split())[:90]}"
                break
            seen[name].append((low <= true <= high, (high - low) / 2))
    return [
        [f"{setting.name}: {name}", problems[name], ""]
        if name in problems
        else [
            f"{setting.name}: {name}",
            _percent([held for held, _ in seen[name]]),
            f"{np.mean([half for _, half in seen[name]]):.3f}",
        ]
        for name in ways
    ]


def _raw(study: SimulatedStudy) -> Interval:
    return _ends(simultaneous_means(study.judged.tolist())[0])


def _ours(study: SimulatedStudy) -> Interval:
    return _ends(corrected_means(_rectified(study).tolist(), study.design)[0])


def _labels_alone(study: SimulatedStudy) -> Interval:
    said = study.true[0, list(study.drawn)]
    return wilson_interval(float(said.mean()), len(said))


def _rectified(study: SimulatedStudy, power: float | None = None) -> np.ndarray:
    return rectified_scores(study.judged, study.labels, study.design, power)


def _answers(study: SimulatedStudy) -> int:
    return sum(len(set(study.keys[:, place].tolist())) for place in study.drawn)


def _holds(estimate: Estimate, true: float) -> bool:
    low, high = _ends(estimate)
    return low <= true <= high


def _half(estimate: Estimate) -> float:
    low, high = _ends(estimate)
    return (high - low) / 2


def _ends(estimate: Estimate) -> Interval:
    assert estimate.low is not None and estimate.high is not None
    return estimate.low, estimate.high


def _percent(flags: Sequence[bool]) -> str:
    return f"{100 * float(np.mean(flags)):.1f} %"
