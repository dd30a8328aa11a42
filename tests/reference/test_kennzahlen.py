"""The fifteen indicators, twice: the product's catalogue and arithmetic against a second reading of rule 9."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from etl.figures import kennzahlen as product
from etl.monat import Monat
from reference import oracle
from reference.conftest import PROFIL
from reference.delivery import Fall
from reference.kennzahlen import GESCHLECHTER, Eingaenge, Eingang, Ergebnis, oracle_kennzahlen
from reference.oracle import Month
from reference.strategies import lange_lieferungen

INPUTS = (
    "LLU", "LUH", "ELB", "ELB_ZUGANG", "ELB_ABGANG", "INT", "GERING", "OEGB", "INT_SVP", "INT_SVP_KONT", "INT_AE", "AE",
    "LZB", "INT_LZB", "LZB_AKTIV", "LZB_ZUGANG", "LZB_ABGANG",
)  # fmt: skip
FIRST: Month = (2023, 3)
COUNT = 24


def product_kennzahlen(eingaenge: Eingaenge, months: list[Month]) -> dict[tuple[Month, str, str], Ergebnis]:
    """What the product makes of the same inputs, in the reference's form."""
    inputs = {
        (Monat(*month), groesse, geschlecht): product.Wert(one.wert, one.wartezeit, one.geschaetzt)
        for (month, groesse, geschlecht), one in eingaenge.items()
    }
    rows = product.compute(inputs, [Monat(*month) for month in months], product.paragraph_48a())
    found = {
        ((row.berichtsmonat.jahr, row.berichtsmonat.monat), row.kennzahl, row.geschlecht): Ergebnis(
            row.zaehler, row.nenner, row.wert, row.status, row.datenstand
        )
        for row in rows
    }
    assert len(found) == len(rows), "eine Kennzahl steht zweimal da"
    return found


def differences(eingaenge: Eingaenge, months: list[Month]) -> list[str]:
    """One line per indicator, month and sex on which both disagree."""
    expected, got = oracle_kennzahlen(eingaenge, months), product_kennzahlen(eingaenge, months)
    return [
        f"{oracle.month_text(key[0])} {key[1]} {key[2]}: Produkt {got.get(key)}, Referenz {expected.get(key)}"
        for key in sorted(expected.keys() | got.keys())
        if expected.get(key) != got.get(key)
    ]


def _value(chance: random.Random, groesse: str) -> Decimal:
    """Small counts with many zeros; amounts with cents, now and then below zero."""
    if groesse in ("LLU", "LUH"):
        return Decimal(chance.choice((0, chance.randint(-50, 99999), chance.randint(0, 99999)))).scaleb(-2)
    return Decimal(chance.choice((0, 0, chance.randint(0, 9))))


def _disturbances(draw: st.DrawFn, months: list[Month]) -> Iterator[tuple[tuple[Month, str, str], str]]:
    """Single inputs that are missing, an estimate, or preliminary."""
    for _ in range(draw(st.integers(0, 4))):
        where = (draw(st.sampled_from(months)), draw(st.sampled_from(INPUTS)), draw(st.sampled_from(GESCHLECHTER)))
        yield where, draw(st.sampled_from(("keine Zelle", "fehlt", "geschaetzt", "T-0", "T-2")))


@st.composite
def eingaenge(draw: st.DrawFn) -> Eingaenge:
    """Two years of every input by sex: all final, sometimes zero throughout, a few of them disturbed."""
    months = [oracle.shift(FIRST, n) for n in range(COUNT)]
    chance = draw(st.randoms(use_true_random=False, note_method_calls=False))
    seeded = random.Random(chance.randint(0, 2**32))  # noqa: S311
    empty = draw(st.sets(st.sampled_from(INPUTS), max_size=3))
    found = {
        (month, groesse, geschlecht): Eingang(
            Decimal() if groesse in empty else _value(seeded, groesse), seeded.choice((3, 4, 17))
        )
        for month in months
        for groesse in INPUTS
        for geschlecht in GESCHLECHTER
    }
    for where, kind in _disturbances(draw, months):
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


@PROFIL
@given(found=eingaenge())
def test_product_equals_reference_on_any_series(found: Eingaenge) -> None:
    months = [oracle.shift(FIRST, n) for n in range(COUNT)]
    lines = differences(found, months)
    assert not lines, "\n".join(lines)


def inputs_of(fall: Fall) -> Eingaenge:
    """The oracle's own cells as inputs of the indicators."""
    waiting = oracle.waiting_times(fall.tables, fall.erstellt_am)
    return {
        ((int(monat[:4]), int(monat[5:])), groesse, code): Eingang(value, waiting[monat])
        for (monat, groesse, merkmal, code), value in oracle.figures(fall.tables, fall.erstellt_am).items()
        if merkmal in ("INSGESAMT", "GESCHLECHT")
    }


@PROFIL
@given(fall=lange_lieferungen())
def test_product_equals_reference_on_deliveries(fall: Fall) -> None:
    found = inputs_of(fall)
    lines = differences(found, sorted({month for month, _, _ in found}))
    assert not lines, "\n".join(lines)


def series(groesse: str, *values: int) -> Eingaenge:
    """Consecutive months that end with 2023-12."""
    return {
        (oracle.shift((2023, 12), n + 1 - len(values)), groesse, "INSGESAMT"): Eingang(Decimal(value), 3)
        for n, value in enumerate(values)
    }


STOCKS = (1000, 1010, 1030, 1060, 1100, 1150, 1200, 1240, 1260, 1250, 1220, 1180, 1150)


def _of_2023_12(found: Eingaenge, code: str) -> Fraction | None:
    return oracle_kennzahlen(found, [(2023, 12)])[(2023, 12), code, "INSGESAMT"].wert


def test_the_reference_reproduces_the_handbooks_examples() -> None:
    """Handbook 9.2 and 9.3, to four decimals: same-month stocks for entries, the month before's for exits."""
    found = {
        **series("ELB", *STOCKS),
        **series("ELB_ZUGANG", 60, 70, 80, 95, 105, 110, 100, 80, 60, 50, 45, 50),
        **series("ELB_ABGANG", 50, 50, 50, 55, 55, 60, 60, 60, 70, 80, 85, 80),
        **series("INT", 20, 22, 25, 24, 30, 28, 18, 15, 35, 33, 21, 17),
    }
    assert [round(float(_of_2023_12(found, code) or 0), 4) for code in ("K1E3", "K1E4", "K2")] == [
        6.5343,
        5.5109,
        24.9531,
    ]


def test_the_window_of_continuous_employment_ends_six_months_earlier() -> None:
    """K2E3(t) = 100·ΣINT_SVP_KONT/ΣINT_SVP over t-17 … t-6: what lies beside the window does not matter."""
    window = (9, *(10,) * 12, *(99,) * 6)
    found = {**series("INT_SVP", *window), **series("INT_SVP_KONT", *(n // 2 if n == 10 else 77 for n in window))}
    assert _of_2023_12(found, "K2E3") == 50


def test_the_handbooks_changes() -> None:
    """Handbook 9.1: LLU 5,432,100.00 against 5,510,000.00."""
    found = series("LLU", 5_510_000, *(1,) * 11, 5_432_100)
    assert round(float(_of_2023_12(found, "K1") or 0), 4) == -1.4138
