"""Calls on one and several workers, beside calls in process; how well many workers are used; what the driver can do.

    python -m bench.scale [--plan] [--quick] [--page]

Every run is made in a process of its own, and kept in runs/scale; what is kept is not made again, so that a bench that
was interrupted goes on. Then the tables in docs/scale.md are written.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.page import write
from bench.scale.cases import cases
from bench.scale.measuring import measured
from bench.scale.records import FOLDER, ScaleCase, ScaleRun, keep, kept_runs
from bench.scale.tables import driver_table, extrapolation, scaling_table, sides_table

PAGE = Path(__file__).parents[2] / "docs" / "scale.md"
TABLES = {
    "sides": sides_table,
    "scaling": scaling_table,
    "driver": driver_table,
    "extrapolation": extrapolation,
}


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plan", action="store_true", help="list the runs that are missing, and make none")
    parser.add_argument("--quick", action="store_true", help="few and short runs, kept apart in runs/scale-quick")
    parser.add_argument("--page", action="store_true", help="write the tables of what is kept, and make no run")
    parser.add_argument("--one", metavar="CASE", help=argparse.SUPPRESS)
    options = parser.parse_args()
    folder = FOLDER.with_name("scale-quick") if options.quick else FOLDER
    if options.one:
        keep(measured(ScaleCase.model_validate_json(options.one)), folder)
        return
    missing = [case for case in cases(quick=options.quick) if not (folder / case.file_name).exists()]
    if options.plan:
        print("\n".join(map(str, missing)))
        return
    for case in missing if not options.page else []:
        _in_process_of_its_own(case, quick=options.quick)
    show(list(kept_runs(folder)), None if options.quick else PAGE)


def show(runs: Sequence[ScaleRun], page: Path | None) -> None:
    """Write the tables into the page, or print them where there is none."""
    for section, make in TABLES.items():
        if page:
            write(section, make(runs), page)
        else:
            print(f"{make(runs)}\n")


def _in_process_of_its_own(case: ScaleCase, *, quick: bool) -> None:
    print(case, file=sys.stderr)
    command = [sys.executable, "-m", "bench.scale", "--one", case.model_dump_json(), *(["--quick"] if quick else [])]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
