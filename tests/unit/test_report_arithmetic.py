"""Changes are computed from unrounded values and rounded once, half up. Examples: published monthly releases."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

from etl.disclosure import Empfaengerkreis
from etl.monat import Monat
from etl.report.model import COLUMNS, Cells, Sign, Value, change, change_percent, share
from etl.zahlen import half_up


@pytest.mark.parametrize(
    ("new", "old", "published"),
    [
        (8369, 8268, "1.2"),  # BG February 2011
        (5019, 5071, "-1.0"),  # unemployed February 2011
        (8299, 8358, "-0.7"),  # BG March 2018 against December 2017
        (7158, 7425, "-3.6"),  # BG December 2021 against January
        (82, 95, "-13.7"),  # integrations December 2021
        (82, 73, "12.3"),
        (8278, 7079, "16.9"),  # BG June 2022, Ukraine
        (8703, 8716, "-0.1"),  # −0.1492
        (9081, 9145, "-0.7"),  # −0.6998
        (9019, 9020, "0.0"),  # −0.0111: „as many“, never −0,0
        (9263, 9127, "1.5"),  # 1.4901
        (2001, 2000, "0.1"),  # 0.05 exactly: half up, not half to even
        (1999, 2000, "-0.1"),
        (20005, 20000, "0.0"),  # 0.025
    ],
)
def test_change_in_percent(new: int, old: int, published: str) -> None:
    result = change_percent(Decimal(new), Decimal(old))
    assert str(result) == published


@pytest.mark.parametrize(
    ("new", "old", "expected"),
    [
        (Decimal(5), Decimal(0), Sign.IMPOSSIBLE),
        (Decimal(0), Decimal(0), Sign.IMPOSSIBLE),
        (Decimal(5), Sign.UNKNOWN, Sign.UNKNOWN),
        (Sign.UNKNOWN, Decimal(0), Sign.UNKNOWN),
        (Sign.IMPOSSIBLE, Sign.UNKNOWN, Sign.IMPOSSIBLE),
        (Decimal(0), Decimal(5), Decimal("-100.0")),
    ],
)
def test_where_a_percentage_cannot_stand(new: Value, old: Value, expected: Value) -> None:
    assert change_percent(new, old) == expected


def test_absolute_change_and_share() -> None:
    assert change(Decimal("4512.37"), Decimal("4500.00")) == Decimal("12.37")
    assert change(Decimal(1), Sign.UNKNOWN) is Sign.UNKNOWN
    assert share(Decimal(1830), Decimal(12433)) == Decimal("14.7")
    assert share(Decimal(0), Decimal(0)) is Sign.IMPOSSIBLE


def test_there_is_no_negative_zero() -> None:
    assert str(half_up(Decimal("-0.04"))) == "0.0"
    assert str(half_up(Decimal("-15.0502"))) == "-15.1"


def cells_of(*rows: tuple[str, str, str, str, Decimal | None, int, str]) -> Cells:
    return Cells(pd.DataFrame(list(rows), columns=list(COLUMNS)), Monat(2026, 8), Empfaengerkreis.DIENSTSTELLE)


TOTAL, PLACE = ("INSGESAMT", "INSGESAMT"), ("GEMEINDE", "08317001")


@pytest.mark.parametrize(
    ("total", "other_places", "expected"),
    [
        (Decimal(9), True, Decimal(0)),  # open lists hold only non-zero cells: what is absent is zero …
        (Decimal(0), False, Decimal(0)),
        (Decimal(9), False, Sign.UNKNOWN),  # … unless the figure is not broken down at all
        (None, False, Sign.UNKNOWN),
    ],
)
def test_an_absent_municipality(total: Decimal | None, other_places: bool, expected: Value) -> None:
    rows = [("2026-08", "BG", *TOTAL, total, 0, "fehlt" if total is None else "ok")]
    if other_places:
        rows.append(("2026-08", "BG", "GEMEINDE", "08317005", Decimal(9), 0, "ok"))
    assert cells_of(*rows).value("BG", Monat(2026, 8), *PLACE) == expected


def test_an_absent_month_and_an_absent_cell_of_a_closed_list_are_unknown() -> None:
    cells = cells_of(("2026-08", "ELB", *TOTAL, Decimal(0), 0, "ok"))
    assert cells.value("ELB", Monat(2026, 7)) is Sign.UNKNOWN
    assert cells.value("ELB", Monat(2026, 8), "GESCHLECHT", "d") is Sign.UNKNOWN
    assert cells.mark(Monat(2026, 7)) == "keine Daten"


def test_what_the_definition_rules_out_is_shown_if_it_is_there() -> None:
    """A number that cannot be is a fault to be seen, not to be covered by a sign."""
    cells = cells_of(("2026-08", "ELB", "ALTER", "U15", Decimal(4), 0, "ok"))
    assert cells.value("ELB", Monat(2026, 8), "ALTER", "U15") == 4


@pytest.mark.parametrize(
    ("wait", "mark"), [(0, "T-0 vorläufig"), (2, "T-2 vorläufig"), (3, "T-3 endgültig"), (9, "T-3 endgültig")]
)
def test_the_mark_of_a_month(wait: int, mark: str) -> None:
    assert cells_of(("2026-08", "BG", *TOTAL, Decimal(1), wait, "ok")).mark(Monat(2026, 8)) == mark
