"""Two deliveries written by hand, for what chance meets too seldom: every code at every limit; five years."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal

from reference.delivery import Fall, Rows
from reference.kalender import plus_months, shift
from reference.lieferung import ONE_DAY, Day
from reference.massnahmen import INSTRUMENTE
from reference.strategies import adults, geld, stichtag_rows

EARLY = Day(2015, 1, 1)
JANUARY, FEBRUARY = Day(2019, 1, 15), Day(2019, 2, 15)
LAST_OLD, FIRST_NEW = Day(2018, 12, 31), Day(2019, 1, 1)
"""§ 16e: the last day of the old one, the first of the new one."""


def _bg(bg: str, gemeinde: str, stelle: str) -> dict[str, object]:
    return {
        "bg_nummer": bg,
        "gueltig_von": EARLY,
        "gueltig_bis": None,
        "aktenzeichen": "AZ",
        "gemeinde_ags": gemeinde,
        "geschaeftsstelle": stelle,
        "zustaendigkeit": "T1",
    }


def _jobs() -> list[tuple[str, Day, str | None, Day]]:
    """Every art and support beside the change of § 16e; every art at the limits of windows and of recording."""
    arten = ("SVP", "AUSB", "SELB", "GERING")
    found = [
        (art, beginn, foerderung, beginn)
        for art, beginn, foerderung in itertools.product(arten, (LAST_OLD, FIRST_NEW), (None, *INSTRUMENTE))
    ]
    starts = [day + n * ONE_DAY for day in (JANUARY, FEBRUARY) for n in (-1, 0, 1)]
    records = [plus_months(FEBRUARY, 3) + n * ONE_DAY for n in (-1, 0, 1)]
    return found + [(art, beginn, None, erfasst) for art, beginn, erfasst in itertools.product(arten, starts, records)]


def _measures() -> list[tuple[str, Day, Day | None, Day]]:
    """Every instrument beside the change of § 16e and at a counting day; ended on one, the day before it, never."""
    starts = (LAST_OLD, FIRST_NEW, JANUARY, JANUARY + ONE_DAY)
    ends = (None, FEBRUARY, FEBRUARY - ONE_DAY)
    found = [
        (instrument, eintritt, austritt, eintritt)
        for instrument, eintritt, austritt in itertools.product(INSTRUMENTE, starts, ends)
    ]
    records = [plus_months(FEBRUARY, 3) + n * ONE_DAY for n in (-1, 0, 1)]
    return found + [("P16d", JANUARY + ONE_DAY, None, erfasst) for erfasst in records]


def raster() -> Fall:
    """Each job and each measure of the grid, once for a person who has long been ELB and once for one who just came.

    28 months up to March 2019. The place says what is special: the municipality the code, the office the day.
    """
    months = [shift((2016, 12), n) for n in range(28)]
    bgs: dict[str, dict[str, object]] = {}
    members: Rows = []
    jobs: Rows = []
    measures: Rows = []

    def somebody(code: str | None, day: Day, seit: Day) -> str:
        key = f"P{len(members):04}"
        gemeinde = f"{0 if code is None else 1 + INSTRUMENTE.index(code):08}"
        bgs[key] = _bg(key, gemeinde, f"{day:%m-%d}")
        usual = {"bg_nummer": key, "rolle": "HP", "erwerbsfaehig": True, "ausschlussgrund": None, "bis": None}
        members.append({"kundennummer": key, "von": seit, **usual})
        return key

    for seit in (EARLY, LAST_OLD):  # since LAST_OLD: not yet ELB on S(December), but on S(January)
        for art, beginn, foerderung, erfasst in _jobs():
            key = somebody(foerderung, beginn, seit)
            job = {"art": art, "beginn": beginn, "ende": None, "foerderung": foerderung, "erfasst_am": erfasst}
            jobs.append({"erwerb_id": key, "kundennummer": key, **job})
        for instrument, eintritt, austritt, erfasst in _measures():
            key = somebody(instrument, eintritt, seit)
            measure = {"instrument": instrument, "eintritt": eintritt, "austritt": austritt, "erfasst_am": erfasst}
            measures.append({"teilnahme_id": key, "kundennummer": key, "kosten": None, **measure})
    return Fall(
        {
            "bedarfsgemeinschaft": list(bgs.values()),
            "person": adults(list(bgs)),
            "bg_mitglied": members,
            "leistung": [geld(key, key, month, "RB20", Decimal("500.00")) for key in bgs for month in months],
            "erwerbstaetigkeit": jobs,
            "massnahme": measures,
        },
        dt.datetime(2019, 3, 20, 6, tzinfo=dt.UTC),
    )


def fuenf_jahre() -> Fall:
    """52 months around the longest duration: 1,460 and 1,461 net days on a counting day, and on the day of an exit.

    One person is there from the first day, one from the last day on which the beginning counts as unknown, one from
    the day after; one leaves with 1,461 days, one with 1,460; one paused for 31 days, one for 32.
    """
    months = [shift((2020, 1), n) for n in range(52)]
    first, full = Day(2020, 1, 1), 1461
    episodes: dict[str, list[tuple[Day, Day | None]]] = {
        "von Anfang an": [(first - 800 * ONE_DAY, None)],
        "ein Tag weniger": [(first + ONE_DAY, None)],
        "gerade unbekannt": [(first + 31 * ONE_DAY, None)],
        "gerade bekannt": [(first + 32 * ONE_DAY, None)],
        "geht mit 1461": [(first, first + (full - 1) * ONE_DAY)],
        "geht mit 1460": [(first, first + (full - 2) * ONE_DAY)],
        "Pause 31": [(first, first + 99 * ONE_DAY), (first + 131 * ONE_DAY, None)],
        "Pause 32": [(first, first + 99 * ONE_DAY), (first + 132 * ONE_DAY, None)],
    }
    keys = list(episodes)
    usual = {"bg_nummer": "B", "rolle": "HP", "erwerbsfaehig": True, "ausschlussgrund": None}
    # 1,461 days with these days: since the first day, since the last unknown beginning, since the day after it.
    stichtage = {(2023, 12): Day(2023, 12, 31), (2024, 1): Day(2024, 1, 31), (2024, 2): Day(2024, 2, 1)}
    return Fall(
        {
            "bedarfsgemeinschaft": [_bg("B", "08317001", "01")],
            "person": adults(keys),
            "bg_mitglied": [
                {"kundennummer": key, "von": von, "bis": bis, **usual}
                for key, found in episodes.items()
                for von, bis in found
            ],
            "leistung": [geld(key, "B", month, "RB20", Decimal("500.00")) for key in keys for month in months],
            "stichtag": stichtag_rows(stichtage),
        },
        dt.datetime(2024, 8, 20, 6, tzinfo=dt.UTC),
    )
