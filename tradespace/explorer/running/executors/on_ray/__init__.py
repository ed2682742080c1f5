"""Calls on the nodes of a Ray cluster: `executor.py` is what the others see, `worker.py` what runs on the nodes."""

from tradespace.explorer.running.executors.on_ray.executor import RayExecutor, on_ray

__all__ = ["RayExecutor", "on_ray"]
