from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Alter"
text = (
    "Ein Lebensjahr ist mit Ablauf des Tages vor dem Geburtstag vollendet: Am Geburtstag selbst gilt schon das neue "
    "Alter."
)


@pytest.mark.parametrize(("birth", "elb", "nef"), [("2009-03-14", 1, 0), ("2009-03-15", 1, 0), ("2009-03-16", 0, 1)])
def test_fifteenth_birthday(spec_test: SpecTest, birth: str, elb: int, nef: int) -> None:
    """Am Zähltag 15 Jahre alt, vom Geburtstag an: Wer erwerbsfähig ist, wird ELB."""
    spec_test(
        "2024-03",
        {"ELB": elb, "NEF": nef, "ELB ALTER 15-24": elb, "NEF ALTER U15": nef},
        person=f"""
            kundennummer | geburtsdatum
            -------------+-------------
            P1           | {birth}
        """,
    )


@pytest.mark.parametrize(
    ("birth", "group"),
    [("1999-03-16", "15-24"), ("1999-03-15", "25-54"), ("1969-03-16", "25-54"), ("1969-03-15", "55+")],
)
def test_age_groups_change_on_the_birthday(spec_test: SpecTest, birth: str, group: str) -> None:
    """Die Gruppen sind unter 15, 15 bis 24, 25 bis 54 sowie 55 und älter, nach dem Alter am Zähltag."""
    spec_test(
        "2024-03",
        {f"ELB ALTER {group}": 1, "ELB": 1},
        person=f"""
            kundennummer | geburtsdatum
            -------------+-------------
            P1           | {birth}
        """,
    )


@pytest.mark.parametrize(("stichtag", "elb"), [("2023-02-28", 0), ("2023-03-01", 1)])
def test_born_on_29_february_other_year(spec_test: SpecTest, stichtag: str, elb: int) -> None:
    """In einem Jahr ohne 29. Februar ist der Geburtstag der 1. März."""
    spec_test(
        stichtag[:7],
        {"ELB": elb, "NEF": 1 - elb},
        person="""
            kundennummer | geburtsdatum
            -------------+-------------
            P1           | 2008-02-29
        """,
        stichtag=f"""
            monat         | stichtag
            --------------+-----------
            {stichtag[:7]} | {stichtag}
        """,
    )


@pytest.mark.parametrize(("birth", "kol"), [("2006-02-28", 0), ("2006-03-01", 1)])
def test_29_february_as_a_counting_day(spec_test: SpecTest, birth: str, kol: int) -> None:
    """Wer am 1. März geboren ist, ist am 29. Februar noch 17: KOL, nicht ABGELEHNT."""
    spec_test(
        "2024-02",
        {"KOL": kol, "ABGELEHNT": 1 - kol},
        person=f"""
            kundennummer | geburtsdatum
            -------------+-------------
            KI           | {birth}
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
            HP           | B         | 2024-02
        """,
        stichtag="""
            monat   | stichtag
            --------+-----------
            2024-02 | 2024-02-29
        """,
    )
