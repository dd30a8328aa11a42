"""CSV files of published series and of estimates, read with located errors."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import yaml

from etl.errors import UsageError
from etl.figures import katalog
from etl.figures.kennzahlen import GESCHLECHTER
from etl.monat import Monat

KOA = Path(__file__).with_name("koa.csv")
"""The published months of the Kommunale Arbeitsförderung Ortenaukreis, from its press releases; source in every row."""


@dataclass(frozen=True)
class Reihe:
    """A published series: the figures whose sum it states, and why it cannot be compared (None: it can)."""

    name: str
    groessen: tuple[str, ...]
    nicht_vergleichbar: str | None = None


class Veroeffentlicht(NamedTuple):
    """One published value. ``abgeleitet``: computed from published values, or rounded, and not itself published."""

    reihe: str
    monat: Monat
    wert: Decimal
    abgeleitet: bool
    quelle: str


class Schaetzung(NamedTuple):
    """An estimated total of a month of which there is no delivery, and how it was made."""

    monat: Monat
    groesse: str
    geschlecht: str
    wert: Decimal
    grund: str


@cache
def reihen() -> Mapping[str, Reihe]:
    """Return the series that can be imported, by name."""
    return MappingProxyType(
        {
            name: Reihe(name, tuple(entry["groessen"]), entry.get("nicht_vergleichbar"))
            for name, entry in _settings()["reihen"].items()
        }
    )


@cache
def toleranzen() -> Mapping[str, Decimal]:
    """Return the tolerated difference in percent of the published value, by our data state."""
    return MappingProxyType({state: Decimal(value) for state, value in _settings()["toleranzen"]["prozent"].items()})


@cache
def _settings() -> Any:
    return yaml.safe_load(Path(__file__).with_name("reihen.yaml").read_text(encoding="utf-8"))


def read_series(path: Path) -> list[Veroeffentlicht]:
    """Read published values: columns ``monat``, ``quelle``, one per series, and ``abgeleitet`` if need be.

    ``abgeleitet`` names the columns that were computed or rounded, separated by ``;``, a remark behind each allowed.
    Raises ``UsageError`` naming file, line and column.
    """
    values: list[Veroeffentlicht] = []
    for place, row in _rows(path, {"monat", "quelle"}, {"abgeleitet", *reihen()}):
        monat, quelle = _month(place, row["monat"]), _filled(place, "quelle", row["quelle"])
        derived = {re.split(r"[ =]", part.strip())[0] for part in row.get("abgeleitet", "").split(";")} - {""}
        if unknown := sorted(derived - set(row)):
            raise UsageError(f"{place}, Spalte abgeleitet: Die Datei hat keine Spalte {unknown[0]}.")
        for name in reihen():
            if row.get(name):
                wert = _number(f"{place}, Spalte {name}", row[name])
                values.append(Veroeffentlicht(name, monat, wert, name in derived, quelle))
    _once(path, [f"{value.reihe} {value.monat}" for value in values])
    return values


def read_estimates(path: Path) -> list[Schaetzung]:
    """Read estimates: columns ``berichtsmonat,groesse,geschlecht,wert,grund``. Raises ``UsageError`` with its place."""
    values = []
    for place, row in _rows(path, set(Schaetzung._fields) - {"monat"} | {"berichtsmonat"}, set()):
        if row["groesse"] not in katalog.load():
            raise UsageError(f"{place}: Diese Größe gibt es nicht.", hint=f"Es gibt: {', '.join(katalog.load())}.")
        if row["geschlecht"] not in GESCHLECHTER:
            raise UsageError(f"{place}: Dieses Geschlecht gibt es nicht.", hint=f"Es gibt: {', '.join(GESCHLECHTER)}.")
        values.append(
            Schaetzung(
                _month(place, row["berichtsmonat"]),
                row["groesse"],
                row["geschlecht"],
                _number(f"{place}, Spalte wert", row["wert"]),
                _filled(place, "grund", row["grund"]),
            )
        )
    _once(path, [f"{value.groesse} {value.geschlecht} {value.monat}" for value in values])
    return values


def _rows(path: Path, needed: set[str], allowed: set[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each line with its place; other columns, missing columns and lines of another length are refused."""
    try:
        # Excel begins a UTF-8 file with a byte order mark.
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, restkey="(zu viel)", restval="(zu wenig)", strict=True)
            names = list(reader.fieldnames or ())
            columns = set(names)
            if len(columns) < len(names):
                raise UsageError(f"{path.name}: Eine Spalte kommt mehrfach vor.")
            for name in sorted(needed - columns):
                raise UsageError(
                    f"{path.name}: Die Spalte {name} fehlt.", hint=f"Es gibt: {', '.join(sorted(columns))}."
                )
            for name in sorted(columns - needed - allowed):
                raise UsageError(
                    f"{path.name}: Eine Spalte „{name}“ ist nicht bekannt.",
                    hint=f"Möglich sind: {', '.join(sorted(needed | allowed))} (etl/series/reihen.yaml).",
                )
            for row in reader:
                place = f"{path.name}, Zeile {reader.line_num}"
                if "(zu viel)" in row or "(zu wenig)" in row.values():
                    raise UsageError(f"{place}: Die Zeile hat nicht so viele Felder wie die Kopfzeile.")
                yield place, {name: (value or "").strip() for name, value in row.items()}
    except OSError as error:
        raise UsageError(f"{path} kann nicht gelesen werden ({error.strerror}).") from None
    except (UnicodeDecodeError, csv.Error):
        raise UsageError(f"{path.name} ist keine CSV-Datei in UTF-8.") from None


def _month(place: str, text: str) -> Monat:
    try:
        return Monat.parse(text)
    except UsageError as error:
        raise UsageError(f"{place}: Der Monat ist nicht lesbar.", hint=error.hint) from None


def _number(place: str, text: str) -> Decimal:
    # The text is not repeated: a file picked by mistake may hold anything.
    if not re.fullmatch(r"\d{1,14}(\.\d{1,10})?", text):
        raise UsageError(f"{place}: Der Wert ist keine Zahl.", hint="Erwartet wird zum Beispiel 12065 oder 2797.30.")
    return Decimal(text)


def _filled(place: str, column: str, text: str) -> str:
    if not text:
        raise UsageError(f"{place}: Die Spalte {column} ist leer.")
    return text


def _once(path: Path, keys: list[str]) -> None:
    if not keys:
        raise UsageError(f"{path.name} enthält keinen einzigen Wert.")
    for key, count in Counter(keys).items():
        if count > 1:
            raise UsageError(f"{path.name}: {key} kommt mehrfach vor.")
