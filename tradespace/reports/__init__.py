"""What a study found, for people: sentences, tables, figures and a page. Needs results only, never a component."""

from tradespace.reports.answer import Answer, Verdict, answer
from tradespace.reports.info import pipeline_numbers
from tradespace.reports.page import render_report, write_report
from tradespace.reports.splits import split_sentence
from tradespace.reports.table import Cell, Row, Table, pipelines_table, predictions_table

__all__ = [
    "Answer",
    "Cell",
    "Row",
    "Table",
    "Verdict",
    "answer",
    "pipeline_numbers",
    "pipelines_table",
    "predictions_table",
    "render_report",
    "split_sentence",
    "write_report",
]
