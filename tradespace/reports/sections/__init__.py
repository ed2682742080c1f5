"""The sections of the report, one file each, in the order in which they are shown.

To add one, write a maker in a file of its own and put it into the list.
"""

from tradespace.reports.section import SectionMaker
from tradespace.reports.sections.failures import failures_section
from tradespace.reports.sections.frontier import frontier_section
from tradespace.reports.sections.groups import groups_section
from tradespace.reports.sections.judged import judged_section
from tradespace.reports.sections.latencies import latencies_section
from tradespace.reports.sections.milliseconds import milliseconds_section
from tradespace.reports.sections.pipelines import pipelines_section
from tradespace.reports.sections.predictions import predictions_section
from tradespace.reports.sections.provenance import provenance_section
from tradespace.reports.sections.question_by_question import question_by_question_section
from tradespace.reports.sections.searched import searched_section
from tradespace.reports.sections.settings import settings_section
from tradespace.reports.sections.slas import slas_section
from tradespace.reports.sections.split import split_section
from tradespace.reports.sections.strategies_by_k import strategies_by_k_section
from tradespace.reports.sections.to_be_surer import to_be_surer_section
from tradespace.reports.sections.under_load import under_load_section
from tradespace.reports.sections.usage import usage_section

SECTIONS: tuple[SectionMaker, ...] = (
    frontier_section,
    split_section,
    slas_section,
    milliseconds_section,
    settings_section,
    strategies_by_k_section,
    groups_section,
    under_load_section,
    pipelines_section,
    question_by_question_section,
    latencies_section,
    predictions_section,
    judged_section,
    usage_section,
    failures_section,
    searched_section,
    to_be_surer_section,
    provenance_section,
)

__all__ = ["SECTIONS"]
