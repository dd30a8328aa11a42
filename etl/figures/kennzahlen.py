"""Indicators (Kennzahlen): quotients of figures, nothing more; exact fractions, rounded only where they are shown.

The catalogue is ``kennzahlen.yaml``: the fifteen indicators of § 48a SGB II and further rates. A value needs every
input of its window: with one missing it is missing (D15), never computed over fewer months.
Source: §§ 4 to 6 SGB2§48aFKV; Quellvertrag 1.0, rules 9 and 10; decisions D1, D2, D4, D5, D15, D16.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple

import yaml

from etl import parameter
from etl.figures import katalog
from etl.figures.merkmale import INSGESAMT, MERKMALE
from etl.monat import Monat

Art = Literal["veraenderung", "summenquote", "mittelquote", "anteil", "verhaeltnis"]
SOURCE = Path(__file__).with_name("kennzahlen.yaml")
GESCHLECHTER = (INSGESAMT, "m", "w")
GESCHAETZT = "geschaetzt"
FINAL = parameter.zaehlregel("endgueltig_nach_monaten", dt.date.max)
"""Waiting time in whole months from which a figure is final (Quellvertrag 1.0, rule 10)."""
ENDGUELTIG = f"T-{FINAL}"
COLUMNS = ("berichtsmonat", "kennzahl", "geschlecht", "zaehler", "nenner", "wert", "status", "datenstand")


@dataclass(frozen=True)
class Kennzahl:
    """One indicator or rate: ``zaehler`` over ``nenner``, both sums of figures (or of official series).

    ``art``: ``veraenderung`` month against the same month of the year before, minus one; ``summenquote`` sums of
    twelve months; ``mittelquote`` sum of twelve months over the mean of twelve stocks; ``anteil`` of one month; all in
    percent; ``verhaeltnis`` of one month, plain. The denominator's months lie ``nenner_versatz`` months before the
    numerator's; both windows end ``endet_vor`` months before the reporting month. ``gueltig_ab``, ``besser``: see
    ``katalog``.
    """

    code: str
    familie: Literal["paragraph_48a", "quote"]
    name: str
    rechtsgrundlage: str
    formel: str
    gueltig_ab: dt.date
    art: Art
    zaehler: tuple[str, ...]
    nenner: tuple[str, ...]
    fussnote: str | None
    quelle: str
    nenner_versatz: int = 0
    endet_vor: int = 0
    besser: katalog.Besser | None = None

    @property
    def inputs(self) -> tuple[str, ...]:
        """Codes of all figures that the indicator is made of."""
        return (*self.zaehler, *self.nenner)

    @property
    def geschlechter(self) -> tuple[str, ...]:
        """INSGESAMT, and both sexes where every input is counted by sex (§ 3 SGB2§48aFKV)."""
        return GESCHLECHTER if all(_by_sex(code) for code in self.inputs) else (INSGESAMT,)


class Wert(NamedTuple):
    """One input: its value (None: ``fehlt``), its waiting time in whole months, and whether it is an estimate."""

    wert: Decimal | None
    wartezeit: int
    geschaetzt: bool = False


Inputs = Mapping[tuple[Monat, str, str], Wert]
"""(month, figure, sex) to its value."""


class Zeile(NamedTuple):
    """One value of an indicator. ``wert`` in percent (``verhaeltnis``: plain).

    ``status``: ``ok``; ``fehlt``, an input month is missing; ``nenner_null``, the denominator is zero; and only in what
    is published (``etl/disclosure``) ``geheim``, a part of it is hidden.
    ``datenstand``: the least final input, ``T-0`` to ``T-3``, or ``geschaetzt``.
    """

    berichtsmonat: Monat
    kennzahl: str
    geschlecht: str
    zaehler: Fraction | None
    nenner: Fraction | None
    wert: Fraction | None
    status: Literal["ok", "fehlt", "nenner_null", "geheim"]
    datenstand: str | None


@cache
def load() -> Mapping[str, Kennzahl]:
    """Return every indicator and rate by its code, in the order of the catalogue."""
    entries = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    every = [Kennzahl(**entry | {side: tuple(entry[side]) for side in ("zaehler", "nenner")}) for entry in entries]
    return MappingProxyType({kennzahl.code: kennzahl for kennzahl in every})


def paragraph_48a() -> tuple[Kennzahl, ...]:
    """Return the fifteen indicators of § 48a SGB II."""
    return tuple(kennzahl for kennzahl in load().values() if kennzahl.familie == "paragraph_48a")


def quoten() -> tuple[Kennzahl, ...]:
    """Return the further rates."""
    return tuple(kennzahl for kennzahl in load().values() if kennzahl.familie == "quote")


def lookback(catalogue: Iterable[Kennzahl]) -> int:
    """Return how many months before the reporting month the oldest input may lie."""
    month = Monat(2000, 1)
    oldest = min(min(map(min, windows(kennzahl, month))) for kennzahl in catalogue)
    return month.months_since(oldest)


def compute(inputs: Inputs, months: Sequence[Monat], catalogue: Iterable[Kennzahl]) -> list[Zeile]:
    """Compute every indicator of ``catalogue`` for ``months``, by month, catalogue and sex."""
    every = tuple(catalogue)
    return [
        _value(inputs, month, kennzahl, geschlecht)
        for month in months
        for kennzahl in every
        for geschlecht in kennzahl.geschlechter
    ]


def change_rate(new: Decimal | Fraction | int, old: Decimal | Fraction | int) -> Fraction | None:
    """Return (N/D − 1)·100 from unrounded values; None when D is zero (D16)."""
    return None if old == 0 else (Fraction(new) / Fraction(old) - 1) * 100


def rounded(value: Fraction, places: int) -> Decimal:
    """Round half up (away from zero), once, for display (D5); what rounds to zero has no sign."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(-whole if value < 0 else whole).scaleb(-places)


def written(zeile: Zeile) -> dict[str, str]:
    """Return a value as it is written to a file: ``COLUMNS``, decimal point, empty where there is none.

    ``wert`` has six decimals; ``zaehler`` and ``nenner`` are whole numbers, EUR with two, means with six decimals.
    """
    kennzahl = load()[zeile.kennzahl]
    amounts = any(code in katalog.load() and katalog.load()[code].einheit == "EUR" for code in kennzahl.inputs)
    plain = 2 if amounts else 0
    return {
        "berichtsmonat": str(zeile.berichtsmonat),
        "kennzahl": zeile.kennzahl,
        "geschlecht": zeile.geschlecht,
        "zaehler": _text(zeile.zaehler, plain),
        "nenner": _text(zeile.nenner, 6 if kennzahl.art == "mittelquote" else plain),
        "wert": _text(zeile.wert, 6),
        "status": zeile.status,
        "datenstand": zeile.datenstand or "",
    }


def _text(value: Fraction | None, places: int) -> str:
    return "" if value is None else f"{rounded(value, places):f}"


def _by_sex(code: str) -> bool:
    figure = katalog.load().get(code)
    return figure is not None and any(m.name == "GESCHLECHT" for m in MERKMALE[figure.grundgesamtheit])


def windows(kennzahl: Kennzahl, month: Monat) -> tuple[list[Monat], list[Monat]]:
    """Return the months of the numerator and those of the denominator, each in order."""
    if kennzahl.art == "veraenderung":
        return [month], [month.shift(-12)]
    if kennzahl.art in ("anteil", "verhaeltnis"):
        return [month], [month]
    # D1: which twelve months are the past twelve; D2: which stocks stand below the sum of integrations.
    last = month.shift(-kennzahl.endet_vor - int(parameter.entscheidung("D1", month.first_day)))
    lag = kennzahl.nenner_versatz
    if kennzahl.art == "mittelquote":
        lag += int(parameter.entscheidung("D2", month.first_day))
    months = [last.shift(-back) for back in reversed(range(parameter.zaehlregel("zeitraum_monate", month.first_day)))]
    return months, [m.shift(-lag) for m in months]


_WERT: Mapping[Art, Callable[[Fraction, Fraction], Fraction]] = {
    "veraenderung": lambda zaehler, nenner: (zaehler / nenner - 1) * 100,
    "summenquote": lambda zaehler, nenner: zaehler / nenner * 100,
    "mittelquote": lambda zaehler, nenner: zaehler / nenner * 100,
    "anteil": lambda zaehler, nenner: zaehler / nenner * 100,
    "verhaeltnis": lambda zaehler, nenner: zaehler / nenner,
}


def _value(inputs: Inputs, month: Monat, kennzahl: Kennzahl, geschlecht: str) -> Zeile:
    above, below = windows(kennzahl, month)
    upper = [inputs.get((m, code, geschlecht)) for m in above for code in kennzahl.zaehler]
    lower = [inputs.get((m, code, geschlecht)) for m in below for code in kennzahl.nenner]
    zaehler, nenner = _sum(upper), _sum(lower)
    if zaehler is None or nenner is None:
        return Zeile(month, kennzahl.code, geschlecht, None, None, None, "fehlt", None)
    if kennzahl.art == "mittelquote":
        nenner /= len(below)
    state = _state([*upper, *lower])
    if nenner == 0:
        return Zeile(month, kennzahl.code, geschlecht, zaehler, nenner, None, "nenner_null", state)
    wert = _WERT[kennzahl.art](zaehler, nenner)
    return Zeile(month, kennzahl.code, geschlecht, zaehler, nenner, wert, "ok", state)


def _sum(values: Sequence[Wert | None]) -> Fraction | None:
    """Return the exact sum, None when any value is missing."""
    total = Fraction(0)
    for value in values:
        if value is None or value.wert is None:
            return None
        total += Fraction(value.wert)
    return total


def _state(values: Sequence[Wert | None]) -> str:
    known = [value for value in values if value is not None]
    if any(value.geschaetzt for value in known):
        return GESCHAETZT
    return state_of(min(value.wartezeit for value in known))


def state_of(wartezeit: int) -> str:
    """Return the data state of a waiting time: ``T-0`` to ``T-3`` (final)."""
    return f"T-{min(wartezeit, FINAL)}"
