"""The estimate and its interval from past pairs (provisional, final) of one figure and waiting time.

The estimate is the provisional value times the ratio of the sums of the past (the completion ratio of a chain ladder):
unlike a mean of ratios it bears months of zero. The interval is that of a jackknife with a conformal quantile: each
past month is estimated from the others; of the n deviations, measured in units of the root of the provisional value
(counts scatter like that), the one at place ceil(0.9 (n+1)) is the half width. It assumes no distribution, only that
the next month behaves like the past ones; the +1 corrects small n. With n below 9 there is no such place, hence the
minimum. All numbers are exact fractions; the bounds are the outermost whole numbers (of persons, of cents) inside, and
never leave out the estimate.

Sources of the method: T. Mack, Distribution-free calculation of the standard error of chain ladder reserve estimates
(ASTIN Bulletin 23, 1993); R. Barber, E. Candès, A. Ramdas, R. Tibshirani, Predictive inference with the jackknife+
(Annals of Statistics 49, 2021).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple


class Paar(NamedTuple):
    """The provisional and the final value of a past month."""

    vorlaeufig: Fraction
    endgueltig: Fraction


class Spanne(NamedTuple):
    """Estimate and bounds in units of the last place: persons, cents."""

    erwartet: int
    unten: int
    oben: int


def place(n: int, sicherheit: Fraction) -> int:
    """Return which of ``n`` ordered deviations is the half width: 1 is the smallest; above ``n`` there is none."""
    return math.ceil(sicherheit * (n + 1))


def spanne(paare: Sequence[Paar], vorlaeufig: Fraction, sicherheit: Fraction) -> Spanne:
    """Return what is to be expected of ``vorlaeufig``; all values in units of the last place, not below zero.

    Needs so many pairs that ``place`` is one of them.
    """
    before, after = sum(p.vorlaeufig for p in paare), sum(p.endgueltig for p in paare)
    one = Fraction(1)
    deviations = sorted(
        (p.endgueltig - _ratio(after - p.endgueltig, before - p.vorlaeufig) * p.vorlaeufig) ** 2
        / max(p.vorlaeufig, one)
        for p in paare
    )
    square = deviations[place(len(paare), sicherheit) - 1] * max(vorlaeufig, one)
    expected = _ratio(after, before) * vorlaeufig
    erwartet = math.floor(expected + Fraction(1, 2))
    return Spanne(
        erwartet=erwartet,
        unten=max(min(-_floor_plus_root(-expected, square), erwartet), 0),
        oben=max(_floor_plus_root(expected, square), erwartet),
    )


def _ratio(after: Fraction | int, before: Fraction | int) -> Fraction:
    """Return the completion ratio; what was nothing at first is not scaled."""
    return Fraction(after) / Fraction(before) if before else Fraction(1)


def _floor_plus_root(value: Fraction, square: Fraction) -> int:
    """Return the largest whole number that is not above ``value`` plus the root of ``square``, exactly."""
    number = math.floor(value) + math.isqrt(math.floor(square))
    while (number + 1 - value) ** 2 <= square:
        number += 1
    return number
