"""What each setting does for the accuracy: the difference between two of its values, with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tradespace.explorer.conclusions.setting_contrasts import SettingContrast
from tradespace.reports.figures.differences import DrawnDifference, differences_figure
from tradespace.reports.figures.style import escaped
from tradespace.reports.words import figure_with_interval


def settings_figure(contrasts: Sequence[SettingContrast], measure: str) -> Any:
    """Draw a mark with its interval for each setting, the one that matters most on top; open where 0 is in it."""
    drawn = [DrawnDifference(_change(each), each.gain, each.shown, _hover(each, measure)) for each in contrasts]
    return differences_figure(drawn, measure, "gained in", "matters", "can't be told from nothing")


def _change(each: SettingContrast) -> str:
    return f"{each.setting}: {each.worse} → {each.better}"


def _hover(each: SettingContrast, measure: str) -> str:
    return f"<b>{escaped(_change(each))}</b><br>+{figure_with_interval({measure: each.gain}, measure)}"
