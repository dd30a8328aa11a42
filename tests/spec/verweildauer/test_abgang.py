from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Abgeschlossene Verweildauer (DAUER_ABGANG)"
text = (
    "Die Abgänge des Monats (ELB_ABGANG) nach der Nettodauer bis zum letzten Tag des Bezugs, den der Abgang beendet. "
    "Ein Abgang ist es nach acht Tagen ohne Bezug, für die Dauer gehören aber noch bis zu 31 Tage zusammen."
)

MONEY = """
    kundennummer | monat
    -------------+-----------------
    P1           | 2022-01..2024-04
"""


@pytest.mark.parametrize(("von", "duration"), [("2023-12-02", "U3M"), ("2023-12-01", "3-6M")])
def test_until_the_last_day(spec_test: SpecTest, von: str, duration: str) -> None:
    """Bezug bis 29. Februar: 90 und 91 Tage."""
    spec_test(
        "2024-03",
        {
            "ELB_ABGANG": 1,
            "DAUER_ABGANG": 1,
            f"DAUER_ABGANG VERWEILDAUER {duration}": 1,
            "DAUER_ABGANG GESCHLECHT w": 1,
            "DAUER_BESTAND": 0,
        },
        bg_mitglied=f"""
            kundennummer | von   | bis
            -------------+-------+-----------
            P1           | {von} | 2024-02-29
        """,
        leistung=MONEY,
    )


@pytest.mark.parametrize(("back", "exits"), [("2024-03-08", 0), ("2024-03-09", 1)])
def test_only_exits(spec_test: SpecTest, back: str, exits: int) -> None:
    """Nach sieben Tagen wieder im Bezug ist kein Abgang, nach acht Tagen einer; so auch hier."""
    spec_test(
        "2024-03",
        {"ELB_ABGANG": exits, "DAUER_ABGANG": exits, "DAUER_ABGANG VERWEILDAUER 6-12M": exits},
        bg_mitglied=f"""
            kundennummer | von        | bis
            -------------+------------+-----------
            P1           | 2023-08-15 | 2024-02-29
            P1           | {back}     |
        """,
        leistung=MONEY,
    )


@pytest.mark.parametrize(("back", "duration"), [
    ("2024-02-01", "6-12M"),  # 31 Tage: 184 + 29 Tage
    ("2024-02-02", "U3M"),  # 32 Tage: 28 Tage
])  # fmt: skip
def test_receipt_before_a_gap(spec_test: SpecTest, back: str, duration: str) -> None:
    """Der zweite Abgang zählt die Tage vor der Lücke mit, wenn sie höchstens 31 Tage hat."""
    spec_test(
        "2024-03",
        {"DAUER_ABGANG": 1, f"DAUER_ABGANG VERWEILDAUER {duration}": 1},
        bg_mitglied=f"""
            kundennummer | von        | bis
            -------------+------------+-----------
            P1           | 2023-07-01 | 2023-12-31
            P1           | {back}     | 2024-02-29
        """,
        leistung=MONEY,
    )


def test_two_exits_of_one_person(spec_test: SpecTest) -> None:
    """Zwei Abgänge in einem Monat: der erste mit 91, der zweite mit 91 + 5 Tagen."""
    spec_test(
        "2024-03",
        {"ELB_ABGANG": 2, "DAUER_ABGANG": 2, "DAUER_ABGANG VERWEILDAUER 3-6M": 2},
        bg_mitglied="""
            kundennummer | von        | bis
            -------------+------------+-----------
            P1           | 2023-11-22 | 2024-02-20
            P1           | 2024-03-01 | 2024-03-05
        """,
        leistung=MONEY,
    )


@pytest.mark.parametrize(("back", "second"), [("2024-03-01", "3-6M"), ("2024-04-03", "U3M")])
def test_the_first_exit_does_not_know_the_return(spec_test: SpecTest, back: str, second: str) -> None:
    """Der Abgang vom 20. Februar hat 90 Tage, gleich ob der Bezug später weitergeht; im Bestand wird weitergezählt."""
    in_stock = int(second == "3-6M")
    spec_test(
        "2024-03",
        {
            "DAUER_ABGANG": 1,
            "DAUER_ABGANG VERWEILDAUER U3M": 1,
            "DAUER_BESTAND": in_stock,
            "DAUER_BESTAND VERWEILDAUER 3-6M": in_stock,
        },
        bg_mitglied=f"""
            kundennummer | von        | bis
            -------------+------------+-----------
            P1           | 2023-11-23 | 2024-02-20
            P1           | {back}     |
        """,
        leistung=MONEY,
    )


@pytest.mark.parametrize(("von", "duration"), [("2023-08-01", "SEIT_BEGINN"), ("2023-08-02", "6-12M")])
def test_unknown_beginning(spec_test: SpecTest, von: str, duration: str) -> None:
    """Auch ein Abgang kann einen Bezug beenden, dessen Beginn nicht bekannt ist: Die Lieferung beginnt im Juli 2023."""
    spec_test(
        "2024-03",
        {"DAUER_ABGANG": 1, f"DAUER_ABGANG VERWEILDAUER {duration}": 1},
        bg_mitglied=f"""
            kundennummer | von   | bis
            -------------+-------+-----------
            P1           | {von} | 2024-02-29
        """,
        leistung="""
            kundennummer | monat
            -------------+-----------------
            P1           | 2023-07..2024-04
        """,
    )


@pytest.mark.parametrize(("first", "value"), [("2024-03", None), ("2024-02", None), ("2024-01", 0)])
def test_first_value(spec_test: SpecTest, first: str, value: int | None) -> None:
    """Wie die Abgänge selbst: zwei Monate nach dem ersten Monat mit leistung."""
    spec_test(
        "2024-03",
        {"ELB_ABGANG": value, "DAUER_ABGANG": value, "DAUER_BESTAND": 1},
        leistung=f"""
            kundennummer | monat
            -------------+-----------------
            P1           | {first}..2024-04
        """,
    )
