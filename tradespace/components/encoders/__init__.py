"""The embedded encoders: a span reader and a cross-encoder on MiniLM, trained by `training/reader`."""

from tradespace.components.encoders.cross_encoder import CrossEncoder
from tradespace.components.encoders.engine import Layers, Precision, Runtime
from tradespace.components.encoders.reader import PassageAnswer, SpanReader

__all__ = ["CrossEncoder", "Layers", "PassageAnswer", "Precision", "Runtime", "SpanReader"]
