"""The JSON Schema of the `deployment` section."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tradespace.components.roles import REPEATED, STAGES
from tradespace.search_space.deployment.section import HostSection
from tradespace.search_space.deployment.settings import GROUP_SETTINGS, LOAD_SETTINGS, DeploymentSetting


def deployment_schema() -> dict[str, Any]:
    """What may stand in it, from the same settings that it is read by."""
    load = _settings(LOAD_SETTINGS) | {"anyOf": [{"required": ["rate"]}, {"required": ["trace"]}]}
    stage = "|".join(f"{role}({REPEATED})?" if role.repeats else role for role in STAGES if role.online)
    group = rf"^\s*({stage})(\s*\+\s*({stage}))*\s*$"
    hosts = {"type": "object", "additionalProperties": HostSection.model_json_schema(), "minProperties": 1}
    return {
        "type": "object",
        "description": "how pipelines may be deployed, and what load they are to bear",
        "properties": {
            "load": {"anyOf": [load, {"type": "array", "items": load, "minItems": 1}]},
            "stages": {
                "type": "object",
                "patternProperties": {group: _settings(GROUP_SETTINGS)},
                "additionalProperties": False,
            },
            "hosts": hosts,
        },
        "required": ["load"],
        "additionalProperties": False,
    }


def _settings(settings: Sequence[DeploymentSetting]) -> dict[str, Any]:
    properties = {setting.name: setting.schema for setting in settings}
    return {"type": "object", "properties": properties, "additionalProperties": False}
