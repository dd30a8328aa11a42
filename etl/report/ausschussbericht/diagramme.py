"""Charts as plain data: positions between 0 and 1 and ready texts. ``diagramme.typ`` draws them and computes nothing.

A sign has no position: a line has a gap there, a bar is missing and its sign stands in its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from etl.report.angaben import angabe
from etl.report.model import Sign, Value
from etl.zahlen import zahl

_SCHRITTE = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
_ABSCHNITTE = 4


@dataclass(frozen=True)
class Achse:
    """The value axis: its ends, and the position (0 = bottom) and text of every grid line."""

    unten: Decimal
    oben: Decimal
    striche: tuple[tuple[float, str], ...]

    def ort(self, value: Value) -> float | None:
        """Return the position of a value between 0 and 1; None for a sign."""
        if isinstance(value, Sign):
            return None
        return round(float((value - self.unten) / (self.oben - self.unten)), 5)


@dataclass(frozen=True)
class Linie:
    """A line over months. ``orte``: position of every month; from ``vorlaeufig_ab`` on the values are provisional.

    ``marken``: (index, text) of months to be named below; ``werte``: (index, text, whether above) of labelled points.
    """

    titel: str
    alt: str
    striche: tuple[tuple[float, str], ...]
    orte: tuple[float | None, ...]
    vorlaeufig_ab: int
    marken: tuple[tuple[int, str], ...]
    werte: tuple[tuple[int, str, bool], ...]
    ab_null: bool


@dataclass(frozen=True)
class Saeule:
    """One column: its height (None: a sign), its text, and whether the value is provisional."""

    ort: float | None
    text: str
    vorlaeufig: bool


@dataclass(frozen=True)
class Saeulen:
    """Columns over months: for each series (one or two) its name and a column per month."""

    titel: str
    alt: str
    striche: tuple[tuple[float, str], ...]
    monate: tuple[str, ...]
    reihen: tuple[tuple[str, tuple[Saeule, ...]], ...]


@dataclass(frozen=True)
class Balken:
    """Bars side by side: (name, length between 0 and 1 or None, text behind the bar)."""

    titel: str
    alt: str
    zeilen: tuple[tuple[str, float | None, str], ...]


def achse(werte: Sequence[Value], *, ab_null: bool) -> Achse:
    """Return an axis with round numbers that holds all values; without any it goes from 0 to 1."""
    bekannt = [value for value in werte if not isinstance(value, Sign)]
    tief = Decimal(0) if ab_null or not bekannt else min(bekannt)
    hoch = max([*bekannt, tief])
    if hoch == tief:
        hoch += 1
    step = _schritt((hoch - tief) / _ABSCHNITTE)
    unten = (tief / step).to_integral_value(ROUND_FLOOR) * step
    oben = (hoch / step).to_integral_value(ROUND_CEILING) * step
    striche = int((oben - unten) / step)
    lines = [unten + step * number for number in range(striche + 1)]
    return Achse(unten, oben, tuple((round(number / striche, 5), zahl(line, 0)) for number, line in enumerate(lines)))


def balken(titel: str, alt: str, zeilen: Sequence[tuple[str, Value, str]]) -> Balken:
    """Return bars as long as their share of the largest value; ``zeilen``: (name, value, text behind the bar)."""
    most = max((value for _, value, _ in zeilen if not isinstance(value, Sign)), default=Decimal(0)) or Decimal(1)
    return Balken(
        titel,
        alt,
        tuple(
            (name, None if isinstance(value, Sign) else round(float(value / most), 5), text)
            for name, value, text in zeilen
        ),
    )


def saeule(value: Value, skala: Achse, *, vorlaeufig: bool) -> Saeule:
    """Return the column of a value."""
    return Saeule(skala.ort(value), angabe(value), vorlaeufig)


def _schritt(roh: Decimal) -> Decimal:
    """Return the next larger round step (1, 2, 2.5, 5 times a power of ten, at least 1)."""
    if roh <= 1:
        return Decimal(1)
    zehner = Decimal(10) ** roh.adjusted()
    return next(step * zehner for step in _SCHRITTE if step * zehner >= roh and step * zehner % 1 == 0)
