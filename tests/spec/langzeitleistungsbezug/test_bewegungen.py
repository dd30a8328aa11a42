from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Zugänge und Abgänge von LZB"
text = "The difference of the two stocks at S(t-1) and S(t); no spells, no seven days."

MONEY = """
    kundennummer | bg_nummer | monat
    -------------+-----------+-----------------
    P1           | A         | 2021-12..2024-03
    P1           | B         | 2021-12..2024-03
"""


@pytest.mark.parametrize(("von", "entries", "stock"), [
    ("2022-05-19", 0, 1),  # 638 days on 15 February already
    ("2022-05-20", 1, 1),  # 637 days on 15 February
    ("2022-06-17", 1, 1),  # 638 days on 15 March
    ("2022-06-18", 0, 0),
])  # fmt: skip
def test_entry(spec_test: SpecTest, von: str, entries: int, stock: int) -> None:
    """LZB on 15 March, not yet on 15 February 2024."""
    spec_test(
        "2024-03",
        {"LZB_ZUGANG": entries, "LZB_ABGANG": 0, "LZB": stock, "LZB_ZUGANG BG_TYP SINGLE": entries},
        bg_mitglied=f"""
            kundennummer | bg_nummer | von
            -------------+-----------+------
            P1           | A         | {von}
        """,
        leistung=MONEY,
    )


@pytest.mark.parametrize(("bis", "exits"), [
    ("2024-02-14", 0),  # not in the stock of February
    ("2024-02-15", 1),
    ("2024-03-14", 1),
    ("2024-03-15", 0),
])  # fmt: skip
def test_exit(spec_test: SpecTest, bis: str, exits: int) -> None:
    """LZB on 15 February, not any more on 15 March 2024."""
    spec_test(
        "2024-03",
        {"LZB_ABGANG": exits, "LZB_ZUGANG": 0, "LZB_ABGANG BG_TYP SINGLE": exits},
        bg_mitglied=f"""
            kundennummer | bg_nummer | von        | bis
            -------------+-----------+------------+------
            P1           | A         | 2020-01-01 | {bis}
        """,
        leistung=MONEY,
    )


def test_a_short_absence_on_the_counting_day(spec_test: SpecTest) -> None:
    """One day without receipt, on 15 March: no exit of ELB (seven days), but one of LZB (difference of stocks)."""
    spec_test(
        "2024-03",
        {"ELB": 0, "ELB_ABGANG": 0, "LZB_ABGANG": 1},
        bg_mitglied="""
            kundennummer | bg_nummer | von        | bis
            -------------+-----------+------------+-----------
            P1           | A         | 2020-01-01 | 2024-03-14
            P1           | A         | 2024-03-16 |
        """,
        leistung=MONEY,
    )


def test_exit_with_the_features_of_the_month_before(spec_test: SpecTest) -> None:
    """Place and type of the BG on S(t-1), not of the one the person left from."""
    spec_test(
        "2024-03",
        {"LZB_ABGANG": 1, "LZB_ABGANG GEMEINDE 08317001": 1, "LZB_ABGANG ALTER 15-24": 1},
        person="""
            kundennummer | geburtsdatum
            -------------+-------------
            P1           | 1999-03-01
        """,
        bg_mitglied="""
            kundennummer | bg_nummer | von        | bis
            -------------+-----------+------------+-----------
            P1           | A         | 2020-01-01 | 2024-02-20
            P1           | B         | 2024-02-21 | 2024-03-10
        """,
        bedarfsgemeinschaft="""
            bg_nummer | gemeinde_ags
            ----------+-------------
            A         | 08317001
            B         | 08317002
        """,
        leistung=MONEY,
    )
