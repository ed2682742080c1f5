"""The commented search-space file that `tradespace init` writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

_BUNDLED = "dataset: wikipedia    # bundled: 2,840 passages with questions; or the path of a dataset of your own"


@dataclass(frozen=True, slots=True)
class Choice:
    """What a file starts with, besides what all start with.

    Attributes:
        explore, confirm: questions of each split.
        objective: what is maximized.
        latency: the figure that is minimized and bounded.
        rerank, generate: components with their settings, a line each; without a line there is no such stage.
        reasons: why this was chosen, a line each.
    """

    explore: int = 200
    confirm: int = 200
    objective: str = "answer_contained"
    latency: str = "latency_p95"
    rerank: tuple[str, ...] = ()
    generate: tuple[str, ...] = ("sentence: {passages: [1, 2, 3, 5]}",)
    reasons: tuple[str, ...] = ()


def starter(name: str, data: Mapping[str, Any] | None = None, choice: Choice = Choice()) -> str:
    """A search space to start from: the bundled Wikipedia questions, or one's own data.

    Args:
        name: that of the space.
        data: what its section `data` says of one's own: paths start from the folder of the file.
        choice: what fits them.
    """
    source = "\n  ".join(f"{key}: {_inline(value)}" for key, value in data.items()) if data else _BUNDLED
    if data and "columns" in data:
        source += "    # guessed: correct what is wrong"
    generate = "".join(f"    {line}\n" for line in choice.generate)
    return _TEMPLATE.format(
        name=_quoted(name),
        source=source,
        choice=choice,
        reasons="".join(["# Chosen for these questions:\n", *(f"#   {reason}\n" for reason in choice.reasons)])
        if choice.reasons
        else "",
        rerank="".join(f"    {line}\n" for line in choice.rerank),
        generate=f"  generate:             # how the answer is made\n{generate}" if generate else "",
        split="[retrieve + rerank, generate]" if generate else "[retrieve, rerank]",
    )


def _inline(value: Any) -> str:
    """Texts in quotes, and lists and mappings of them on one line."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {_inline(each)}' for key, each in value.items())}}}"
    return f"[{', '.join(map(_inline, value))}]" if isinstance(value, list) else _quoted(value)


def _quoted(text: str) -> str:
    return yaml.safe_dump(text, default_style='"', width=float("inf")).strip()


_TEMPLATE = """\
# A search space: which parts a pipeline may be made of, and which of their settings may vary.
# A setting is fixed (a value), chosen (a list), or drawn (from, to, and perhaps step or log).
#   tradespace check FILE      finds every mistake, and says how many pipelines there are
#   tradespace explore FILE    searches, and writes a report
{reasons}name: {name}

data:
  {source}
  explore: {choice.explore}          # questions that the search sees
  confirm: {choice.confirm}          # questions for the finalists, which no decision of the search has seen

pipeline:
  # parse: {{pypdf: {{}}, pdfminer: {{}}}}    # other ways of reading PDF and HTML: docs/space.md#how-files-are-parsed
  chunk:                # how documents are cut; without this stage they are searched whole
    documents: {{}}
    sentences: {{size: [64, 128], overlap: [0, 1]}}
  retrieve:             # how passages are found
    bm25: {{k1: [0.9, 1.2], b: [0.4, 0.75], top_k: [1, 3, 5, 10, 20]}}
    dense:              # a setting may be a component itself, with settings of its own
      index: {{flat: {{}}, hnsw: {{ef_search: [16, 64]}}, ivf: {{nprobe: [1, 4, 16]}}}}
      top_k: [1, 3, 5, 10, 20]
    hybrid:
      fusion: {{rrf: {{}}, weighted: {{alpha: {{from: 0.3, to: 0.7, step: 0.2}}}}}}
      top_k: [5, 10, 20]
  rerank:               # what is kept of the passages found; more ways: docs/architectures.md
    none: {{}}
    mmr: {{keep: [1, 3, 5]}}
    maxsim: {{keep: [1, 3, 5]}}
{rerank}{generate}
constraints:            # what a pipeline must meet; settings that it does not have are not looked at
  - rerank.keep <= retrieve.top_k

objectives:
  {choice.objective}: maximize
  {choice.latency}: minimize

sla:
  {choice.latency}: 100 ms
  split: {split}     # between which stages the report divides the 100 ms

search:
  strategy: frontier    # or tpe, nsga2, random, grid
  budget: {{minutes: 2}}  # also: pipelines, calls, usd; whichever comes first
  seed: 0
"""
