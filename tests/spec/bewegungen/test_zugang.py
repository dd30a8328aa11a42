from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Zugänge"
text = (
    "Ein Zugang im Monat t: Eine Bezugszeit beginnt in (S(t-1), S(t)], also nach dem Zähltag des Vormonats und bis "
    "zum Zähltag."
)


@pytest.mark.parametrize(("von", "entries"), [
    ("2024-02-15", 0),  # S(t-1) selbst gehört zum Vormonat
    ("2024-02-16", 1),
    ("2024-03-15", 1),
    ("2024-03-16", 0),
])  # fmt: skip
def test_first_day(spec_test: SpecTest, von: str, entries: int) -> None:
    """An, nach und vor den Zähltagen."""
    spec_test(
        "2024-03",
        {"ELB_ZUGANG": entries, "ELB_ABGANG": 0},
        bg_mitglied=f"""
            kundennummer | von
            -------------+------
            P1           | {von}
        """,
    )


def test_between_two_counting_days(spec_test: SpecTest) -> None:
    """Auch eine Bezugszeit ohne Tag in einem Bestand ist ein Zugang und ein Abgang."""
    spec_test(
        "2024-03",
        {"ELB": 0, "ELB_ZUGANG": 1, "ELB_ABGANG": 1},
        bg_mitglied="""
            kundennummer | von        | bis
            -------------+------------+-----------
            P1           | 2024-02-20 | 2024-03-01
        """,
    )


def test_twice_in_one_month(spec_test: SpecTest) -> None:
    """Mehrere Bewegungen einer Person zählen einzeln."""
    spec_test(
        "2024-03",
        {"ELB": 1, "ELB_ZUGANG": 2, "ELB_ABGANG": 1},
        bg_mitglied="""
            kundennummer | von        | bis
            -------------+------------+-----------
            P1           | 2024-02-16 | 2024-02-20
            P1           | 2024-03-10 |
        """,
    )


def test_able_to_work_again(spec_test: SpecTest) -> None:
    """Der Wechsel von NEF zu ELB ist ein Zugang, auch wenn sich an BG und Leistung nichts ändert."""
    spec_test(
        "2024-03",
        {"ELB": 1, "ELB_ZUGANG": 1},
        bg_mitglied="""
            kundennummer | von        | bis        | erwerbsfaehig
            -------------+------------+------------+--------------
            P1           | 2023-01-01 | 2024-02-29 | F
            P1           | 2024-03-01 |            | T
        """,
    )


@pytest.mark.parametrize(("birth", "entries"), [("2009-02-15", 0), ("2009-02-16", 1), ("2009-03-15", 1)])
def test_fifteenth_birthday(spec_test: SpecTest, birth: str, entries: int) -> None:
    """Der 15. Geburtstag beginnt eine Bezugszeit."""
    spec_test(
        "2024-03",
        {"ELB": 1, "ELB_ZUGANG": entries, "ELB_ZUGANG ALTER 15-24": entries},
        person=f"""
            kundennummer | geburtsdatum
            -------------+-------------
            P1           | {birth}
        """,
    )


def test_first_money(spec_test: SpecTest) -> None:
    """Mitglied seit Langem: Die Bezugszeit beginnt am ersten Tag des ersten Monats mit Anspruch."""
    spec_test(
        "2024-03",
        {"ELB": 2, "ELB_ZUGANG": 1, "LLU": 200},
        leistung="""
            kundennummer | monat
            -------------+-----------------
            P1           | 2024-01..2024-04
            P2           | 2024-03..2024-04
        """,
    )


def test_features_of_an_entry(spec_test: SpecTest) -> None:
    """Alter nach dem Stand an S(t); Gemeinde und Typ im Monat t von der BG des ersten Tages der Bezugszeit."""
    spec_test(
        "2024-03",
        {
            "ELB_ZUGANG": 1,
            "ELB_ZUGANG ALTER 25-54": 1,
            "ELB_ZUGANG GEMEINDE 08317096": 1,
            "ELB_ZUGANG BG_TYP SINGLE": 0,
            "ELB_ZUGANG BG_TYP OHNE": 1,
        },
        person="""
            kundennummer | geburtsdatum
            -------------+-------------
            P1           | 1999-03-10
        """,
        bg_mitglied="""
            kundennummer | bg_nummer | von        | bis
            -------------+-----------+------------+-----------
            P1           | A         | 2024-03-01 | 2024-03-12
            P1           | B         | 2024-03-13 |
        """,
        bedarfsgemeinschaft="""
            bg_nummer | gueltig_von | gemeinde_ags
            ----------+-------------+-------------
            A         | 2020-01-01  | 08317001
            A         | 2024-03-14  | 08317096
            B         | 2020-01-01  | 08317002
        """,
    )


def test_shown_where_it_began(spec_test: SpecTest) -> None:
    """Der Bezug beginnt in Offenburg und geht nach vier Tagen Pause in Lahr weiter: ein Zugang, in Offenburg."""
    spec_test(
        "2024-03",
        {"ELB_ZUGANG": 1, "ELB_ZUGANG GEMEINDE 08317096": 1, "ELB_ZUGANG GEMEINDE 08317065": 0},
        bedarfsgemeinschaft="""
            bg_nummer | gemeinde_ags
            ----------+-------------
            A         | 08317096
            B         | 08317065
        """,
        bg_mitglied="""
            kundennummer | bg_nummer | von        | bis
            -------------+-----------+------------+-----------
            P1           | A         | 2024-02-20 | 2024-03-01
            P1           | B         | 2024-03-06 |
        """,
    )


def test_a_bg_that_is_gone(spec_test: SpecTest) -> None:
    """Am Zähltag hat die BG weder Mitglieder noch Anschrift: Der Zugang zählt, sein Ort ist unbekannt (OHNE)."""
    spec_test(
        "2024-03",
        {"ELB_ZUGANG": 1, "ELB_ZUGANG GEMEINDE OHNE": 1, "ELB_ABGANG": 1},
        bedarfsgemeinschaft="""
            bg_nummer | gueltig_von | gueltig_bis
            ----------+-------------+------------
            A         | 2024-02-20  | 2024-03-01
        """,
        bg_mitglied="""
            kundennummer | bg_nummer | von        | bis
            -------------+-----------+------------+-----------
            P1           | A         | 2024-02-20 | 2024-03-01
        """,
    )
