"""From YAML to the tree of possibilities, led by the types that components declare for their settings."""

from __future__ import annotations

import random
from collections.abc import Mapping
from itertools import combinations, islice
from typing import Any

from pydantic.fields import FieldInfo

from tradespace.components.base import Component
from tradespace.components.registry import COMPONENTS, components_of
from tradespace.components.roles import STAGES, Role
from tradespace.errors import nearest
from tradespace.search_space import declared
from tradespace.search_space.document import Route, YamlDocument
from tradespace.search_space.domains import Chosen, Drawn, same_value
from tradespace.search_space.stages import stage_problem, stages_among
from tradespace.search_space.tree import (
    ComponentProduct,
    Leaf,
    MappingProduct,
    Node,
    OneOf,
    PipelineProduct,
    SettingsRefusedError,
    TupleProduct,
)

RANGE_KEYS = ("from", "to", "step", "log")
VALUE_FORMS = "a value, a list of values, or {from, to, step, log}"
MOST_COMPARED = 1000


class SpaceReader:
    """Reads the `pipeline` section. Whatever is wrong is noted in the document, and reading goes on."""

    def __init__(self, document: YamlDocument) -> None:
        self.document = document

    def pipeline(self, section: Any, route: Route) -> PipelineProduct | None:
        """The whole section; None when a fault was noted that leaves nothing to go on with."""
        if not isinstance(section, Mapping) or not section:
            self._fault(route, f"must name the stages and what may fill them: {', '.join(STAGES)}; given: {section!r}")
            return None
        problems = {name: problem for name in section if (problem := stage_problem(name, section))}
        for name, problem in problems.items():
            self._fault((*route, name), problem)
        if "retrieve" not in section and set(section) != {"generate"}:
            self._fault(route, "needs the stage `retrieve`, or `generate` alone; otherwise no passage is found")
        stages = {
            name: self._alternatives(components_of(role), section[name], (*route, name), f"the stage `{name}`")
            for name, role in stages_among(section).items()
        }
        children = {name: node for name, node in stages.items() if node is not None}
        return PipelineProduct(children) if len(children) == len(section) and not problems else None

    def single(self, role: Role, value: Any, route: Route, what: str) -> Component | None:
        """One component outside the space; None when a fault was noted."""
        return self.single_among(components_of(role), value, route, what)

    def single_among(
        self, valid: Mapping[str, type[Component]], value: Any, route: Route, what: str
    ) -> Component | None:
        """One component of these kinds, outside the space; None when a fault was noted."""
        return self._only(self._alternatives(valid, value, route, what), value, route, what)

    def settled(self, kind: type[Component], settings: Any, route: Route, what: str) -> Component | None:
        """One component outside the space, by its settings alone; None when a fault was noted."""
        return self._only(self._component(kind, settings, route), settings, route, what)

    def _only(self, node: Node | None, value: Any, route: Route, what: str) -> Component | None:
        if node is None:
            return None
        if node.size != 1:
            self._fault(route, f"{what} must be one, with one value for each setting; given: {value!r}")
            return None
        return next(node.members(), None)

    def _fault(self, route: Route, message: str) -> None:
        self.document.fault(route, message)

    def _alternatives(self, valid: Mapping[str, type[Component]], value: Any, route: Route, what: str) -> Node | None:
        """Components by name: a name, a mapping from names to settings, or a list of both."""
        if value in ({}, [], None):
            self._fault(route, f"{what} must list at least one component. Valid: {', '.join(valid)}")
            return None
        named: list[tuple[str, Any, Route]] = []
        for entry, place in _entries(value, route):
            if isinstance(entry, str):
                named.append((*_short_form(valid, entry), place))
            elif isinstance(entry, Mapping):
                named.extend((name, settings, (*place, name)) for name, settings in entry.items())
            else:
                row = "; rerankers in a row are `chain: {steps: […]}`" if "chain" in valid else ""
                self._fault(place, f"{what} must be given as component names or name: settings{row}; given: {entry!r}")
        return self._labelled([self._named(valid, *entry, what) for entry in named], named)

    def _named(
        self, valid: Mapping[str, type[Component]], name: str, settings: Any, route: Route, what: str
    ) -> Node | None:
        if name in valid:
            return self._component(valid[name], settings, route)
        self._fault(route, f"{what} cannot be filled by {name!r}; {COMPONENTS.instead(name, valid)}")
        return None

    def _labelled(self, nodes: list[Node | None], named: list[tuple[str, Any, Route]]) -> Node | None:
        """A component that is listed more than once, with other settings, is told apart by a number."""
        if not nodes or None in nodes:
            return None
        alternatives: dict[str, Node] = {}
        for node, (name, _, _) in zip(nodes, named, strict=True):
            earlier = sum(label.partition("#")[0] == name for label in alternatives)
            alternatives[f"{name}#{earlier + 1}" if earlier else name] = node  # type: ignore[assignment]
        for (first, former), (second, latter) in combinations(alternatives.items(), 2):
            if first.partition("#")[0] == second.partition("#")[0] and _overlap(former, latter):
                place = named[list(alternatives).index(second)][2]
                self._fault(place, f"{second.partition('#')[0]} is listed twice with the same settings; keep one")
        return OneOf(alternatives)

    def _component(self, component: type[Component], settings: Any, route: Route) -> Node | None:
        if settings is None:
            settings = {}
        if not isinstance(settings, Mapping):
            self._fault(
                route, f"{component.name} must be followed by its settings, setting: value; given: {settings!r}"
            )
            return None
        fields = dict(component.fields())
        nodes: dict[str, Node | None] = {}
        for name, value in settings.items():
            if name in fields:
                nodes[name] = self._setting(component, name, fields[name], value, (*route, name))
            else:
                self._fault((*route, name), f"{component.name} has no setting {name!r}; {nearest(name, list(fields))}")
        for name, field in fields.items():
            if field.is_required() and name not in settings:
                self._fault(route, f"{component.name} needs the setting `{name}`")
                nodes[name] = None
        children = {name: node for name, node in nodes.items() if node is not None}
        if len(children) < len(nodes):
            return None
        return self._possible(ComponentProduct(children, component), route)

    def _possible(self, node: ComponentProduct, route: Route) -> Node | None:
        """Note a fault if the component itself refuses every combination of these settings."""
        generator = random.Random(0)
        refusal = ""
        for _ in range(100):
            try:
                node.walk("", lambda _, domain: domain.draw(generator))
            except SettingsRefusedError as error:
                refusal = str(error)
            else:
                return node
        if node.size is None or next(node.members(), None) is None:
            self._fault(route, f"no combination of these settings is possible: {refusal}")
            return None
        return node

    def _setting(
        self, component: type[Component], name: str, field: FieldInfo, value: Any, route: Route
    ) -> Node | None:
        what = f"the setting `{name}` of {component.name}"
        base, item = declared.component_base(field.annotation), declared.item_base(field.annotation)
        if base and not (value is None and not declared.validated_setting(component, name, None)[1]):
            if declared.settles(base):
                return self._component(base, value, route)
            return self._alternatives(declared.fitting(base), value, route, what)
        if item:
            return self._several(declared.fitting(item), value, route, what)
        plain = _Plain(self.document, component, name, what)
        if declared.is_mapping(field.annotation) and isinstance(value, Mapping):
            return plain.mapping(field.annotation, value, route)
        return plain.node(field.annotation, value, route)

    def _several(self, valid: Mapping[str, type[Component]], value: Any, route: Route, what: str) -> Node | None:
        """A tuple of components: a list of its items, or a list of such lists to choose from."""
        if not isinstance(value, list) or not value:
            self._fault(route, f"{what} must be a list of components; given: {value!r}")
            return None
        if not all(isinstance(items, list) for items in value):
            return self._tuple(valid, value, route, what)
        nodes = {str(place): self._tuple(valid, items, (*route, place), what) for place, items in enumerate(value)}
        tuples = {label: node for label, node in nodes.items() if node is not None}
        return OneOf(tuples) if len(tuples) == len(nodes) else None

    def _tuple(self, valid: Mapping[str, type[Component]], items: list[Any], route: Route, what: str) -> Node | None:
        nodes = {str(i): self._alternatives(valid, item, (*route, i), what) for i, item in enumerate(items)}
        children = {place: node for place, node in nodes.items() if node is not None}
        return TupleProduct(children) if len(children) == len(nodes) else None


class _Plain:
    """Reads a setting of one component whose values are plain: fixed, chosen or drawn."""

    def __init__(self, document: YamlDocument, component: type[Component], name: str, what: str) -> None:
        self.document = document
        self.component = component
        self.name = name
        self.what = what
        self.inside: Route = ()

    def mapping(self, annotation: Any, values: Mapping[str, Any], route: Route) -> Node | None:
        """A setting that is a mapping: each of its values has a domain of its own."""
        nodes = {}
        for key, value in values.items():
            self.inside = (key,)
            nodes[key] = self.node(declared.mapping_values(annotation), value, (*route, key))
        self.inside = ()
        children = {key: node for key, node in nodes.items() if node is not None}
        return MappingProduct(children) if len(children) == len(nodes) else None

    def node(self, annotation: Any, value: Any, route: Route) -> Node | None:
        """A plain setting in any of its forms."""
        if isinstance(value, list) and (not declared.is_sequence(annotation) or _all_lists(value)):
            return self._chosen(value, route)
        if isinstance(value, Mapping) and set(value) & set(RANGE_KEYS[:2]):
            return self._drawn(annotation, value, route)
        return self._fixed(value, route)

    def _fixed(self, value: Any, route: Route) -> Node | None:
        checked, fine = self._checked(value, route)
        return Leaf(Chosen((checked,))) if fine else None

    def _chosen(self, values: list[Any], route: Route) -> Node | None:
        if not values:
            self._fault(route, f"must have at least one value to choose from; {self.what} takes {VALUE_FORMS}")
            return None
        results = [self._checked(value, (*route, place)) for place, value in enumerate(values)]
        distinct: list[Any] = []
        for place, (checked, _) in enumerate(results):
            if any(same_value(checked, earlier) for earlier in distinct):
                self._fault((*route, place), f"{checked!r} is listed twice; keep one")
            distinct.append(checked)
        return Leaf(Chosen(tuple(distinct))) if all(fine for _, fine in results) else None

    def _drawn(self, annotation: Any, value: Mapping[str, Any], route: Route) -> Node | None:
        faults_before = len(self.document.faults)
        kind = declared.number(annotation, [value.get(key) for key in RANGE_KEYS[:3]])
        if kind is None:
            self._fault(route, f"{self.what} takes no numbers, so it cannot be drawn from a range")
            return None
        for key in value.keys() - set(RANGE_KEYS):
            self._fault((*route, key), f"a range has no {key!r}; {nearest(key, list(RANGE_KEYS))}")
        for key in RANGE_KEYS[:2]:
            if key not in value:
                self._fault(route, f"a range needs `{key}`; given: {dict(value)!r}")
            elif not _is_number(value[key]):
                self._fault((*route, key), f"must be a number; given: {value[key]!r}")
            else:
                self._checked(value[key], (*route, key))
        if len(self.document.faults) == faults_before:
            self._check_range(value, kind, route)
        if len(self.document.faults) > faults_before:
            return None
        return Leaf(_range(value, kind))

    def _check_range(self, value: Mapping[str, Any], kind: type[int] | type[float], route: Route) -> None:
        step, log = value.get("step"), value.get("log", False)
        if value["from"] > value["to"]:
            self._fault((*route, "from"), f"must not exceed `to`; given: from {value['from']} to {value['to']}")
        if step is not None and (not _is_number(step) or step <= 0):
            self._fault((*route, "step"), f"must be a number above 0; given: {step!r}")
        elif kind is int and not isinstance(step, int | None):
            self._fault((*route, "step"), f"must be a whole number, as the setting is; given: {step!r}")
        if not isinstance(log, bool):
            self._fault((*route, "log"), f"must be true or false; given: {log!r}")
        elif log and value["from"] <= 0:
            self._fault((*route, "from"), f"must be above 0 where log is true; given: {value['from']}")
        elif log and step is not None:
            self._fault((*route, "step"), "must be left out where log is true")

    def _checked(self, value: Any, route: Route) -> tuple[Any, bool]:
        whole = {self.inside[0]: value} if self.inside else value
        checked, problems = declared.validated_setting(self.component, self.name, whole)
        for problem in problems:
            self._fault(route, f"{self.what} {problem}")
        return (value if self.inside else checked), not problems

    def _fault(self, route: Route, message: str) -> None:
        self.document.fault(route, message)


def _range(value: Mapping[str, Any], kind: type[int] | type[float]) -> Drawn:
    step = value.get("step", 1 if kind is int else None)
    return Drawn(kind(value["from"]), kind(value["to"]), step, value.get("log", False))


def _short_form(valid: Mapping[str, type[Component]], entry: str) -> tuple[str, dict[str, str]]:
    """A component by its name, or by `name:text` with the text of its main setting, as in `openai:gpt-5-mini`."""
    name, _, text = entry.partition(":")
    setting = declared.main_setting(valid[name]) if text and name in valid else None
    return (name, {setting: text}) if setting else (entry, {})


def _entries(value: Any, route: Route) -> list[tuple[Any, Route]]:
    if isinstance(value, list):
        return [(entry, (*route, place)) for place, entry in enumerate(value)]
    return [(value, route)]


def _overlap(left: Node, right: Node) -> bool:
    """Whether two alternatives share a member; of large ones the first thousand are looked at."""
    if right.size is None:
        left, right = right, left
    if right.size is None:
        return False
    return any(left.trace("", value) is not None for value in islice(right.members(), MOST_COMPARED))


def _all_lists(values: list[Any]) -> bool:
    return all(isinstance(value, list) for value in values)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf")
