# ruff: noqa: E501 (a table of the manual is as wide as its columns)
from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Kosten der Unterkunft und Heizung"
text = (
    "Bedarfsgemeinschaften, die an S(t) zählen und für den Kalendermonat t eine Zeile in unterkunft haben (KDU_BG), "
    "und die Summen ihrer tatsächlichen und anerkannten Kosten der Unterkunft und der Heizung in EUR. Die Zeile gilt "
    "der ganzen Wohnung und zählt einmal je BG."
)


def test_four_sums(spec_test: SpecTest) -> None:
    """Vier Summen aus vier Spalten, nur der Kalendermonat."""
    spec_test(
        "2024-03",
        {
            "BG": 3,
            "KDU_BG": 2,
            "UNTERKUNFT_TATSAECHLICH": "1100.10",
            "UNTERKUNFT_ANERKANNT": "950.05",
            "HEIZUNG_TATSAECHLICH": "180.02",
            "HEIZUNG_ANERKANNT": "150.01",
        },
        person="""
            kundennummer
            ------------
            P1
            P2
            P3
        """,
        unterkunft="""
            bg_nummer | monat   | kosten_tatsaechlich | kosten_anerkannt | heizkosten_tatsaechlich | heizkosten_anerkannt
            ----------+---------+---------------------+------------------+-------------------------+---------------------
            BG P1     | 2024-02 | 9000.00             | 9000.00          | 9000.00                 | 9000.00
            BG P1     | 2024-03 | 500.10              | 450.05           | 80.02                   | 70.01
            BG P2     | 2024-03 | 600.00              | 500.00           | 100.00                  | 80.00
            BG P2     | 2024-04 | 9000.00             | 9000.00          | 9000.00                 | 9000.00
        """,
    )


@pytest.mark.parametrize(("first_day", "last_day", "counted"), [
    ("2020-01-01", "2024-03-14", 0),
    ("2020-01-01", "2024-03-15", 1),
    ("2024-03-15", "2024-03-31", 1),
    ("2024-03-16", "2024-04-30", 0),
])  # fmt: skip
def test_the_bg_counts_on_the_counting_day(spec_test: SpecTest, first_day: str, last_day: str, counted: int) -> None:
    """Eine BG, die an S(t) nicht zählt, zählt auch mit ihren Kosten nicht, wenngleich sie im Monat bezog."""
    spec_test(
        "2024-03",
        {
            "BG": counted, "KDU_BG": counted,
            "UNTERKUNFT_TATSAECHLICH": 500 * counted, "UNTERKUNFT_ANERKANNT": 500 * counted,
            "HEIZUNG_TATSAECHLICH": 80 * counted, "HEIZUNG_ANERKANNT": 80 * counted,
        },
        bg_mitglied=f"""
            kundennummer | bg_nummer | von         | bis
            -------------+-----------+-------------+-----------
            P1           | B         | {first_day} | {last_day}
        """,
        unterkunft="""
            bg_nummer | monat
            ----------+--------
            B         | 2024-03
        """,
    )  # fmt: skip


def test_whole_dwelling_once(spec_test: SpecTest) -> None:
    """Drei Mitglieder, eine Wohnung; auch die Zahl der Personen im Haushalt vervielfacht nichts."""
    spec_test(
        "2024-03",
        {"BG": 1, "PERS": 3, "KDU_BG": 1, "UNTERKUNFT_ANERKANNT": "700.00", "HEIZUNG_ANERKANNT": "80.00"},
        bg_mitglied="""
            kundennummer | bg_nummer | rolle
            -------------+-----------+------
            P1           | B         | HP
            P2           | B         | PA
            P3           | B         | SO
        """,
        unterkunft="""
            bg_nummer | monat   | kosten_anerkannt | wohnflaeche_qm | personen_haushalt
            ----------+---------+------------------+----------------+------------------
            B         | 2024-03 | 700.00           | 81.50          | 4
        """,
    )


def test_row_decides_not_the_claim(spec_test: SpecTest) -> None:
    """Eine BG nur mit Regelbedarf zählt mit ihrer Zeile; eine mit Anspruch nach § 22, aber ohne Zeile, nicht."""
    spec_test(
        "2024-03",
        {"BG": 2, "KDU_BG": 1, "UNTERKUNFT_ANERKANNT": "500.00", "LUH": "300.00"},
        leistung="""
            kundennummer | monat   | leistungsart | anspruch
            -------------+---------+--------------+---------
            P1           | 2024-03 | RB20         | 100.00
            P2           | 2024-03 | KDU22_1      | 300.00
        """,
        unterkunft="""
            bg_nummer | monat
            ----------+--------
            BG P1     | 2024-03
        """,
    )


def test_other_benefits_are_enough(spec_test: SpecTest) -> None:
    """Eine BG zählt mit einer sonstigen Leistungsberechtigten: Auch ihre Wohnung zählt."""
    spec_test(
        "2024-03",
        {"SLB": 1, "KDU_BG": 1},
        leistung="""
            kundennummer | monat   | leistungsart
            -------------+---------+-------------
            P1           | 2024-03 | BUT28
        """,
        unterkunft="""
            bg_nummer | monat
            ----------+--------
            BG P1     | 2024-03
        """,
    )


def test_by_place(spec_test: SpecTest) -> None:
    """Der Ort ist der der BG an S(t)."""
    spec_test(
        "2024-03",
        {
            "KDU_BG GEMEINDE 08317001": 1,
            "KDU_BG GEMEINDE 08317096": 1,
            "UNTERKUNFT_TATSAECHLICH GEMEINDE 08317096": "650.00",
        },
        bedarfsgemeinschaft="""
            bg_nummer | gemeinde_ags
            ----------+-------------
            BG P1     | 08317001
            BG P2     | 08317096
        """,
        person="""
            kundennummer
            ------------
            P1
            P2
        """,
        unterkunft="""
            bg_nummer | monat   | kosten_tatsaechlich
            ----------+---------+--------------------
            BG P1     | 2024-03 | 500.00
            BG P2     | 2024-03 | 650.00
        """,
    )


def test_first_month_and_empty_sums(spec_test: SpecTest) -> None:
    """Vom ersten Monat mit leistung an ein Wert; ohne Wohnungen null."""
    spec_test(
        "2024-03",
        {
            "KDU_BG": 0, "UNTERKUNFT_TATSAECHLICH": 0, "UNTERKUNFT_ANERKANNT": 0,
            "HEIZUNG_TATSAECHLICH": 0, "HEIZUNG_ANERKANNT": 0,
        },
        leistung="""
            kundennummer | monat
            -------------+--------
            P1           | 2024-03
        """,
    )  # fmt: skip
