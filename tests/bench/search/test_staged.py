"""A recorded source tells no more than an exploration would know."""

from __future__ import annotations

import numpy as np

from bench.search.recording import Recording


def test_calls_that_depend_on_others_are_not_named_before_these_are_made(recording: Recording) -> None:
    """First the calls of the first round, with what is expected to follow; then what followed; then the score."""
    bought = recording.cheap.copy()
    source = recording.source(bought=bought)
    row = next(n for n, pipeline in enumerate(recording.pipelines) if "passages=2" in str(pipeline))
    question = next(q for q in range(recording.explore) if len(_calls(recording, row, q)) == 3)
    cell = [(recording.pipelines[row], question)]
    _, first, second = _calls(recording, row, question)
    before = source.reveal(cell)
    assert before.missing(0).tolist() == [first]
    assert before.further[0] > 0
    bought[first] = True
    between = source.reveal(cell)
    assert between.missing(0).tolist() == [second]
    assert np.isnan(between.scores[0, 0])
    bought[second] = True
    assert source.reveal(cell).scores[0, 0] == recording.scores[row, question]


def test_an_appraisal_tells_of_every_cell_what_revealing_it_tells(recording: Recording) -> None:
    """Pipeline after pipeline, question after question."""
    bought = recording.cheap.copy()
    bought[: len(bought) // 2] = True
    source = recording.source(bought=bought)
    cells = source.appraise(recording.pipelines).cells
    for place, pipeline in enumerate(recording.pipelines):
        for question in range(recording.explore):
            number = place * recording.explore + question
            alone = source.reveal([(pipeline, question)])
            assert cells.missing(number).tolist() == alone.missing(0).tolist()
            assert np.array_equal(cells.scores[number], alone.scores[0], equal_nan=True)


def test_costs_are_foretold_with_their_error(recording: Recording) -> None:
    """Another seed, another error; none where none is asked for."""
    exact, _ = recording.source().costs(recording.pipelines)
    noisy, spread = recording.source(1, 0.1).costs(recording.pipelines)
    assert (exact[:, 0] == recording.true_costs).all()
    assert (noisy != exact).all()
    assert (spread == 0.1).all()


def _calls(recording: Recording, row: int, question: int) -> list[int]:
    cell = row * recording.explore + question
    return recording.calls[recording.starts[cell] : recording.starts[cell + 1]].tolist()
