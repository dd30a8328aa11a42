"""The figures once more, straight from the words of the source contract: slow, obvious, without SQL.

This is the second opinion on the product. It shares no code and no parameter with ``etl``; every function is one
rule of the contract (section "Counting rules") and says which. Days are Python sets. Nothing here is clever.

Readings chosen where the contract leaves room (the most literal one each time):

* A month in the middle of the delivery without any ``leistung`` row is counted like any other month: nobody has
  money, so nobody is LB; the status ``fehlt`` is used for months before a figure's first value only (rule 9).
* "(S(t-1), S(t)]" and all other comparisons with ``erstellt_am`` use its date as the source wrote it.
* LLU and LUH sum the column ``anspruch`` (rule 9 names no column; before reduction is what rule 2 speaks of).
* A person born after a day is younger than 15 on it.
* The groups of open codes (GEMEINDE, GESCHAEFTSSTELLE) and the code OHNE have a cell only when it is not zero.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

Table = Mapping[str, list[dict[str, object]]]
Cell = tuple[str, str, str, str]
"""(berichtsmonat, groesse, merkmal, auspraegung)"""
Month = tuple[int, int]
Day = dt.date

ONE_DAY = dt.timedelta(days=1)

GRL = {"RB20", "MB21", "SOZ23", "KDU22_1", "INST22_2"}
LLU = {"RB20", "MB21", "SOZ23", "UNABW24"}
LUH = {"KDU22_1", "INST22_2", "UMZUG22_6", "SCHULD22_8"}

BG_TYPEN = ("SINGLE", "ALLEINERZIEHEND", "PARTNER_OHNE_KINDER", "PARTNER_MIT_KINDERN", "SONSTIGE")
CLOSED: Mapping[str, tuple[str, ...]] = {
    "GESCHLECHT": ("m", "w", "d", "x"),
    "ALTER": ("U15", "15-24", "25-54", "55+"),
    "STAATSANGEHOERIGKEIT": ("DEUTSCH", "EU", "ASYL", "UKRAINE", "SONSTIGE"),
    "BG_TYP": BG_TYPEN,
}
OPEN = ("GEMEINDE", "GESCHAEFTSSTELLE")
BG_MERKMALE = ("GEMEINDE", "GESCHAEFTSSTELLE", "BG_TYP")
PERSONEN_MERKMALE = ("GESCHLECHT", "ALTER", "STAATSANGEHOERIGKEIT", *BG_MERKMALE)

PERSONENGRUPPEN = ("PERS", "LB", "RLB", "ELB", "NEF", "SLB", "NLB", "AUS", "KOL", "AE", "LZB")
BEWEGUNGEN = ("ELB_ZUGANG", "ELB_ABGANG", "LZB_ZUGANG", "LZB_ABGANG")
PERSONENGROESSEN = (*PERSONENGRUPPEN, *BEWEGUNGEN, "ABGELEHNT", "LLU", "LUH")
BG_GROESSEN = ("BG", *(f"BG_{typ}" for typ in BG_TYPEN))

ERSTER_WERT = {"ELB_ZUGANG": 2, "ELB_ABGANG": 2, "LZB": 24, "LZB_ZUGANG": 25, "LZB_ABGANG": 25}
"""Rule 9: months between the first ``leistung`` month and the first value; all other figures start at once."""


# ---------------------------------------------------------------- the delivery


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


@dataclass(eq=False)
class Lieferung:
    """A delivery, sorted into what the rules ask for. ``gemerkt`` only saves asking the same question twice."""

    datenstand: Day
    personen: dict[str, Person]
    mitgliedschaften: dict[str, list[Mitgliedschaft]]
    adressen: dict[str, list[Adresse]]
    geld: list[Geld]
    stichtage: dict[Month, Day]
    gemerkt: dict[object, object] = field(default_factory=dict)
    geld_von: dict[tuple[str, str, Month], list[Geld]] = field(default_factory=dict)


def _day(value: object) -> Day:
    assert isinstance(value, dt.date)
    return value


def _open_end(value: object) -> Day:
    return Day.max if value is None else _day(value)


def _text(value: object) -> str:
    assert isinstance(value, str)
    return value


def _amount(value: object) -> Decimal:
    assert isinstance(value, Decimal)
    return value


def read(tables: Table, erstellt_am: dt.datetime) -> Lieferung:
    """Sort the rows of a delivery by person, BG and month."""
    personen = {
        _text(row["kundennummer"]): Person(
            _day(row["geburtsdatum"]),
            _text(row["geschlecht"]),
            _text(row["staatsangehoerigkeit"]),
            _text(row["familienstand"]),
        )
        for row in tables["person"]
    }
    mitgliedschaften: dict[str, list[Mitgliedschaft]] = defaultdict(list)
    for row in tables["bg_mitglied"]:
        grund = row["ausschlussgrund"]
        mitgliedschaften[_text(row["kundennummer"])].append(
            Mitgliedschaft(
                _text(row["bg_nummer"]),
                _day(row["von"]),
                _open_end(row["bis"]),
                _text(row["rolle"]),
                row["erwerbsfaehig"] is True,
                None if grund is None else _text(grund),
            )
        )
    adressen: dict[str, list[Adresse]] = defaultdict(list)
    for row in tables["bedarfsgemeinschaft"]:
        adressen[_text(row["bg_nummer"])].append(
            Adresse(
                _day(row["gueltig_von"]),
                _open_end(row["gueltig_bis"]),
                _text(row["gemeinde_ags"]),
                _text(row["geschaeftsstelle"]),
            )
        )
    geld = [
        Geld(
            _text(row["kundennummer"]),
            _text(row["bg_nummer"]),
            month_of(_day(row["monat"])),
            _text(row["leistungsart"]),
            _amount(row["anspruch"]),
        )
        for row in tables["leistung"]
    ]
    stichtage = {month_of(_day(row["monat"])): _day(row["stichtag"]) for row in tables.get("stichtag", [])}
    lieferung = Lieferung(erstellt_am.date(), personen, mitgliedschaften, adressen, geld, stichtage)
    for zeile in geld:
        lieferung.geld_von.setdefault((zeile.person, zeile.bg, zeile.monat), []).append(zeile)
    return lieferung


# ---------------------------------------------------------------- rule 0: calendar


def month_of(day: Day) -> Month:
    return (day.year, day.month)


def shift(month: Month, months: int) -> Month:
    number = month[0] * 12 + month[1] - 1 + months
    return (number // 12, number % 12 + 1)


def month_text(month: Month) -> str:
    return f"{month[0]:04d}-{month[1]:02d}"


def stichtag(lieferung: Lieferung, month: Month) -> Day:
    """Table ``stichtag``: "months not listed count on the 15th"."""
    return lieferung.stichtage.get(month, Day(month[0], month[1], 15))


def age(geburtsdatum: Day, day: Day) -> int:
    """Rule 0: the birthday itself counts as the new age; born on 29 February: 1 March in other years."""
    years = day.year - geburtsdatum.year
    try:
        birthday = geburtsdatum.replace(year=day.year)
    except ValueError:
        birthday = Day(day.year, 3, 1)
    return years if day >= birthday else years - 1


def plus_months(day: Day, months: int) -> Day:
    """Rule 0: the same day n months later, or the last day of that month where the day does not exist."""
    year, month = shift(month_of(day), months)
    number = day.day
    while True:
        try:
            return Day(year, month, number)
        except ValueError:
            number -= 1


def age_limit_in_months(year_of_birth: int) -> int:
    """Rule 0: age limit of § 7a, in months of age."""
    if year_of_birth <= 1946:
        return 65 * 12
    if year_of_birth <= 1958:
        return 65 * 12 + (year_of_birth - 1946)
    if year_of_birth <= 1963:
        return 66 * 12 + 2 * (year_of_birth - 1958)
    return 67 * 12


def age_limit_reached_from(geburtsdatum: Day) -> Day:
    """Rule 0: the first day of the month after the one in which that age is completed.

    The age is completed at the end of the day before the (monthly) birthday.
    """
    completed = plus_months(geburtsdatum, age_limit_in_months(geburtsdatum.year)) - ONE_DAY
    year, month = shift(month_of(completed), 1)
    return Day(year, month, 1)


# ---------------------------------------------------------------- rule 1: membership on a day


def membership(lieferung: Lieferung, person: str, day: Day) -> Mitgliedschaft | None:
    """Rule 1: the membership of a day; of several the latest ``von``, then the smallest ``bg_nummer``."""
    valid = [m for m in lieferung.mitgliedschaften.get(person, []) if m.von <= day <= m.bis]
    if not valid:
        return None
    latest = max(m.von for m in valid)
    return min((m for m in valid if m.von == latest), key=lambda m: m.bg)


def address(lieferung: Lieferung, bg: str, day: Day) -> tuple[str, str]:
    """Rule 1: municipality and office of the episode valid on the day; of several the latest; else OHNE."""
    valid = [a for a in lieferung.adressen.get(bg, []) if a.von <= day <= a.bis]
    if not valid:
        return ("OHNE", "OHNE")
    latest = max(valid, key=lambda a: a.von)
    return (latest.gemeinde, latest.geschaeftsstelle)


# ---------------------------------------------------------------- rule 2: group on a day


def group(lieferung: Lieferung, person: str, day: Day) -> str | None:
    """Rule 2: ELB, NEF, SLB, AUS, KOL or ABGELEHNT; None for a person who is no member of any BG on the day.

    AUS and KOL are provisional here: on a counting day they need a BG that counts, see ``counted_group``.
    """
    key = ("group", person, day)
    if key not in lieferung.gemerkt:
        lieferung.gemerkt[key] = _group(lieferung, person, day)
    answer = lieferung.gemerkt[key]
    return None if answer is None else _text(answer)


def _group(lieferung: Lieferung, person: str, day: Day) -> str | None:
    mitglied = membership(lieferung, person, day)
    if mitglied is None:
        return None
    mensch = lieferung.personen[person]
    rows = lieferung.geld_von.get((person, mitglied.bg, month_of(day)), [])
    grl = sum((row.anspruch for row in rows if row.art in GRL), Decimal())
    other = sum((row.anspruch for row in rows if row.art not in GRL), Decimal())
    if mitglied.ausschlussgrund is not None:  # a)
        return "SLB" if other > 0 else "AUS"
    if grl > 0:  # b)
        old_enough = age(mensch.geburtsdatum, day) >= 15
        too_old = day >= age_limit_reached_from(mensch.geburtsdatum)
        return "ELB" if mitglied.erwerbsfaehig and old_enough and not too_old else "NEF"
    if other > 0:  # c)
        return "SLB"
    if age(mensch.geburtsdatum, day) < 18 and mensch.familienstand == "LED" and mitglied.rolle == "KI":  # d)
        return "KOL"
    return "ABGELEHNT"  # e)


LB = ("ELB", "NEF", "SLB")


def counted_group(lieferung: Lieferung, person: str, month: Month) -> str | None:
    """Rule 2, last sentences: on S(t), AUS and KOL count only in a BG that counts."""
    day = stichtag(lieferung, month)
    gruppe = group(lieferung, person, day)
    if gruppe in ("AUS", "KOL"):
        mitglied = membership(lieferung, person, day)
        assert mitglied is not None
        if not bg_counts(lieferung, mitglied.bg, month):
            return "ABGELEHNT"
    return gruppe


# ---------------------------------------------------------------- rule 3: BG


def members(lieferung: Lieferung, bg: str, month: Month) -> list[str]:
    """Everybody who belongs to the BG on S(t), whatever the group."""
    key = ("members", month)
    if key not in lieferung.gemerkt:
        by_bg: dict[str, list[str]] = defaultdict(list)
        for person in lieferung.personen:
            mitglied = membership(lieferung, person, stichtag(lieferung, month))
            if mitglied is not None:
                by_bg[mitglied.bg].append(person)
        lieferung.gemerkt[key] = by_bg
    answer = lieferung.gemerkt[key]
    assert isinstance(answer, dict)
    return list(answer.get(bg, []))


def bg_counts(lieferung: Lieferung, bg: str, month: Month) -> bool:
    """Rule 3: at least one LB belongs to it on S(t)."""
    day = stichtag(lieferung, month)
    return any(group(lieferung, person, day) in LB for person in members(lieferung, bg, month))


def bg_type(lieferung: Lieferung, bg: str, month: Month) -> str:
    """Rule 3: the type, tested in the contract's order; OHNE when the BG does not count."""
    if not bg_counts(lieferung, bg, month):
        return "OHNE"
    day = stichtag(lieferung, month)
    pers = [p for p in members(lieferung, bg, month) if counted_group(lieferung, p, month) in (*LB, "AUS", "KOL")]
    if len(pers) == 1:
        return "SINGLE"
    rollen: dict[str, str] = {}
    for person in pers:
        mitglied = membership(lieferung, person, day)
        assert mitglied is not None
        rollen[person] = mitglied.rolle
    has_child = any(
        rollen[p] == "KI"
        and age(lieferung.personen[p].geburtsdatum, day) < 18
        and lieferung.personen[p].familienstand == "LED"
        for p in pers
    )
    if any(rollen[p] == "PA" for p in pers):
        return "PARTNER_MIT_KINDERN" if has_child else "PARTNER_OHNE_KINDER"
    parents = [p for p in pers if rollen[p] in ("HP", "EL") and group(lieferung, p, day) in LB]
    if has_child and len(parents) == 1:
        return "ALLEINERZIEHEND"
    return "SONSTIGE"


def is_lone_parent(lieferung: Lieferung, person: str, month: Month) -> bool:
    """Rule 3: the ELB with role HP of an ALLEINERZIEHEND BG."""
    day = stichtag(lieferung, month)
    mitglied = membership(lieferung, person, day)
    return (
        mitglied is not None
        and mitglied.rolle == "HP"
        and group(lieferung, person, day) == "ELB"
        and bg_type(lieferung, mitglied.bg, month) == "ALLEINERZIEHEND"
    )


# ---------------------------------------------------------------- rule 4: ELB days, spells, movements


def elb_days(lieferung: Lieferung, person: str) -> set[Day]:
    """Rule 4: the days on which rule 2 gives ELB, none after the date of ``erstellt_am``.

    Without money of the month nobody is ELB, so only days of months with a ``leistung`` row need a look.
    """
    key = ("elb_days", person)
    if key not in lieferung.gemerkt:
        days: set[Day] = set()
        for month in {row.monat for row in lieferung.geld}:
            day = Day(month[0], month[1], 1)
            while month_of(day) == month and day <= lieferung.datenstand:
                if group(lieferung, person, day) == "ELB":
                    days.add(day)
                day += ONE_DAY
        lieferung.gemerkt[key] = days
    answer = lieferung.gemerkt[key]
    assert isinstance(answer, set)
    return answer


def spells(days: set[Day]) -> list[tuple[Day, Day]]:
    """Rule 4: runs of ELB days, joined when at most 7 days lie strictly between them."""
    runs: list[tuple[Day, Day]] = []
    for day in sorted(days):
        if runs and (day - runs[-1][1]).days - 1 <= 7:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def entries(lieferung: Lieferung, person: str, month: Month) -> list[Day]:
    """Rule 4: first days of joined spells in (S(t-1), S(t)]."""
    before, now = stichtag(lieferung, shift(month, -1)), stichtag(lieferung, month)
    return [first for first, _ in spells(elb_days(lieferung, person)) if before < first <= now]


def exits(lieferung: Lieferung, person: str, month: Month) -> list[Day]:
    """Rule 4: last days of joined spells in [S(t-1), S(t)), unless the spell still runs."""
    before, now = stichtag(lieferung, shift(month, -1)), stichtag(lieferung, month)
    return [
        last for _, last in spells(elb_days(lieferung, person)) if before <= last < now and last != lieferung.datenstand
    ]


# ---------------------------------------------------------------- rule 5: long-term receipt


def is_lzb(lieferung: Lieferung, person: str, month: Month) -> bool:
    """Rule 5: ELB on S and at least 638 ELB days in the 730 days ending with S."""
    day = stichtag(lieferung, month)
    days = elb_days(lieferung, person)
    window = {day - dt.timedelta(days=n) for n in range(730)}
    return day in days and len(days & window) >= 638


# ---------------------------------------------------------------- rules 9 and 10: months, waiting time


def months(lieferung: Lieferung) -> list[Month]:
    """Rule 9: from the first ``leistung`` month to the last one with S(t) <= ``erstellt_am``."""
    delivered = sorted({row.monat for row in lieferung.geld})
    finished = [month for month in delivered if stichtag(lieferung, month) <= lieferung.datenstand]
    if not finished:
        return []
    answer = [delivered[0]]
    while answer[-1] < finished[-1]:
        answer.append(shift(answer[-1], 1))
    return answer


def waiting_time(lieferung: Lieferung, month: Month) -> int:
    """Rule 10: whole months between S(t) and ``erstellt_am``."""
    whole = 0
    while plus_months(stichtag(lieferung, month), whole + 1) <= lieferung.datenstand:
        whole += 1
    return whole


# ---------------------------------------------------------------- dimensions

EU = {
    "124",
    "125",
    "126",
    "127",
    "128",
    "129",
    "130",
    "131",
    "134",
    "135",
    "137",
    "139",
    "142",
    "143",
    "145",
    "148",
    "151",
    "152",
    "153",
    "154",
    "155",
    "157",
    "161",
    "164",
    "165",
    "181",
}
ASYL = {"423", "224", "438", "439", "232", "461", "273", "475"}


def nationality_group(key: str, day: Day) -> str:
    """Decision of the project: groups of nationality, EU by dated membership on the day."""
    if key == "000":
        return "DEUTSCH"
    if key == "130":  # Croatia
        return "EU" if day >= Day(2013, 7, 1) else "SONSTIGE"
    if key == "168":  # United Kingdom
        return "EU" if day <= Day(2020, 1, 31) else "SONSTIGE"
    if key in EU:
        return "EU"
    if key in ASYL:
        return "ASYL"
    return "UKRAINE" if key == "166" else "SONSTIGE"


def age_group(years: int) -> str:
    """Decision of the project: the four age groups."""
    if years < 15:
        return "U15"
    if years < 25:
        return "15-24"
    return "25-54" if years < 55 else "55+"


Features = dict[str, str]


def person_features(lieferung: Lieferung, person: str, bg: str, month: Month) -> Features:
    """All features of a person in ``bg``, as on S(month)."""
    day = stichtag(lieferung, month)
    mensch = lieferung.personen[person]
    return {
        "GESCHLECHT": mensch.geschlecht,
        "ALTER": age_group(age(mensch.geburtsdatum, day)),
        "STAATSANGEHOERIGKEIT": nationality_group(mensch.staatsangehoerigkeit, day),
        **bg_features(lieferung, bg, month),
    }


def bg_features(lieferung: Lieferung, bg: str, month: Month) -> Features:
    """Municipality, office and type of a BG as on S(month)."""
    gemeinde, geschaeftsstelle = address(lieferung, bg, stichtag(lieferung, month))
    typ = bg_type(lieferung, bg, month)
    return {"GEMEINDE": gemeinde, "GESCHAEFTSSTELLE": geschaeftsstelle, "BG_TYP": typ}


# ---------------------------------------------------------------- figures: what is counted, with its features

Counted = tuple[str, Features, Decimal]
"""(groesse, features, 1 or an amount)"""
ONE = Decimal(1)


def bg_on(lieferung: Lieferung, person: str, day: Day) -> str:
    mitglied = membership(lieferung, person, day)
    assert mitglied is not None
    return mitglied.bg


def stock_of(lieferung: Lieferung, month: Month) -> Iterable[Counted]:
    """Rules 2, 3 and 5: persons on S(t), with the features of S(t)."""
    day = stichtag(lieferung, month)
    for person in lieferung.personen:
        gruppe = counted_group(lieferung, person, month)
        if gruppe is None:
            continue
        features = person_features(lieferung, person, bg_on(lieferung, person, day), month)
        figures = {
            "ELB": ("ELB", "RLB", "LB", "PERS"),
            "NEF": ("NEF", "RLB", "LB", "PERS"),
            "SLB": ("SLB", "LB", "PERS"),
            "AUS": ("AUS", "NLB", "PERS"),
            "KOL": ("KOL", "NLB", "PERS"),
            "ABGELEHNT": ("ABGELEHNT",),
        }[gruppe]
        for groesse in figures:
            yield groesse, features, ONE
        if is_lone_parent(lieferung, person, month):
            yield "AE", features, ONE
        if is_lzb(lieferung, person, month):
            yield "LZB", features, ONE


def bgs_of(lieferung: Lieferung, month: Month) -> Iterable[Counted]:
    """Rule 3: the BGs that count, and each once more under its type."""
    for bg in lieferung.adressen:
        if bg_counts(lieferung, bg, month):
            features = bg_features(lieferung, bg, month)
            yield "BG", features, ONE
            yield f"BG_{features['BG_TYP']}", features, ONE


def movements_of(lieferung: Lieferung, month: Month) -> Iterable[Counted]:
    """Rules 4 and 5. Entries carry the features of t, exits those of t-1 (decision of the project)."""
    before = shift(month, -1)
    for person in lieferung.personen:
        for first in entries(lieferung, person, month):
            yield "ELB_ZUGANG", person_features(lieferung, person, bg_on(lieferung, person, first), month), ONE
        for last in exits(lieferung, person, month):
            yield "ELB_ABGANG", person_features(lieferung, person, bg_on(lieferung, person, last), before), ONE
        was, now = is_lzb(lieferung, person, before), is_lzb(lieferung, person, month)
        if now and not was:
            bg = bg_on(lieferung, person, stichtag(lieferung, month))
            yield "LZB_ZUGANG", person_features(lieferung, person, bg, month), ONE
        if was and not now:
            bg = bg_on(lieferung, person, stichtag(lieferung, before))
            yield "LZB_ABGANG", person_features(lieferung, person, bg, before), ONE


def money_of(lieferung: Lieferung, month: Month) -> Iterable[Counted]:
    """Rule 9: all ``leistung`` rows of the calendar month, whatever the person's group."""
    for row in lieferung.geld:
        if row.monat != month:
            continue
        features = person_features(lieferung, row.person, row.bg, month)
        if row.art in LLU:
            yield "LLU", features, row.anspruch
        if row.art in LUH:
            yield "LUH", features, row.anspruch


SOURCES: tuple[Callable[[Lieferung, Month], Iterable[Counted]], ...] = (stock_of, bgs_of, movements_of, money_of)


# ---------------------------------------------------------------- cells


def merkmale_of(groesse: str) -> tuple[str, ...]:
    return BG_MERKMALE if groesse in BG_GROESSEN else PERSONEN_MERKMALE


def cells_of_month(
    lieferung: Lieferung, month: Month, first: Month, two_way: Sequence[tuple[str, str]]
) -> dict[Cell, Decimal | None]:
    """Count one month: INSGESAMT and closed lists are dense, everything else holds non-zero cells only."""
    text = month_text(month)
    cells: dict[Cell, Decimal | None] = {}
    sums: dict[Cell, Decimal] = defaultdict(Decimal)
    for groesse, features, amount in (counted for source in SOURCES for counted in source(lieferung, month)):
        sums[text, groesse, "INSGESAMT", "INSGESAMT"] += amount
        for merkmal in merkmale_of(groesse):
            sums[text, groesse, merkmal, features[merkmal]] += amount
        for one, two in two_way:
            if one in features and two in features:
                sums[text, groesse, f"{one}/{two}", f"{features[one]}/{features[two]}"] += amount
    for groesse in (*PERSONENGROESSEN, *BG_GROESSEN):
        missing = month < shift(first, ERSTER_WERT.get(groesse, 0))
        dense = [(merkmal, code) for merkmal in CLOSED if merkmal in merkmale_of(groesse) for code in CLOSED[merkmal]]
        for merkmal, code in [("INSGESAMT", "INSGESAMT"), *dense]:
            cell = (text, groesse, merkmal, code)
            cells[cell] = None if missing else sums[cell]
        if not missing:
            cells |= {cell: value for cell, value in sums.items() if cell[1] == groesse and value != 0}
    return cells


def figures(
    tables: Table, erstellt_am: dt.datetime, two_way: Sequence[tuple[str, str]] = ()
) -> dict[Cell, Decimal | None]:
    """All cells of all months of a delivery. None means ``fehlt``."""
    lieferung = read(tables, erstellt_am)
    cells: dict[Cell, Decimal | None] = {}
    all_months = months(lieferung)
    for month in all_months:
        cells |= cells_of_month(lieferung, month, all_months[0], two_way)
    return cells


def waiting_times(tables: Table, erstellt_am: dt.datetime) -> dict[str, int]:
    """Waiting time of every month, ``YYYY-MM`` to whole months."""
    lieferung = read(tables, erstellt_am)
    return {month_text(month): waiting_time(lieferung, month) for month in months(lieferung)}
