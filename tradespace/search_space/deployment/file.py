"""A deployment in a file of its own: what a `deployment` section holds, with one value for each setting."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tradespace.errors import Fault, SpaceError
from tradespace.search_space.deployment.section import DeploymentReader
from tradespace.search_space.deployment.values import Deployment
from tradespace.search_space.document import read_file
from tradespace.search_space.tree import Node


def read_deployment(path: Path, stages: Mapping[str, Node]) -> Deployment:
    """Read a file with `stages`, and `hosts` where there are several, for pipelines with these stages.

    Raises:
        SpaceError: something is wrong; it carries every fault that was found.
    """
    document = read_file(path)
    groups, hosts = DeploymentReader(document, stages, path.parent).read_groups(document.data, ())
    document.raise_faults()
    if open_groups := [group[0].name for group in groups if len(group) != 1]:
        message = f"each setting must have one value to be deployed; several are given for {', '.join(open_groups)}"
        raise SpaceError([Fault(message, str(path))])
    return Deployment(tuple(group for (group,) in groups), hosts)
