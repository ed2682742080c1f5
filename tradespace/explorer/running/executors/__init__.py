"""Where calls are made. Each file or folder holds one way; all keep to `ExecutorContract` in `tradespace.testing`.

`places.py` says which is meant, and nothing else in the explorer knows.
"""

from tradespace.explorer.running.executors.base import (
    BatchesMade,
    CallBatch,
    Elsewhere,
    Executor,
    ExecutorOf,
    MadeBatch,
)
from tradespace.explorer.running.executors.in_process import InProcess, in_process
from tradespace.explorer.running.executors.places import executor_on

__all__ = [
    "BatchesMade",
    "CallBatch",
    "Elsewhere",
    "Executor",
    "ExecutorOf",
    "InProcess",
    "MadeBatch",
    "executor_on",
    "in_process",
]
