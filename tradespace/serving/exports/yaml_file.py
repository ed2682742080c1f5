"""A pipeline as a search space of its own, to be explored again: on other questions, another machine, other prices."""

from __future__ import annotations

from tradespace.search_space.document import dump, parse_yaml
from tradespace.search_space.goals_yaml import goals_sections
from tradespace.search_space.pipeline_yaml import pipeline_section
from tradespace.serving.exports.exported import ExportedPipeline

WRITTEN_ANEW = ("name", "data", "pipeline", "objectives", "sla", "limits", "utility")
OF_THE_SPACE = ("constraints", "search", "deployment")
"""Sections that speak of what pipelines of the space may differ in."""


def yaml_file(exported: ExportedPipeline) -> str:
    """The search-space file; every setting is spelt out, and paths are from the root.

    Raises:
        InputError: the study has no documents.
    """
    specification = exported.specification
    written = parse_yaml(specification.text, specification.name).data
    kept = {name: section for name, section in written.items() if name not in (*WRITTEN_ANEW, *OF_THE_SPACE)}
    split = specification.data.model_dump(include={"explore", "confirm", "seed"})
    return dump(
        {
            "name": specification.name,
            "data": {**exported.data, **split},
            "pipeline": pipeline_section(exported.pipeline),
            **goals_sections(specification.goals),
            **kept,
        }
    )
