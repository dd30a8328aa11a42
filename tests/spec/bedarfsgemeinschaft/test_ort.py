from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Gemeinde und Geschäftsstelle"
text = (
    "Es gelten die Angaben des Abschnitts der BG, der am Zähltag gültig ist; von mehreren gilt der mit dem spätesten "
    "gueltig_von, ohne gültigen Abschnitt OHNE."
)


@pytest.mark.parametrize(("moved_on", "gemeinde"), [("2024-03-15", "08317096"), ("2024-03-16", "08317001")])
def test_removal(spec_test: SpecTest, moved_on: str, gemeinde: str) -> None:
    """Die neue Anschrift zählt vom ersten Tag an, auch wenn die alte noch offen ist."""
    spec_test(
        "2024-03",
        {f"BG GEMEINDE {gemeinde}": 1, f"ELB GEMEINDE {gemeinde}": 1, f"LLU GEMEINDE {gemeinde}": 100, "BG": 1},
        bg_mitglied=IN_B,
        bedarfsgemeinschaft=f"""
            bg_nummer | gueltig_von | gemeinde_ags
            ----------+-------------+-------------
            B         | 2020-01-01  | 08317001
            B         | {moved_on}  | 08317096
        """,
    )


def test_the_last_day_of_an_address(spec_test: SpecTest) -> None:
    """Daten gelten einschließlich: Ein Abschnitt, der am Zähltag endet, gilt an diesem Tag noch."""
    spec_test(
        "2024-03",
        {"BG GEMEINDE 08317001": 1, "BG GEMEINDE OHNE": 0},
        bg_mitglied=IN_B,
        bedarfsgemeinschaft="""
            bg_nummer | gueltig_von | gueltig_bis
            ----------+-------------+------------
            B         | 2020-01-01  | 2024-03-15
        """,
    )


def test_no_address_on_the_counting_day(spec_test: SpecTest) -> None:
    """Eine BG ohne gültigen Abschnitt zählt trotzdem, mit Gemeinde und Geschäftsstelle OHNE."""
    spec_test(
        "2024-03",
        {"BG": 1, "BG GEMEINDE OHNE": 1, "ELB GESCHAEFTSSTELLE OHNE": 1, "LLU GEMEINDE OHNE": 100},
        bg_mitglied=IN_B,
        bedarfsgemeinschaft="""
            bg_nummer | gueltig_von | gueltig_bis
            ----------+-------------+------------
            B         | 2020-01-01  | 2024-03-14
            B         | 2024-03-16  |
        """,
    )


def test_a_short_episode_inside_a_long_one(spec_test: SpecTest) -> None:
    """Nach dem Ende des kurzen gilt wieder der ältere, noch offene Abschnitt."""
    spec_test(
        "2024-03",
        {"BG GEMEINDE 08317001": 1, "BG GEMEINDE 08317096": 0},
        bg_mitglied=IN_B,
        bedarfsgemeinschaft="""
            bg_nummer | gueltig_von | gueltig_bis | gemeinde_ags
            ----------+-------------+-------------+-------------
            B         | 2020-01-01  |             | 08317001
            B         | 2024-02-01  | 2024-03-14  | 08317096
        """,
    )


IN_B = """
    kundennummer | bg_nummer
    -------------+----------
    P1           | B
"""
