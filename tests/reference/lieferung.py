"""A delivery as the rules read it: rows with names and types, sorted by person and BG. No rule is applied here."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar, cast

Answer = TypeVar("Answer")

Table = Mapping[str, list[dict[str, object]]]
Month = tuple[int, int]
Day = dt.date

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Person:
    geburtsdatum: Day
    geschlecht: str
    staatsangehoerigkeit: str
    familienstand: str


@dataclass(frozen=True)
class Mitgliedschaft:
    bg: str
    von: Day
    bis: Day
    rolle: str
    erwerbsfaehig: bool
    ausschlussgrund: str | None


@dataclass(frozen=True)
class Adresse:
    von: Day
    bis: Day
    gemeinde: str
    geschaeftsstelle: str


@dataclass(frozen=True)
class Geld:
    person: str
    bg: str
    monat: Month
    art: str
    anspruch: Decimal
    minderung: Decimal
    zahlung: Decimal


@dataclass(frozen=True)
class Erwerb:
    art: str
    beginn: Day
    ende: Day
    foerderung: str | None
    erfasst_am: Day


@dataclass(frozen=True)
class Teilnahme:
    person: str
    instrument: str
    eintritt: Day
    austritt: Day
    erfasst_am: Day


@dataclass(frozen=True)
class Minderung:
    person: str
    grund: str
    beginn: Day
    ende: Day


@dataclass(frozen=True)
class Status:
    von: Day
    bis: Day
    status: str


@dataclass(frozen=True)
class Verfahren:
    art: str
    eingang: Day
    erledigung: Day | None


@dataclass(frozen=True)
class Wohnkosten:
    unterkunft_tatsaechlich: Decimal
    unterkunft_anerkannt: Decimal
    heizung_tatsaechlich: Decimal
    heizung_anerkannt: Decimal


@dataclass(eq=False)
class Lieferung:
    """A delivery. An open end is ``Day.max``; ``gemerkt`` only saves asking the same question twice."""

    datenstand: Day
    personen: dict[str, Person]
    mitgliedschaften: dict[str, list[Mitgliedschaft]]
    adressen: dict[str, list[Adresse]]
    geld: list[Geld]
    erwerb: dict[str, list[Erwerb]]
    teilnahmen: list[Teilnahme]
    minderungen: list[Minderung]
    status: dict[str, list[Status]]
    verfahren: list[Verfahren]
    wohnkosten: dict[tuple[str, Month], Wohnkosten]
    stichtage: dict[Month, Day]
    gemerkt: dict[object, object] = field(default_factory=dict)
    geld_von: dict[tuple[str, str, Month], list[Geld]] = field(default_factory=dict)


def once(lieferung: Lieferung, question: object, answer: Callable[[], Answer]) -> Answer:
    """Answer a question about a delivery the first time it is asked, and remember the answer."""
    if question not in lieferung.gemerkt:
        lieferung.gemerkt[question] = answer()
    return cast(Answer, lieferung.gemerkt[question])


def month_of(day: Day) -> Month:
    return (day.year, day.month)


def _day(value: object) -> Day:
    assert isinstance(value, dt.date)
    return value


def _open_end(value: object) -> Day:
    return Day.max if value is None else _day(value)


def _text(value: object) -> str:
    assert isinstance(value, str)
    return value


def _maybe(value: object) -> str | None:
    return None if value is None else _text(value)


def _amount(value: object) -> Decimal:
    assert isinstance(value, Decimal)
    return value


def read(tables: Table, erstellt_am: dt.datetime) -> Lieferung:
    """Sort the rows of a delivery. A table that is not given has no rows."""
    geld = _geld(tables)
    lieferung = Lieferung(
        datenstand=erstellt_am.date(),
        personen=_personen(tables),
        mitgliedschaften=_mitgliedschaften(tables),
        adressen=_adressen(tables),
        geld=geld,
        erwerb=_erwerb(tables),
        teilnahmen=[
            Teilnahme(
                _text(row["kundennummer"]),
                _text(row["instrument"]),
                _day(row["eintritt"]),
                _open_end(row["austritt"]),
                _day(row["erfasst_am"]),
            )
            for row in tables.get("massnahme", [])
        ],
        minderungen=[
            Minderung(_text(row["kundennummer"]), _text(row["grund"]), _day(row["beginn"]), _day(row["ende"]))
            for row in tables.get("leistungsminderung", [])
        ],
        status=_status(tables),
        verfahren=[
            Verfahren(
                _text(row["art"]),
                _day(row["eingang"]),
                None if row["erledigung"] is None else _day(row["erledigung"]),
            )
            for row in tables.get("verfahren", [])
        ],
        wohnkosten=_wohnkosten(tables),
        stichtage={month_of(_day(row["monat"])): _day(row["stichtag"]) for row in tables.get("stichtag", [])},
    )
    for zeile in geld:
        lieferung.geld_von.setdefault((zeile.person, zeile.bg, zeile.monat), []).append(zeile)
    return lieferung


def _personen(tables: Table) -> dict[str, Person]:
    return {
        _text(row["kundennummer"]): Person(
            _day(row["geburtsdatum"]),
            _text(row["geschlecht"]),
            _text(row["staatsangehoerigkeit"]),
            _text(row["familienstand"]),
        )
        for row in tables["person"]
    }


def _mitgliedschaften(tables: Table) -> dict[str, list[Mitgliedschaft]]:
    found: dict[str, list[Mitgliedschaft]] = defaultdict(list)
    for row in tables["bg_mitglied"]:
        found[_text(row["kundennummer"])].append(
            Mitgliedschaft(
                _text(row["bg_nummer"]),
                _day(row["von"]),
                _open_end(row["bis"]),
                _text(row["rolle"]),
                row["erwerbsfaehig"] is True,
                _maybe(row["ausschlussgrund"]),
            )
        )
    return found


def _adressen(tables: Table) -> dict[str, list[Adresse]]:
    found: dict[str, list[Adresse]] = defaultdict(list)
    for row in tables["bedarfsgemeinschaft"]:
        found[_text(row["bg_nummer"])].append(
            Adresse(
                _day(row["gueltig_von"]),
                _open_end(row["gueltig_bis"]),
                _text(row["gemeinde_ags"]),
                _text(row["geschaeftsstelle"]),
            )
        )
    return found


def _geld(tables: Table) -> list[Geld]:
    return [
        Geld(
            _text(row["kundennummer"]),
            _text(row["bg_nummer"]),
            month_of(_day(row["monat"])),
            _text(row["leistungsart"]),
            _amount(row["anspruch"]),
            _amount(row["minderung"]),
            _amount(row["zahlung"]),
        )
        for row in tables["leistung"]
    ]


def _erwerb(tables: Table) -> dict[str, list[Erwerb]]:
    found: dict[str, list[Erwerb]] = defaultdict(list)
    for row in tables.get("erwerbstaetigkeit", []):
        found[_text(row["kundennummer"])].append(
            Erwerb(
                _text(row["art"]),
                _day(row["beginn"]),
                _open_end(row["ende"]),
                _maybe(row["foerderung"]),
                _day(row["erfasst_am"]),
            )
        )
    return found


def _status(tables: Table) -> dict[str, list[Status]]:
    found: dict[str, list[Status]] = defaultdict(list)
    for row in tables.get("arbeitsmarktstatus", []):
        found[_text(row["kundennummer"])].append(Status(_day(row["von"]), _open_end(row["bis"]), _text(row["status"])))
    return found


def _wohnkosten(tables: Table) -> dict[tuple[str, Month], Wohnkosten]:
    return {
        (_text(row["bg_nummer"]), month_of(_day(row["monat"]))): Wohnkosten(
            _amount(row["kosten_tatsaechlich"]),
            _amount(row["kosten_anerkannt"]),
            _amount(row["heizkosten_tatsaechlich"]),
            _amount(row["heizkosten_anerkannt"]),
        )
        for row in tables.get("unterkunft", [])
    }
