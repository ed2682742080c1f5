"""`tradespace export`."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from tradespace.commands.ask import recommended_pipeline
from tradespace.components.notation import parse
from tradespace.components.trust import NeedsTrust, Trust, demand
from tradespace.errors import InputError, nearest
from tradespace.explorer.files import specification_of
from tradespace.explorer.storage.study import StudyFolder
from tradespace.serving.exports import EXPORT_FORMATS, ExportedPipeline


def write_export(
    folder: Path, notation: str | None, form: str, allowed: Collection[Trust], output: Path | None
) -> None:
    """Write the recommended pipeline, or the one given, in a format for elsewhere, to a file or else to the terminal.

    Raises:
        InputError: there is no such format, or the pipeline or its documents need a trust that is not among those
            allowed.
        OSError: the file cannot be written.
    """
    if form not in EXPORT_FORMATS:
        raise InputError(f"no format is called {form!r}; {nearest(form, tuple(EXPORT_FORMATS))}")
    study = StudyFolder(folder)
    pipeline = parse(notation or recommended_pipeline(study))
    specification = specification_of(study)
    loader = specification.data.langchain_loader
    trusted: list[NeedsTrust] = [*pipeline, *([loader] if loader else [])]
    demand(trusted, allowed)
    needed = {trust for each in trusted for part in each.parts() for trust in part.needs}
    text = EXPORT_FORMATS[form](ExportedPipeline(study, specification, pipeline, tuple(sorted(needed))))
    if output is None:
        print(text, end="")
        return
    output.write_text(text, encoding="utf-8")
    print(output)
