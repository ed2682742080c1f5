"""A pipeline as a short Python file, built of Tradespace's components: to read, to run, to build on."""

from __future__ import annotations

from tradespace.serving.exports.exported import ExportedPipeline
from tradespace.serving.exports.python_source import assignment, import_lines


def python_file(exported: ExportedPipeline) -> str:
    """The file. It answers the question that it is run with; paths are from the root.

    Raises:
        InputError: the study has no documents.
    """
    single = len(exported.pipeline.components) == 1
    imports = [
        *import_lines(exported.pipeline),
        *(["from tradespace.components.base import Pipeline"] if single else []),
        "from tradespace.data.load import Source, load_dataset",
        "from tradespace.explorer.running.one_question import AnsweredQuestion, answer_question",
        "from tradespace.explorer.running.opened_components import OpenedComponents",
    ]
    imported = "\n".join(sorted(imports))
    return f'''"""A pipeline of the study {exported.specification.name}.

Run it with a question: python FILE "Who ...?"
"""

import sys
from pathlib import Path

{imported}

{assignment("PIPELINE", exported.pipeline)}
{assignment("DATA", dict(exported.data))}
{assignment("INDEXES", str(exported.folder / "artefacts"))}

components = OpenedComponents(load_dataset(Source(**DATA)).documents, Path(INDEXES))


def answer(question: str) -> AnsweredQuestion:
    """Answer a question; models and indexes are opened for the first one."""
    return answer_question(PIPELINE, components, question)


if __name__ == "__main__":
    if not sys.argv[1:]:
        sys.exit(__doc__)
    answered = answer(" ".join(sys.argv[1:]))
    print(answered.answer.text if answered.answer else "(this pipeline only retrieves)")
    for scored in answered.passages:
        print(f"  {{scored.passage.id}} ({{scored.score:.3f}})")
'''
