"""Records written down as people and tools write them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

Rows = Sequence[dict[str, Any]]


def write_records(file: Path, rows: Rows) -> Path:
    """In the format that the file's name ends in; lists are separated by | in CSV."""
    file.parent.mkdir(parents=True, exist_ok=True)
    kind = file.suffix
    if kind == ".json":
        file.write_text(json.dumps(list(rows), indent=1), encoding="utf-8")
    elif kind == ".jsonl":
        file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    elif kind == ".parquet":
        pd.DataFrame(list(rows)).to_parquet(file)
    elif kind == ".arrow":
        _write_stream(file, pa.Table.from_pylist(list(rows)))
    else:
        flat = [
            {name: "|".join(each) if isinstance(each, list) else each for name, each in row.items()} for row in rows
        ]
        pd.DataFrame(flat).to_csv(file, index=False, sep="\t" if kind == ".tsv" else ",")
    return file


def _write_stream(file: Path, table: pa.Table) -> None:
    with pa.OSFile(str(file), "wb") as sink, pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)


def save_to_disk(folder: Path, rows: Rows, shards: int = 1) -> Path:
    """As `datasets.Dataset.save_to_disk` writes a dataset."""
    names = [f"data-{shard:05}-of-{shards:05}.arrow" for shard in range(shards)]
    for shard, name in enumerate(names):
        write_records(folder / name, rows[shard::shards])
    state = {"_data_files": [{"filename": name} for name in names], "_fingerprint": "0", "_split": "train"}
    (folder / "state.json").write_text(json.dumps(state))
    (folder / "dataset_info.json").write_text(json.dumps({"features": {}, "splits": {}}))
    return folder


def save_splits_to_disk(folder: Path, **splits: Rows) -> Path:
    """As `datasets.DatasetDict.save_to_disk` writes several splits."""
    for name, rows in splits.items():
        save_to_disk(folder / name, rows)
    (folder / "dataset_dict.json").write_text(json.dumps({"splits": list(splits)}))
    return folder
