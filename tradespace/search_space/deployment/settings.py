"""The settings of a group of stages and of a load, as they are written: one row for each, for reader and schema."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tradespace.search_space.deployment.quantities import NONE, QUANTILE, RATE, patience, per_second, quantile_share
from tradespace.search_space.goals import SECONDS_OF_UNIT, seconds

MOST_REPLICAS = 1000
MOST_BATCH = 4096
MOST_RETRIES = 10
MOST_BURSTINESS = 50.0
"""The burstiest client of a production trace that we know of has gaps with a coefficient of variation of 20."""
DURATION = rf"\s*(\d+(\.\d*)?|\.\d+)\s*({'|'.join(SECONDS_OF_UNIT)})\s*"


@dataclass(frozen=True)
class DeploymentSetting:
    """A setting, which has one value or a list of alternatives.

    Attributes:
        name: as in YAML.
        read: one value from YAML; raises ValueError, which says what must hold and what was given.
        usual: what it is where nothing is said.
        form: of one value, as JSON Schema.
        what: it says.
    """

    name: str
    read: Callable[[Any], Any]
    usual: Any
    form: dict[str, Any]
    what: str

    @property
    def schema(self) -> dict[str, Any]:
        """One value or several, as JSON Schema."""
        several = {"type": "array", "items": self.form, "minItems": 1, "uniqueItems": True}
        return {"anyOf": [self.form, several], "description": self.what}


def _whole(name: str, least: int, most: int, what: str) -> DeploymentSetting:
    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(f"must be a whole number from {least} to {most:,}; given: {value!r}")
        return value

    form = {"type": "integer", "minimum": least, "maximum": most}
    return DeploymentSetting(name, read, least, form, what)


def _burstiness(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MOST_BURSTINESS:
        raise ValueError(f"must be a number from 0 to {MOST_BURSTINESS:g}; given: {value!r}")
    return float(value)


def _text(what: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or not value:
            raise ValueError(f"must be {what}; given: {value!r}")
        return value

    return read


def _pattern(*patterns: str) -> dict[str, Any]:
    return {"type": "string", "pattern": f"^({'|'.join(patterns)})$"}


LOAD_SETTINGS = (
    DeploymentSetting("rate", per_second, None, _pattern(RATE), "requests that arrive in the mean, such as 2 per s"),
    DeploymentSetting(
        "burstiness",
        _burstiness,
        1.0,
        {"type": "number", "minimum": 0, "maximum": MOST_BURSTINESS},
        "coefficient of variation of the gaps between arrivals; 1 is a Poisson process",
    ),
    DeploymentSetting(
        "trace",
        _text("the name of a bundled trace, or the path of a file"),
        "",
        {"type": "string", "minLength": 1},
        "arrivals that were recorded: the name of a bundled trace, or the path of a file",
    ),
)
GROUP_SETTINGS = (
    _whole("replicas", 1, MOST_REPLICAS, "processes that take requests from one queue"),
    _whole("batch", 1, MOST_BATCH, "requests that one of them takes together, at most"),
    DeploymentSetting(
        "wait",
        lambda value: seconds(str(value), or_none=True),
        0.0,
        _pattern(DURATION),
        "how long a free replica waits for a batch to fill",
    ),
    DeploymentSetting(
        "host", _text("the name of a host"), "", {"type": "string", "minLength": 1}, "the machine that they run on"
    ),
    DeploymentSetting(
        "timeout", patience, None, _pattern(DURATION, NONE), "after which a request is given up, its wait included"
    ),
    DeploymentSetting(
        "hedge_after",
        quantile_share,
        None,
        _pattern(QUANTILE, NONE),
        "the quantile of the group's seconds after which it is asked a second time; the first answer counts",
    ),
    _whole("retries", 0, MOST_RETRIES, "how often it is asked again after a failure or a timeout"),
    DeploymentSetting(
        "fallback",
        lambda value: value,
        "",
        {"type": ["string", "object"]},
        "the component that answers where all of this failed, or none",
    ),
)
