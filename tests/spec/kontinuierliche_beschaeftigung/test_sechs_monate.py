from __future__ import annotations

import pytest

from spec.conftest import SpecTest

pytestmark = pytest.mark.slow  # many cases of one kind
title = "Sechs Monate nach der Integration (INT_SVP_KONT)"
text = (
    "Eine Integration in sozialversicherungspflichtige Beschäftigung (INT_SVP) des Monats t ist kontinuierlich, wenn "
    "an jedem der sechs Zähltage S(t+1) bis S(t+6) irgendeine Beschäftigung der Art SVP besteht: bei welchem "
    "Arbeitgeber, ob gefördert und wann erfasst, ist gleich. Hier ist t der September 2023; gefragt sind der 15. "
    "Oktober bis 15. März."
)

MONEY = """
    kundennummer | monat
    -------------+-----------------
    P1           | 2023-06..2024-03
"""


def _september(spec_test: SpecTest, jobs: str, continuous: int, svp: int = 1, integration: int = 1) -> None:
    """Count September 2023 in a delivery that ends with March 2024. ``jobs``: beginn | ende | art | foerderung."""
    rows = "\n".join(f"P1 | {line.strip()}" for line in jobs.strip().splitlines())
    spec_test(
        "2023-09",
        {
            "INT": integration,
            "INT_SVP": svp,
            "INT_SVP_KONT": continuous,
            "INT_SVP_KONT GESCHLECHT w": continuous,
        },
        erstellt_am="2024-03-20T06:00:00+01:00",
        leistung=MONEY,
        erwerbstaetigkeit=f"""
            kundennummer | beginn | ende | art | foerderung
            -------------+--------+------+-----+-----------
            {rows}
        """,
    )


@pytest.mark.parametrize(("ende", "continuous"), [
    ("2024-03-14", 0),
    ("2024-03-15", 1),  # am sechsten Zähltag noch beschäftigt
    ("2024-03-16", 1),
    ("", 1),
])  # fmt: skip
def test_until_the_sixth_counting_day(spec_test: SpecTest, ende: str, continuous: int) -> None:
    """Beschäftigt seit dem 1. September, bis vor, auf und nach dem sechsten Zähltag."""
    _september(spec_test, f"2023-09-01 | {ende} | SVP |", continuous)


@pytest.mark.parametrize("missing", ["2023-10", "2023-11", "2023-12", "2024-01", "2024-02", "2024-03"])
def test_one_month_missing(spec_test: SpecTest, missing: str) -> None:
    """An einem der sechs Zähltage ohne Beschäftigung: nicht kontinuierlich, auch wenn der letzte Monat wieder zählt."""
    _september(
        spec_test,
        f"""
        2023-09-01 | {missing}-14 | SVP |
        {missing}-16 |            | SVP |
        """,
        0,
    )


@pytest.mark.parametrize(("ende", "beginn", "continuous"), [
    ("2023-12-14", "2023-12-15", 1),  # der Zähltag ist der erste Tag der neuen Stelle
    ("2023-12-14", "2023-12-16", 0),
    ("2023-12-15", "2024-01-15", 1),  # einen Monat ohne Arbeit, doch an jedem Zähltag beschäftigt
    ("2023-12-15", "2024-01-16", 0),
])  # fmt: skip
def test_change_of_employer(spec_test: SpecTest, ende: str, beginn: str, continuous: int) -> None:
    """Der Wechsel des Arbeitgebers schadet nicht, solange kein Zähltag dazwischen liegt."""
    _september(
        spec_test,
        f"""
        2023-09-01 | {ende} | SVP |
        {beginn}   |        | SVP |
        """,
        continuous,
    )


@pytest.mark.parametrize("foerderung", ["", "P16_88", "P16d", "P16e", "P16i", "STA"])
def test_the_next_job_may_be_subsidised(spec_test: SpecTest, foerderung: str) -> None:
    """Die Förderung der Beschäftigung danach ist ohne Bedeutung."""
    _september(
        spec_test,
        f"""
        2023-09-01 | 2023-11-30 | SVP |
        2023-12-01 |            | SVP | {foerderung}
        """,
        1,
    )


@pytest.mark.parametrize("art", ["AUSB", "SELB", "GERING"])
def test_the_next_job_must_be_insured(spec_test: SpecTest, art: str) -> None:
    """Danach zählt nur sozialversicherungspflichtige Beschäftigung."""
    _september(
        spec_test,
        f"""
        2023-09-01 | 2023-11-30 | SVP   |
        2023-12-01 |            | {art} |
        """,
        0,
    )


@pytest.mark.parametrize("art", ["AUSB", "SELB"])
def test_integrations_of_other_kinds(spec_test: SpecTest, art: str) -> None:
    """Die Integration durch Ausbildung oder Selbständigkeit steht weder in INT_SVP noch in INT_SVP_KONT."""
    _september(
        spec_test,
        f"""
        2023-09-01 |  | {art} |
        2023-09-20 |  | SVP   |
        """,
        0,
        svp=0,
    )


def test_a_subsidised_start_is_no_integration(spec_test: SpecTest) -> None:
    """Wer öffentlich gefördert beginnt, hat keine Integration, also auch keine kontinuierliche."""
    _september(spec_test, "2023-09-01 |  | SVP | P16i", 0, svp=0, integration=0)


def test_a_job_that_ran_already(spec_test: SpecTest) -> None:
    """Irgendeine Beschäftigung genügt: hier eine von 2022, neben der im September eine neue nur einen Tag dauert."""
    _september(
        spec_test,
        """
        2022-05-01 |            | SVP |
        2023-09-01 | 2023-09-01 | SVP |
        """,
        1,
    )


@pytest.mark.parametrize(("back", "continuous"), [("2023-10-15", 1), ("2023-10-16", 0)])
def test_the_reporting_month_itself_is_not_asked(spec_test: SpecTest, back: str, continuous: int) -> None:
    """Gefragt wird ab S(t+1): An S(t) selbst muss niemand beschäftigt sein."""
    _september(
        spec_test,
        f"""
        2023-08-20 | 2023-08-31 | SVP |
        {back}     |            | SVP |
        """,
        continuous,
    )


def test_no_rule_of_recording(spec_test: SpecTest) -> None:
    """Die Beschäftigung danach zählt, wann immer sie erfasst ist; nur die Integration selbst hat eine Frist."""
    spec_test(
        "2023-09",
        {"INT_SVP": 1, "INT_SVP_KONT": 1},
        erstellt_am="2024-03-20T06:00:00+01:00",
        leistung="""
            kundennummer | monat
            -------------+-----------------
            P1           | 2023-06..2024-03
            P2           | 2023-06..2024-03
        """,
        erwerbstaetigkeit="""
            kundennummer | beginn     | ende       | erfasst_am
            -------------+------------+------------+-----------
            P1           | 2023-09-01 | 2023-10-31 | 2023-12-15
            P1           | 2023-11-01 |            | 2024-03-19
            P2           | 2023-09-01 |            | 2023-12-16
        """,
    )


def test_receipt_need_not_go_on(spec_test: SpecTest) -> None:
    """Wer nach S(t-1) den Bezug verlässt, bleibt für die Beschäftigung im Blick."""
    spec_test(
        "2023-09",
        {"ELB": 0, "INT_SVP": 1, "INT_SVP_KONT": 1},
        erstellt_am="2024-03-20T06:00:00+01:00",
        bg_mitglied="""
            kundennummer | bis
            -------------+-----------
            P1           | 2023-08-15
        """,
        leistung=MONEY,
        erwerbstaetigkeit="""
            kundennummer | beginn
            -------------+-----------
            P1           | 2023-09-01
        """,
    )


def test_counting_days_of_the_table(spec_test: SpecTest) -> None:
    """Maßgeblich sind die gelieferten Zähltage: Der 2. Oktober liegt in der Lücke, der 15. nicht."""
    spec_test(
        "2023-09",
        {"INT_SVP": 1, "INT_SVP_KONT": 0},
        erstellt_am="2024-03-20T06:00:00+01:00",
        leistung=MONEY,
        erwerbstaetigkeit="""
            kundennummer | beginn     | ende
            -------------+------------+-----------
            P1           | 2023-09-01 | 2023-10-01
            P1           | 2023-10-03 |
        """,
        stichtag="""
            monat   | stichtag
            --------+-----------
            2023-10 | 2023-10-02
        """,
    )
