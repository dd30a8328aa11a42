from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Regelleistungsberechtigte (ELB und NEF)"
text = (
    "Wer Anspruch auf Gesamtregelleistung (GRL) über null hat, gehört zu den ELB, wenn er erwerbsfähig ist und das "
    "Alter dafür hat, sonst zu den NEF."
)


def test_each_kind_of_standard_benefit(spec_test: SpecTest) -> None:
    """Jede der fünf Leistungsarten genügt für sich, auch ein Cent."""
    spec_test(
        "2024-03",
        {"ELB": 5, "RLB": 5, "LB": 5, "PERS": 5, "NEF": 0, "SLB": 0},
        leistung="""
            kundennummer | monat   | leistungsart | anspruch
            -------------+---------+--------------+---------
            P1           | 2024-03 | RB20         | 0.01
            P2           | 2024-03 | MB21         | 0.01
            P3           | 2024-03 | SOZ23        | 0.01
            P4           | 2024-03 | KDU22_1      | 0.01
            P5           | 2024-03 | INST22_2     | 0.01
        """,
    )


def test_not_able_to_work(spec_test: SpecTest) -> None:
    """Am Zähltag nicht erwerbsfähig: NEF, in jedem Alter."""
    spec_test(
        "2024-03",
        {"NEF": 1, "ELB": 0, "RLB": 1, "BG": 1},
        bg_mitglied="""
            kundennummer | erwerbsfaehig
            -------------+--------------
            P1           | F
        """,
    )


@pytest.mark.parametrize(("rent", "group"), [("-99.99", "ELB"), ("-100.00", "ABGELEHNT"), ("-100.01", "ABGELEHNT")])
def test_claims_are_summed(spec_test: SpecTest, rent: str, group: str) -> None:
    """Die Summe der Ansprüche entscheidet, nicht die einzelne Zeile: Heben sie sich auf, besteht kein Anspruch."""
    spec_test(
        "2024-03",
        {group: 1, "PERS": int(group == "ELB")},
        leistung=f"""
            kundennummer | monat   | leistungsart | anspruch
            -------------+---------+--------------+---------
            P1           | 2024-03 | RB20         | 100.00
            P1           | 2024-03 | KDU22_1      | {rent}
        """,
    )


def test_the_claim_before_reduction_counts(spec_test: SpecTest) -> None:
    """Eine Minderung um den ganzen Betrag ändert weder Gruppe noch Summe."""
    spec_test(
        "2024-03",
        {"ELB": 1, "LLU": "100.00"},
        leistung="""
            kundennummer | monat   | leistungsart | anspruch | minderung
            -------------+---------+--------------+----------+----------
            P1           | 2024-03 | RB20         | 100.00   | 100.00
        """,
    )


def test_money_of_another_month(spec_test: SpecTest) -> None:
    """Es zählen nur Leistungen des Monats, in dem der Zähltag liegt."""
    spec_test(
        "2024-03",
        {"ELB": 0, "ABGELEHNT": 1, "LLU": 0},
        leistung="""
            kundennummer | monat   | leistungsart | anspruch
            -------------+---------+--------------+---------
            P1           | 2024-02 | RB20         | 100.00
            P1           | 2024-03 | RB20         | 0.00
            P1           | 2024-04 | RB20         | 100.00
        """,
    )


def test_both_kinds_of_money(spec_test: SpecTest) -> None:
    """Gesamtregelleistung geht anderen Leistungen vor."""
    spec_test(
        "2024-03",
        {"ELB": 1, "SLB": 0},
        leistung="""
            kundennummer | monat   | leistungsart | anspruch
            -------------+---------+--------------+---------
            P1           | 2024-03 | RB20         | 0.01
            P1           | 2024-03 | BUT28        | 99.00
        """,
    )
