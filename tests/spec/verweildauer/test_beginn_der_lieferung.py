from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Bezug seit Beginn der Lieferung (SEIT_BEGINN)"
text = (
    "Beginnt der Bezug höchstens 31 Tage nach dem ersten Tag des ersten Monats mit leistung, so kann er schon vorher "
    "begonnen haben; seine Dauer ist nicht bekannt. Er steht unter SEIT_BEGINN, es sei denn, seine Nettodauer macht "
    "allein schon vier Jahre aus (4J+)."
)


@pytest.mark.parametrize(("von", "duration"), [
    ("2023-07-01", "SEIT_BEGINN"),  # vom ersten Tag an
    ("2023-07-31", "SEIT_BEGINN"),
    ("2023-08-01", "SEIT_BEGINN"),  # 31 Tage nach dem 1. Juli
    ("2023-08-02", "6-12M"),  # 32 Tage danach: Der Beginn ist bekannt
])  # fmt: skip
def test_thirty_one_days_after_the_first_day(spec_test: SpecTest, von: str, duration: str) -> None:
    """Die Lieferung beginnt mit Juli 2023."""
    spec_test(
        "2024-03",
        {"DAUER_BESTAND": 1, f"DAUER_BESTAND VERWEILDAUER {duration}": 1},
        bg_mitglied=f"""
            kundennummer | von
            -------------+------
            P1           | {von}
        """,
        leistung="""
            kundennummer | monat
            -------------+-----------------
            P1           | 2023-07..2024-04
        """,
    )


@pytest.mark.parametrize(("von", "duration"), [
    ("2020-03-01", "4J+"),
    ("2020-03-16", "4J+"),  # 1461 Tage
    ("2020-03-17", "SEIT_BEGINN"),  # 1460
])  # fmt: skip
def test_four_years_are_four_years(spec_test: SpecTest, von: str, duration: str) -> None:
    """Wann immer der Bezug begann: Vier Jahre sind es mindestens."""
    spec_test(
        "2024-03",
        {"DAUER_BESTAND": 1, f"DAUER_BESTAND VERWEILDAUER {duration}": 1},
        bg_mitglied=f"""
            kundennummer | von
            -------------+------
            P1           | {von}
        """,
        leistung="""
            kundennummer | monat
            -------------+-----------------
            P1           | 2020-03..2024-04
        """,
    )


@pytest.mark.parametrize(("back", "duration"), [("2024-01-08", "SEIT_BEGINN"), ("2024-01-09", "U3M")])
def test_the_beginning_of_all_joined_runs(spec_test: SpecTest, back: str, duration: str) -> None:
    """Nach einer Lücke von 31 Tagen gehört der Bezug noch zu dem, der die Lieferung eröffnet; nach 32 nicht mehr."""
    spec_test(
        "2024-03",
        {f"DAUER_BESTAND VERWEILDAUER {duration}": 1},
        bg_mitglied=f"""
            kundennummer | von        | bis
            -------------+------------+-----------
            P1           | 2023-01-01 | 2023-12-07
            P1           | {back}     |
        """,
        leistung="""
            kundennummer | monat
            -------------+-----------------
            P1           | 2023-07..2024-04
        """,
    )


def test_first_month_of_the_delivery(spec_test: SpecTest) -> None:
    """Im ersten Monat ist von niemandem die Dauer bekannt; Abgänge gibt es erst zwei Monate später."""
    spec_test(
        "2024-03",
        {
            "DAUER_BESTAND": 1,
            "DAUER_BESTAND VERWEILDAUER SEIT_BEGINN": 1,
            "DAUER_BESTAND VERWEILDAUER U3M": 0,
            "DAUER_ABGANG": None,
            "DAUER_ABGANG VERWEILDAUER U3M": None,
        },
        leistung="""
            kundennummer | monat
            -------------+-----------------
            P1           | 2024-03..2024-04
        """,
    )
