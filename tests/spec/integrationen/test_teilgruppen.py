from __future__ import annotations

import pytest

from spec.conftest import SpecTest

pytestmark = pytest.mark.slow  # many cases of one kind
title = "Alleinerziehende, Langzeitbezug und Merkmale"
text = (
    "Zu welcher Teilgruppe eine Person gehört, sagt S(t-1): INT_AE zählt die Integrationen der an S(t-1) "
    "Alleinerziehenden, INT_LZB die der Langzeitleistungsbeziehenden. Auch die Merkmale sind die von S(t-1)."
)

JOB = """
    kundennummer | beginn
    -------------+-----------
    P1           | 2024-03-01
"""


@pytest.mark.parametrize(("von", "bis", "lone", "later"), [
    ("2023-01-01", "", 1, 1),
    ("2023-01-01", "2024-02-14", 0, 0),
    ("2023-01-01", "2024-02-15", 1, 0),  # an S(t-1) alleinerziehend, an S(t) nicht mehr
    ("2024-02-15", "", 1, 1),
    ("2024-02-16", "", 0, 1),  # erst an S(t)
])  # fmt: skip
def test_lone_parent_on_the_previous_counting_day(
    spec_test: SpecTest, von: str, bis: str, lone: int, later: int
) -> None:
    """Das Kind gehört am 15. Februar zur BG oder nicht; der März entscheidet nur über AE."""
    spec_test(
        "2024-03",
        {"INT": 1, "INT_AE": lone, "INT_AE GESCHLECHT w": lone, "AE": later},
        person="""
            kundennummer | geburtsdatum
            -------------+-------------
            KI           | 2015-05-05
        """,
        bg_mitglied=f"""
            kundennummer | bg_nummer | rolle | erwerbsfaehig | von        | bis
            -------------+-----------+-------+---------------+------------+------
            P1           | B         | HP    | T             | 2020-01-01 |
            KI           | B         | KI    | F             | {von}      | {bis}
        """,
        erwerbstaetigkeit=JOB,
    )


@pytest.mark.parametrize(("role", "counted"), [("HP", 1), ("EL", 0)])
def test_only_the_main_person(spec_test: SpecTest, role: str, counted: int) -> None:
    """Alleinerziehend ist die ELB mit Rolle HP; die Rolle EL hat eine Integration, aber keine in INT_AE."""
    spec_test(
        "2024-03",
        {"INT": 1, "INT_AE": counted},
        person="""
            kundennummer | geburtsdatum
            -------------+-------------
            KI           | 2015-05-05
        """,
        bg_mitglied=f"""
            kundennummer | bg_nummer | rolle  | erwerbsfaehig
            -------------+-----------+--------+--------------
            P1           | B         | {role} | T
            KI           | B         | KI     | F
        """,
        erwerbstaetigkeit=JOB,
    )


@pytest.mark.parametrize(("von", "in_february"), [("2022-05-19", 1), ("2022-05-20", 0)])
def test_long_term_on_the_previous_counting_day(spec_test: SpecTest, von: str, in_february: int) -> None:
    """Seit dem 19. Mai 2022 sind es am 15. Februar 638 Tage, seit dem 20. Mai 637; im März sind beide LZB."""
    spec_test(
        "2024-03",
        {"INT": 1, "INT_LZB": in_february, "INT_LZB GESCHLECHT w": in_february, "LZB": 1},
        bg_mitglied=f"""
            kundennummer | von
            -------------+------
            P1           | {von}
        """,
        leistung="""
            kundennummer | monat
            -------------+-----------------
            P1           | 2022-01..2024-04
        """,
        erwerbstaetigkeit=JOB,
    )


def test_long_term_who_left(spec_test: SpecTest) -> None:
    """An S(t-1) im Langzeitbezug, an S(t) nicht mehr im Bezug: zählt."""
    spec_test(
        "2024-03",
        {"INT": 1, "INT_LZB": 1, "LZB": 0, "ELB": 0},
        bg_mitglied="""
            kundennummer | bis
            -------------+-----------
            P1           | 2024-02-15
        """,
        leistung="""
            kundennummer | monat
            -------------+-----------------
            P1           | 2022-01..2024-04
        """,
        erwerbstaetigkeit=JOB,
    )


@pytest.mark.parametrize(("birth", "group"), [("1999-02-15", "25-54"), ("1999-02-16", "15-24")])
def test_features_of_the_previous_counting_day(spec_test: SpecTest, birth: str, group: str) -> None:
    """Alter und Ort wie am 15. Februar, auch nach Geburtstag und Umzug."""
    spec_test(
        "2024-03",
        {f"INT ALTER {group}": 1, "INT GEMEINDE 08317001": 1, "INT BG_TYP SINGLE": 1},
        person=f"""
            kundennummer | geburtsdatum
            -------------+-------------
            P1           | {birth}
        """,
        bedarfsgemeinschaft="""
            bg_nummer | gueltig_von | gemeinde_ags
            ----------+-------------+-------------
            BG P1     | 2020-01-01  | 08317001
            BG P1     | 2024-02-16  | 08317096
        """,
        erwerbstaetigkeit=JOB,
    )


@pytest.mark.parametrize(("first", "value"), [("2024-03", None), ("2024-02", None), ("2024-01", 0)])
def test_first_values(spec_test: SpecTest, first: str, value: int | None) -> None:
    """Der erste Wert steht zwei Monate nach dem ersten Monat mit leistung: Vorher fehlt er, auch wenn jemand zählte."""
    spec_test(
        "2024-03",
        {"INT": value, "INT_SVP": value, "INT_AE": value, "GERING": value, "OEGB": value, "INT_LZB": None},
        leistung=f"""
            kundennummer | monat
            -------------+-----------------
            P1           | {first}..2024-04
        """,
    )


@pytest.mark.parametrize(("first", "value"), [("2022-03", None), ("2022-02", 1)])
def test_first_value_of_long_term_integrations(spec_test: SpecTest, first: str, value: int | None) -> None:
    """INT_LZB braucht 25 Monate davor: LZB am Zähltag des Vormonats."""
    spec_test(
        "2024-03",
        {"INT": 1, "INT_LZB": value, "LZB": 1},
        leistung=f"""
            kundennummer | monat
            -------------+-----------------
            P1           | {first}..2024-04
        """,
        erwerbstaetigkeit=JOB,
    )
