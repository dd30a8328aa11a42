from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Datenstand und Wartezeit"
text = (
    "Wartezeit = volle Monate zwischen S(t) und erstellt_am. Ab drei Monaten sind Werte endgültig, vorher vorläufig. "
    "In den Beispielen steht sie als WARTEZEIT."
)


@pytest.mark.parametrize(("erstellt_am", "whole_months"), [
    ("2024-03-15T00:00:00+01:00", 0),
    ("2024-04-14T23:59:59+02:00", 0),
    ("2024-04-15T00:00:00+02:00", 1),
    ("2024-06-14T12:00:00+02:00", 2),
    ("2024-06-15T12:00:00+02:00", 3),
    ("2025-03-15T12:00:00+01:00", 12),
])  # fmt: skip
def test_whole_months(spec_test: SpecTest, erstellt_am: str, whole_months: int) -> None:
    """Ein Monat ist voll, wenn sein Tag erreicht ist."""
    spec_test("2024-03", {"WARTEZEIT": whole_months}, erstellt_am=erstellt_am, person=ONE)


@pytest.mark.parametrize(("erstellt_am", "whole_months"), [
    ("2024-02-28T12:00:00+01:00", 0),
    ("2024-02-29T12:00:00+01:00", 1),
    ("2024-03-30T12:00:00+01:00", 1),
    ("2024-03-31T12:00:00+02:00", 2),
])  # fmt: skip
def test_counting_day_at_the_end_of_a_month(spec_test: SpecTest, erstellt_am: str, whole_months: int) -> None:
    """Vom 31. Januar an ist ein Monat mit dem letzten Tag des Februars voll."""
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
    """Es gilt das Datum in der Zeitzone, die die Lieferung nennt, auch wenn in UTC noch der Vortag ist."""
    spec_test("2024-03", {"WARTEZEIT": whole_months}, erstellt_am=erstellt_am, person=ONE)


ONE = """
    kundennummer
    ------------
    P1
"""
