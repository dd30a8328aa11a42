"""Parquet: columns of other types, legal and illegal ones, and files at the format's limits."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from mutationen.blatt import kuendige_an, lies_manifest
from mutationen.operatoren.modell import Ausfuehrung, Mutation, operator

Umwandlung = Callable[[pa.ChunkedArray], pa.Array]
_N = "Parquet"


def _datei(ordner: Path, zufall: random.Random) -> tuple[str, Path]:
    gewaehlt = zufall.choice([e for e in lies_manifest(ordner)["dateien"] if e["zeilen"]])
    return gewaehlt["tabelle"], ordner / gewaehlt["datei"]


def _spalte(umwandlung: Umwandlung, passt: Callable[[pa.DataType], bool] = lambda _: True) -> Ausfuehrung:
    """Replace one column that fits."""

    def ausfuehren(ordner: Path, zufall: random.Random) -> Mutation:
        eintraege = [e for e in lies_manifest(ordner)["dateien"] if e["zeilen"]]
        zufall.shuffle(eintraege)
        for eintrag in eintraege:
            inhalt = pq.read_table(ordner / eintrag["datei"])
            stellen = [i for i, feld in enumerate(inhalt.schema) if passt(feld.type)]
            if stellen:
                stelle = zufall.choice(stellen)
                name = inhalt.column_names[stelle]
                neu = inhalt.set_column(stelle, name, umwandlung(inhalt.column(stelle)))
                pq.write_table(neu, ordner / eintrag["datei"])
                kuendige_an(ordner, eintrag["tabelle"])
                return Mutation(f"{eintrag['tabelle']}.{name}", (eintrag["tabelle"], None, None))
        raise AssertionError("keine Spalte passt")

    return ausfuehren


def _werte(wert: Any, typ: pa.DataType | None = None) -> Umwandlung:
    return lambda spalte: pa.array([wert] * len(spalte), typ)


def _als(typ: pa.DataType) -> Umwandlung:
    return lambda spalte: spalte.cast(typ)


for _titel, _wert, _typ in (
    ("ganze Zahlen", 7, pa.int64()),
    ("kleine Zahlen ohne Vorzeichen", 7, pa.uint8()),
    ("große Zahlen ohne Vorzeichen", 2**64 - 1, pa.uint64()),
    ("halbgenaue Gleitkommazahlen", 1.5, pa.float32()),
    ("Gleitkommazahlen", 0.1, pa.float64()),
    ("NaN", float("nan"), pa.float64()),
    ("Unendlich", float("inf"), pa.float32()),
    ("Wahrheitswerte", True, pa.bool_()),
    ("Zeitpunkte mit Zone", dt.datetime(2026, 1, 1, tzinfo=dt.UTC), pa.timestamp("us", "Europe/Berlin")),
    ("Zeitpunkte mit Uhrzeit", dt.datetime(2026, 1, 1, 13, 30), pa.timestamp("ms")),  # noqa: DTZ001 - the type has no zone
    ("Uhrzeiten", dt.time(13, 30), pa.time64("us")),
    ("Dauern", dt.timedelta(days=1), pa.duration("us")),
    ("große Dezimalzahlen", Decimal("1.000000000000000000001"), pa.decimal256(60, 21)),
    ("Listen", [1, 2], pa.list_(pa.int32())),
    ("Strukturen", {"a": 1}, pa.struct([("a", pa.int32())])),
    ("Landkarten", [("a", 1)], pa.map_(pa.string(), pa.int32())),
    ("Bytes", b"\xff\xfe\x00", pa.binary()),
    ("Bytes fester Länge", b"abcd", pa.binary(4)),
    ("nichts", None, pa.null()),
    ("leere Texte", "", pa.string()),
    ("ferne Zeitpunkte", 2**62, pa.timestamp("us")),
    ("ferne Tage", 2**31 - 1, pa.date32()),
):
    operator(_N, f"eine Spalte als {_titel}", "parquet")(_spalte(_werte(_wert, _typ)))


def _kaputter_text(spalte: pa.ChunkedArray) -> pa.Array:
    """Text by its type, but no UTF-8: Parquet readers do not look."""
    return pa.array([b"GEHEIM4711\xff\xfe"] * len(spalte), pa.binary()).view(pa.string())


operator(_N, "Text, der kein UTF-8 ist", "parquet")(_spalte(_kaputter_text, pa.types.is_string))
operator(_N, "Text als Verzeichnis", "parquet")(
    _spalte(lambda spalte: spalte.dictionary_encode().combine_chunks(), pa.types.is_string)
)
operator(_N, "Text als large_string", "parquet")(_spalte(_als(pa.large_string()), pa.types.is_string))
operator(_N, "Text als string_view", "parquet")(_spalte(_als(pa.string_view()), pa.types.is_string))
operator(_N, "Text als Bytes", "parquet")(_spalte(_als(pa.binary()), pa.types.is_string))
operator(_N, "Datum als Text", "parquet")(_spalte(_als(pa.string()), pa.types.is_date))
operator(_N, "Datum als Zeitpunkt", "parquet")(_spalte(_als(pa.timestamp("ns")), pa.types.is_date))
operator(_N, "Datum als date64", "parquet")(_spalte(_als(pa.date64()), pa.types.is_date))
operator(_N, "Betrag als Gleitkommazahl", "parquet")(_spalte(_als(pa.float64()), pa.types.is_decimal))
operator(_N, "Betrag als halbe Genauigkeit", "parquet")(
    _spalte(
        lambda spalte: pa.array([float(w) if w is not None else None for w in spalte.to_pylist()], pa.float16()),
        pa.types.is_decimal,
    )
)
operator(_N, "Betrag als Text", "parquet")(_spalte(_als(pa.string()), pa.types.is_decimal))
operator(_N, "Betrag als decimal256", "parquet")(_spalte(_als(pa.decimal256(40, 8)), pa.types.is_decimal))
operator(_N, "Wahrheitswert als Text", "parquet")(_spalte(_als(pa.string()), pa.types.is_boolean))
operator(_N, "Wahrheitswert als Zahl", "parquet")(_spalte(_als(pa.int8()), pa.types.is_boolean))


def _geschrieben(**formen: Sequence[Any]) -> Ausfuehrung:
    """Write the same content with other settings of the format: legal."""

    def ausfuehren(ordner: Path, zufall: random.Random) -> Mutation:
        tabelle, pfad = _datei(ordner, zufall)
        gewaehlt = {name: zufall.choice(werte) for name, werte in formen.items()}
        pq.write_table(pq.read_table(pfad), pfad, **gewaehlt)
        kuendige_an(ordner, tabelle)
        return Mutation(f"{pfad.name}: {gewaehlt}")

    return ausfuehren


operator(_N, "rechtmäßig anders geschrieben", "parquet")(
    _geschrieben(
        compression=("snappy", "gzip", "brotli", "lz4", "zstd", "none"),
        version=("1.0", "2.4", "2.6"),
        data_page_version=("1.0", "2.0"),
        use_dictionary=(True, False),
        row_group_size=(1, 7, 100_000),
        write_page_checksum=(True, False),
    )
)


@operator(_N, "keine Zeilengruppe", "parquet")
def leer(ordner: Path, zufall: random.Random) -> Mutation:
    tabelle, pfad = _datei(ordner, zufall)
    schema = pq.read_schema(pfad)
    with pq.ParquetWriter(pfad, schema):
        pass
    kuendige_an(ordner, tabelle, zufall.choice((0, None)))
    return Mutation(pfad.name)


@operator(_N, "keine Spalte", "parquet")
def ohne_spalten(ordner: Path, zufall: random.Random) -> Mutation:
    tabelle, pfad = _datei(ordner, zufall)
    pq.write_table(pa.table({}), pfad)
    kuendige_an(ordner, tabelle)
    return Mutation(pfad.name, (tabelle, None, None))


@operator(_N, "Spaltenname mit Punkt oder falschen Bytes", "parquet")
def name_mit_punkt(ordner: Path, zufall: random.Random) -> Mutation:
    tabelle, pfad = _datei(ordner, zufall)
    inhalt = pq.read_table(pfad)
    erste = inhalt.column_names[0]
    neu = zufall.choice((f"{erste}.x", "a.b.c", "\x1b[31mGEHEIM4711", "x_\u202e"))
    pq.write_table(inhalt.append_column(neu, pa.array(["x"] * len(inhalt))), pfad)
    kuendige_an(ordner, tabelle)
    return Mutation(pfad.name, (tabelle, None, None))


@operator(_N, "kein Text im Schema", "parquet")
def schema_ohne_text(ordner: Path, zufall: random.Random) -> Mutation:
    """The name of a column is not UTF-8."""
    tabelle, pfad = _datei(ordner, zufall)
    name = pq.read_schema(pfad).names[0].encode()
    pfad.write_bytes(pfad.read_bytes().replace(name, b"\xff" * len(name)))
    kuendige_an(ordner, tabelle)
    return Mutation(pfad.name, (tabelle, None, None))


@operator(_N, "sehr viele Spalten", "parquet", selten=True)
def viele_spalten(ordner: Path, zufall: random.Random) -> Mutation:
    tabelle, pfad = _datei(ordner, zufall)
    inhalt = pq.read_table(pfad)
    for nummer in range(3_000):
        inhalt = inhalt.append_column(f"x_{nummer}", pa.nulls(len(inhalt), pa.int8()))
    pq.write_table(inhalt, pfad)
    kuendige_an(ordner, tabelle)
    return Mutation(pfad.name)
