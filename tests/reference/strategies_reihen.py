"""Random inputs of the indicators: two years of every figure they are made of."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal

from hypothesis import strategies as st

from reference import oracle
from reference.kennzahlen import GESCHLECHTER, Eingaenge, Eingang
from reference.oracle import Month

INPUTS = (
    "LLU", "LUH", "ELB", "ELB_ZUGANG", "ELB_ABGANG", "INT", "GERING", "OEGB", "INT_SVP", "INT_SVP_KONT", "INT_AE", "AE",
    "LZB", "INT_LZB", "LZB_AKTIV", "LZB_ZUGANG", "LZB_ABGANG", "TN_BESTAND", "ALO", "ASU", "LM_ELB", "LM_NEU", "PERS",
    "BG", "LB", "NEF_U15", "BEV_U_ALTERSGRENZE", "BEV_15_ALTERSGRENZE", "BEV_U15",
)  # fmt: skip
FIRST: Month = (2023, 3)
COUNT = 24
MONTHS = [oracle.shift(FIRST, n) for n in range(COUNT)]


def _value(chance: random.Random, groesse: str) -> Decimal:
    """Small counts with many zeros; amounts with cents, now and then below zero."""
    if groesse in ("LLU", "LUH"):
        return Decimal(chance.choice((0, chance.randint(-50, 99999), chance.randint(0, 99999)))).scaleb(-2)
    return Decimal(chance.choice((0, 0, chance.randint(0, 9))))


def _disturbances(draw: st.DrawFn) -> Iterator[tuple[tuple[Month, str, str], str]]:
    """Single inputs that are missing, an estimate, or preliminary."""
    for _ in range(draw(st.integers(0, 4))):
        where = (draw(st.sampled_from(MONTHS)), draw(st.sampled_from(INPUTS)), draw(st.sampled_from(GESCHLECHTER)))
        yield where, draw(st.sampled_from(("keine Zelle", "fehlt", "geschaetzt", "T-0", "T-2")))


@st.composite
def eingaenge(draw: st.DrawFn) -> Eingaenge:
    """Every input of ``MONTHS`` by sex: all final, sometimes zero throughout, a few of them disturbed."""
    chance = draw(st.randoms(use_true_random=True))
    empty = draw(st.sets(st.sampled_from(INPUTS), max_size=3))
    found = {
        (month, groesse, geschlecht): Eingang(
            Decimal() if groesse in empty else _value(chance, groesse), chance.choice((3, 4, 17))
        )
        for month in MONTHS
        for groesse in INPUTS
        for geschlecht in GESCHLECHTER
    }
    for where, kind in _disturbances(draw):
        one = found.get(where) or Eingang(Decimal(1), 3)
        if kind == "keine Zelle":
            found.pop(where, None)
        elif kind == "fehlt":
            found[where] = Eingang(None, one.wartezeit)
        elif kind == "geschaetzt":
            found[where] = Eingang(one.wert, one.wartezeit, geschaetzt=True)
        else:
            found[where] = Eingang(one.wert, int(kind[-1]))
    return found
