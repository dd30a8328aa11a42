"""Rules 1 to 5: who belongs where on a day, in which group, for how long; which BG counts, and its type."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal

from reference.kalender import age, age_limit_reached_from, shift, stichtag
from reference.lieferung import ONE_DAY, Day, Lieferung, Mitgliedschaft, Month, month_of, once

GRL = {"RB20", "MB21", "SOZ23", "KDU22_1", "INST22_2"}

BG_TYPEN = ("SINGLE", "ALLEINERZIEHEND", "PARTNER_OHNE_KINDER", "PARTNER_MIT_KINDERN", "SONSTIGE")


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
    return once(lieferung, ("group", person, day), lambda: _group(lieferung, person, day))


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
    return once(lieferung, ("members", month), lambda: _members(lieferung, month)).get(bg, [])


def _members(lieferung: Lieferung, month: Month) -> dict[str, list[str]]:
    by_bg: dict[str, list[str]] = defaultdict(list)
    for person in lieferung.personen:
        mitglied = membership(lieferung, person, stichtag(lieferung, month))
        if mitglied is not None:
            by_bg[mitglied.bg].append(person)
    return by_bg


def bg_counts(lieferung: Lieferung, bg: str, month: Month) -> bool:
    """Rule 3: at least one LB belongs to it on S(t)."""
    day = stichtag(lieferung, month)
    return any(group(lieferung, person, day) in LB for person in members(lieferung, bg, month))


def bg_type(lieferung: Lieferung, bg: str, month: Month) -> str:
    """Rule 3: the type, tested in the contract's order; OHNE when the BG does not count."""
    return once(lieferung, ("bg_type", bg, month), lambda: _bg_type(lieferung, bg, month))


def _bg_type(lieferung: Lieferung, bg: str, month: Month) -> str:
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
    return once(lieferung, ("elb_days", person), lambda: _elb_days(lieferung, person))


def _elb_days(lieferung: Lieferung, person: str) -> set[Day]:
    days: set[Day] = set()
    for month in {row.monat for row in lieferung.geld}:
        day = Day(month[0], month[1], 1)
        while month_of(day) == month and day <= lieferung.datenstand:
            if group(lieferung, person, day) == "ELB":
                days.add(day)
            day += ONE_DAY
    return days


def spells(days: set[Day], tolerated: int = 7) -> list[tuple[Day, Day]]:
    """Rule 4: runs of ELB days, joined when at most 7 days lie strictly between them."""
    runs: list[tuple[Day, Day]] = []
    for day in sorted(days):
        if runs and (day - runs[-1][1]).days - 1 <= tolerated:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def spells_of(lieferung: Lieferung, person: str) -> list[tuple[Day, Day]]:
    return once(lieferung, ("spells", person), lambda: spells(elb_days(lieferung, person)))


def entries(lieferung: Lieferung, person: str, month: Month) -> list[Day]:
    """Rule 4: first days of joined spells in (S(t-1), S(t)]."""
    before, now = stichtag(lieferung, shift(month, -1)), stichtag(lieferung, month)
    return [first for first, _ in spells_of(lieferung, person) if before < first <= now]


def exits(lieferung: Lieferung, person: str, month: Month) -> list[Day]:
    """Rule 4: last days of joined spells in [S(t-1), S(t)), unless the spell still runs."""
    before, now = stichtag(lieferung, shift(month, -1)), stichtag(lieferung, month)
    return [last for _, last in spells_of(lieferung, person) if before <= last < now and last != lieferung.datenstand]


# ---------------------------------------------------------------- rule 5: long-term receipt


def is_elb(lieferung: Lieferung, person: str, month: Month) -> bool:
    """ELB on S(t)."""
    return group(lieferung, person, stichtag(lieferung, month)) == "ELB"


def is_lzb(lieferung: Lieferung, person: str, month: Month) -> bool:
    """Rule 5: ELB on S and at least 638 ELB days in the 730 days ending with S."""
    return once(lieferung, ("lzb", person, month), lambda: _is_lzb(lieferung, person, stichtag(lieferung, month)))


def _is_lzb(lieferung: Lieferung, person: str, day: Day) -> bool:
    days = elb_days(lieferung, person)
    window = {day - dt.timedelta(days=n) for n in range(730)}
    return day in days and len(days & window) >= 638
