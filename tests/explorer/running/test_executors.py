"""Executors keep to their contract."""

from __future__ import annotations

from tradespace.explorer.running.executors import Executor, InProcess
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.testing.executor_contract import ExecutorContract


class TestInProcess(ExecutorContract):
    """Calls of this process."""

    def executor(self, opened_components: OpenedComponents) -> Executor:
        return InProcess(opened_components)
