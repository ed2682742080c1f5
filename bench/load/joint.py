"""What sampling each station's seconds apart loses: the tail of a pipeline whose slow questions are slow everywhere.

    python -m bench.load.joint STUDY

For the confirmed pipelines of a study, one replica for retrieving and reranking and one for generating, at several
loads: the p99 with all stations taking the seconds of the same question, and with each taking those of another.
"""

from __future__ import annotations

import sys

import numpy as np

from bench.page import table, write
from tradespace.explorer.load.bounds import highest_rates
from tradespace.explorer.load.demand import deploy, independent_stations
from tradespace.explorer.load.replicates import as_measured
from tradespace.explorer.load.simulation import simulate
from tradespace.explorer.load.traffic import Traffic
from tradespace.explorer.storage.study import StudyFolder
from tradespace.search_space.deployment import Deployment, Host, Load, StageGroup

REQUESTS = 100_000
SHARES = (0.1, 0.5, 0.8)
QUANTILE = 0.99


def main() -> None:
    """Print the table, and write it down."""
    results = StudyFolder(sys.argv[1]).results()
    host = Host("here", cores=2)
    groups = (StageGroup(("retrieve", "rerank"), host="here"), StageGroup(("generate",), host="here"))
    rows = []
    for evaluation in results.confirmed:
        deployed = deploy(evaluation, Deployment(groups, (host,)))
        apart = independent_stations(deployed.demand)
        correlation = float(np.corrcoef(deployed.demand.seconds.T)[0, 1])
        most = float(highest_rates(deployed.stations, deployed.demand).min())
        cells = []
        for share in SHARES:
            drawn = as_measured(deployed, Traffic(Load(rate=1.0)), REQUESTS)
            joint = drawn.at(share * most)
            alone = simulate(deployed.stations, apart, joint.offered).latency
            quantiles = [float(np.quantile(each, QUANTILE)) for each in (joint.outcome.latency, alone)]
            cells.append(
                f"{1000 * quantiles[0]:.1f} / {1000 * quantiles[1]:.1f} ms ({quantiles[1] / quantiles[0] - 1:+.0%})"
            )
        rows.append([f"`{evaluation.pipeline}`", f"{correlation:.2f}", *cells])
    head = ["pipeline", "correlation", *(f"p99 at {share:.0%} of the highest rate" for share in SHARES)]
    write("load-joint", table(head, rows))


if __name__ == "__main__":
    main()
