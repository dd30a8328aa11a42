"""Rules 6 to 8: take-ups of work, entries into subsidised work, active measures; and participations as such.

Windows are pairs of days (after, up to): the first is outside, the last inside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from reference.gruppen import is_elb
from reference.kalender import plus_months, shift, stichtag
from reference.lieferung import Day, Erwerb, Lieferung, Month, Teilnahme, once

NEUES_16E = Day(2019, 1, 1)
"""Contract, codes: before 2019-01-01 old § 16e, from then on new."""

INSTRUMENTE = (
    "P16_45", "P16_81", "P16_44", "P16_88", "P16b", "P16c", "P16d", "P16e", "P16f", "P16g", "P16h", "P16i", "P16j",
    "P16k", "STA", "ESF_LZA",
)  # fmt: skip

Window = tuple[Day, Day]


def windows(lieferung: Lieferung, person: str, month: Month) -> list[Window]:
    """Rule 6: where to search for the starts of t; none for a person who is not ELB on S(t-1)."""
    s0, s1, s2 = (stichtag(lieferung, shift(month, -n)) for n in range(3))
    if not is_elb(lieferung, person, shift(month, -1)):
        return []
    if is_elb(lieferung, person, shift(month, -2)):
        return [(s1, s0)]
    return [(s1, s0), (s2, s1)]


def _inside(day: Day, found: Iterable[Window]) -> bool:
    return any(after < day <= up_to for after, up_to in found)


def in_time(lieferung: Lieferung, erfasst_am: Day, month: Month) -> bool:
    """Rules 6 and 8: ``erfasst_am`` <= S(t) + 3 months."""
    return erfasst_am <= plus_months(stichtag(lieferung, month), 3)


def publicly_subsidised(instrument: str | None, start: Day) -> bool:
    """Rule 6: P16d, P16i, STA, and P16e with a start before 2019-01-01."""
    if instrument == "P16e":
        return start < NEUES_16E
    return instrument in ("P16d", "P16i", "STA")


def _takes_up(lieferung: Lieferung, person: str, month: Month, counts: Callable[[Erwerb], bool]) -> bool:
    """At least one job that counts begins in a window and was recorded in time."""
    found = windows(lieferung, person, month)
    return any(
        _inside(job.beginn, found) and in_time(lieferung, job.erfasst_am, month) and counts(job)
        for job in lieferung.erwerb.get(person, [])
    )


def integrated(
    lieferung: Lieferung, person: str, month: Month, arten: tuple[str, ...] = ("SVP", "AUSB", "SELB")
) -> bool:
    """Rule 6: integration (INT); with ``("SVP",)`` INT_SVP."""
    return _takes_up(
        lieferung,
        person,
        month,
        lambda job: job.art in arten and not publicly_subsidised(job.foerderung, job.beginn),
    )


def marginally_employed(lieferung: Lieferung, person: str, month: Month) -> bool:
    """Rule 6: GERING, ``foerderung`` ignored, and no INT in that t."""
    return _takes_up(lieferung, person, month, lambda job: job.art == "GERING") and not integrated(
        lieferung, person, month
    )


def enters_subsidised_work(lieferung: Lieferung, person: str, month: Month) -> bool:
    """Rule 6: OEGB, an entry into a publicly subsidised measure, whether or not there is an INT."""
    found = windows(lieferung, person, month)
    return any(
        publicly_subsidised(teilnahme.instrument, teilnahme.eintritt)
        and _inside(teilnahme.eintritt, found)
        and in_time(lieferung, teilnahme.erfasst_am, month)
        for teilnahme in teilnahmen_of(lieferung, person)
    )


def stays_employed(lieferung: Lieferung, person: str, month: Month) -> bool:
    """Rule 7: on each of the six counting days after t some SVP episode, whichever it is."""
    days = [stichtag(lieferung, shift(month, n)) for n in range(1, 7)]
    jobs = [job for job in lieferung.erwerb.get(person, []) if job.art == "SVP"]
    return all(any(job.beginn <= day <= job.ende for job in jobs) for day in days)


def teilnahmen_of(lieferung: Lieferung, person: str) -> list[Teilnahme]:
    return once(
        lieferung,
        ("teilnahmen", person),
        lambda: [teilnahme for teilnahme in lieferung.teilnahmen if teilnahme.person == person],
    )


def is_active_measure(teilnahme: Teilnahme) -> bool:
    """Rule 8: the closed list of what activates; § 16e only with an entry before 2019."""
    if teilnahme.instrument == "P16e":
        return teilnahme.eintritt < NEUES_16E
    return teilnahme.instrument in ("P16_45", "P16_81", "P16d", "P16f", "P16i", "STA")


def is_activated(lieferung: Lieferung, person: str, month: Month) -> bool:
    """Rule 8: in an active measure on S(t), recorded in time."""
    day = stichtag(lieferung, month)
    return any(
        is_active_measure(teilnahme)
        and teilnahme.eintritt <= day <= teilnahme.austritt
        and in_time(lieferung, teilnahme.erfasst_am, month)
        for teilnahme in teilnahmen_of(lieferung, person)
    )


Lage = Literal["TN_EINTRITT", "TN_BESTAND", "TN_AUSTRITT"]


def participation(lieferung: Lieferung, teilnahme: Teilnahme, month: Month) -> list[Lage]:
    """What a row of ``massnahme`` is in t: an entry, a stock, an exit. P16_44 is a single payment: only an entry."""
    if not in_time(lieferung, teilnahme.erfasst_am, month):
        return []
    before, now = stichtag(lieferung, shift(month, -1)), stichtag(lieferung, month)
    found: list[Lage] = []
    if before < teilnahme.eintritt <= now:
        found.append("TN_EINTRITT")
    if teilnahme.instrument != "P16_44":
        if teilnahme.eintritt <= now <= teilnahme.austritt:
            found.append("TN_BESTAND")
        if before <= teilnahme.austritt < now:
            found.append("TN_AUSTRITT")
    return found
