"""Decisions that come late: money that a delivery does not know yet, though the month is over.

Who applies has a claim from the first day of the month, but the case management holds no amounts before the decision.
An early delivery therefore counts fewer persons than a later one of the same month.
"""

from __future__ import annotations

import numpy as np

from etl.demo.arrays import Bools, Ints, concat, stream
from etl.demo.money import Geld, Leistungen
from etl.demo.world import Welt

_MONTHS = 1 << 12
"""More months than there are since 1970."""


def hold_back(w: Welt, geld: Geld, stand: int) -> Geld:
    """Leave out the months of every run of receipt that was not decided on the day ``stand``."""
    leistung = concat(Leistungen, geld.leistung)
    if not len(leistung):
        return geld
    late = _undecided(w, leistung, stand)
    bg, persons = _pairs(leistung.bg, leistung.monat), _pairs(leistung.person, leistung.monat)
    late_bgs, late_persons = np.unique(bg[late]), np.setdiff1d(persons[late], persons[~late])
    return Geld(
        leistung=[leistung.take(~late)],
        einkommen=[c.take(~np.isin(_pairs(c.person, c.monat), late_persons)) for c in geld.einkommen],
        unterkunft=[c.take(~np.isin(_pairs(c.bg, c.monat), late_bgs)) for c in geld.unterkunft],
        minderung=[c.take(~np.isin(_pairs(c.bg, c.beginn), late_bgs)) for c in geld.minderung],
    )


def _undecided(w: Welt, leistung: Leistungen, stand: int) -> Bools:
    """Rows of runs of months whose decision comes after ``stand``. What began with the delivery was decided before."""
    pairs, row = np.unique(_pairs(leistung.bg, leistung.monat), return_inverse=True)
    starts = np.flatnonzero(np.diff(pairs, prepend=-2) != 1)
    run = np.repeat(starts, np.diff(starts, append=len(pairs)))
    begin = pairs[run] % _MONTHS
    # One number per BG, so that every delivery knows of the same decisions.
    chance = stream(w.seed, w.block, "bescheid").random(len(w.bgs))[pairs // _MONTHS]
    lag = np.floor(-w.k.bescheide.mittel_tage * np.log1p(-chance)).astype(np.int64)
    decided = begin.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) + lag
    late: Bools = ((decided > stand) & (begin > begin.min()))[row]
    return late


def _pairs(owner: Ints, days: Ints) -> Ints:
    """Number pairs of an owner and the month of a day; the next month of the same owner has the next number."""
    months: Ints = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return owner * _MONTHS + months
