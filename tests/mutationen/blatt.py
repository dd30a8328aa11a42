"""A delivery on disk that is to be mutated: its manifest, and its tables as columns, whatever the file format."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

MANIFEST = "lieferung.json"
Spalte = list[Any]


@dataclass
class Blatt:
    """One table: names and values of its columns. CSV holds texts, Parquet its own values and their types."""

    name: str
    pfad: Path
    kopf: list[str]
    spalten: list[Spalte]
    typen: dict[str, pa.DataType] = field(default_factory=dict)

    @property
    def zeilen(self) -> int:
        return len(self.spalten[0]) if self.spalten else 0

    def setze(self, spalte: str, zeile: int, wert: object) -> None:
        """Replace one value (``zeile`` from 0)."""
        self.spalten[self.kopf.index(spalte)][zeile] = wert

    def nimm(self, zeilen: Sequence[int]) -> None:
        """Keep these rows in this order; a number twice doubles the row."""
        self.spalten = [[spalte[zeile] for zeile in zeilen] for spalte in self.spalten]

    def nimm_spalten(self, stellen: Sequence[int]) -> None:
        """Keep these columns in this order."""
        self.kopf = [self.kopf[stelle] for stelle in stellen]
        self.spalten = [list(self.spalten[stelle]) for stelle in stellen]

    def schreibe(self, **csv_form: Any) -> None:
        """Write the file again."""
        if self.pfad.suffix == ".csv":
            self.pfad.write_bytes(self._csv(**csv_form))
        else:
            # Two columns of one name are possible in Parquet, so arrays and names go side by side.
            felder = [self._feld(name, spalte) for name, spalte in zip(self.kopf, self.spalten, strict=True)]
            pq.write_table(pa.Table.from_arrays(felder, names=self.kopf), self.pfad)

    def _csv(self, **form: Any) -> bytes:
        text = io.StringIO(newline="")
        schreiber = csv.writer(text, **{"lineterminator": "\n", **form})
        schreiber.writerow(self.kopf)
        schreiber.writerows([als_text(wert) or "" for wert in zeile] for zeile in zip(*self.spalten, strict=True))
        return text.getvalue().encode("utf-8", "surrogateescape")

    def _feld(self, name: str, werte: Spalte) -> pa.Array:
        typ = self.typen.get(name)
        try:
            return pa.array(werte, typ)
        except (pa.ArrowException, TypeError, ValueError):
            texte = [als_text(wert) for wert in werte]
            roh = [None if text is None else text.encode("utf-8", "surrogateescape") for text in texte]
            # Without a look at the bytes: a broken writer does not look either.
            return pa.array(roh, pa.binary()).view(pa.string())


def als_text(wert: object) -> str | None:
    """Write a value as CSV does."""
    if wert is None:
        return None
    if isinstance(wert, bool):
        return "true" if wert else "false"
    if isinstance(wert, (dt.date, Decimal, int, float)):
        return wert.isoformat() if isinstance(wert, dt.date) else str(wert)
    return str(wert)


def lade(ordner: Path, tabelle: str) -> Blatt:
    """Read the file of a table."""
    pfad = next(pfad for pfad in (ordner / f"{tabelle}.csv", ordner / f"{tabelle}.parquet") if pfad.exists())
    if pfad.suffix == ".parquet":
        inhalt = pq.read_table(pfad)
        typen = {spalte.name: spalte.type for spalte in inhalt.schema}
        return Blatt(tabelle, pfad, inhalt.column_names, [spalte.to_pylist() for spalte in inhalt.columns], typen)
    kopf, *zeilen = csv.reader(io.StringIO(pfad.read_text(encoding="utf-8"), newline=""))
    spalten = [list(spalte) for spalte in zip(*zeilen, strict=True)] if zeilen else [[] for _ in kopf]
    return Blatt(tabelle, pfad, kopf, spalten)


def lies_manifest(ordner: Path) -> dict[str, Any]:
    """Read the manifest."""
    manifest: dict[str, Any] = json.loads((ordner / MANIFEST).read_text(encoding="utf-8"))
    return manifest


def schreibe_manifest(ordner: Path, manifest: object) -> None:
    """Write the manifest."""
    (ordner / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=True), encoding="utf-8")


def aendere_manifest(ordner: Path, aenderung: Callable[[dict[str, Any]], object]) -> None:
    """Change the manifest in place."""
    manifest = lies_manifest(ordner)
    aenderung(manifest)
    schreibe_manifest(ordner, manifest)


def eintrag(manifest: dict[str, Any], tabelle: str) -> dict[str, Any]:
    """The manifest's entry of a table."""
    gefunden: dict[str, Any] = next(e for e in manifest["dateien"] if e["tabelle"] == tabelle)
    return gefunden


def kuendige_an(ordner: Path, tabelle: str, zeilen: int | None = None) -> None:
    """Make the manifest say the hash that the file has now, and its rows where they changed."""

    def aenderung(manifest: dict[str, Any]) -> None:
        gefunden = eintrag(manifest, tabelle)
        gefunden["sha256"] = hashlib.sha256((ordner / gefunden["datei"]).read_bytes()).hexdigest()
        if zeilen is not None:
            gefunden["zeilen"] = zeilen

    aendere_manifest(ordner, aenderung)
