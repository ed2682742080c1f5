"""Datasets that come with the package, each in a folder with its licence."""

from tradespace.data.bundled.wikipedia import wikipedia

__all__ = ["wikipedia"]
