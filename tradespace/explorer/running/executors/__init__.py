"""Where calls are made. Each file holds one way; all keep to `ExecutorContract` in `tradespace.testing`."""

from tradespace.explorer.running.executors.base import Executor
from tradespace.explorer.running.executors.in_process import InProcess

__all__ = ["Executor", "InProcess"]
