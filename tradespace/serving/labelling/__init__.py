"""The page on which people label answers: on this machine alone, by keyboard, without any library."""

from tradespace.serving.labelling.server import LabelServer

__all__ = ["LabelServer"]
