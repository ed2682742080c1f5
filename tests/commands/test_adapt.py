"""`tradespace adapt`: a trace replayed under policies."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.commands.conftest import Run

LOAD = ("--rate", "40 per s", "--duration", "15 s", "--sla", "50 ms", "--replicas", "2", "--interval", "5")


def test_each_policy_is_shown_beside_an_oracle(run: Run, study: Path) -> None:
    """With what it attained, took and switched."""
    ran = run("adapt", study, *LOAD)
    assert ran.code == 0, ran.err
    for name in ("static(pipeline='cheapest')", "static", "ipa", "per_request", "frontier", "oracle"):
        assert f"│ {name} " in ran.out
    assert "within 50 ms" in ran.out


def test_the_intervals_are_written_as_a_table(run: Run, study: Path, tmp_path: Path) -> None:
    """A row for each policy and interval, the oracle's included; its requests are those of the load."""
    file = tmp_path / "intervals.csv"
    ran = run("adapt", study, *LOAD, "--policy", "static(pipeline='cheapest')", "--output", file)
    assert ran.code == 0, ran.err
    with file.open(encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    assert [(row["policy"], row["start"]) for row in rows] == [
        (policy, str(start)) for policy in ("static(pipeline='cheapest')", "oracle") for start in (0, 5, 10)
    ]
    requests = sum(int(row["requests"]) for row in rows if row["policy"] == "oracle")
    assert f"{requests} requests" in ran.out


def test_a_recorded_trace_is_replayed(run: Run, study: Path, tmp_path: Path) -> None:
    """One's own, to its end."""
    trace = tmp_path / "mine.csv"
    trace.write_text("time\n" + "\n".join(str(number / 10) for number in range(100)), encoding="utf-8")
    ran = run("adapt", study, "--trace", trace, "--sla", "50 ms", "--policy", "static")
    assert ran.code == 0, ran.err
    assert "100 requests in 10 s" in ran.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--policy", "fronteir"), "no policy is called 'fronteir'; did you mean 'frontier'?"),
        (("--policy", "ipa(variants='some')"), "the policy ipa: `variants`"),
        (("--policy", "frontier(eager=1)"), "the policy frontier has no setting 'eager'; Valid: hysteresis"),
        (("--policy", "static("), "a policy is a name, with its settings in brackets"),
        (("--policy", "static(pipeline='bm52()')"), "no pipeline to choose from is 'bm52()'"),
        (("--forecast", "lastvalue"), "no forecast is called 'lastvalue'; did you mean 'last_value'?"),
    ],
)
def test_what_is_not_there_is_told_with_what_is(run: Run, study: Path, arguments: tuple[str, ...], said: str) -> None:
    """Unknown names, wrong settings."""
    ran = run("adapt", study, *LOAD, *arguments)
    assert ran.code == 2
    assert said in " ".join(ran.err.split())


def test_there_must_be_a_load(run: Run, study: Path) -> None:
    """A rate or a trace."""
    ran = run("adapt", study, "--sla", "50 ms")
    assert ran.code == 2
    assert "say which load" in ran.err
