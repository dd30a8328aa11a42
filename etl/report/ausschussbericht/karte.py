"""The municipalities as a map of equal tiles (Kachelkarte): one tile each, at about the place where it lies.

The places stand in ``kacheln.csv`` (row from north, column from west). They are an ASSUMPTION: set by hand after the
geographical position of the town, neighbours kept as far as a grid of squares allows; no official map is like that.
"""

from __future__ import annotations

import csv
from bisect import bisect_right
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path

from etl.report.angaben import angabe
from etl.report.model import Cells, ReportRequest, Sign, Value, gemeinden, share
from etl.report.saetze import aufzaehlung, wort
from etl.zahlen import prozent, zahl

_GROESSE = "BG"
_GRENZEN = (50, 100, 200, 500)
"""Where a new class of colour begins; a display choice, not a statistical one."""
_MEISTE = 3


@dataclass(frozen=True)
class Kachel:
    """The tile of a municipality: place, short name, text, and class of colour (0: no number or nothing)."""

    zeile: int
    spalte: int
    name: str
    text: str
    klasse: int


@dataclass(frozen=True)
class Karte:
    """The map; ``klassen`` are the texts of the classes of colour, from 0 on."""

    titel: str
    alt: str
    satz: str
    kacheln: tuple[Kachel, ...]
    klassen: tuple[str, ...]


@cache
def plaetze() -> tuple[tuple[str, int, int, str], ...]:
    """Return (key, row, column, short name) of every municipality."""
    with Path(__file__).with_name("kacheln.csv").open(encoding="utf-8", newline="") as file:
        return tuple((row["ags"], int(row["zeile"]), int(row["spalte"]), row["kurz"]) for row in csv.DictReader(file))


def karte(request: ReportRequest, cells: Cells) -> Karte:
    """Return the map of the Bedarfsgemeinschaften of the month."""
    month = request.berichtsmonat
    values = {ags: cells.value(_GROESSE, month, "GEMEINDE", ags) for ags, *_ in plaetze()}
    tiles = tuple(
        Kachel(row, column, name, angabe(values[ags]), _klasse(values[ags])) for ags, row, column, name in plaetze()
    )
    satz = _satz({name: values[ags] for ags, _, _, name in plaetze()}, cells.value(_GROESSE, month))
    alt = (
        f"Kachelkarte der {len(gemeinden())} Gemeinden mit der Zahl der {wort(_GROESSE).genitiv} im {month.name}. "
        f"{satz} Alle Werte stehen in der Tabelle der Gemeinden."
    )
    return Karte(f"{wort(_GROESSE).mehrzahl} nach Gemeinde", alt, satz, tiles, _klassen())


def _klasse(value: Value) -> int:
    return 0 if isinstance(value, Sign) or value == 0 else 1 + bisect_right(_GRENZEN, value)


def _klassen() -> tuple[str, ...]:
    between = (f"{low} bis {high - 1}" for low, high in pairwise(_GRENZEN))
    return ("- oder *", f"unter {_GRENZEN[0]}", *between, f"{_GRENZEN[-1]} und mehr")


def _satz(values: dict[str, Value], total: Value) -> str:
    known = {name: value for name, value in values.items() if isinstance(value, Decimal) and value > 0}
    hidden = sum(value is Sign.HIDDEN for value in values.values())
    secret = f" In {_gemeinden(hidden)} unterliegt der Wert der Geheimhaltung (*)." if hidden else ""
    if len(known) < _MEISTE:
        return f"Für {_gemeinden(len(known))} liegen Werte vor.{secret}"
    most = sorted(known, key=lambda name: (-known[name], name))[:_MEISTE]
    shown = aufzaehlung([f"{name} ({zahl(known[name], 0)})" for name in most])
    part = share(sum((known[name] for name in most), Decimal(0)), total)
    together = "" if isinstance(part, Sign) else f"; zusammen sind das {prozent(part)} aller im Kreis"
    return f"Die meisten {wort(_GROESSE).mehrzahl} leben in {shown}{together}.{secret}"


def _gemeinden(number: int) -> str:
    return f"{number} {'Gemeinde' if number == 1 else 'Gemeinden'}"
