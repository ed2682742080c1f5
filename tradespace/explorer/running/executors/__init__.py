"""Where calls are made. Each file holds one way; all keep to `ExecutorContract` in `tradespace.testing`."""

from tradespace.explorer.running.executors.base import BatchesMade, CallBatch, Executor, ExecutorOf, MadeBatch
from tradespace.explorer.running.executors.in_process import InProcess, in_process

__all__ = ["BatchesMade", "CallBatch", "Executor", "ExecutorOf", "InProcess", "MadeBatch", "in_process"]
