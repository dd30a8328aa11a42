from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Unterbrechungen bis zu 31 Tagen"
text = (
    "Für die Verweildauer gehören ELB-Tage zusammen, wenn höchstens 31 Tage zwischen ihnen liegen. Die Tage dazwischen "
    "zählen nicht mit: Die Dauer ist die Zahl der ELB-Tage (Nettodauer). Zähltag ist der 15. März 2024."
)

MONEY = """
    kundennummer | monat
    -------------+-----------------
    P1           | 2022-01..2024-04
"""


@pytest.mark.parametrize(("back", "duration"), [
    ("2024-01-31", "6-12M"),  # 30 Tage dazwischen: 184 + 45 Tage
    ("2024-02-01", "6-12M"),  # 31 Tage: 184 + 44
    ("2024-02-02", "U3M"),  # 32 Tage: Die Dauer beginnt neu
])  # fmt: skip
def test_gap(spec_test: SpecTest, back: str, duration: str) -> None:
    """Bezug bis 31. Dezember 2023, dann wieder: nach 30, 31 und 32 Tagen."""
    spec_test(
        "2024-03",
        {"ELB": 1, f"DAUER_BESTAND VERWEILDAUER {duration}": 1, "DAUER_BESTAND": 1},
        bg_mitglied=f"""
            kundennummer | von        | bis
            -------------+------------+-----------
            P1           | 2023-07-01 | 2023-12-31
            P1           | {back}     |
        """,
        leistung=MONEY,
    )


@pytest.mark.parametrize(("von", "duration"), [("2023-11-16", "3-6M"), ("2023-11-17", "U3M")])
def test_days_of_the_gap_do_not_count(spec_test: SpecTest, von: str, duration: str) -> None:
    """Eine Lücke von 30 Tagen: Mit Bezug ab dem 16. November bleiben 91 Tage, ab dem 17. November 90."""
    spec_test(
        "2024-03",
        {f"DAUER_BESTAND VERWEILDAUER {duration}": 1},
        bg_mitglied=f"""
            kundennummer | von        | bis
            -------------+------------+-----------
            P1           | {von}      | 2023-12-31
            P1           | 2024-01-31 |
        """,
        leistung=MONEY,
    )


@pytest.mark.parametrize(("von", "duration"), [("2023-12-09", "3-6M"), ("2023-12-10", "U3M")])
def test_seven_days_do_not_count_either(spec_test: SpecTest, von: str, duration: str) -> None:
    """Sieben Tage Unterbrechung sind keine Bewegung, zur Dauer zählen sie trotzdem nicht."""
    spec_test(
        "2024-03",
        {"ELB_ZUGANG": 0, "ELB_ABGANG": 0, f"DAUER_BESTAND VERWEILDAUER {duration}": 1},
        bg_mitglied=f"""
            kundennummer | von        | bis
            -------------+------------+-----------
            P1           | {von}      | 2024-01-31
            P1           | 2024-02-08 |
        """,
        leistung=MONEY,
    )


def test_each_gap_by_itself(spec_test: SpecTest) -> None:
    """Zwei Lücken von 31 Tagen mit einem Bezugstag dazwischen unterbrechen nicht: 184 + 1 + 12 Tage."""
    spec_test(
        "2024-03",
        {"DAUER_BESTAND VERWEILDAUER 6-12M": 1},
        bg_mitglied="""
            kundennummer | von        | bis
            -------------+------------+-----------
            P1           | 2023-07-01 | 2023-12-31
            P1           | 2024-02-01 | 2024-02-01
            P1           | 2024-03-04 |
        """,
        leistung=MONEY,
    )


def test_another_bg(spec_test: SpecTest) -> None:
    """Die Dauer ist die der Person: Der Wechsel der BG und eine Überschneidung ändern nichts, hier 91 Tage."""
    spec_test(
        "2024-03",
        {"DAUER_BESTAND VERWEILDAUER 3-6M": 1, "DAUER_BESTAND": 1},
        bg_mitglied="""
            kundennummer | bg_nummer | von        | bis
            -------------+-----------+------------+-----------
            P1           | A         | 2023-12-16 | 2024-02-10
            P1           | B         | 2024-02-01 |
        """,
        leistung="""
            kundennummer | bg_nummer | monat
            -------------+-----------+-----------------
            P1           | A         | 2022-01..2024-04
            P1           | B         | 2022-01..2024-04
        """,
    )
