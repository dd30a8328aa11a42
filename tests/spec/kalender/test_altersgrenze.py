from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Altersgrenze nach § 7a"
text = (
    "The limit lies between 65 and 67 years, by year of birth, and is reached from the first day of the month "
    "after the one in which that age is completed. From then on an able-to-work person is NEF."
)


@pytest.mark.parametrize(
    ("birth", "first_month"),
    [
        ("1946-12-02", "2012-01"),  # up to 1946: 65 years
        ("1947-01-02", "2012-03"),  # 65 years + 1 month
        ("1957-12-31", "2023-12"),  # 65 years + 11 months; the monthly birthday is 30 November
        ("1958-01-02", "2024-02"),  # 66 years
        ("1959-03-01", "2025-05"),  # the contract's example: completed in the month before
        ("1959-03-02", "2025-06"),  # the contract's example
        ("1963-12-15", "2030-11"),  # 66 years + 10 months
        ("1964-01-01", "2031-01"),  # 67 years, completed on 31 December
        ("1964-02-29", "2031-03"),  # no 29 February 2031
    ],
)
@pytest.mark.parametrize("reached", [False, True])
def test_from_the_first_day_of_the_month(spec_test: SpecTest, birth: str, first_month: str, reached: bool) -> None:
    """On the last day of the month before, the person is ELB; on the first day of the month, NEF."""
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
