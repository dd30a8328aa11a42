from __future__ import annotations

import pytest

from spec.conftest import SpecTest

pytestmark = pytest.mark.slow  # many cases of one kind
title = "Klassen der Verweildauer im Bestand (DAUER_BESTAND)"
text = (
    "ELB an S(t) nach der Nettodauer bis einschließlich S(t): unter 3 Monaten sind weniger als 91 Tage, unter 6 "
    "Monaten weniger als 182, unter einem Jahr weniger als 365, unter zwei Jahren weniger als 730, unter vier Jahren "
    "weniger als 1461 Tage (Annahme). Zähltag ist der 15. März 2024."
)

CODES = ("U3M", "3-6M", "6-12M", "1-2J", "2-4J", "4J+", "SEIT_BEGINN")


@pytest.mark.parametrize(("von", "duration"), [
    ("2024-03-15", "U3M"),  # 1 Tag
    ("2023-12-17", "U3M"),  # 90
    ("2023-12-16", "3-6M"),  # 91
    ("2023-09-17", "3-6M"),  # 181
    ("2023-09-16", "6-12M"),  # 182
    ("2023-03-18", "6-12M"),  # 364
    ("2023-03-17", "1-2J"),  # 365
    ("2022-03-18", "1-2J"),  # 729
    ("2022-03-17", "2-4J"),  # 730
    ("2020-03-17", "2-4J"),  # 1460
    ("2020-03-16", "4J+"),  # 1461
])  # fmt: skip
def test_limits(spec_test: SpecTest, von: str, duration: str) -> None:
    """Der letzte Tag jeder Klasse und der erste der nächsten."""
    spec_test(
        "2024-03",
        {"ELB": 1, "DAUER_BESTAND": 1, "DAUER_BESTAND GESCHLECHT w": 1}
        | {f"DAUER_BESTAND VERWEILDAUER {code}": int(code == duration) for code in CODES},
        bg_mitglied=f"""
            kundennummer | von
            -------------+------
            P1           | {von}
        """,
        leistung="""
            kundennummer | monat
            -------------+-----------------
            P1           | 2019-06..2024-04
        """,
    )


def test_only_elb(spec_test: SpecTest) -> None:
    """Der Bestand nach Dauer ist der Bestand der ELB; Tage als NEF zählen nicht: 15 Jahre am 16. Dezember."""
    spec_test(
        "2024-03",
        {"ELB": 1, "NEF": 1, "DAUER_BESTAND": 1, "DAUER_BESTAND VERWEILDAUER 3-6M": 1},
        person="""
            kundennummer | geburtsdatum
            -------------+-------------
            P1           | 2008-12-16
            P2           | 2010-01-01
        """,
        leistung="""
            kundennummer | monat
            -------------+-----------------
            P1           | 2022-01..2024-04
            P2           | 2022-01..2024-04
        """,
    )


def test_days_after_the_counting_day(spec_test: SpecTest) -> None:
    """Die Dauer läuft bis S(t), auch wenn der Bezug weitergeht: am 16. März noch 90 Tage, ein Tag später 91."""
    spec_test(
        "2024-03",
        {"DAUER_BESTAND VERWEILDAUER U3M": 1, "DAUER_BESTAND VERWEILDAUER 3-6M": 1},
        bg_mitglied="""
            kundennummer | von
            -------------+-----------
            P1           | 2023-12-18
            P2           | 2023-12-17
        """,
        leistung="""
            kundennummer | monat
            -------------+-----------------
            P1           | 2022-01..2024-04
            P2           | 2022-01..2024-04
        """,
        stichtag="""
            monat   | stichtag
            --------+-----------
            2024-03 | 2024-03-16
        """,
    )
