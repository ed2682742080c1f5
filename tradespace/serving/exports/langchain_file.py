"""A pipeline as a short Python file that makes a LangChain Runnable of it."""

from __future__ import annotations

from tradespace.serving.exports.exported import ExportedPipeline
from tradespace.serving.exports.python_source import assignment


def langchain_file(exported: ExportedPipeline) -> str:
    """The file. Its `chain` stands wherever LangChain takes a Runnable; paths are from the root."""
    constants: dict[str, object] = {"STUDY": str(exported.folder), "PIPELINE": str(exported.pipeline)}
    if exported.allowed:
        constants["ALLOWED"] = list(map(str, exported.allowed))
    written = "\n".join(assignment(name, value) for name, value in constants.items())
    return f'''"""A pipeline of the study {exported.specification.name}, as a LangChain Runnable.

Run it with a question: python FILE "Who ...?"
"""

import sys

from tradespace.serving.exports.langchain import as_runnable

{written}

chain = as_runnable(STUDY, PIPELINE{", ALLOWED" if exported.allowed else ""})

if __name__ == "__main__":
    if not sys.argv[1:]:
        sys.exit(__doc__)
    answered = chain.invoke(" ".join(sys.argv[1:]))
    found_only = answered["answer"] is None
    print("(this pipeline only retrieves)" if found_only else answered["answer"])
    for document in answered["passages"]:
        print(f"  {{document.id}} ({{document.metadata['score']:.3f}})")
'''
