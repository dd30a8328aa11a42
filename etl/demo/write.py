"""Write a delivery in the contract's shape, cohort after cohort, so that memory does not grow with its size."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from types import TracebackType
from typing import Literal, Self
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pc_csv
import pyarrow.parquet as pq

from etl.contract import MANIFEST, TABLES, VERSION, Column, Table
from etl.demo.arrays import LEER, OFFEN, Ints
from etl.demo.codes import (
    ABGANGSGRUENDE,
    BERUFSABSCHLUESSE,
    EINKOMMENSARTEN,
    ERLEDIGUNGSARTEN,
    SACHGEBIETE,
    SCHULABSCHLUESSE,
    ZUGANGSGRUENDE,
)
from etl.demo.haushalte import nationen
from etl.demo.kalibrierung import gemeinden, load
from etl.demo.tabellen import Tabelle, Tabellen
from etl.extract.archive import sha256_of
from etl.monat import Monat

TRAEGERNUMMER = "DEMO00317"
Format = Literal["csv", "parquet"]

_PREFIXES = {
    "kundennummer": ("DEMO-P-", 7),
    "bg_nummer": ("DEMO-BG-", 6),
    "aktenzeichen": ("DEMO-AZ-", 6),
    "erwerb_id": ("DEMO-E-", 7),
    "teilnahme_id": ("DEMO-T-", 7),
    "minderung_id": ("DEMO-M-", 7),
    "verfahren_id": ("DEMO-V-", 7),
}


def _vocabulary() -> dict[str, tuple[str, ...]]:
    """Return the texts of the columns that have neither a code list nor a key, by position."""
    stellen = tuple(sorted(set(gemeinden().stelle)))
    teams = tuple(f"Team {stelle} {team}" for stelle in stellen for team in range(10))
    return {
        "gemeinde_ags": gemeinden().ags,
        "geschaeftsstelle": stellen,
        "zustaendigkeit": teams,
        "staatsangehoerigkeit": nationen(load()),
        "schulabschluss": SCHULABSCHLUESSE,
        "berufsabschluss": BERUFSABSCHLUESSE,
        "einkommensart": EINKOMMENSARTEN,
        "zugangsgrund": ZUGANGSGRUENDE,
        "abgangsgrund": ABGANGSGRUENDE,
        "sachgebiet": SACHGEBIETE,
        "erledigungsart": ERLEDIGUNGSARTEN,
    }


def keys(column: str, numbers: Ints) -> pa.Array:
    """Return keys as text: obviously made up, ``DEMO-P-0000001``."""
    prefix, width = _PREFIXES[column]
    digits = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width, "0")
    return pc.binary_join_element_wise(prefix, digits, "")


def _key_column(column: str, numbers: Ints) -> pa.Array:
    """Make each key once and repeat it: keys occur a hundred times in the money tables."""
    if not len(numbers):
        return pa.array([], pa.string())
    low = int(numbers.min())
    return keys(column, np.arange(low, int(numbers.max()) + 1)).take(pa.array(numbers - low))


def decimals(values: Ints, scale: int, null: pa.Array | None) -> pa.Array:
    """Turn hundredths into decimals without a detour over floats or objects."""
    raised = values * 10 ** (scale - 2)
    words = np.stack([raised, raised >> 63], axis=1)  # 128 bit two's complement, low word first
    kind = pa.decimal128(12 if scale == 2 else 18, scale)
    array = pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(np.ascontiguousarray(words))])
    return array if null is None else pc.if_else(null, pa.scalar(None, kind), array)


def encode(table: Table, rows: Tabelle) -> pa.Table:
    """Turn a table of numbers into the contract's types."""
    columns = [_encode_column(column, rows[column.name]) for column in table.columns]
    return pa.Table.from_arrays(columns, schema=table.arrow_schema)


def _encode_column(column: Column, values: Ints | np.ndarray[tuple[int], np.dtype[np.bool_]]) -> pa.Array:
    if column.type == "boolean":
        return pa.array(values)
    numbers = values.astype(np.int64)
    null = (numbers == LEER) | (numbers >= OFFEN)
    if column.type == "date":
        return pa.array(numbers.clip(-(2**31), OFFEN).astype(np.int32), mask=null).cast(pa.date32())
    if column.type == "integer":
        return pa.array(numbers.astype(np.int32))
    if column.type == "number":
        scale = column.arrow_type.scale
        return decimals(np.where(null, 0, numbers), scale, pa.array(null) if null.any() else None)
    if column.name in _PREFIXES:
        return _key_column(column.name, numbers)
    texts = column.codes or _vocabulary()[column.name]
    return pa.array(texts).take(pa.array(np.maximum(numbers, 0), mask=numbers < 0))


class Lieferung:
    """Files of a delivery being written: one open writer per table, the manifest at the end."""

    def __init__(self, folder: Path, kind: Format) -> None:
        """Write tables of ``kind`` into the existing folder ``folder``."""
        self._folder, self._kind = folder, kind
        self._writers: dict[str, pq.ParquetWriter | pc_csv.CSVWriter] = {}
        self._rows = dict.fromkeys(TABLES, 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Finish all files."""
        for writer in self._writers.values():
            writer.close()
        self._writers.clear()

    def append(self, tables: Tabellen) -> None:
        """Append the rows of one cohort."""
        for name, rows in tables.items():
            data = encode(TABLES[name], rows)
            if self._kind == "csv":
                data = _for_csv(data)
            self._writer(name, data.schema).write_table(data)
            self._rows[name] += data.num_rows

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.{self._kind}"

    def _writer(self, name: str, schema: pa.Schema) -> pq.ParquetWriter | pc_csv.CSVWriter:
        if name not in self._writers:
            self._writers[name] = (
                pc_csv.CSVWriter(str(self._path(name)), schema, write_options=pc_csv.WriteOptions(quoting_style="none"))
                if self._kind == "csv"
                else pq.ParquetWriter(self._path(name), schema, compression="zstd")
            )
        return self._writers[name]

    def manifest(self, lieferung_id: str, bis: Monat) -> None:
        """Close the files and write ``lieferung.json``."""
        names = sorted(self._writers, key=list(TABLES).index)
        self.close()
        document = {
            "lieferung_id": lieferung_id,
            "traegernummer": TRAEGERNUMMER,
            "erstellt_am": erstellt_am(bis).isoformat(),
            "vertrag": VERSION,
            "dateien": [
                {
                    "tabelle": name,
                    "datei": self._path(name).name,
                    "zeilen": self._rows[name],
                    "sha256": sha256_of(self._path(name)),
                }
                for name in names
            ],
        }
        write_json(self._folder / MANIFEST, document)


def _for_csv(data: pa.Table) -> pa.Table:
    """Write floor areas with two decimals, as everybody does."""
    if "wohnflaeche_qm" not in data.column_names:
        return data
    at = data.schema.get_field_index("wohnflaeche_qm")
    return data.set_column(at, "wohnflaeche_qm", data["wohnflaeche_qm"].cast(pa.decimal128(12, 2)))


def write_json(path: Path, document: object) -> None:
    """Write JSON for people: indented, German letters as they are."""
    path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def erstellt_am(bis: Monat) -> dt.datetime:
    """Return when the delivery is made: six in the morning of the last day of its last month."""
    return dt.datetime.combine(bis.last_day, dt.time(6), tzinfo=ZoneInfo("Europe/Berlin"))
