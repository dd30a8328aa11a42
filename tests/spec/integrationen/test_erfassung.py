from __future__ import annotations

import datetime as dt

import pytest

from spec.conftest import SpecTest

pytestmark = pytest.mark.slow  # many cases of one kind
title = "Erfassung innerhalb von drei Monaten"
text = (
    "Gezählt wird, was bis zum Tag S(t) + 3 Monate erfasst ist. Der Tag drei Monate später ist der Tag mit derselben "
    "Zahl oder, wo es ihn nicht gibt, der letzte des Monats. Das gilt für INT, INT_SVP, GERING und OEGB."
)


@pytest.mark.parametrize(("recorded", "counted"), [
    ("2024-02-01", 1),  # schon vor der Aufnahme bekannt
    ("2024-06-14", 1),
    ("2024-06-15", 1),
    ("2024-06-16", 0),
])  # fmt: skip
def test_three_months_after_the_counting_day(spec_test: SpecTest, recorded: str, counted: int) -> None:
    """S ist der 15. März: Bis zum 15. Juni Erfasstes zählt."""
    spec_test(
        "2024-03",
        {"INT": counted, "INT_SVP": counted, "GERING": counted, "OEGB": counted},
        erwerbstaetigkeit=f"""
            kundennummer | beginn     | art    | erfasst_am
            -------------+------------+--------+-----------
            P1           | 2024-03-01 | SVP    | {recorded}
            P2           | 2024-03-01 | GERING | {recorded}
        """,
        massnahme=f"""
            kundennummer | eintritt   | instrument | erfasst_am
            -------------+------------+------------+-----------
            P3           | 2024-03-01 | P16d       | {recorded}
        """,
    )


@pytest.mark.parametrize(("month", "counting_day", "last"), [
    pytest.param("2023-11", "2023-11-30", "2024-02-29", id="30. November, Schaltjahr"),
    pytest.param("2022-11", "2022-11-30", "2023-02-28", id="30. November"),
    pytest.param("2024-03", "2024-03-31", "2024-06-30", id="31. März"),
    pytest.param("2024-04", "2024-04-30", "2024-07-30", id="30. April: nicht der 31. Juli"),
    pytest.param("2024-02", "2024-02-29", "2024-05-29", id="29. Februar: nicht der 31. Mai"),
])  # fmt: skip
@pytest.mark.parametrize(("days", "counted"), [(-1, 1), (0, 1), (1, 0)])
def test_ends_of_months(spec_test: SpecTest, month: str, counting_day: str, last: str, days: int, counted: int) -> None:
    """Zähltage am Monatsende; erfasst am Tag davor, am letzten Tag und am Tag danach."""
    recorded = dt.date.fromisoformat(last) + dt.timedelta(days=days)
    spec_test(
        month,
        {"INT": counted},
        erwerbstaetigkeit=f"""
            kundennummer | beginn         | erfasst_am
            -------------+----------------+-----------
            P1           | {counting_day} | {recorded}
        """,
        stichtag=f"""
            monat   | stichtag
            --------+---------------
            {month} | {counting_day}
        """,
    )


def test_person_b_has_three_months_from_the_reporting_month(spec_test: SpecTest) -> None:
    """Auch für den früheren Zeitraum von Person B läuft die Frist ab S(t), nicht ab S(t-1)."""
    spec_test(
        "2024-03",
        {"INT": 1},
        bg_mitglied="""
            kundennummer | von
            -------------+-----------
            P1           | 2024-01-20
        """,
        erwerbstaetigkeit="""
            kundennummer | beginn     | erfasst_am
            -------------+------------+-----------
            P1           | 2024-02-05 | 2024-06-15
        """,
    )


def test_one_of_two_in_time(spec_test: SpecTest) -> None:
    """Die zu spät erfasste Stelle zählt nicht, die rechtzeitig erfasste genügt."""
    spec_test(
        "2024-03",
        {"INT": 1, "INT_SVP": 0},
        erwerbstaetigkeit="""
            kundennummer | beginn     | art  | erfasst_am
            -------------+------------+------+-----------
            P1           | 2024-03-01 | SVP  | 2024-06-16
            P1           | 2024-03-02 | SELB | 2024-06-15
        """,
    )
