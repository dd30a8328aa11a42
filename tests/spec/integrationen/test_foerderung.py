from __future__ import annotations

import pytest

from spec.conftest import SpecTest

pytestmark = pytest.mark.slow  # many cases of one kind
title = "Geförderte Arbeit"
text = (
    "Keine Integration ist die Aufnahme einer öffentlich geförderten Beschäftigung: P16d, P16i, STA und P16e alten "
    "Rechts, also mit Beginn vor dem 1. Januar 2019. Jede andere Förderung ist begleitend und lässt die Integration "
    "gelten. Entscheidend ist der Beginn der Förderung, hier der Beginn der Arbeit."
)


@pytest.mark.parametrize(("foerderung", "integration"), [
    ("", 1),
    ("P16_45", 1), ("P16_81", 1), ("P16_44", 1), ("P16_88", 1), ("P16b", 1), ("P16c", 1),
    ("P16d", 0),
    ("P16e", 1),  # seit 2019 begleitend
    ("P16f", 1), ("P16g", 1), ("P16h", 1),
    ("P16i", 0),
    ("P16j", 1), ("P16k", 1),
    ("STA", 0),
    ("ESF_LZA", 1),
])  # fmt: skip
def test_each_support(spec_test: SpecTest, foerderung: str, integration: int) -> None:
    """Alle Schlüssel, und ohne Förderung."""
    spec_test(
        "2024-03",
        {"INT": integration, "INT_SVP": integration},
        erwerbstaetigkeit=f"""
            kundennummer | beginn     | foerderung
            -------------+------------+-----------
            P1           | 2024-03-01 | {foerderung}
        """,
    )


@pytest.mark.parametrize(("beginn", "integration"), [
    ("2018-12-30", 0),
    ("2018-12-31", 0),  # altes Recht
    ("2019-01-01", 1),  # neues Recht
    ("2019-01-02", 1),
])  # fmt: skip
def test_16e_around_the_new_law(spec_test: SpecTest, beginn: str, integration: int) -> None:
    """P16e: Der Tag des Beginns entscheidet über altes oder neues Recht; alle vier liegen im selben Zeitraum."""
    spec_test(
        "2019-01",
        {"INT": integration, "INT_SVP": integration},
        bg_mitglied="""
            kundennummer | von
            -------------+-----------
            P1           | 2018-01-01
        """,
        erwerbstaetigkeit=f"""
            kundennummer | beginn   | foerderung
            -------------+----------+-----------
            P1           | {beginn} | P16e
        """,
    )


@pytest.mark.parametrize(("art", "integration"), [("SVP", 0), ("AUSB", 0), ("SELB", 0)])
def test_subsidised_whatever_the_kind(spec_test: SpecTest, art: str, integration: int) -> None:
    """Die öffentliche Förderung schließt jede Art aus."""
    spec_test(
        "2024-03",
        {"INT": integration, "INT_SVP": integration},
        erwerbstaetigkeit=f"""
            kundennummer | beginn     | art   | foerderung
            -------------+------------+-------+-----------
            P1           | 2024-03-01 | {art} | P16i
        """,
    )


def test_an_unsubsidised_one_beside_it(spec_test: SpecTest) -> None:
    """Neben der geförderten Stelle eine Selbständigkeit: Integration ja, in SVP nein."""
    spec_test(
        "2024-03",
        {"INT": 1, "INT_SVP": 0},
        erwerbstaetigkeit="""
            kundennummer | beginn     | art  | foerderung
            -------------+------------+------+-----------
            P1           | 2024-03-01 | SVP  | P16i
            P1           | 2024-03-04 | SELB |
        """,
    )


def test_a_measure_beside_an_unsubsidised_job(spec_test: SpecTest) -> None:
    """Nur die Spalte foerderung der Arbeit entscheidet: Eine Arbeitsgelegenheit daneben nimmt ihr nichts."""
    spec_test(
        "2024-03",
        {"INT": 1, "OEGB": 1},
        erwerbstaetigkeit="""
            kundennummer | beginn
            -------------+-----------
            P1           | 2024-03-01
        """,
        massnahme="""
            kundennummer | eintritt   | instrument
            -------------+------------+-----------
            P1           | 2024-03-01 | P16d
        """,
    )
