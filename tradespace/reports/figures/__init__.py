"""The figures of the report, one in each file. Plotly is imported here and nowhere else, and only when one is drawn."""

from tradespace.reports.figures.changes import changes_figure
from tradespace.reports.figures.frontier import frontier_figure
from tradespace.reports.figures.load_curve import load_curve_figure
from tradespace.reports.figures.milliseconds import milliseconds_figure
from tradespace.reports.figures.settings import settings_figure
from tradespace.reports.figures.slas import sla_figure
from tradespace.reports.figures.split import split_figure
from tradespace.reports.figures.style import packed_plotly, plotly_script

__all__ = [
    "changes_figure",
    "frontier_figure",
    "load_curve_figure",
    "milliseconds_figure",
    "packed_plotly",
    "plotly_script",
    "settings_figure",
    "sla_figure",
    "split_figure",
]
