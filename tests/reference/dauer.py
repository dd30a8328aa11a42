"""How long somebody has been ELB (31-day rule), and who was there at all within twelve months."""

from __future__ import annotations

from reference.gruppen import elb_days, is_elb, spells
from reference.kalender import shift
from reference.lieferung import Day, Lieferung, Month, once

KLASSEN = (("U3M", 91), ("3-6M", 182), ("6-12M", 365), ("1-2J", 730), ("2-4J", 1461))
"""Annahme of the project: class, and the net days it ends before."""
VERWEILDAUERN = (*(code for code, _ in KLASSEN), "4J+", "SEIT_BEGINN")


def _long_spells(lieferung: Lieferung, person: str) -> list[tuple[Day, Day]]:
    return once(lieferung, ("spells31", person), lambda: spells(elb_days(lieferung, person), tolerated=31))


def first_delivered_day(lieferung: Lieferung) -> Day:
    year, month = once(lieferung, "first month", lambda: min(row.monat for row in lieferung.geld))
    return Day(year, month, 1)


def duration(lieferung: Lieferung, person: str, day: Day) -> str:
    """Class of the net days (ELB days only) of the spell that holds ``day``, up to and including ``day``."""
    begin = next(first for first, last in _long_spells(lieferung, person) if first <= day <= last)
    net = sum(begin <= elb_day <= day for elb_day in elb_days(lieferung, person))
    if net >= KLASSEN[-1][1]:
        return "4J+"
    if (begin - first_delivered_day(lieferung)).days <= 31:
        return "SEIT_BEGINN"
    return next(code for code, end in KLASSEN if net < end)


def was_present(lieferung: Lieferung, person: str, month: Month) -> bool:
    """ELB on at least one of the counting days S(t-11) ... S(t)."""
    return any(is_elb(lieferung, person, shift(month, -n)) for n in range(12))
