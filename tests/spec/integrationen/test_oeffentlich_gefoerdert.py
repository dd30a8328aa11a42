from __future__ import annotations

import pytest

from spec.conftest import SpecTest

pytestmark = pytest.mark.slow  # many cases of one kind
title = "Eintritte in öffentlich geförderte Beschäftigung (OEGB)"
text = (
    "Gesucht wird bei denselben Personen und in denselben Zeiträumen, aber in den Maßnahmen: Eintritte in P16d, P16i, "
    "STA und P16e mit Eintritt vor dem 1. Januar 2019, je Person und Monat höchstens einer, gleich ob daneben eine "
    "Integration zählt."
)


@pytest.mark.parametrize(("instrument", "counted"), [
    ("P16_45", 0), ("P16_81", 0), ("P16_44", 0), ("P16_88", 0), ("P16b", 0), ("P16c", 0),
    ("P16d", 1),
    ("P16e", 0),  # seit 2019 begleitend
    ("P16f", 0), ("P16g", 0), ("P16h", 0),
    ("P16i", 1),
    ("P16j", 0), ("P16k", 0),
    ("STA", 1),
    ("ESF_LZA", 0),
])  # fmt: skip
def test_each_instrument(spec_test: SpecTest, instrument: str, counted: int) -> None:
    """Alle Instrumente."""
    spec_test(
        "2024-03",
        {"OEGB": counted, "INT": 0},
        massnahme=f"""
            kundennummer | eintritt   | instrument
            -------------+------------+-------------
            P1           | 2024-03-01 | {instrument}
        """,
    )


@pytest.mark.parametrize(("eintritt", "counted"), [("2018-12-31", 1), ("2019-01-01", 0)])
def test_16e_around_the_new_law(spec_test: SpecTest, eintritt: str, counted: int) -> None:
    """P16e am letzten Tag des alten und am ersten des neuen Rechts, beide im selben Zeitraum."""
    spec_test(
        "2019-01",
        {"OEGB": counted},
        bg_mitglied="""
            kundennummer | von
            -------------+-----------
            P1           | 2018-01-01
        """,
        massnahme=f"""
            kundennummer | eintritt   | instrument
            -------------+------------+-----------
            P1           | {eintritt} | P16e
        """,
    )


@pytest.mark.parametrize(("von", "eintritt", "counted"), [
    ("2023-01-01", "2024-02-15", 0),
    ("2023-01-01", "2024-02-16", 1),
    ("2023-01-01", "2024-03-15", 1),
    ("2023-01-01", "2024-03-16", 0),
    ("2024-01-20", "2024-01-15", 0),  # Person B
    ("2024-01-20", "2024-01-16", 1),
    ("2024-01-20", "2024-02-15", 1),
    ("2024-02-16", "2024-03-01", 0),  # an S(t-1) nicht ELB
])  # fmt: skip
def test_windows(spec_test: SpecTest, von: str, eintritt: str, counted: int) -> None:
    """Person A, Person B, und wer an S(t-1) noch nicht ELB war."""
    spec_test(
        "2024-03",
        {"OEGB": counted},
        bg_mitglied=f"""
            kundennummer | von
            -------------+------
            P1           | {von}
        """,
        massnahme=f"""
            kundennummer | eintritt   | instrument
            -------------+------------+-----------
            P1           | {eintritt} | P16d
        """,
    )


def test_at_most_one_and_beside_an_integration(spec_test: SpecTest) -> None:
    """Zwei Eintritte einer Person zählen einmal; Integration und geringfügige Beschäftigung stehen für sich."""
    spec_test(
        "2024-03",
        {"OEGB": 2, "INT": 1, "GERING": 1},
        erwerbstaetigkeit="""
            kundennummer | beginn     | art
            -------------+------------+-------
            P1           | 2024-03-01 | SVP
            P2           | 2024-03-01 | GERING
        """,
        massnahme="""
            kundennummer | eintritt   | austritt   | instrument
            -------------+------------+------------+-----------
            P1           | 2024-02-20 | 2024-02-25 | P16d
            P1           | 2024-03-01 |            | P16i
            P2           | 2024-03-01 |            | STA
        """,
    )


def test_a_subsidised_job_is_not_a_measure(spec_test: SpecTest) -> None:
    """Die Zeile in erwerbstaetigkeit mit foerderung P16i allein ist kein Eintritt: gezählt wird massnahme."""
    spec_test(
        "2024-03",
        {"OEGB": 0, "INT": 0},
        erwerbstaetigkeit="""
            kundennummer | beginn     | foerderung
            -------------+------------+-----------
            P1           | 2024-03-01 | P16i
        """,
    )


def test_one_of_two_recorded_in_time(spec_test: SpecTest) -> None:
    """Zwei Eintritte, einer davon zu spät erfasst: Der andere zählt."""
    spec_test(
        "2024-03",
        {"OEGB": 1},
        massnahme="""
            kundennummer | eintritt   | instrument | erfasst_am
            -------------+------------+------------+-----------
            P1           | 2024-03-01 | P16i       | 2024-03-01
            P1           | 2024-03-04 | P16d       | 2024-06-16
        """,
    )
