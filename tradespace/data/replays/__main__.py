"""Make the bundled questions and recordings from the published files.

    python -m tradespace.data.replays FOLDER

FOLDER holds a folder for each of the importers. The same input makes the same files.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tradespace.data.replays import IMPORTERS
from tradespace.data.replays.base import write_questions, write_recording

PACKAGE = Path(__file__).parents[2]
QUESTIONS_FOLDER = PACKAGE / "data" / "bundled" / "replays"
RECORDINGS_FOLDER = PACKAGE / "components" / "llms" / "recordings"


def main(folder: Path) -> None:
    """Import every set."""
    for name, read in IMPORTERS.items():
        replay = read(folder / name)
        if replay.questions:
            write_questions(replay.questions, QUESTIONS_FOLDER / f"{name}.jsonl.xz")
        for model, recorded in replay.recordings.items():
            write_recording(recorded, RECORDINGS_FOLDER / name / f"{model}.jsonl.xz")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
