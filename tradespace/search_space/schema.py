"""The JSON Schema (draft 2020-12) of search-space files, derived from the components' own settings, for editors."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter
from pydantic.fields import FieldInfo

from tradespace.components.base import Component
from tradespace.components.registry import components, components_of
from tradespace.components.roles import REPEATED, STAGES, Role
from tradespace.evals.figures import METERS
from tradespace.evals.measures.configured import ConfiguredMeasure
from tradespace.evals.measures.kinds import MEASURE_KINDS
from tradespace.evals.measures.own_function import OwnFunction
from tradespace.search_space import declared
from tradespace.search_space.deployment.section_schema import deployment_schema
from tradespace.search_space.goals import DIRECTIONS, LATENCY_MEASURES, SECONDS_OF_UNIT
from tradespace.search_space.preferences import LIMIT
from tradespace.search_space.run import RunSection
from tradespace.search_space.sections import Data, LedgerSection, Prices, SearchSection, Strategies
from tradespace.search_space.specification import REQUIRED

Schema = dict[str, Any]


def schema(strategies: Strategies | None = None) -> Schema:
    """The schema of a whole file. With `strategies`, their names and settings are part of it."""
    every = {
        _label(component): _component(component) for component in (*components().values(), *MEASURE_KINDS.values())
    }
    data, prices, search = Data.model_json_schema(), Prices.model_json_schema(), _search(strategies)
    run = RunSection.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tradespace search space",
        "type": "object",
        "properties": {
            "name": {"type": "string", "minLength": 1, "description": "what the study and its folder are called"},
            "data": data,
            "pipeline": _pipeline(),
            "measures": _measures(),
            "objectives": _objectives(),
            "sla": _service_level(),
            "limits": _limits(),
            "utility": {"type": "string", "description": "what a pipeline is worth, computed from its objectives"},
            "recommend": {"type": "boolean", "description": "false where the frontier alone is wanted"},
            "prices": prices,
            "deployment": deployment_schema(),
            "constraints": {"type": "array", "items": {"type": "string"}},
            "search": search,
            "ledger": LedgerSection.model_json_schema(),
            "run": run,
            "observed": {"type": "string", "description": "the path of what was recorded of a running system"},
            **{meter.section: meter.rates.model_json_schema() for meter in METERS},
        },
        "required": [section for section in REQUIRED if section != "pipeline"],
        "oneOf": [{"required": ["pipeline"]}, {"properties": {"data": {"required": ["table"]}}}],
        "additionalProperties": False,
        "$defs": every | search.pop("$defs", {}) | prices.pop("$defs") | data.pop("$defs") | run.pop("$defs"),
    }


def _pipeline() -> Schema:
    stages = {str(role): _alternatives(components_of(role)) for role in STAGES}
    repeated = {f"^{role}{REPEATED}$": stages[role] for role in STAGES if role.repeats}
    shapes = [{"required": ["retrieve"]}, {"required": ["generate"], "maxProperties": 1}]
    return {
        "type": "object",
        "properties": stages,
        "patternProperties": repeated,
        "anyOf": shapes,
        "additionalProperties": False,
    }


def _alternatives(valid: dict[str, type[Component]]) -> Schema:
    """Components by name: a name, a mapping from names to settings, or a list of both."""
    bare = [name for name, component in valid.items() if _is_bare(component)]
    by_name: Schema = {
        "type": "object",
        "properties": {name: _settings(component) for name, component in valid.items()},
        "additionalProperties": False,
        "minProperties": 1,
    }
    short = [name for name, component in valid.items() if declared.main_setting(component)]
    forms: list[Schema] = [{"enum": bare}] if bare else []
    forms += [{"type": "string", "pattern": f"^({'|'.join(short)}):."}] if short else []
    forms.append(by_name)
    return {"anyOf": [*forms, {"type": "array", "items": {"anyOf": forms}, "minItems": 1}]}


def _is_bare(component: type[Component]) -> bool:
    """Whether its name may stand without settings."""
    return not any(field.is_required() for _, field in component.fields())


def _settings(component: type[Component]) -> Schema:
    """What may follow a component's name."""
    return {"anyOf": [_reference(component), *([{"type": "null"}] if _is_bare(component) else [])]}


def _reference(component: type[Component]) -> Schema:
    return {"$ref": f"#/$defs/{_label(component).replace(' ', '%20')}"}


def _label(component: type[Component]) -> str:
    return f"{'measure' if issubclass(component, ConfiguredMeasure) else 'component'} {component.name}"


def _component(component: type[Component]) -> Schema:
    fields, files = dict(component.fields()), declared.given_as_file(component)
    return {
        "type": "object",
        "description": (component.__doc__ or "").strip(),
        "properties": {name: _setting(field) for name, field in fields.items()}
        | {name: _file(fields[setting]) for name, setting in files.items()},
        "required": [name for name, field in fields.items() if field.is_required() and name not in files.values()],
        "additionalProperties": False,
    } | ({"oneOf": [{"required": [one]} for pair in files.items() for one in pair]} if files else {})


def _file(field: FieldInfo) -> Schema:
    """The path of a file that holds a setting, or several to choose from."""
    several = {"type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": True}
    return {"anyOf": [{"type": "string"}, several], "description": f"the path of a file that holds {field.description}"}


def _setting(field: FieldInfo) -> Schema:
    described = {"description": field.description} if field.description else {}
    base, item = declared.component_base(field.annotation), declared.item_base(field.annotation)
    if base and declared.settles(base):
        return {"anyOf": [_reference(base), {"type": "null"}]} | described
    if base:
        return _alternatives(declared.fitting(base)) | described
    if item:
        several = {"type": "array", "items": _alternatives(declared.fitting(item)), "minItems": 1}
        return {"anyOf": [several, {"type": "array", "items": several, "minItems": 1}]} | described
    if declared.is_mapping(field.annotation):
        return {"type": "object"} | described
    return _plain(field) | described


def _plain(field: FieldInfo) -> Schema:
    """A setting that is fixed, chosen from a list, or drawn from a range."""
    value = TypeAdapter(field.rebuild_annotation()).json_schema()
    forms = [value, {"type": "array", "items": value, "minItems": 1, "uniqueItems": True}]
    kind = declared.number(field.annotation, [])
    return {"anyOf": [*forms, _range(value, kind)] if kind else forms}


def _range(value: Schema, kind: type[int] | type[float]) -> Schema:
    step = {"type": "integer" if kind is int else "number", "exclusiveMinimum": 0}
    return {
        "type": "object",
        "properties": {"from": value, "to": value, "step": step, "log": {"type": "boolean"}},
        "required": ["from", "to"],
        "additionalProperties": False,
    }


def _measures() -> Schema:
    """Measures with settings by name; the name of a kind is followed by its settings, a function's too by its path."""
    of_any_kind = _alternatives(dict(MEASURE_KINDS))
    return {
        "type": "object",
        "properties": {name: _settings(kind) for name, kind in MEASURE_KINDS.items()},
        "propertyNames": {"pattern": r"^[^\W\d]\w*$"},
        "additionalProperties": {"anyOf": [*of_any_kind["anyOf"], _reference(OwnFunction)]},
        "minProperties": 1,
        "description": "measures with settings of their own, by the name that objectives call them by",
    }


def _objectives() -> Schema:
    return {"type": "object", "minProperties": 1, "additionalProperties": {"enum": [*DIRECTIONS, None]}}


def _service_level() -> Schema:
    units = "|".join(SECONDS_OF_UNIT)
    bound = {"type": "string", "pattern": rf"^\s*(\d+(\.\d*)?|\.\d+)\s*({units})\s*$"}
    split = {"type": "array", "items": {"type": "string"}, "minItems": 1}
    error = {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}
    of_one = {
        "type": "object",
        "properties": {**dict.fromkeys(LATENCY_MEASURES, bound), "split": split, "error": error},
        "oneOf": [{"required": [measure]} for measure in LATENCY_MEASURES],
        "additionalProperties": False,
    }
    return {"anyOf": [bound, of_one]}


def _limits() -> Schema:
    described = "floors and ceilings: answer_f1 >= 0.6, latency_p50 <= 50 ms, or answer_f1 >= 0.5 for each language"
    return {"type": "array", "items": {"type": "string", "pattern": f"^{LIMIT}$"}, "description": described}


def _search(strategies: Strategies | None) -> Schema:
    section = SearchSection.model_json_schema()
    model = section["$defs"]["ProposalsSection"]["properties"]["model"]
    model |= _alternatives(components_of(Role.LLM))
    if strategies is not None:
        settings = {name: {"anyOf": [each.model_json_schema(), {"type": "null"}]} for name, each in strategies.items()}
        by_name = {"type": "object", "properties": settings, "additionalProperties": False}
        with_settings = by_name | {"minProperties": 1, "maxProperties": 1}
        section["properties"]["strategy"] = {"anyOf": [{"enum": list(strategies)}, with_settings]}
    return section
