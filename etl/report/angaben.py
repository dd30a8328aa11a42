"""How a value stands in a table for people: a number the German way, ``-`` for nothing, or a sign."""

from __future__ import annotations

from etl.figures import kennzahlen
from etl.figures.kennzahlen import Zeile
from etl.report.model import Sign, Value
from etl.zahlen import veraenderung, zahl

NICHTS = "-"
"""Sign for exactly zero (nichts vorhanden)."""


def angabe(value: Value, stellen: int = 0) -> str:
    """Write a value of a table."""
    if isinstance(value, Sign):
        return str(value)
    return zahl(value, stellen) if value else NICHTS


def differenz(value: Value, stellen: int = 0) -> str:
    """Write a change of a table, with its sign; no change is ``0``."""
    return str(value) if isinstance(value, Sign) else veraenderung(value, stellen)


def kennzahl(zeile: Zeile | None) -> Value:
    """Return an indicator with one decimal, or the sign that stands for it."""
    if zeile is None or zeile.status == "fehlt":
        return Sign.UNKNOWN
    if zeile.status == "geheim":
        return Sign.HIDDEN
    if zeile.status == "nenner_null" or zeile.wert is None:
        return Sign.IMPOSSIBLE
    return kennzahlen.rounded(zeile.wert, 1)


def kennzahl_differenz(new: Zeile | None, old: Zeile | None) -> Value:
    """Return the change of an indicator in percentage points, from unrounded values, one decimal."""
    if new is not None and old is not None and new.wert is not None and old.wert is not None:
        return kennzahlen.rounded(new.wert - old.wert, 1)
    signs = [value for value in (kennzahl(new), kennzahl(old)) if isinstance(value, Sign)]
    return next((sign for sign in (Sign.HIDDEN, Sign.IMPOSSIBLE) if sign in signs), Sign.UNKNOWN)
