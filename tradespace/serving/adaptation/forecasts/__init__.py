"""Forecasts of arrivals: which load the next interval brings. A new one of ours joins the list."""

from __future__ import annotations

from tradespace.registry import Registry, class_problem
from tradespace.serving.adaptation.forecasts.base import ExpectedLoad, LoadForecast
from tradespace.serving.adaptation.forecasts.exponential_average import ExponentialAverage
from tradespace.serving.adaptation.forecasts.last_value import LastValue
from tradespace.serving.adaptation.forecasts.moving_maximum import MovingMaximum
from tradespace.serving.adaptation.forecasts.perfect import Perfect

FORECASTS: Registry[type[LoadForecast]] = Registry(
    "forecast",
    "tradespace.forecasts",
    lambda: (MovingMaximum, LastValue, ExponentialAverage),
    lambda entry: class_problem(entry, LoadForecast),
)

__all__ = ["FORECASTS", "ExpectedLoad", "ExponentialAverage", "LastValue", "LoadForecast", "MovingMaximum", "Perfect"]
