"""A Ray cluster to make calls on: the one that RAY_ADDRESS names, or one on this machine that is ended again."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import ray

from tradespace.errors import ClusterError
from tradespace.interrupts import ENDING

RAY_ADDRESS = "RAY_ADDRESS"
RAY_HOST = "127.0.0.2"
"""Of this machine alone. Ray takes 127.0.0.1 to mean whatever address it finds that other machines can reach."""
LONGEST_FOLDER = 20
"""Characters of the path that temporary folders lie in: below it lie sockets, whose paths no system lets be long."""


@contextmanager
def connected(cpus: float) -> Iterator[None]:
    """Connect this process to Ray. A connection that it has is used, and kept; one that is made ends with the block.

    Args:
        cpus: what a cluster that is started here has to give.

    Raises:
        ClusterError: there is no cluster where RAY_ADDRESS says, or none can be started.
    """
    if ray.is_initialized():
        yield
        return
    address = os.environ.get(RAY_ADDRESS, "")
    with _joined(address) if address else _started(cpus):
        yield


def living_nodes() -> list[Mapping[str, Any]]:
    """What Ray says of each node that is there now."""
    return [node for node in ray.nodes() if node["Alive"]]  # type: ignore[no-untyped-call]


@contextmanager
def _joined(address: str) -> Iterator[None]:
    if address.startswith("ray://"):
        raise ClusterError(
            f"{RAY_ADDRESS} must name the cluster as its own nodes do, such as 10.0.0.1:6379 or `auto`, and the "
            f"command must run on one of them; given: {address}"
        )
    with (
        _signals_kept(),
        _told(f"{RAY_ADDRESS} must name a Ray cluster that runs, from one of its nodes; given: {address}"),
    ):
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    try:
        yield
    finally:
        with _signals_kept():
            ray.shutdown()


@contextmanager
def _started(cpus: float) -> Iterator[None]:
    """Start Ray on this machine, on its loopback address, without a dashboard, and reporting to nobody. All that it
    writes is removed in the end."""
    usual = tempfile.gettempdir()
    short = usual if len(usual) <= LONGEST_FOLDER else "/tmp"
    folder = tempfile.mkdtemp(prefix="tradespace-ray-", dir=short)
    path = os.pathsep.join(entry or os.curdir for entry in sys.path)
    try:
        with (
            _signals_kept(),
            _environment({"RAY_USAGE_STATS_ENABLED": "0", "PYTHONPATH": path}),
            _told("Ray cannot be started on this machine"),
        ):
            ray.init(
                address="local",
                num_cpus=max(1, round(cpus)),
                include_dashboard=False,
                log_to_driver=False,
                logging_level=logging.ERROR,
                _node_ip_address=RAY_HOST,
                _temp_dir=folder,
            )
        yield
    finally:
        with _signals_kept():
            ray.shutdown()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Say what is wrong where Ray raises any of its many errors."""
    try:
        yield
    except (ConnectionError, RuntimeError, ValueError, OSError, TimeoutError) as error:
        raise ClusterError(f"{what} ({error})") from error


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """What is started meanwhile inherits these variables."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _signals_kept() -> Iterator[None]:
    """Keep what happens on Ctrl-C and `kill`: Ray puts a handler of its own in the place of ours."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            if handler is not None:  # as it is where something else than Python has set it
                signal.signal(number, handler)
