"""How tables are written: CSV (RFC 4180, UTF-8), Parquet, and the list of checksums."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from etl.report.opendata.tabelle import Feld, Tabelle

CHECKSUMS = "pruefsummen.sha256"
_TYPES = {"number": pa.decimal128(24, 6), "integer": pa.int64()}


def write_csv(table: Tabelle, folder: Path) -> Path:
    """Write ``<name>.csv``."""
    path = folder / f"{table.name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(feld.name for feld in table.felder)
        writer.writerows(table.zeilen)
    return path


def write_parquet(table: Tabelle, folder: Path) -> Path:
    """Write ``<name>.parquet``: numbers exact, the description of each column with it."""
    columns = list(zip(*table.zeilen, strict=True)) or [()] * len(table.felder)
    arrays = [pa.array(_values(feld, column), _type(feld)) for feld, column in zip(table.felder, columns, strict=True)]
    fields = [
        pa.field(feld.name, _type(feld), not feld.pflicht, {"titel": feld.titel, "beschreibung": feld.beschreibung})
        for feld in table.felder
    ]
    schema = pa.schema(fields, {"titel": table.titel, "beschreibung": table.beschreibung})
    path = folder / f"{table.name}.parquet"
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), path, compression="zstd")
    return path


def checksums(files: Sequence[Path], folder: Path) -> Path:
    """Write the SHA-256 of every file, as ``sha256sum -c`` reads it."""
    lines = sorted(f"{sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in files)
    path = folder / CHECKSUMS
    path.write_text("".join(lines), encoding="utf-8", newline="\n")
    return path


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _type(feld: Feld) -> pa.DataType:
    return _TYPES.get(feld.typ, pa.string())


def _values(feld: Feld, column: Sequence[str]) -> list[str | Decimal | int | None]:
    if feld.typ == "number":
        return [Decimal(text) if text else None for text in column]
    if feld.typ == "integer":
        return [int(text) if text else None for text in column]
    return [text or None for text in column]
