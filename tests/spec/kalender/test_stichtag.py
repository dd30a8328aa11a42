from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Stichtag"
text = "A month counts on the day of the table stichtag, which may lie anywhere in the month, else on the 15th."


@pytest.mark.parametrize(("von", "bis", "elb"), [
    ("2024-03-15", "2024-03-15", 1),
    ("2024-03-16", "", 0),
    ("2020-01-01", "2024-03-14", 0),
])  # fmt: skip
def test_without_a_table_the_fifteenth_counts(spec_test: SpecTest, von: str, bis: str, elb: int) -> None:
    """Dates are inclusive at both ends: one day of membership on the counting day is enough."""
    spec_test(
        "2024-03",
        {"ELB": elb, "PERS": elb, "BG": elb},
        bg_mitglied=f"""
            kundennummer | von   | bis
            -------------+-------+------
            P1           | {von} | {bis}
        """,
        leistung="""
            kundennummer | monat
            -------------+-------------
            P1           | 2024-03
        """,
    )


@pytest.mark.parametrize("day", ["2024-02-01", "2024-02-29"])
def test_first_and_last_day_of_a_month(spec_test: SpecTest, day: str) -> None:
    """A counting day at an end of its month takes the money of that month."""
    spec_test(
        "2024-02",
        {"ELB": 1, "LLU": "100.00"},
        leistung="""
            kundennummer | monat
            -------------+--------
            P1           | 2024-02
        """,
        stichtag=f"""
            monat   | stichtag
            --------+---------
            2024-02 | {day}
        """,
    )


def test_months_that_are_not_listed_keep_the_fifteenth(spec_test: SpecTest) -> None:
    """The table lists the neighbours only: March still counts on the 15th."""
    spec_test(
        "2024-03",
        {"ELB": 1, "ELB_ZUGANG": 1},
        bg_mitglied="""
            kundennummer | von
            -------------+-----------
            P1           | 2024-03-15
        """,
        stichtag="""
            monat   | stichtag
            --------+-----------
            2024-02 | 2024-02-29
            2024-04 | 2024-04-01
        """,
    )
