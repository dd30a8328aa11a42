from __future__ import annotations

import pytest

from spec.conftest import SpecTest

pytestmark = pytest.mark.slow  # many cases of one kind
title = "Langzeitleistungsbeziehende in Maßnahmen (LZB_AKTIV)"
text = (
    "Personen, die an S(t) LZB sind und an diesem Tag an mindestens einer Maßnahme der aktiven Arbeitsförderung "
    "teilnehmen: eintritt ≤ S(t) ≤ austritt (ohne Austritt läuft sie noch), erfasst bis S(t) + 3 Monate. Welche "
    "Instrumente zählen, ist eine abgeschlossene Liste; bei P16e entscheidet der Eintritt vor dem 1. Januar 2019."
)

MONEY = """
    kundennummer | monat
    -------------+-----------------
    P1           | 2022-01..2024-04
"""


@pytest.mark.parametrize(("instrument", "active"), [
    ("P16_45", 1),
    ("P16_81", 1),
    ("P16_44", 0),  # Vermittlungsbudget
    ("P16_88", 0),  # Eingliederungszuschuss: begleitend
    ("P16b", 0), ("P16c", 0),
    ("P16d", 1),
    ("P16e", 0),  # seit 2019 begleitend
    ("P16f", 1),
    ("P16g", 0), ("P16h", 0),
    ("P16i", 1),
    ("P16j", 0), ("P16k", 0),  # 2023 zu Unrecht gezählt, von der BA 2024 berichtigt
    ("STA", 1),
    ("ESF_LZA", 0),
])  # fmt: skip
def test_each_instrument(spec_test: SpecTest, instrument: str, active: int) -> None:
    """Alle Instrumente."""
    spec_test(
        "2024-03",
        {"LZB": 1, "LZB_AKTIV": active, "LZB_AKTIV GESCHLECHT w": active},
        leistung=MONEY,
        massnahme=f"""
            kundennummer | eintritt   | instrument
            -------------+------------+-------------
            P1           | 2024-01-08 | {instrument}
        """,
    )


@pytest.mark.parametrize(("eintritt", "active"), [("2018-12-31", 1), ("2019-01-01", 0)])
def test_16e_around_the_new_law(spec_test: SpecTest, eintritt: str, active: int) -> None:
    """Eine P16e alten Rechts zählt, solange sie läuft; am ersten Tag des neuen Rechts begonnen, zählt sie nicht."""
    spec_test(
        "2024-03",
        {"LZB_AKTIV": active},
        leistung=MONEY,
        massnahme=f"""
            kundennummer | eintritt   | instrument
            -------------+------------+-----------
            P1           | {eintritt} | P16e
        """,
    )


@pytest.mark.parametrize(("eintritt", "austritt", "active"), [
    ("2024-03-14", "", 1),
    ("2024-03-15", "", 1),
    ("2024-03-16", "", 0),
    ("2024-01-08", "2024-03-14", 0),
    ("2024-01-08", "2024-03-15", 1),
    ("2024-01-08", "2024-03-16", 1),
    ("2024-03-15", "2024-03-15", 1),  # ein Tag
])  # fmt: skip
def test_running_on_the_counting_day(spec_test: SpecTest, eintritt: str, austritt: str, active: int) -> None:
    """Eintritt und Austritt vor, an und nach dem Zähltag."""
    spec_test(
        "2024-03",
        {"LZB_AKTIV": active},
        leistung=MONEY,
        massnahme=f"""
            kundennummer | eintritt   | austritt
            -------------+------------+-----------
            P1           | {eintritt} | {austritt}
        """,
    )


@pytest.mark.parametrize(("recorded", "active"), [("2024-06-14", 1), ("2024-06-15", 1), ("2024-06-16", 0)])
def test_recorded_in_time(spec_test: SpecTest, recorded: str, active: int) -> None:
    """Bis zum 15. Juni erfasst."""
    spec_test(
        "2024-03",
        {"LZB_AKTIV": active},
        leistung=MONEY,
        massnahme=f"""
            kundennummer | eintritt   | erfasst_am
            -------------+------------+-----------
            P1           | 2024-01-08 | {recorded}
        """,
    )


def test_persons_not_participations(spec_test: SpecTest) -> None:
    """Zwei Maßnahmen einer Person: eine Person, zwei Teilnahmen."""
    spec_test(
        "2024-03",
        {"LZB_AKTIV": 1, "TN_BESTAND": 3},
        leistung=MONEY,
        massnahme="""
            kundennummer | eintritt   | instrument
            -------------+------------+-----------
            P1           | 2024-01-08 | P16_45
            P1           | 2024-02-05 | P16d
            P1           | 2024-02-06 | P16b
        """,
    )


@pytest.mark.parametrize(("von", "active"), [("2022-06-17", 1), ("2022-06-18", 0)])
def test_only_long_term(spec_test: SpecTest, von: str, active: int) -> None:
    """638 Tage am 15. März sind LZB, 637 nicht; teilnehmen können beide."""
    spec_test(
        "2024-03",
        {"LZB": active, "LZB_AKTIV": active, "TN_BESTAND": 1},
        bg_mitglied=f"""
            kundennummer | von
            -------------+------
            P1           | {von}
        """,
        leistung=MONEY,
        massnahme="""
            kundennummer | eintritt
            -------------+-----------
            P1           | 2024-01-08
        """,
    )


def test_features_of_the_counting_day(spec_test: SpecTest) -> None:
    """Merkmale sind die von S(t): am 15. März 25 Jahre alt."""
    spec_test(
        "2024-03",
        {"LZB_AKTIV ALTER 25-54": 1, "LZB_AKTIV ALTER 15-24": 0, "LZB_AKTIV GESCHLECHT d": 1},
        person="""
            kundennummer | geburtsdatum | geschlecht
            -------------+--------------+-----------
            P1           | 1999-03-15   | d
        """,
        leistung=MONEY,
        massnahme="""
            kundennummer | eintritt
            -------------+-----------
            P1           | 2024-01-08
        """,
    )


@pytest.mark.parametrize(("first", "value"), [("2022-04", None), ("2022-03", 1)])
def test_first_value(spec_test: SpecTest, first: str, value: int | None) -> None:
    """Wie LZB: 24 Monate nach dem ersten Monat mit leistung."""
    spec_test(
        "2024-03",
        {"LZB": value, "LZB_AKTIV": value},
        leistung=f"""
            kundennummer | monat
            -------------+-----------------
            P1           | {first}..2024-04
        """,
        massnahme="""
            kundennummer | eintritt
            -------------+-----------
            P1           | 2024-01-08
        """,
    )
