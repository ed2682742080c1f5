"""Calls of this process keep to the contract."""

from __future__ import annotations

from contextlib import AbstractContextManager

from tradespace.explorer.running.executors import Executor, in_process
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.testing.executor_contract import ExecutorContract


class TestInProcess(ExecutorContract):
    """Calls of this process."""

    def executor(self, opened_components: OpenedComponents) -> AbstractContextManager[Executor]:
        return in_process(opened_components)
