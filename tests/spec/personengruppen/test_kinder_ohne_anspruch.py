from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Kinder ohne Leistungsanspruch (KOL)"
text = "Unter 18 Jahre, ledig, Rolle KI und ohne jeden Anspruch, in einer BG, die zählt."


@pytest.mark.parametrize(
    ("birth", "status", "role", "group"),
    [
        ("2006-03-16", "LED", "KI", "KOL"),  # wird morgen 18
        ("2006-03-15", "LED", "KI", "ABGELEHNT"),  # wird heute 18
        ("2015-01-01", "LED", "SO", "ABGELEHNT"),
        ("2006-03-16", "VH", "KI", "ABGELEHNT"),
        ("2006-03-16", "GESCH", "KI", "ABGELEHNT"),  # unverheiratet ist nur LED
    ],
)
def test_child_without_money(spec_test: SpecTest, birth: str, status: str, role: str, group: str) -> None:
    """Alle drei Bedingungen müssen am Zähltag erfüllt sein, sonst ist die Person ABGELEHNT."""
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
    """Niemand in der BG hat einen Anspruch: Elternteil und Kind sind ABGELEHNT."""
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
    """Der erwachsene Sohn ohne Anspruch gehört nicht zu den PERS: Seine Mutter ist SINGLE, er zählt bei diesem Typ."""
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
