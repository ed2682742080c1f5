"""Measure the five claims about the tiny reasoners and the speed of their engine, from the committed weights.

`python -m training.reasoner.evaluate` asks every size the held-out exam and writes the tables into docs/models.md and
the figures into docs/models-reasoner.json. What is measured of one size is kept in runs/evaluation under
its weights' checksum, so that an interrupted evaluation goes on with the next size.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from training.document import PAGE, insert
from training.reasoner.exam import Item, exam
from training.reasoner.measures import Ask, Measured, ask_all, measured_from_json, measured_to_json, votes
from training.reasoner.speed import measure_speed
from training.reasoner.tables import page

WEIGHTS = Path("tradespace/components/weights")
KEPT = Path("runs/evaluation")
SIZES = ("small", "medium", "large")
TIMED_PROMPTS = 10
ASKS = {
    "direct": Ask("direct"),
    "think": Ask("think"),
    "calculate": Ask("calculate"),
    "judge": Ask("judge"),
    "think, passage missing": Ask("think", complete=False),
    "ask, passage missing": Ask("ask", complete=False),
    "sampled": Ask("think", samples=32, temperature=0.8),
    "sampled, calculator": Ask("calculate", samples=8, temperature=0.8),
}


def measure(folder: Path, items: Sequence[Item], threads: int) -> Measured:
    """Ask one model the exam in every way that a claim needs, and time its engine."""
    from tradespace.components.llms.engine import LlamaEngine

    engine = LlamaEngine(folder)
    asked = {name: ask_all(engine, items, ask) for name, ask in ASKS.items()}
    return Measured(asked | votes(asked["sampled"]), measure_speed(folder, items[:TIMED_PROMPTS]), len(items), threads)


def measure_once(folder: Path, items: Sequence[Item], threads: int) -> Measured:
    """Measure, or read back what was measured of exactly these weights on as many questions."""
    checksum = json.loads((folder / "manifest.json").read_text())["sha256"]["model.safetensors"]
    kept = KEPT / f"{checksum}-{len(items)}-{threads}.json"
    if not kept.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        kept.write_text(measured_to_json(measure(folder, items, threads)))
    return measured_from_json(kept.read_text())


def main() -> None:
    """Read the command line, measure, and write the tables."""
    import torch

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=300, help="at least 20")
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=SIZES, help="the page is written for all three")
    parser.add_argument("--page", type=Path, default=PAGE, help="Markdown page whose section `reasoners` is written")
    parser.add_argument("--figures", type=Path, default=Path("docs/models-reasoner.json"))
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    if arguments.questions < 20:
        parser.error(f"--questions must be at least 20, so that every group is asked; got {arguments.questions}")
    torch.set_num_threads(arguments.threads)
    items = list(exam(arguments.questions))
    measured = {
        size: measure_once(WEIGHTS / f"tiny-reasoner-{size}", items, arguments.threads) for size in arguments.sizes
    }
    markdown, figures = page(measured)
    insert(arguments.page, "reasoners", markdown)
    arguments.figures.write_text(json.dumps(figures, indent=1, allow_nan=False) + "\n")


if __name__ == "__main__":
    main()
