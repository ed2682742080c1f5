"""What holds for everything that writes questions."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradespace.components.base import Pipeline
from tradespace.data.generation.written import GeneratedType, WrittenQuestion
from tradespace.explorer.generating.assigning import ASKED_ABOUT, Assigning
from tradespace.explorer.generating.base import QuestionWriter
from tradespace.explorer.generating.fates import Fate, WritingResult
from tradespace.explorer.generating.sources import Assignment
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.storage.databases import open_ledger
from tradespace.testing.paragraphs import documents
from tradespace.types import Failure

OF_EACH_TYPE = 4


class QuestionWriterContract:
    """Inherit it and give it `writer`, by a fixture or a parameter."""

    @pytest.fixture
    def recorded_calls(self, tmp_path: Path) -> RecordedCalls:
        """Makes the calls of a writer, over real paragraphs."""
        return RecordedCalls(OpenedComponents(documents(), tmp_path), open_ledger("memory://"))

    @pytest.fixture
    def assignments(self, writer: QuestionWriter, recorded_calls: RecordedCalls) -> list[Assignment]:
        """Some of each type that it can write."""
        assigning = Assigning(recorded_calls.corpus(Pipeline((ASKED_ABOUT,))), seed=0)
        streams = {each: assigning.turns(each) for each in writer.types}
        turns = [next(stream) for stream in streams.values() for _ in range(OF_EACH_TYPE)]
        assigned = assigning.assigned(turns, recorded_calls)
        return [each for each in assigned if isinstance(each, Assignment)]

    def test_it_has_a_name_and_types(self, writer: QuestionWriter) -> None:
        """Reports call it by the name; each type stands once."""
        assert writer.name.strip() == writer.name != ""
        assert len(set(writer.types)) == len(writer.types) > 0

    def test_every_assignment_has_its_result(
        self, writer: QuestionWriter, assignments: list[Assignment], recorded_calls: RecordedCalls
    ) -> None:
        """A question with its answer and the sentences that hold it, or why there is none."""
        results = written_by(writer, assignments, recorded_calls)
        assert len(results) == len(assignments)
        for assignment, result in zip(assignments, results, strict=True):
            if not isinstance(result, WrittenQuestion):
                assert isinstance(result, Failure) or result in (Fate.NOTHING, Fate.UNREADABLE)
                continue
            assert result.text.strip()
            answerable = assignment.type is not GeneratedType.UNANSWERABLE
            assert bool(result.answer) is answerable
            assert len(result.sentences) == (len(assignment.sources) if answerable else 0)
            for source, number in zip(assignment.sources, result.sentences, strict=False):
                assert source.evidence(number).text in source.passage.text

    def test_what_is_written_beside_it_makes_no_difference(
        self, writer: QuestionWriter, assignments: list[Assignment], recorded_calls: RecordedCalls
    ) -> None:
        """Alone, and in any order."""
        together = written_by(writer, assignments, recorded_calls)
        for assignment, result in zip(reversed(assignments), reversed(together), strict=True):
            assert written_by(writer, [assignment], recorded_calls) == [result]

    def test_nothing_is_called_twice(
        self, writer: QuestionWriter, assignments: list[Assignment], recorded_calls: RecordedCalls
    ) -> None:
        """The same again is answered from the ledger."""
        first = written_by(writer, assignments, recorded_calls)
        made = recorded_calls.budget.made
        assert written_by(writer, assignments, recorded_calls) == first
        assert recorded_calls.budget.made == made


def written_by(
    writer: QuestionWriter, assignments: list[Assignment], recorded_calls: RecordedCalls
) -> list[WritingResult]:
    """What is written for assignments."""
    return writer.write(assignments, recorded_calls, recorded_calls.corpus(Pipeline((ASKED_ABOUT,))))
