"""The tables of a ledger's file."""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, Integer, LargeBinary, MetaData, Table, Text

TABLES = MetaData()
OUTCOMES = Table(
    "outcomes",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("key", LargeBinary, nullable=False, unique=True),
    Column("value", LargeBinary, nullable=False),
    Column("component", Text, nullable=False),
    Column("checksum", Integer, nullable=False),
)
TIMINGS = Table(
    "timings",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("host", Text, nullable=False),
    Column("work", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("conditions", Text, nullable=False),
    Column("at", Float, nullable=False),
    Index("timings_by_work", "work", "host"),
)
