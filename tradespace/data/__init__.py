"""Documents and questions: the bundled corpora, readers of common formats, and seeded splits."""

from tradespace.data.dataset import Dataset, QuestionSets
from tradespace.data.inspect import Inspection, inspect
from tradespace.data.load import Source, dataset_names, format_names, load_dataset, read_dataset

__all__ = [
    "Dataset",
    "Inspection",
    "QuestionSets",
    "Source",
    "dataset_names",
    "format_names",
    "inspect",
    "load_dataset",
    "read_dataset",
]
