"""From where calls are to be made to what makes them."""

from __future__ import annotations

import os

from tradespace.errors import InputError
from tradespace.explorer.running.executors.base import ExecutorOf
from tradespace.explorer.running.executors.in_process import in_process
from tradespace.extras import missing
from tradespace.search_space.call_place import CallPlace
from tradespace.search_space.run import RunSection


def executor_on(run: RunSection) -> ExecutorOf:
    """What makes calls where the section `run` says.

    Raises:
        InputError: a package is missing that this takes.
    """
    if run.on is CallPlace.PROCESS:
        return in_process
    if problem := missing(["ray"]):
        raise InputError(f"making calls on a Ray cluster {problem}")
    # Ray prints amid our own words whatever a node has to say. What matters of it we tell; the rest is in its logs.
    os.environ.setdefault("RAY_DEDUP_LOGS_SKIP_REGEX", ".")
    from tradespace.explorer.running.executors.on_ray import on_ray

    return on_ray(run)
