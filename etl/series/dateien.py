"""CSV files of published series and of estimates, read with located errors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import yaml

from etl import eingabe
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
    for place, row in eingabe.rows(path, {"monat", "quelle"}, {"abgeleitet", *reihen()}):
        monat, quelle = eingabe.month(place, row["monat"]), eingabe.filled(place, "quelle", row["quelle"])
        derived = {re.split(r"[ =]", part.strip())[0] for part in row.get("abgeleitet", "").split(";")} - {""}
        if unknown := sorted(derived - set(row)):
            raise UsageError(
                f"{place}, Spalte abgeleitet: Die Datei hat keine Spalte {unknown[0]}.", abschnitt="eingabedatei"
            )
        for name in reihen():
            if row.get(name):
                wert = eingabe.number(f"{place}, Spalte {name}", row[name])
                values.append(Veroeffentlicht(name, monat, wert, name in derived, quelle))
    eingabe.once(path, [f"{value.reihe} {value.monat}" for value in values])
    return values


def read_estimates(path: Path) -> list[Schaetzung]:
    """Read estimates: columns ``berichtsmonat,groesse,geschlecht,wert,grund``. Raises ``UsageError`` with its place."""
    values = []
    for place, row in eingabe.rows(path, set(Schaetzung._fields) - {"monat"} | {"berichtsmonat"}, set()):
        if row["groesse"] not in katalog.load():
            raise UsageError(
                f"{place}: Diese Größe gibt es nicht.",
                hint=f"Es gibt: {', '.join(katalog.load())}.",
                abschnitt="eingabedatei",
            )
        if row["geschlecht"] not in GESCHLECHTER:
            raise UsageError(
                f"{place}: Dieses Geschlecht gibt es nicht.",
                hint=f"Es gibt: {', '.join(GESCHLECHTER)}.",
                abschnitt="eingabedatei",
            )
        values.append(
            Schaetzung(
                eingabe.month(place, row["berichtsmonat"]),
                row["groesse"],
                row["geschlecht"],
                eingabe.number(f"{place}, Spalte wert", row["wert"]),
                eingabe.filled(place, "grund", row["grund"]),
            )
        )
    eingabe.once(path, [f"{value.groesse} {value.geschlecht} {value.monat}" for value in values])
    return values
