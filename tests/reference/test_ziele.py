"""Targets against the reference's indicators: the value and the light of a month, and what is needed tried out.

What the product says is needed is put into the months that remain; the reference then computes December: with it the
target is kept, with one less (or one more) it is not.
"""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from etl.figures.kennzahlen import Wert
from etl.monat import Monat
from etl.ziele import Einheit, Ziel, Zielstand, zielstaende
from reference.conftest import PROFIL
from reference.kalender import shift
from reference.kennzahlen import CHANGES, Eingaenge, Eingang, kennzahl
from reference.lieferung import Month

LOWER = {"K1", "K1E1", "K1E2", "K3", "K1E3", "K3E3"}
FLOWS = {
    "K1E3": ("ELB_ZUGANG", "ELB"), "K1E4": ("ELB_ABGANG", "ELB"), "K2": ("INT", "ELB"), "K2E4": ("INT_AE", "AE"),
    "K3E1": ("INT_LZB", "LZB"), "K3E3": ("LZB_ZUGANG", "LZB"), "K3E4": ("LZB_ABGANG", "LZB"),
    "K2E3": ("INT_SVP_KONT", "INT_SVP"),
}  # fmt: skip
"""Numerator and denominator of the rates over twelve months."""
STOCKS = {"K1": "LLU", "K1E1": "LUH", "K1E2": "ELB", "K3": "LZB"}
COUNTS = (
    "ELB_ZUGANG",
    "ELB_ABGANG",
    "INT",
    "INT_AE",
    "INT_LZB",
    "LZB_ZUGANG",
    "LZB_ABGANG",
    "INT_SVP_KONT",
    "LZB_AKTIV",
)
EACH_MEAN_IS_WHOLE = 27720
"""The least common multiple of 1 to 12."""
JAHR = 2026
DEZEMBER: Month = (JAHR, 12)


Reihe = dict[tuple[Month, str, str], Eingang]


def series(chance: random.Random, until: Month) -> Reihe:
    """Forty-eight months of every input up to ``until``, of women."""
    found: Reihe = {}
    for n in range(48):
        month = shift(until, -n)
        for code in ("LLU", "LUH", "ELB", "LZB", "AE", "INT_SVP"):
            found[month, code, "w"] = Eingang(
                Decimal(EACH_MEAN_IS_WHOLE * chance.randint(1, 9)), chance.choice((0, 1, 3))
            )
        for code in COUNTS:
            found[month, code, "w"] = Eingang(Decimal(chance.randint(0, 9000)), chance.choice((0, 2, 3, 9)))
    return found


def product(found: Eingaenge, ziel: Ziel, month: Month) -> Zielstand:
    inputs = {(Monat(*m), code, sex): Wert(one.wert, one.wartezeit) for (m, code, sex), one in found.items()}
    return zielstaende([ziel], inputs, Monat(*month))[0]


def actual(found: Eingaenge, ziel: Ziel, month: Month) -> Fraction | None:
    """The value of ``month`` in the unit of the target, by the reference."""
    if ziel.einheit == "prozent_jahresmittel":
        code = STOCKS[ziel.kennzahl]
        sums = [
            sum((Fraction(found[(year, n), code, "w"].wert or 0) for n in range(1, month[1] + 1)), Fraction(0))
            for year in (month[0], month[0] - 1)
        ]
        return 100 * sums[0] / sums[1] - 100
    now = kennzahl(found, ziel.kennzahl, "w", month).wert
    if ziel.einheit == "prozent":
        return now
    before = kennzahl(found, ziel.kennzahl, "w", shift(month, -12)).wert
    return None if now is None or not before else 100 * now / before - 100


class Fall(NamedTuple):
    """A random series by its seed, a target of it and the month in which it is looked at."""

    seed: int
    ziel: Ziel
    month: Month

    @property
    def found(self) -> Reihe:
        return series(random.Random(self.seed), self.month)  # noqa: S311


@st.composite
def cases(draw: st.DrawFn) -> Fall:
    seed = draw(st.integers(0, 10**6))
    month = (JAHR, draw(st.integers(1, 12)))
    code = draw(st.sampled_from([*FLOWS, *STOCKS, "K3E2"]))
    units: tuple[Einheit, ...] = ("prozent", "prozent_jahresmittel" if code in STOCKS else "prozent_vorjahr")
    einheit = draw(st.sampled_from(units))
    found = series(random.Random(seed), month)  # noqa: S311
    # Near the value that there is, so that every light and both directions occur.
    near = actual(found, Ziel(JAHR, code, "w", None, einheit, "Q"), month) or Fraction(0)
    distance = (
        draw(st.decimals("-9.9", "9.9", places=1))
        if draw(st.booleans())
        else draw(st.decimals("-1.2", "1.2", places=2))
    )
    wert = Decimal(round(near * 100)).scaleb(-2) + distance
    return Fall(seed, Ziel(JAHR, code, "w", wert, einheit, "Q"), month)


def kept(found: Eingaenge, ziel: Ziel) -> bool:
    december = actual(found, ziel, DEZEMBER)
    assert december is not None
    assert ziel.zielwert is not None
    return december <= ziel.zielwert if ziel.kennzahl in LOWER else december >= ziel.zielwert


def filled(found: Eingaenge, ziel: Ziel, month: Month, number: int) -> Eingaenge:
    """The year told to its end: ``number`` more movements, or that stock in December or in every month."""
    rest = [(JAHR, n) for n in range(month[1] + 1, 13)]
    told = dict(found)
    if ziel.kennzahl in STOCKS:
        for m in rest:
            told[m, STOCKS[ziel.kennzahl], "w"] = Eingang(Decimal(number), 3)
    elif ziel.kennzahl == "K3E2":
        told[DEZEMBER, "LZB_AKTIV", "w"] = Eingang(Decimal(number), 3)
        told[DEZEMBER, "LZB", "w"] = found[month, "LZB", "w"]
    else:
        flow, stock = FLOWS[ziel.kennzahl]
        lag = 6 if ziel.kennzahl == "K2E3" else 0
        window = [shift(DEZEMBER, -n - lag - (ziel.kennzahl in ("K1E4", "K3E4"))) for n in range(12)]
        known = [found[m, stock, "w"].wert or Decimal(0) for m in window if m <= month]
        for m in rest:
            told[m, stock, "w"] = Eingang(sum(known, Decimal(0)) / len(known), 3)
            told[shift(m, -lag), flow, "w"] = Eingang(Decimal(0), 3)
        told[shift(DEZEMBER, -lag), flow, "w"] = Eingang(Decimal(number), 3)
    return told


@PROFIL
@given(case=cases())
def test_value_and_light(case: Fall) -> None:
    found, ziel, month = case.found, case.ziel, case.month
    stand = product(found, ziel, month)
    value = actual(found, ziel, month)
    assert ziel.zielwert is not None
    if value is None:
        assert (stand.istwert, stand.ampel) == (None, "offen")
        return
    assert stand.istwert is not None
    assert abs(Fraction(stand.istwert) - value) <= Fraction(1, 2_000_000)
    missed = (value - Fraction(ziel.zielwert)) * (1 if ziel.kennzahl in LOWER else -1)
    tolerated = 1 if ziel.kennzahl in CHANGES or ziel.einheit != "prozent" else Fraction(1, 2)
    assert stand.ampel == ("gruen" if missed <= 0 else "gelb" if missed <= tolerated else "rot")


@PROFIL
@given(case=cases())
def test_what_is_needed_is_just_enough(case: Fall) -> None:
    found, ziel, month = case.found, case.ziel, case.month
    stand = product(found, ziel, month)
    if stand.verbleibende_monate == 0 or stand.bedarf_gesamt is None:
        assert stand.verbleibende_monate == 0 or "Nicht berechenbar" in stand.bedarf
        return
    number = int(stand.bedarf_gesamt)
    if ziel.einheit == "prozent_jahresmittel":
        if stand.bedarf_je_monat is None:
            assert not kept(filled(found, ziel, month, 0), ziel)
            return
        number = int(stand.bedarf_je_monat)
    if ziel.kennzahl in LOWER:
        assert number < 0 or kept(filled(found, ziel, month, number), ziel)
        assert not kept(filled(found, ziel, month, max(number + 1, 0)), ziel)
    else:
        assert kept(filled(found, ziel, month, number), ziel)
        assert number <= 0 or not kept(filled(found, ziel, month, number - 1), ziel)
