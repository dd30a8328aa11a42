from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Zugänge und Abgänge von LZB"
text = "Verglichen werden die Bestände an S(t-1) und S(t); Bezugszeiten und die sieben Tage spielen keine Rolle."

MONEY = """
    kundennummer | bg_nummer | monat
    -------------+-----------+-----------------
    P1           | A         | 2021-12..2024-03
    P1           | B         | 2021-12..2024-03
"""


@pytest.mark.parametrize(("von", "entries", "stock"), [
    ("2022-05-19", 0, 1),  # schon am 15. Februar 638 Tage
    ("2022-05-20", 1, 1),  # am 15. Februar 637 Tage
    ("2022-06-17", 1, 1),  # am 15. März 638 Tage
    ("2022-06-18", 0, 0),
])  # fmt: skip
def test_entry(spec_test: SpecTest, von: str, entries: int, stock: int) -> None:
    """LZB am 15. März, am 15. Februar 2024 noch nicht."""
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
    ("2024-02-14", 0),  # nicht im Bestand des Februars
    ("2024-02-15", 1),
    ("2024-03-14", 1),
    ("2024-03-15", 0),
])  # fmt: skip
def test_exit(spec_test: SpecTest, bis: str, exits: int) -> None:
    """LZB am 15. Februar, am 15. März 2024 nicht mehr."""
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
    """Ein Tag ohne Bezug, am 15. März: kein Abgang aus ELB (sieben Tage), aber aus LZB (Vergleich der Bestände)."""
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
    """Ort und Typ sind die der BG an S(t-1), nicht die der BG, aus der die Person abging."""
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
