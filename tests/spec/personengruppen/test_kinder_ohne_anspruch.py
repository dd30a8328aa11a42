from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Kinder ohne Leistungsanspruch (KOL)"
text = "A person under 18, unmarried, with role KI and without any claim, in a BG that counts."


@pytest.mark.parametrize(
    ("birth", "status", "role", "group"),
    [
        ("2006-03-16", "LED", "KI", "KOL"),  # 18 tomorrow
        ("2006-03-15", "LED", "KI", "ABGELEHNT"),  # 18 today
        ("2015-01-01", "LED", "SO", "ABGELEHNT"),
        ("2006-03-16", "VH", "KI", "ABGELEHNT"),
        ("2006-03-16", "GESCH", "KI", "ABGELEHNT"),  # unmarried is LED only
    ],
)
def test_child_without_money(spec_test: SpecTest, birth: str, status: str, role: str, group: str) -> None:
    """All three conditions must hold on the counting day; otherwise the person is a reject."""
    spec_test(
        "2024-03",
        {group: 1, "PERS": 1 + int(group == "KOL"), "KOL": int(group == "KOL")},
        person=f"""
            kundennummer | geburtsdatum | familienstand
            -------------+--------------+--------------
            KI           | {birth}      | {status}
        """,
        bg_mitglied=f"""
            kundennummer | bg_nummer | rolle
            -------------+-----------+-------
            HP           | B         | HP
            KI           | B         | {role}
        """,
        leistung="""
            kundennummer | bg_nummer | monat
            -------------+-----------+--------
            HP           | B         | 2024-03
        """,
    )


def test_in_a_bg_that_does_not_count(spec_test: SpecTest) -> None:
    """Nobody in the BG has a claim: parent and child are rejects."""
    spec_test(
        "2024-03",
        {"KOL": 0, "NLB": 0, "ABGELEHNT": 2, "ABGELEHNT BG_TYP OHNE": 2},
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
            kundennummer | bg_nummer | monat   | anspruch
            -------------+-----------+---------+---------
            HP           | B         | 2024-03 | 0.00
        """,
    )


def test_a_reject_in_a_bg_that_counts_has_its_type(spec_test: SpecTest) -> None:
    """The adult son without a claim is no PERS: his mother is SINGLE, and he is listed under that type."""
    spec_test(
        "2024-03",
        {"PERS": 1, "BG_SINGLE": 1, "ABGELEHNT": 1, "ABGELEHNT BG_TYP SINGLE": 1},
        person="""
            kundennummer | geburtsdatum
            -------------+-------------
            KI           | 2004-05-05
        """,
        bg_mitglied="""
            kundennummer | bg_nummer | rolle
            -------------+-----------+------
            HP           | B         | HP
            KI           | B         | KI
        """,
        leistung="""
            kundennummer | bg_nummer | monat
            -------------+-----------+--------
            HP           | B         | 2024-03
        """,
    )
