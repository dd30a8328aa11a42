from __future__ import annotations

import pytest

from spec.conftest import SpecTest

pytestmark = pytest.mark.slow  # many cases of one kind
title = "Eintritte in geringfügige Beschäftigung (GERING)"
text = (
    "Gesucht wird wie bei den Integrationen nach Aufnahmen der Art GERING; eine Förderung ist ohne Bedeutung. Wer im "
    "selben Berichtsmonat eine Integration hat, zählt nicht als geringfügig; je Person und Monat höchstens einmal."
)


@pytest.mark.parametrize(("beginn", "counted"), [
    ("2024-02-15", 0),
    ("2024-02-16", 1),
    ("2024-03-15", 1),
    ("2024-03-16", 0),
])  # fmt: skip
def test_window(spec_test: SpecTest, beginn: str, counted: int) -> None:
    """Derselbe Zeitraum wie bei der Integration."""
    spec_test(
        "2024-03",
        {"GERING": counted, "INT": 0, "GERING GESCHLECHT w": counted},
        erwerbstaetigkeit=f"""
            kundennummer | beginn   | art
            -------------+----------+-------
            P1           | {beginn} | GERING
        """,
    )


@pytest.mark.parametrize("foerderung", ["P16d", "P16i", "STA", "P16_88"])
def test_support_is_ignored(spec_test: SpecTest, foerderung: str) -> None:
    """Auch öffentlich gefördert ist eine geringfügige Beschäftigung geringfügig."""
    spec_test(
        "2024-03",
        {"GERING": 1, "INT": 0},
        erwerbstaetigkeit=f"""
            kundennummer | beginn     | art    | foerderung
            -------------+------------+--------+-----------
            P1           | 2024-03-01 | GERING | {foerderung}
        """,
    )


@pytest.mark.parametrize(("art", "foerderung", "recorded", "integration", "marginal"), [
    pytest.param("SVP", "", "2024-03-10", 1, 0, id="sozialversicherungspflichtig"),
    pytest.param("AUSB", "", "2024-03-10", 1, 0, id="Ausbildung"),
    pytest.param("SELB", "", "2024-03-10", 1, 0, id="selbständig"),
    pytest.param("SVP", "P16_88", "2024-03-10", 1, 0, id="begleitend gefördert"),
    pytest.param("SVP", "P16i", "2024-03-10", 0, 1, id="öffentlich gefördert"),
    pytest.param("SVP", "", "2024-06-15", 1, 0, id="gerade noch erfasst"),
    pytest.param("SVP", "", "2024-06-16", 0, 1, id="zu spät erfasst"),
])  # fmt: skip
def test_an_integration_comes_first(
    spec_test: SpecTest, art: str, foerderung: str, recorded: str, integration: int, marginal: int
) -> None:
    """Nur eine Arbeit, die als Integration zählt, verdrängt die geringfügige Beschäftigung."""
    spec_test(
        "2024-03",
        {"INT": integration, "GERING": marginal},
        erwerbstaetigkeit=f"""
            kundennummer | beginn     | art    | foerderung   | erfasst_am
            -------------+------------+--------+--------------+-----------
            P1           | 2024-02-20 | GERING |              | 2024-03-01
            P1           | 2024-03-10 | {art}  | {foerderung} | {recorded}
        """,
    )


@pytest.mark.parametrize(("month", "integration", "marginal"), [("2024-02", 0, 1), ("2024-03", 1, 0)])
def test_first_marginal_then_insured(spec_test: SpecTest, month: str, integration: int, marginal: int) -> None:
    """Erst im einen Monat geringfügig, im nächsten eine Integration: Jeder Monat steht für sich."""
    spec_test(
        month,
        {"INT": integration, "GERING": marginal},
        erwerbstaetigkeit="""
            kundennummer | beginn     | art
            -------------+------------+-------
            P1           | 2024-02-05 | GERING
            P1           | 2024-03-01 | SVP
        """,
    )


def test_the_two_windows_of_person_b(spec_test: SpecTest) -> None:
    """Person B: die Integration im früheren, die geringfügige Beschäftigung im späteren Zeitraum, derselbe Monat."""
    spec_test(
        "2024-03",
        {"INT": 1, "GERING": 0},
        bg_mitglied="""
            kundennummer | von
            -------------+-----------
            P1           | 2024-01-20
        """,
        erwerbstaetigkeit="""
            kundennummer | beginn     | art
            -------------+------------+-------
            P1           | 2024-02-05 | SVP
            P1           | 2024-03-01 | GERING
        """,
    )


def test_at_most_one(spec_test: SpecTest) -> None:
    """Zwei geringfügige Beschäftigungen einer Person sind ein Eintritt."""
    spec_test(
        "2024-03",
        {"GERING": 1},
        erwerbstaetigkeit="""
            kundennummer | beginn     | art
            -------------+------------+-------
            P1           | 2024-02-20 | GERING
            P1           | 2024-03-01 | GERING
        """,
    )


def test_insured_work_that_goes_on(spec_test: SpecTest) -> None:
    """Wer länger versichert arbeitet und eine geringfügige Beschäftigung aufnimmt, zählt; es gibt keine Integration."""
    spec_test(
        "2024-03",
        {"GERING": 1, "INT": 0},
        erwerbstaetigkeit="""
            kundennummer | beginn     | art
            -------------+------------+-------
            P1           | 2023-07-01 | SVP
            P1           | 2024-03-01 | GERING
        """,
    )
