from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Abgänge"
text = (
    "Ein Abgang im Monat t: Der letzte Tag einer Bezugszeit liegt in [S(t-1), S(t)), also am Zähltag des Vormonats "
    "oder danach und vor dem Zähltag."
)


@pytest.mark.parametrize(("bis", "exits"), [
    ("2024-02-14", 0),  # gehört zum Vormonat
    ("2024-02-15", 1),  # letzter Tag im Bestand des Vormonats
    ("2024-03-14", 1),
    ("2024-03-15", 0),  # noch im Bestand des März
])  # fmt: skip
def test_last_day(spec_test: SpecTest, bis: str, exits: int) -> None:
    """An, nach und vor den Zähltagen."""
    spec_test(
        "2024-03",
        {"ELB_ABGANG": exits, "ELB_ZUGANG": 0},
        bg_mitglied=f"""
            kundennummer | von        | bis
            -------------+------------+------
            P1           | 2023-01-01 | {bis}
        """,
    )


def test_counting_days_at_the_ends_of_months(spec_test: SpecTest) -> None:
    """Zähltage am 1. Februar und am 31. März: Alle Tage dazwischen gehören zum März, auch der 1. Februar."""
    spec_test(
        "2024-03",
        {"ELB_ABGANG": 2, "ELB_ZUGANG": 0, "ELB": 1},
        bg_mitglied="""
            kundennummer | von        | bis
            -------------+------------+-----------
            P0           | 2023-01-01 | 2024-01-31
            P1           | 2023-01-01 | 2024-02-01
            P2           | 2023-01-01 | 2024-03-30
            P3           | 2023-01-01 | 2024-03-31
        """,
        stichtag="""
            monat   | stichtag
            --------+-----------
            2024-02 | 2024-02-01
            2024-03 | 2024-03-31
        """,
    )


@pytest.mark.parametrize(("kind", "reason", "group"), [
    ("SV26", "", "SLB"),
    ("RB20", "RENTE", "ABGELEHNT"),
])  # fmt: skip
def test_leaving_the_group(spec_test: SpecTest, kind: str, reason: str, group: str) -> None:
    """Wer SLB wird oder ausgeschlossen ist, geht aus den ELB ab."""
    spec_test(
        "2024-03",
        {"ELB_ABGANG": 1, group: 1, "ELB": 0},
        bg_mitglied=f"""
            kundennummer | von        | bis        | ausschlussgrund
            -------------+------------+------------+----------------
            P1           | 2023-01-01 | 2024-02-29 |
            P1           | 2024-03-01 |            | {reason}
        """,
        leistung=f"""
            kundennummer | monat            | leistungsart
            -------------+------------------+-------------
            P1           | 2023-12..2024-02 | RB20
            P1           | 2024-03..2024-04 | {kind}
        """,
    )


def test_age_limit(spec_test: SpecTest) -> None:
    """Geboren im Januar 1958, 66 Jahre im Januar 2024: ELB bis zum 31. Januar, NEF ab dem 1. Februar."""
    spec_test(
        "2024-02",
        {"ELB_ABGANG": 1, "ELB_ABGANG ALTER 55+": 1, "NEF": 1},
        person="""
            kundennummer | geburtsdatum
            -------------+-------------
            P1           | 1958-01-20
        """,
    )


def test_features_of_an_exit(spec_test: SpecTest) -> None:
    """Alter, Ort und Typ nach dem Stand an S(t-1): Auf den Bestand des Vormonats bezieht sich die Abgangsrate."""
    spec_test(
        "2024-03",
        {
            "ELB_ABGANG": 1,
            "ELB_ABGANG ALTER 15-24": 1,
            "ELB_ABGANG GEMEINDE 08317001": 1,
            "ELB_ABGANG BG_TYP SINGLE": 1,
        },
        person="""
            kundennummer | geburtsdatum
            -------------+-------------
            P1           | 1999-02-16
        """,
        bg_mitglied="""
            kundennummer | bg_nummer | von        | bis
            -------------+-----------+------------+-----------
            P1           | A         | 2023-01-01 | 2024-02-29
        """,
        bedarfsgemeinschaft="""
            bg_nummer | gueltig_von | gemeinde_ags
            ----------+-------------+-------------
            A         | 2020-01-01  | 08317001
            A         | 2024-02-16  | 08317096
        """,
    )


def test_bg_of_the_last_day(spec_test: SpecTest) -> None:
    """Die Person hat vor dem Abgang die BG gewechselt: Er zählt bei der neuen BG, mit deren Stand an S(t-1)."""
    spec_test(
        "2024-03",
        {"ELB_ABGANG GEMEINDE 08317002": 1, "ELB_ABGANG BG_TYP OHNE": 1, "ELB_ABGANG": 1},
        bg_mitglied="""
            kundennummer | bg_nummer | von        | bis
            -------------+-----------+------------+-----------
            P1           | A         | 2023-01-01 | 2024-02-20
            P1           | B         | 2024-02-21 | 2024-03-10
        """,
        bedarfsgemeinschaft="""
            bg_nummer | gemeinde_ags
            ----------+-------------
            A         | 08317001
            B         | 08317002
        """,
    )


def test_shown_where_it_ended(spec_test: SpecTest) -> None:
    """Der Bezug beginnt in Offenburg und endet nach einer Pause in Lahr: Dort ist der Abgang."""
    spec_test(
        "2024-03",
        {"ELB_ABGANG": 1, "ELB_ABGANG GEMEINDE 08317065": 1, "ELB_ABGANG GEMEINDE 08317096": 0},
        bedarfsgemeinschaft="""
            bg_nummer | gemeinde_ags
            ----------+-------------
            A         | 08317096
            B         | 08317065
        """,
        bg_mitglied="""
            kundennummer | bg_nummer | von        | bis
            -------------+-----------+------------+-----------
            P1           | A         | 2024-01-01 | 2024-02-20
            P1           | B         | 2024-02-25 | 2024-03-01
            P2           | A         | 2024-01-01 |
            P3           | B         | 2024-01-01 |
        """,
    )
