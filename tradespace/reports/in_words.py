"""A pipeline in plain words: `BM25 finds 5 passages, a cross-encoder keeps 1, a sentence reader answers`.

Components say what they do (`Component.in_words`); what they are set to stands in the YAML of a pipeline, defaults
included. One that says nothing is called by its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tradespace.explorer.conclusions.spelt_out import component_in, spelt_out
from tradespace.search_space.stages import online_among

LONGEST_VALUE, LONGEST = 60, 400
"""Characters of a setting, and of a whole description."""
LEFT_OUT = ("none", "recorded")
"""Components that do nothing, or that nothing is known of."""
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_SETTING = re.compile(r"\{(\w+)\}")
_ONE = re.compile(r"(?<![\d.,])1 (\w+)s\b")
_UNTOLD = {"retrieve": "{name} finds {top_k} passages", "rerank": "{name} keeps {keep}", "generate": "{name} answers"}
_UNSET = {"retrieve": "{name} finds passages", "rerank": "{name} reorders them", "generate": "{name} answers"}

WrittenSettings = Mapping[str, Any]


def pipeline_words(yaml: str, told: Mapping[str, str]) -> str:
    """Describe a pipeline, given as a YAML fragment with every setting spelt out.

    Args:
        yaml: as in `Evaluation.yaml`.
        told: what components say of themselves, by name (`Results.words`).

    Returns:
        Clauses in the order of the stages; empty where the YAML names no stage.

    >>> told = {"bm25": "BM25 finds {top_k} passages", "sentence": "a sentence reader answers"}
    >>> yaml = "pipeline: {retrieve: {bm25: {top_k: 5}}, rerank: {mine: {keep: 1}}, generate: {sentence: {}}}"
    >>> pipeline_words(yaml, told)
    'BM25 finds 5 passages, mine keeps 1, a sentence reader answers'
    """
    clauses = ", ".join(filter(None, _clauses(_stages(yaml), told)))
    return clauses if len(clauses) <= LONGEST else f"{clauses[:LONGEST]} …"


def _stages(yaml: str) -> dict[str, tuple[str, WrittenSettings]]:
    """The online stages in order: name and settings of the component of each."""
    section = spelt_out(yaml, ())
    if not isinstance(section, Mapping):
        return {}
    named = {stage: component_in(section[stage]) for stage in online_among(section)}
    return {stage: component for stage, component in named.items() if component}


def _clauses(stages: Mapping[str, tuple[str, WrittenSettings]], told: Mapping[str, str]) -> Iterator[str]:
    """A clause for each stage. What reads fewer passages than it is handed says so."""
    handed: Any = None
    for stage, (name, settings) in stages.items():
        if name in LEFT_OUT:
            continue
        read = settings.get("passages")
        fewer = isinstance(read, int) and isinstance(handed, int) and 0 < read < handed
        yield _said(name, settings, told, stage.partition("_")[0]) + (f" from the best {read}" if fewer else "")
        handed = settings.get("keep", settings.get("top_k", handed))


def _said(name: str, settings: WrittenSettings, told: Mapping[str, str], kind: str = "") -> str:
    """What a component says of itself, or else by its name what its kind of stage does."""
    for template in (told.get(name), _UNTOLD.get(kind), _UNSET.get(kind)):
        if template and (words := _filled(template, {"name": _spoken(name), **settings}, told)):
            return words
    return _spoken(name)


def _filled(template: str, settings: WrittenSettings, told: Mapping[str, str]) -> str:
    """A template with its settings in their places; empty where one is not known."""
    template = _OPTIONAL.sub(lambda part: part[1] if _all_set(part[1], settings) else "", template)
    if any(settings.get(name) is None for name in _SETTING.findall(template)):
        return ""
    return _ONE.sub(r"1 \1", _SETTING.sub(lambda part: _value(settings[part[1]], told), template))


def _all_set(part: str, settings: WrittenSettings) -> bool:
    return all(settings.get(name) for name in _SETTING.findall(part))


def _value(value: Any, told: Mapping[str, str]) -> str:
    if isinstance(value, list):
        return ", then ".join(_value(each, told) for each in value)
    if component := component_in(value):
        return _said(*component, told)
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]} …"


def _spoken(name: str) -> str:
    return name.replace("_", " ")
