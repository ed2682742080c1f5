"""A study's pipeline for applications of LangChain."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from tradespace.components.notation import parse
from tradespace.components.trust import Trust, demand
from tradespace.errors import InputError
from tradespace.explorer.files import read_data, specification_of
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.storage.study import StudyFolder
from tradespace.extras import missing

if TYPE_CHECKING:
    from tradespace.serving.exports.langchain_runnable import PipelineRunnable


def as_runnable(study: Path | str, pipeline: str, allowed: Collection[str] = ()) -> PipelineRunnable:
    """A pipeline over a study's documents, as a LangChain Runnable. Models are opened by the first question.

    Args:
        study: its folder.
        pipeline: its notation.
        allowed: the trust that it is given, where it needs any: `imports`, `server`, `unsandboxed`.

    Raises:
        InputError: LangChain is not installed, the notation is none, or the pipeline needs another trust.
    """
    if problem := missing(["langchain_core"]):
        raise InputError(f"a LangChain Runnable {problem}")
    from tradespace.serving.exports.langchain_runnable import PipelineRunnable

    parsed, opened = parse(pipeline), StudyFolder(study)
    trusted = [Trust(each) for each in allowed]
    demand(parsed, trusted)
    documents = read_data(specification_of(opened), trusted).dataset.documents
    return PipelineRunnable(parsed, OpenedComponents(documents, opened.artefacts))
