"""The page of an exploration under way: what it does, the report of its results so far, and a button that stops it."""

from tradespace.serving.live.board import LiveBoard
from tradespace.serving.live.server import LiveServer

__all__ = ["LiveBoard", "LiveServer"]
