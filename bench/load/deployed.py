"""The pipelines of `spaces/`, and their studies."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bench.load.records import FOLDER
from bench.space_file import SpaceFile
from tradespace.components.base import Pipeline
from tradespace.explorer.results import Evaluation
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.storage.study import StudyFolder
from tradespace.types import Question

SPACES = Path(__file__).parent / "spaces"


@dataclass(frozen=True)
class OnePipeline(SpaceFile):
    """A space of one pipeline, and the folder where all that is made for it is kept."""

    folder: Path = FOLDER

    @cached_property
    def pipeline(self) -> Pipeline:
        """Its only member."""
        (pipeline,) = self.specification.space.members()
        return pipeline

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Those that are explored, and asked of servers."""
        data = self.specification.data
        return self.dataset.split(data.explore, data.confirm, data.seed).explore

    @cached_property
    def study(self) -> StudyFolder:
        """Where it is explored."""
        return StudyFolder(self.folder / "studies" / self.file.stem)

    @cached_property
    def opened(self) -> OpenedComponents:
        """Its components in this process."""
        return OpenedComponents(self.dataset.documents, self.study.artefacts)

    @property
    def evaluation(self) -> Evaluation:
        """What was found of it on these questions."""
        (evaluation,) = self.study.results().explored
        return evaluation

    def explore(self) -> None:
        """Make the study, as a user would; one that is there is continued, and says so."""
        command = [sys.executable, "-m", "tradespace", "explore", str(self.file), "--study", str(self.study.folder)]
        subprocess.run(command, check=True)
