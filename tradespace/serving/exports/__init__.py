"""A study's pipeline taken elsewhere: into YAML, a Python file, a LangChain application. A format joins by the list."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tradespace.serving.exports.exported import ExportedPipeline
from tradespace.serving.exports.langchain_file import langchain_file
from tradespace.serving.exports.python_file import python_file
from tradespace.serving.exports.yaml_file import yaml_file

EXPORT_FORMATS: Mapping[str, Callable[[ExportedPipeline], str]] = {
    "langchain": langchain_file,
    "python": python_file,
    "yaml": yaml_file,
}

__all__ = ["EXPORT_FORMATS", "ExportedPipeline"]
