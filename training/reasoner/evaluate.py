"""Measure the five claims about the tiny reasoners and the speed of their engine, from the committed weights.

`python -m training.reasoner.evaluate` asks every size the held-out exam and writes docs/models-reasoner.md (the
tables) and docs/models-reasoner.json (the figures).
"""

import argparse
import json
from pathlib import Path

from training.reasoner.exam import exam
from training.reasoner.measures import Answered, Ask, ask_all, votes
from training.reasoner.speed import Speed, measure_speed
from training.reasoner.tables import page

WEIGHTS = Path("tradespace/components/weights")
SIZES = ("small", "medium", "large")
SAMPLES = 32
TEMPERATURE = 1.0


def measure(folder: Path, count: int, samples: int) -> dict[str, Answered]:
    """Ask one model the exam in every way that a claim needs."""
    from tradespace.components.llms.engine import Engine

    engine, items = Engine(folder), list(exam(count))
    asked = {name: ask_all(engine, items, ask) for name, ask in asks(samples).items()}
    return asked | votes(items, asked.pop("sampled"))


def asks(samples: int) -> dict[str, Ask]:
    """Return the ways of calling a model, by name."""
    return {
        "direct": Ask("direct"),
        "think": Ask("think"),
        "calculate": Ask("calculate"),
        "judge, true answer": Ask("judge", proposal="true"),
        "judge, false answer": Ask("judge", proposal="false"),
        "think, passage missing": Ask("think", complete=False),
        "ask, passage missing": Ask("ask", complete=False),
        "sampled": Ask("think", samples=samples, temperature=TEMPERATURE),
    }


def main() -> None:
    """Read the command line, measure, and write the tables."""
    import torch

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--samples", type=int, default=SAMPLES)
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="the folder of the three weights folders")
    parser.add_argument("--out", type=Path, default=Path("docs/models-reasoner"), help="path without suffix")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    answered: dict[str, dict[str, Answered]] = {}
    speeds: dict[str, Speed] = {}
    for size in SIZES:
        folder = arguments.weights / f"tiny-reasoner-{size}"
        answered[size] = measure(folder, arguments.questions, arguments.samples)
        speeds[size] = measure_speed(folder, list(exam(20)))
        print(f"{size}: measured", flush=True)
    markdown, figures = page(answered, speeds, arguments.threads)
    arguments.out.with_suffix(".md").write_text(markdown)
    arguments.out.with_suffix(".json").write_text(json.dumps(figures, indent=1, allow_nan=False) + "\n")


if __name__ == "__main__":
    main()
