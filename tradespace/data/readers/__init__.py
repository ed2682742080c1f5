"""Readers of the formats that people have their data in. A new reader joins through the list here."""

from __future__ import annotations

from tradespace.data.readers.autorag import AutoRAG
from tradespace.data.readers.base import DatasetReader, DatasetReading
from tradespace.data.readers.beir import BEIR
from tradespace.data.readers.files import Files
from tradespace.data.readers.hotpotqa import HotpotQA
from tradespace.data.readers.musique import MuSiQue
from tradespace.data.readers.squad import SQuAD

DATASET_READERS: tuple[DatasetReader, ...] = (AutoRAG(), BEIR(), Files(), HotpotQA(), MuSiQue(), SQuAD())
"""In the order in which they are tried on data of unknown format."""

__all__ = ["DATASET_READERS", "DatasetReader", "DatasetReading", "Files"]
