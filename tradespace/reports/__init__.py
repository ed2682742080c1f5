"""What a study found, for people: sentences, tables, figures and a page. Needs results only, never a component."""

from tradespace.reports.info import pipeline_numbers
from tradespace.reports.page import render_report, write_report
from tradespace.reports.recommendation import Recommendation, Verdict, recommendation
from tradespace.reports.splits import split_sentence
from tradespace.reports.table import Cell, SectionRow, SectionTable, pipelines_table

__all__ = [
    "Cell",
    "Recommendation",
    "SectionRow",
    "SectionTable",
    "Verdict",
    "pipeline_numbers",
    "pipelines_table",
    "recommendation",
    "render_report",
    "split_sentence",
    "write_report",
]
