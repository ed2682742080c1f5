"""Documents and questions: the bundled corpora, readers of common formats, and seeded splits."""

from tradespace.data.dataset import Dataset, Splits
from tradespace.data.load import Source, dataset_names, format_names, load, read

__all__ = ["Dataset", "Source", "Splits", "dataset_names", "format_names", "load", "read"]
