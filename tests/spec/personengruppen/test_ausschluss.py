from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Vom Leistungsanspruch Ausgeschlossene (AUS)"
text = (
    "Ein Ausschlussgrund am Zähltag geht allem anderen vor: SLB, wenn Anspruch auf eine andere Leistung besteht, "
    "sonst AUS."
)


def test_excluded_members(spec_test: SpecTest) -> None:
    """Jeder der sechs Gründe führt zu AUS; die BG zählt wegen ihrer Hauptperson."""
    spec_test(
        "2024-03",
        {"AUS": 6, "NLB": 6, "LB": 1, "PERS": 7, "BG": 1},
        bg_mitglied="""
            kundennummer | bg_nummer | rolle | ausschlussgrund
            -------------+-----------+-------+----------------
            HP           | B         | HP    |
            RENTE        | B         | SO    | RENTE
            BAFOEG       | B         | SO    | BAFOEG
            ASYLBLG      | B         | SO    | ASYLBLG
            STATIONAER   | B         | SO    | STATIONAER
            ORTSABW      | B         | SO    | ORTSABW
            SONST        | B         | SO    | SONST
        """,
        leistung=MONEY_OF_HP,
    )


@pytest.mark.parametrize(("kind", "amount", "group"), [
    ("RB20", "100.00", "AUS"),
    ("AZUBI27", "100.00", "SLB"),
    ("AZUBI27", "0.00", "AUS"),
    ("AZUBI27", "-0.01", "AUS"),
])  # fmt: skip
def test_excluded_with_money(spec_test: SpecTest, kind: str, amount: str, group: str) -> None:
    """Gesamtregelleistung ändert am Ausschluss nichts; eine andere Leistung über null führt zu SLB."""
    spec_test(
        "2024-03",
        {group: 1, "PERS": 2, "ELB": 1},
        bg_mitglied="""
            kundennummer | bg_nummer | rolle | ausschlussgrund
            -------------+-----------+-------+----------------
            HP           | B         | HP    |
            PA           | B         | PA    | BAFOEG
        """,
        leistung=f"""
            kundennummer | bg_nummer | monat   | leistungsart | anspruch
            -------------+-----------+---------+--------------+---------
            HP           | B         | 2024-03 | RB20         | 500.00
            PA           | B         | 2024-03 | {kind}       | {amount}
        """,
    )


def test_only_the_reason_of_the_day_counts(spec_test: SpecTest) -> None:
    """Der Ausschluss endete am Tag vor dem Zähltag."""
    spec_test(
        "2024-03",
        {"ELB": 1, "AUS": 0, "ABGELEHNT": 0},
        bg_mitglied="""
            kundennummer | von        | bis        | ausschlussgrund
            -------------+------------+------------+----------------
            P1           | 2024-01-01 | 2024-03-14 | STATIONAER
            P1           | 2024-03-15 |            |
        """,
    )


def test_alone_without_a_claim(spec_test: SpecTest) -> None:
    """Das einzige Mitglied ist ausgeschlossen: Die BG hat keine LB und zählt nicht, das Mitglied ist ABGELEHNT."""
    spec_test(
        "2024-03",
        {"AUS": 0, "PERS": 0, "BG": 0, "ABGELEHNT": 1},
        bg_mitglied="""
            kundennummer | ausschlussgrund
            -------------+----------------
            P1           | RENTE
        """,
    )


MONEY_OF_HP = """
    kundennummer | bg_nummer | monat   | leistungsart | anspruch
    -------------+-----------+---------+--------------+---------
    HP           | B         | 2024-03 | RB20         | 500.00
"""
