"""Documents and questions: the bundled corpora, readers of common formats, and seeded splits."""

from tradespace.data.dataset import Dataset, Splits

__all__ = ["Dataset", "Splits"]
