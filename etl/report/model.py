"""What a report is made of: the request, the figures to look up, and the arithmetic of changes.

A value in a report is either an exact number or a sign (Zeichen). Signs follow the habit of official statistics:
``.`` unknown or not available, ``x`` not possible or not meaningful, ``*`` kept secret. Nothing here rounds a stored
value; only percentages are rounded, once, half up (kaufmännisch).
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path

import pandas as pd

from etl import disclosure, parameter
from etl.disclosure import GEHEIM, Empfaengerkreis
from etl.errors import UsageError
from etl.figures.katalog import Figure
from etl.figures.kennzahlen import FINAL, Zeile
from etl.monat import Monat
from etl.nowcast import Erwartung
from etl.zahlen import half_up
from etl.ziele import Zielstand

COLUMNS = ("berichtsmonat", "groesse", "merkmal", "auspraegung", "wert", "wartezeit", "status")
"""Columns of a table of cells, in order."""

INSGESAMT = "INSGESAMT"
OHNE = "OHNE"
ENDGUELTIG_AB = FINAL
"""Whole months between counting day and Datenstand from which a value is final (T-3, source contract rule 10)."""

_OPEN_LISTS = frozenset({"GEMEINDE", "GESCHAEFTSSTELLE"})
# What the definitions rule out: an ELB (and so a lone parent or LZB) is at least 15, a KOL is under 18.
_IMPOSSIBLE = frozenset(
    {(code, "ALTER", "U15") for code in ("ELB", "AE", "LZB")} | {("KOL", "ALTER", age) for age in ("25-54", "55+")}
)


class Sign(StrEnum):
    """A sign that stands where a number cannot stand."""

    UNKNOWN = "."
    IMPOSSIBLE = "x"
    HIDDEN = "*"


Value = Decimal | Sign


@dataclass(frozen=True)
class Findings:
    """What validation found: rules not held per severity, and why that was accepted (if a person did)."""

    counts: Mapping[str, int]
    acceptance_reason: str | None = None


@dataclass(frozen=True)
class ReportRequest:
    """Everything a report shows to one circle of readers, already as this circle may see it (``etl/disclosure``).

    ``datenstand`` is the delivery's ``erstellt_am`` and the only clock there is. ``cells`` has the columns of
    ``COLUMNS`` (``wert``: Decimal or None): the months t−12 … t in full, earlier ones with their totals. ``vorher``:
    the totals as the delivery before this one had them. ``kennzahlen``, ``quoten``: of the months t−12 … t; ``ziele``:
    where the month stands against the targets of its year; ``erwartungen``: what is expected of provisional totals.
    ``impressum`` holds contact fields from the settings; what is absent is printed as not on record.
    ``berichtsmonate``: months whose web page was written from a delivery up to this one.
    """

    kreis: Empfaengerkreis
    berichtsmonat: Monat
    traegernummer: str
    lieferung_id: str
    datenstand: dt.datetime
    auftragsnummer: str
    cells: pd.DataFrame
    figures: Mapping[str, Figure]
    vorher: pd.DataFrame
    kennzahlen: tuple[Zeile, ...] = ()
    quoten: tuple[Zeile, ...] = ()
    ziele: tuple[Zielstand, ...] = ()
    erwartungen: tuple[Erwartung, ...] = ()
    findings: Findings | None = None
    impressum: Mapping[str, str] = field(default_factory=dict)
    berichtsmonate: tuple[Monat, ...] = ()

    @property
    def vertraulich(self) -> bool:
        """Whether the report shows counts that must not leave the job centre."""
        return not self.kreis.geheimhaltung

    @property
    def synthetic(self) -> bool:
        """Whether the figures come from the synthetic job centre."""
        return self.traegernummer.startswith("DEMO")


@dataclass(frozen=True)
class Organisation:
    """A name of the job centre and the day from which it holds."""

    gueltig_ab: dt.date
    name: str
    kurz: str


@dataclass(frozen=True)
class Gebiet:
    """The area of the figures and the state of its municipalities."""

    name: str
    schluessel: str
    gebietsstand: dt.date
    quelle: str


@cache
def _parameter() -> tuple[Gebiet, tuple[Organisation, ...]]:
    data = parameter.read("organisation")
    names = [Organisation(entry["gueltig_ab"], entry["name"], entry["kurz"]) for entry in data["organisation"]]
    return Gebiet(**data["gebiet"]), tuple(sorted(names, key=lambda name: name.gueltig_ab))


def gebiet() -> Gebiet:
    """Return the area of the job centre."""
    return _parameter()[0]


def organisation(day: dt.date) -> Organisation:
    """Return the job centre's name on ``day`` (the first known name before the first known day)."""
    names = _parameter()[1]
    return next((name for name in reversed(names) if name.gueltig_ab <= day), names[0])


@cache
def gemeinden() -> Mapping[str, str]:
    """Return the official names of the 51 municipalities by their 8-digit key, ordered by key."""
    path = Path(__file__).with_name("gemeinden.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return {row["ags"]: row["name"] for row in csv.DictReader(file)}


class Cells:
    """Look up values. A month that is not loaded is unknown, never zero; what the plan does not name is refused.

    ``months``: the window t−12 … t; ``verlauf``: every month with totals, oldest first, up to t.
    """

    def __init__(self, frame: pd.DataFrame, berichtsmonat: Monat, kreis: Empfaengerkreis) -> None:
        """Keep the one-way cells of ``frame``; refuse one that is not a table of cells."""
        missing = [column for column in COLUMNS if column not in frame.columns]
        if missing:
            raise UsageError(f"Den Zellen fehlen die Spalten {', '.join(missing)}.")
        self._planned = disclosure.vorgesehen(kreis)
        self.months = tuple(Monat.span(berichtsmonat.shift(-12), berichtsmonat))
        one_way = frame[~frame["merkmal"].str.contains("/", regex=False)]
        self._values: dict[tuple[str, str, str, str], Value] = {}
        self._wartezeit: dict[str, int] = {}
        for row in one_way[list(COLUMNS)].itertuples(index=False, name=None):
            month, groesse, merkmal, auspraegung, wert, wartezeit, status = row
            known = status == "ok" and not pd.isna(wert)
            sign = Sign.HIDDEN if status == GEHEIM else Sign.UNKNOWN
            self._values[month, groesse, merkmal, auspraegung] = Decimal(wert) if known else sign
            if not pd.isna(wartezeit):
                self._wartezeit[month] = min(int(wartezeit), self._wartezeit.get(month, int(wartezeit)))
        codes: dict[tuple[str, str, str], set[str]] = {}
        for month, groesse, merkmal, auspraegung in self._values:
            codes.setdefault((month, groesse, merkmal), set()).add(auspraegung)
        self._codes = {key: frozenset(found) for key, found in codes.items()}
        self.verlauf = tuple(sorted(Monat.parse(month) for month in self._wartezeit))

    def planned(self, groesse: str, merkmal: str = INSGESAMT) -> bool:
        """Return whether the readers may see a figure by a feature at all."""
        return (groesse, merkmal) in self._planned

    def value(self, groesse: str, month: Monat, merkmal: str = INSGESAMT, auspraegung: str = INSGESAMT) -> Value:
        """Return one value, or the sign that stands for it.

        Raises ``LookupError`` for a table that the publication plan does not give to these readers: a renderer asks
        for nothing else, so this is an error of the program, and nothing is written.
        """
        if not self.planned(groesse, merkmal):
            raise LookupError(f"{groesse} nach {merkmal} steht nicht im Veröffentlichungsplan")
        value = self._stored(groesse, str(month), merkmal, auspraegung)
        if value in (0, Sign.UNKNOWN) and (groesse, merkmal, auspraegung) in _IMPOSSIBLE:
            return Sign.IMPOSSIBLE if str(month) in self._wartezeit else Sign.UNKNOWN
        return value

    def _stored(self, groesse: str, month: str, merkmal: str, auspraegung: str) -> Value:
        if (month, groesse, merkmal, auspraegung) in self._values:
            return self._values[month, groesse, merkmal, auspraegung]
        # Open lists hold only non-zero cells: where the figure is broken down (or zero), what is absent is zero.
        total = self._values.get((month, groesse, INSGESAMT, INSGESAMT), Sign.UNKNOWN)
        broken_down = (month, groesse, merkmal) in self._codes
        if merkmal in _OPEN_LISTS and total is not Sign.UNKNOWN and (broken_down or total == 0):
            return Decimal(0)
        return Sign.UNKNOWN

    def codes(self, groesse: str, merkmal: str, month: Monat) -> frozenset[str]:
        """Return the codes of ``merkmal`` that ``groesse`` has in ``month``."""
        return self._codes.get((str(month), groesse, merkmal), frozenset())

    def wartezeit(self, month: Monat) -> int | None:
        """Return the whole months between counting day and Datenstand; None when the month is not loaded."""
        return self._wartezeit.get(str(month))

    def mark(self, month: Monat) -> str:
        """Return the mark of a month: ``T-0 vorläufig`` … ``T-3 endgültig``, or that there are no data."""
        wartezeit = self.wartezeit(month)
        if wartezeit is None:
            return "keine Daten"
        if wartezeit >= ENDGUELTIG_AB:
            return f"T-{ENDGUELTIG_AB} endgültig"
        return f"T-{wartezeit} vorläufig"


class Raten:
    """Look up indicators and rates: exact, in percent (a ``verhaeltnis`` plain), or the sign that stands for one."""

    def __init__(self, zeilen: Iterable[Zeile]) -> None:
        """Keep ``zeilen``; what is not among them is unknown."""
        self._zeilen = {(zeile.kennzahl, zeile.berichtsmonat, zeile.geschlecht): zeile for zeile in zeilen}

    def zeile(self, kennzahl: str, month: Monat, geschlecht: str = INSGESAMT) -> Zeile | None:
        """Return the whole entry of an indicator."""
        return self._zeilen.get((kennzahl, month, geschlecht))

    def value(self, kennzahl: str, month: Monat, geschlecht: str = INSGESAMT) -> Value:
        """Return the value of an indicator; ``x`` when its denominator is zero."""
        zeile = self.zeile(kennzahl, month, geschlecht)
        if zeile is None or zeile.status == "fehlt":
            return Sign.UNKNOWN
        if zeile.wert is None:
            return Sign.HIDDEN if zeile.status == GEHEIM else Sign.IMPOSSIBLE
        return exact(zeile.wert)


def exact(value: Fraction) -> Decimal:
    """Return a fraction as a decimal of 28 digits: never nearer to a half than the fraction itself."""
    return Decimal(value.numerator) / Decimal(value.denominator)


def quotient(part: Value, whole: Value) -> Value:
    """Return ``part`` for each one of ``whole``, unrounded; ``x`` when ``whole`` is 0."""
    if isinstance(part, Sign) or isinstance(whole, Sign):
        return _worse(part, whole)
    return part / whole if whole else Sign.IMPOSSIBLE


def added(values: Sequence[Value]) -> Value:
    """Return the sum of values; a sign when one of them is a sign."""
    signs = [value for value in values if isinstance(value, Sign)]
    return _worse(*signs) if signs else sum((v for v in values if not isinstance(v, Sign)), Decimal(0))


def rounded(value: Value, places: int) -> Value:
    """Round a number once, half up; a sign stays what it is."""
    return value if isinstance(value, Sign) else half_up(value, places)


def change(new: Value, old: Value) -> Value:
    """Return the absolute change from ``old`` to ``new``; unknown or impossible when one of them is."""
    if isinstance(new, Sign) or isinstance(old, Sign):
        return _worse(new, old)
    return new - old


def change_percent(new: Value, old: Value) -> Value:
    """Return the change in percent of ``old``, one decimal, from unrounded values; ``x`` when ``old`` is 0."""
    if isinstance(new, Sign) or isinstance(old, Sign):
        return _worse(new, old)
    return half_up((new - old) * 100 / old) if old else Sign.IMPOSSIBLE


def total(*values: Value) -> Value:
    """Return the sum; the sign that stands for it when one of the values is none."""
    numbers = [value for value in values if not isinstance(value, Sign)]
    return sum(numbers, Decimal(0)) if len(numbers) == len(values) else _worse(*values)


def share(part: Value, whole: Value) -> Value:
    """Return ``part`` in percent of ``whole``, one decimal; ``x`` when ``whole`` is 0."""
    if isinstance(part, Sign) or isinstance(whole, Sign):
        return _worse(part, whole)
    return half_up(part * 100 / whole) if whole else Sign.IMPOSSIBLE


def _worse(*values: Value) -> Sign:
    """Return the sign of a result: secret wins, so that no result betrays which of its parts is hidden."""
    return next((sign for sign in (Sign.HIDDEN, Sign.IMPOSSIBLE) if sign in values), Sign.UNKNOWN)
