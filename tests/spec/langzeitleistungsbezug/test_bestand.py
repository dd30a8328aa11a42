from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Bestand an Langzeitleistungsbeziehenden (LZB)"
text = (
    "On S: ELB on S and at least 638 ELB days in the 730 days ending with S. There is no tolerance of seven days. "
    "S = 14 March 2024 here, so the window begins on 16 March 2022 (a leap year lies in it, 730 stays 730)."
)

S_14_MARCH = """
    monat   | stichtag
    --------+-----------
    2024-03 | 2024-03-14
"""
MONEY = """
    kundennummer | bg_nummer | monat
    -------------+-----------+-----------------
    P1           | A         | 2022-01..2024-03
    P1           | B         | 2022-01..2024-03
"""


@pytest.mark.parametrize(("von", "lzb"), [("2022-06-16", 1), ("2022-06-17", 0)])
def test_638_and_637_days(spec_test: SpecTest, von: str, lzb: int) -> None:
    """Since 16 June 2022: 638 days. Since 17 June: 637."""
    spec_test(
        "2024-03",
        {"ELB": 1, "LZB": lzb, "LZB ALTER 25-54": lzb, "LZB GEMEINDE 08317001": lzb},
        bg_mitglied=f"""
            kundennummer | bg_nummer | von
            -------------+-----------+------
            P1           | A         | {von}
        """,
        leistung=MONEY,
        stichtag=S_14_MARCH,
    )


def test_overlapping_memberships_count_once(spec_test: SpecTest) -> None:
    """Two BGs that overlap for 17 days: a set of days has each day once, here all 730."""
    spec_test(
        "2024-03",
        {"LZB": 1, "ELB": 1, "ELB_ZUGANG": 0},
        bg_mitglied="""
            kundennummer | bg_nummer | von        | bis
            -------------+-----------+------------+-----------
            P1           | A         | 2022-03-01 | 2023-05-31
            P1           | B         | 2023-05-15 |
        """,
        leistung=MONEY,
        stichtag=S_14_MARCH,
    )


def test_overlap_does_not_lengthen(spec_test: SpecTest) -> None:
    """Since 17 June 2022 with 17 days in two BGs: still 637 days."""
    spec_test(
        "2024-03",
        {"LZB": 0, "ELB": 1},
        bg_mitglied="""
            kundennummer | bg_nummer | von        | bis
            -------------+-----------+------------+-----------
            P1           | A         | 2022-06-17 | 2023-05-31
            P1           | B         | 2023-05-15 |
        """,
        leistung=MONEY,
        stichtag=S_14_MARCH,
    )


def test_not_in_the_stock(spec_test: SpecTest) -> None:
    """Ended on 13 March 2024: 729 days, but no ELB on S."""
    spec_test(
        "2024-03",
        {"LZB": 0, "ELB": 0},
        bg_mitglied="""
            kundennummer | bg_nummer | von        | bis
            -------------+-----------+------------+-----------
            P1           | A         | 2022-01-01 | 2024-03-13
        """,
        leistung=MONEY,
        stichtag=S_14_MARCH,
    )


@pytest.mark.parametrize(("back_on", "lzb"), [("2023-04-03", 1), ("2023-04-04", 0)])
def test_a_long_gap(spec_test: SpecTest, back_on: str, lzb: int) -> None:
    """From 1 January to 2 April 2023 are 92 days, which leaves 638 of 730; 93 days leave 637."""
    spec_test(
        "2024-03",
        {"ELB": 1, "LZB": lzb},
        bg_mitglied=f"""
            kundennummer | bg_nummer | von        | bis
            -------------+-----------+------------+-----------
            P1           | A         | 2022-01-01 | 2022-12-31
            P1           | A         | {back_on}  |
        """,
        leistung=MONEY,
        stichtag=S_14_MARCH,
    )


def test_short_gaps_are_gaps(spec_test: SpecTest) -> None:
    """Since 16 June 2022 less a single day: 637. The seven days of the movements do not apply."""
    spec_test(
        "2024-03",
        {"ELB": 1, "LZB": 0},
        bg_mitglied="""
            kundennummer | bg_nummer | von        | bis
            -------------+-----------+------------+-----------
            P1           | A         | 2022-06-16 | 2023-06-30
            P1           | A         | 2023-07-02 |
        """,
        leistung=MONEY,
        stichtag=S_14_MARCH,
    )


@pytest.mark.parametrize(("birth", "lzb"), [("2007-06-16", 1), ("2007-06-17", 0)])
def test_days_before_the_fifteenth_birthday(spec_test: SpecTest, birth: str, lzb: int) -> None:
    """Only ELB days count: fifteen on 16 June 2022 is just in time."""
    spec_test(
        "2024-03",
        {"ELB": 1, "LZB": lzb},
        person=f"""
            kundennummer | geburtsdatum
            -------------+-------------
            P1           | {birth}
        """,
        bg_mitglied="""
            kundennummer | bg_nummer
            -------------+----------
            P1           | A
        """,
        leistung=MONEY,
        stichtag=S_14_MARCH,
    )


def test_months_without_any_money_in_the_delivery(spec_test: SpecTest) -> None:
    """Four months were not delivered: there are no ELB days in them, and 730 - 122 days are too few."""
    spec_test(
        "2024-03",
        {"ELB": 1, "LZB": 0},
        bg_mitglied="""
            kundennummer | bg_nummer
            -------------+----------
            P1           | A
        """,
        leistung="""
            kundennummer | bg_nummer | monat
            -------------+-----------+-----------------
            P1           | A         | 2022-01..2022-06
            P1           | A         | 2022-11..2024-03
        """,
        stichtag=S_14_MARCH,
    )
