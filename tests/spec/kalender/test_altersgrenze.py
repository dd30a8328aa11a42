from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Altersgrenze nach § 7a"
text = (
    "Die Grenze liegt je nach Geburtsjahr zwischen 65 und 67 Jahren. Sie ist vom ersten Tag des Monats an erreicht, "
    "der auf den Monat folgt, in dem dieses Alter vollendet wird. Von da an sind auch Erwerbsfähige NEF."
)


@pytest.mark.parametrize(
    ("birth", "first_month"),
    [
        ("1946-12-02", "2012-01"),  # bis 1946: 65 Jahre
        ("1947-01-02", "2012-03"),  # 65 Jahre + 1 Monat
        ("1957-12-31", "2023-12"),  # 65 Jahre + 11 Monate; einen 31. November gibt es nicht
        ("1958-01-02", "2024-02"),  # 66 Jahre
        ("1959-03-01", "2025-05"),  # Beispiel des Quellvertrags: im Monat davor vollendet
        ("1959-03-02", "2025-06"),  # Beispiel des Quellvertrags
        ("1963-12-15", "2030-11"),  # 66 Jahre + 10 Monate
        ("1964-01-01", "2031-01"),  # 67 Jahre, vollendet am 31. Dezember
        ("1964-02-29", "2031-03"),  # 2031 hat keinen 29. Februar
    ],
)
@pytest.mark.parametrize("reached", [False, True])
def test_from_the_first_day_of_the_month(spec_test: SpecTest, birth: str, first_month: str, reached: bool) -> None:
    """Am letzten Tag des Vormonats ist die Person ELB, am ersten Tag des Monats NEF."""
    year, month = int(first_month[:4]), int(first_month[5:])
    before = f"{year - 1}-12" if month == 1 else f"{year}-{month - 1:02d}"
    last_day = {"02": "28", "04": "30", "06": "30", "09": "30", "11": "30"}.get(before[5:], "31")
    day = f"{first_month}-01" if reached else f"{before}-{last_day}"
    spec_test(
        day[:7],
        {"ELB": int(not reached), "NEF": int(reached), "RLB ALTER 55+": 1},
        person=f"""
            kundennummer | geburtsdatum
            -------------+-------------
            P1           | {birth}
        """,
        bg_mitglied="""
            kundennummer | von
            -------------+-----------
            P1           | 2000-01-01
        """,
        stichtag=f"""
            monat     | stichtag
            ----------+---------
            {day[:7]} | {day}
        """,
    )
