"""The price of being surer, in sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.explorer.conclusions.test_surer import ACCOUNT
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.conclusions.surer import MoreQuestions, answer_surer
from tradespace.explorer.results import Outlay, Results
from tradespace.reports.info import pipeline_numbers
from tradespace.reports.section import Findings, Section
from tradespace.reports.sections.to_be_surer import more_words, to_be_surer_section

Make = Callable[..., Results]


def section(results: Results) -> Section | None:
    """The section of some results."""
    return to_be_surer_section(Findings(results, conclude(results), pipeline_numbers(results)))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (MoreQuestions(150, 1200, 75.0, 0.4), "150 more questions: 1,200 more calls, $0.40 and 75 s"),
        (MoreQuestions(1, 1, None, None), "1 more question: 1 more call"),
        (MoreQuestions(2000, None, 7.25, 0.0), "2,000 more questions: 7.2 s"),
        (MoreQuestions(5, None, None, None), "5 more questions"),
    ],
)
def test_what_more_questions_take_is_told_as_far_as_it_is_known(more: MoreQuestions, words: str) -> None:
    """Calls, dollars and time; dollars of calls that cost none are left out."""
    assert more_words(more) == words


def test_each_tie_has_a_sentence_and_a_row(make_results: Make) -> None:
    """With what it takes to tell it from the recommended pipeline."""
    results = make_results()
    answer, numbers = answer_surer(results, conclude(results)), pipeline_numbers(results)
    found = section(results)
    assert answer and answer.ties and found
    for tie, sentence in zip(answer.ties[:3], found.sentences, strict=False):
        number = numbers[tie.pipeline]
        told = f"To tell #{number} from the recommended pipeline takes" if tie.lead.value else f"#{number} has the same"
        assert sentence.startswith(told)
        if tie.more:
            assert f"{tie.more.questions:,} more question" in sentence
    assert [row.pipeline for row in found.tables[-1].rows] == [tie.pipeline for tie in answer.ties]


def test_how_well_it_is_known_and_what_the_next_step_takes(make_results: Make) -> None:
    """The widest of the narrower intervals in a sentence, all in a table."""
    results = make_results()
    answer, found = answer_surer(results, conclude(results)), section(results)
    assert answer and answer.half_width and answer.widths and found
    width, more = answer.widths[0]
    told = next(sentence for sentence in found.sentences if sentence.startswith("Its answer F1 is known to ±"))
    assert f"±{answer.half_width:.3f} with 120 questions. To know it to ±{width:g} takes " in told
    assert f"{more.questions:,} more questions" in told
    assert [row.cells[0].text for row in found.tables[0].rows] == [f"±{width:g}" for width, _ in answer.widths]


def test_where_more_questions_come_from_is_told(make_results: Make) -> None:
    """Those of the split that were not asked, more of the data, or first of all a confirmation."""
    results = make_results()
    found = section(results)
    assert found and any(each.startswith("All 120 confirm questions were asked") for each in found.sentences)
    larger = replace(results.provenance, questions=dict.fromkeys(results.provenance.questions, 400))
    found = section(replace(results, provenance=larger))
    assert found and any("has 280 confirm questions that were not asked" in each for each in found.sentences)
    found = section(make_results(confirm=False))
    assert found and any(each.startswith("These figures are not confirmed") for each in found.sentences)


def test_what_was_not_tried_is_told_with_its_price(make_results: Make) -> None:
    """And why it was not."""
    results = make_results()
    where = replace(results.provenance, search=ACCOUNT, spent=Outlay(20, 4000, 60.0, 0.5))
    found = section(replace(results, provenance=where))
    assert found and found.sentences[-1] == (
        "Of the space, 10 pipelines were not evaluated on all questions: left when the search ended. To evaluate "
        "all of them would take about 2,000 more calls, 30 s in them and $0.25, by what the others took."
    )
    by_price = replace(ACCOUNT, open=1, ending="no more is worth its price")
    ended = replace(where, search=by_price, spent=None, calls_made=0)
    found = section(replace(results, provenance=ended))
    assert found and found.sentences[-1] == (
        "Of the space, 1 pipeline was not evaluated on all questions: not worth its price, as the search foretold."
    )


def test_of_figures_that_were_measured_elsewhere_nothing_is_told(make_results: Make) -> None:
    """Nor without a recommendation: nobody here can ask more."""
    results = make_results()
    assert section(replace(results, provenance=replace(results.provenance, table="grid.csv"))) is None
    assert section(replace(results, explored=(), confirmed=())) is None
