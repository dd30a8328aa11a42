from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Datenstand und Wartezeit"
text = "Waiting time = whole months between S(t) and erstellt_am; three or more are final, fewer preliminary."


@pytest.mark.parametrize(("erstellt_am", "whole_months"), [
    ("2024-03-15T00:00:00+01:00", 0),
    ("2024-04-14T23:59:59+02:00", 0),
    ("2024-04-15T00:00:00+02:00", 1),
    ("2024-06-14T12:00:00+02:00", 2),
    ("2024-06-15T12:00:00+02:00", 3),
    ("2025-03-15T12:00:00+01:00", 12),
])  # fmt: skip
def test_whole_months(spec_test: SpecTest, erstellt_am: str, whole_months: int) -> None:
    """A month is whole when its day has come."""
    spec_test("2024-03", {"WARTEZEIT": whole_months}, erstellt_am=erstellt_am, person=ONE)


@pytest.mark.parametrize(("erstellt_am", "whole_months"), [
    ("2024-02-28T12:00:00+01:00", 0),
    ("2024-02-29T12:00:00+01:00", 1),
    ("2024-03-30T12:00:00+01:00", 1),
    ("2024-03-31T12:00:00+02:00", 2),
])  # fmt: skip
def test_counting_day_at_the_end_of_a_month(spec_test: SpecTest, erstellt_am: str, whole_months: int) -> None:
    """From 31 January one month takes until the last day of February."""
    spec_test(
        "2024-01",
        {"WARTEZEIT": whole_months},
        erstellt_am=erstellt_am,
        person=ONE,
        stichtag="""
            monat   | stichtag
            --------+-----------
            2024-01 | 2024-01-31
        """,
    )


@pytest.mark.parametrize(("erstellt_am", "whole_months"), [
    ("2024-04-15T00:30:00+02:00", 1),
    ("2024-04-14T23:30:00-05:00", 0),
])  # fmt: skip
def test_the_date_is_the_one_the_source_wrote(spec_test: SpecTest, erstellt_am: str, whole_months: int) -> None:
    """Half past midnight in summer is the day before in UTC; what counts is the date in the source's own zone."""
    spec_test("2024-03", {"WARTEZEIT": whole_months}, erstellt_am=erstellt_am, person=ONE)


ONE = """
    kundennummer
    ------------
    P1
"""
