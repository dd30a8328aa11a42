from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Regelleistungsberechtigte (ELB und NEF)"
text = "Whoever has standard benefits (GRL) above zero is ELB when able to work and of age, else NEF."


def test_each_kind_of_standard_benefit(spec_test: SpecTest) -> None:
    """Each of the five kinds alone is enough, one cent of it too."""
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
    """Without the ability to work on the day: NEF, at any age."""
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
    """The sum of the claims decides, not a single row: claims that cancel make no claim."""
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
    """A sanction that takes all the money away changes neither group nor sum."""
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
    """Only money of the counting day's month counts."""
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
    """Standard benefits come before other benefits."""
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
