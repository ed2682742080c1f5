"""Where and how pipelines are deployed, and under which load: settings of a space that cost no call."""

from tradespace.search_space.deployment.values import PATIENT, Deployment, Host, Load, StageGroup, TailPolicy

__all__ = ["PATIENT", "Deployment", "Host", "Load", "StageGroup", "TailPolicy"]
