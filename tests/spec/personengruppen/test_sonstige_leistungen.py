from __future__ import annotations

from spec.conftest import SpecTest

title = "Sonstige Leistungsberechtigte (SLB)"
text = "Wer keinen Anspruch auf Gesamtregelleistung hat, aber auf eine andere Leistung über null."


def test_each_other_kind(spec_test: SpecTest) -> None:
    """Auch Darlehen, Umzug und Schulden führen zu SLB, obwohl sie in LLU oder LUH zählen. Mit SLB zählt die BG."""
    spec_test(
        "2024-03",
        {"SLB": 7, "RLB": 0, "LB": 7, "BG": 7, "BG_SINGLE": 7, "LLU": 50, "LUH": 100},
        leistung="""
            kundennummer | monat   | leistungsart | anspruch
            -------------+---------+--------------+---------
            P1           | 2024-03 | UNABW24      | 50.00
            P2           | 2024-03 | UMZUG22_6    | 50.00
            P3           | 2024-03 | SCHULD22_8   | 50.00
            P4           | 2024-03 | SV26         | 50.00
            P5           | 2024-03 | EINM24_3     | 50.00
            P6           | 2024-03 | AZUBI27      | 50.00
            P7           | 2024-03 | BUT28        | 50.00
        """,
    )


def test_negative_standard_benefit_beside_another(spec_test: SpecTest) -> None:
    """Die beiden Summen bleiben getrennt: -100,00 und +50,00 Euro ergeben SLB."""
    spec_test(
        "2024-03",
        {"SLB": 1, "LLU": "-100.00"},
        leistung="""
            kundennummer | monat   | leistungsart | anspruch
            -------------+---------+--------------+---------
            P1           | 2024-03 | RB20         | -100.00
            P1           | 2024-03 | BUT28        | 50.00
        """,
    )


def test_a_negative_claim_is_none(spec_test: SpecTest) -> None:
    """Die Rückzahlung von Zuschüssen zu Versicherungsbeiträgen macht niemanden zu SLB."""
    spec_test(
        "2024-03",
        {"SLB": 0, "ABGELEHNT": 1, "BG": 0},
        leistung="""
            kundennummer | monat   | leistungsart | anspruch
            -------------+---------+--------------+---------
            P1           | 2024-03 | SV26         | -50.00
        """,
    )


def test_a_child_with_education_benefits(spec_test: SpecTest) -> None:
    """SLB geht KOL vor."""
    spec_test(
        "2024-03",
        {"SLB": 1, "KOL": 0, "BG_ALLEINERZIEHEND": 1},
        person="""
            kundennummer | geburtsdatum
            -------------+-------------
            KI           | 2015-05-05
        """,
        bg_mitglied="""
            kundennummer | bg_nummer | rolle
            -------------+-----------+------
            HP           | B         | HP
            KI           | B         | KI
        """,
        leistung="""
            kundennummer | bg_nummer | monat   | leistungsart
            -------------+-----------+---------+-------------
            HP           | B         | 2024-03 | RB20
            KI           | B         | 2024-03 | BUT28
        """,
    )
