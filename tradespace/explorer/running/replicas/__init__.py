"""Replicas: processes of their own that hold opened stages of pipelines, and answer batches of requests."""

from tradespace.explorer.running.replicas.replica import Replica
from tradespace.explorer.running.replicas.values import BatchAnswered, ReplicaSetup

__all__ = ["BatchAnswered", "Replica", "ReplicaSetup"]
