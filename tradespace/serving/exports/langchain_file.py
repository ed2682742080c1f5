"""A pipeline as a short Python file that makes a LangChain Runnable of it."""

from __future__ import annotations

from tradespace.serving.exports.exported import ExportedPipeline
from tradespace.serving.exports.python_source import assignment


def langchain_file(exported: ExportedPipeline) -> str:
    """The file. Its `chain` stands wherever LangChain takes a Runnable; paths are from the root."""
    allowed = [str(trust) for trust in exported.allowed]
    return f'''"""A pipeline of the study {exported.specification.name}, as a LangChain Runnable.

Run it with a question: python FILE "Who ...?"
"""

import sys

from tradespace.serving.exports.langchain import as_runnable

{assignment("STUDY", str(exported.folder))}
{assignment("PIPELINE", str(exported.pipeline))}

chain = as_runnable(STUDY, PIPELINE{f", allowed={allowed!r}" if allowed else ""})

if __name__ == "__main__":
    if not sys.argv[1:]:
        sys.exit(__doc__)
    answered = chain.invoke(" ".join(sys.argv[1:]))
    print(answered["answer"] or "(this pipeline only retrieves)")
    for document in answered["passages"]:
        print(f"  {{document.id}} ({{document.metadata['score']:.3f}})")
'''
