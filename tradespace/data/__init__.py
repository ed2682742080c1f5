"""Documents and questions: the bundled corpora, readers of common formats, and seeded splits."""

from tradespace.data.dataset import Dataset, QuestionSets
from tradespace.data.frames import dataset_from_frames, read_frames
from tradespace.data.inspect import Inspection, inspect
from tradespace.data.load import Source, dataset_names, format_names, load_dataset, read_dataset
from tradespace.data.readers import DataColumns

__all__ = [
    "DataColumns",
    "Dataset",
    "Inspection",
    "QuestionSets",
    "Source",
    "dataset_from_frames",
    "dataset_names",
    "format_names",
    "inspect",
    "load_dataset",
    "read_dataset",
    "read_frames",
]
