from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Zugehörigkeit zu einer Bedarfsgemeinschaft"
text = (
    "An einem Tag gehört eine Person nur einer BG an: von mehreren Mitgliedschaften der mit dem spätesten von, bei "
    "gleichem von der mit der kleinsten bg_nummer nach Codepunkten. Es entscheiden nur die Daten, nicht die Leistungen."
)


def test_latest_membership_wins(spec_test: SpecTest) -> None:
    """Zwei offene Mitgliedschaften: Die Person zählt einmal, in der zuletzt begonnenen."""
    spec_test(
        "2024-03",
        {"BG": 1, "ELB": 1, "ELB GESCHAEFTSSTELLE Nord": 0, "ELB GESCHAEFTSSTELLE Süd": 1},
        bg_mitglied="""
            kundennummer | bg_nummer | von
            -------------+-----------+-----------
            P1           | A         | 2023-01-01
            P1           | B         | 2024-01-01
        """,
        bedarfsgemeinschaft=NORTH_AND_SOUTH,
    )


def test_the_winner_needs_no_money(spec_test: SpecTest) -> None:
    """Leistungen in der älteren BG zählen für die Gruppe nicht: ABGELEHNT, obwohl der Betrag in LLU steht."""
    spec_test(
        "2024-03",
        {"ELB": 0, "BG": 0, "ABGELEHNT": 1, "ABGELEHNT GESCHAEFTSSTELLE Süd": 1, "LLU GESCHAEFTSSTELLE Nord": 100},
        bg_mitglied="""
            kundennummer | bg_nummer | von
            -------------+-----------+-----------
            P1           | A         | 2023-01-01
            P1           | B         | 2024-01-01
        """,
        leistung="""
            kundennummer | bg_nummer | monat
            -------------+-----------+--------
            P1           | A         | 2024-03
        """,
        bedarfsgemeinschaft=NORTH_AND_SOUTH,
    )


@pytest.mark.parametrize(
    ("first", "second"), [("A", "B"), ("Z", "a"), ("10", "9"), ("z", "ä"), ("007", "7"), ("\uff21", "\U0001d49c")]
)
def test_same_first_day_smallest_number_wins(spec_test: SpecTest, first: str, second: str) -> None:
    """Nummern sind Text und werden nach Codepunkten verglichen: Z vor a, 10 vor 9, z vor ä."""
    spec_test(
        "2024-03",
        {"ELB GESCHAEFTSSTELLE Nord": 1, "ELB GESCHAEFTSSTELLE Süd": 0},
        bg_mitglied=f"""
            kundennummer | bg_nummer | von
            -------------+-----------+-----------
            P1           | {second}  | 2024-01-01
            P1           | {first}   | 2024-01-01
        """,
        bedarfsgemeinschaft=f"""
            bg_nummer | geschaeftsstelle
            ----------+-----------------
            {first}   | Nord
            {second}  | Süd
        """,
    )


def test_the_older_membership_comes_back_when_the_newer_ends(spec_test: SpecTest) -> None:
    """Ein kurzer Aufenthalt in einer anderen BG: Nach dessen letztem Tag gehört die Person wieder der älteren an."""
    spec_test(
        "2024-03",
        {"ELB GESCHAEFTSSTELLE Nord": 1, "ELB_ZUGANG": 0, "ELB_ABGANG": 0},
        bg_mitglied="""
            kundennummer | bg_nummer | von        | bis
            -------------+-----------+------------+-----------
            P1           | A         | 2023-01-01 |
            P1           | B         | 2024-03-01 | 2024-03-14
        """,
        bedarfsgemeinschaft=NORTH_AND_SOUTH,
    )


def test_a_membership_that_ends_before_it_begins(spec_test: SpecTest) -> None:
    """Eine Mitgliedschaft, die vor ihrem Beginn endet, hat keinen Tag und ändert nichts."""
    spec_test(
        "2024-03",
        {"ELB GESCHAEFTSSTELLE Nord": 1},
        bg_mitglied="""
            kundennummer | bg_nummer | von        | bis
            -------------+-----------+------------+-----------
            P1           | A         | 2023-01-01 |
            P1           | B         | 2024-03-15 | 2024-03-14
        """,
        bedarfsgemeinschaft=NORTH_AND_SOUTH,
    )


def test_money_without_membership(spec_test: SpecTest) -> None:
    """Wer am Zähltag keiner BG angehört, wird gar nicht gezählt, auch nicht als ABGELEHNT."""
    spec_test(
        "2024-03",
        {"PERS": 0, "ABGELEHNT": 0, "LLU": 100},
        bg_mitglied="""
            kundennummer | bis
            -------------+-----------
            P1           | 2024-03-14
        """,
        leistung="""
            kundennummer | monat
            -------------+--------
            P1           | 2024-03
        """,
    )


NORTH_AND_SOUTH = """
    bg_nummer | geschaeftsstelle
    ----------+-----------------
    A         | Nord
    B         | Süd
"""
