"""Readers of the formats that people have their data in. A new reader joins through the list here."""

from __future__ import annotations

from tradespace.data.readers.autorag import AutoRAG
from tradespace.data.readers.base import DatasetReader, DatasetReading
from tradespace.data.readers.beir import BEIR
from tradespace.data.readers.columns import USUAL_COLUMNS, DataColumns, MappedReader, columns_of
from tradespace.data.readers.files import Files
from tradespace.data.readers.flat import FlatRecords
from tradespace.data.readers.hotpotqa import HotpotQA
from tradespace.data.readers.kilt import KILT, is_kilt
from tradespace.data.readers.msmarco import MSMARCO
from tradespace.data.readers.msmarco_ranking import MSMARCORanking
from tradespace.data.readers.musique import MuSiQue
from tradespace.data.readers.squad import SQuAD
from tradespace.data.readers.triviaqa import TriviaQA

DATASET_READERS: tuple[DatasetReader, ...] = (
    *(AutoRAG(), BEIR(), Files(), KILT(), MSMARCORanking()),
    *(HotpotQA(), MSMARCO(), MuSiQue(), TriviaQA(), FlatRecords(), SQuAD()),
)
"""In the order in which they are tried on data of unknown format."""

__all__ = [
    "DATASET_READERS",
    "KILT",
    "USUAL_COLUMNS",
    "DataColumns",
    "DatasetReader",
    "DatasetReading",
    "Files",
    "MappedReader",
    "columns_of",
    "is_kilt",
]
