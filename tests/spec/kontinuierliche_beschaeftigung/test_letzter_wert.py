from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Erster und letzter Wert"
text = (
    "INT_SVP_KONT hat den ersten Wert zwei Monate nach dem ersten Monat mit leistung und den letzten sechs Monate vor "
    "dem letzten Monat der Lieferung; danach fehlt er, denn die sechs Monate sind noch nicht vorbei. Der letzte Monat "
    "ist der letzte mit leistung, dessen Zähltag nicht nach dem Datenstand liegt."
)


def _count(spec_test: SpecTest, month: str, created: str, last: str, value: int | None) -> None:
    spec_test(
        month,
        {"INT_SVP": 1, "INT_SVP_KONT": value, "INT_SVP_KONT GESCHLECHT w": value},
        erstellt_am=f"{created}T06:00:00+01:00",
        leistung=f"""
            kundennummer | monat
            -------------+----------------
            P1           | 2023-06..{last}
        """,
        erwerbstaetigkeit="""
            kundennummer | beginn     | ende
            -------------+------------+-----------
            P1           | 2023-09-01 | 2023-09-30
            P1           | 2023-10-01 |
        """,
    )


@pytest.mark.parametrize(("month", "value"), [("2023-09", 1), ("2023-10", None)])
def test_six_months_before_the_last_month(spec_test: SpecTest, month: str, value: int | None) -> None:
    """Letzter Monat ist der März 2024: September hat einen Wert, Oktober noch nicht."""
    _count(spec_test, month, "2024-03-20", "2024-03", value)


@pytest.mark.parametrize(("created", "value"), [("2024-03-14", None), ("2024-03-15", 1), ("2024-03-16", 1)])
def test_the_last_counting_day_must_have_come(spec_test: SpecTest, created: str, value: int | None) -> None:
    """Datenstand vor, an und nach dem sechsten Zähltag."""
    _count(spec_test, "2023-09", created, "2024-03", value)


@pytest.mark.parametrize(("last", "value"), [("2024-02", None), ("2024-03", 1), ("2024-04", 1)])
def test_the_last_month_with_money(spec_test: SpecTest, last: str, value: int | None) -> None:
    """Ohne leistung im März endet die Lieferung im Februar, auch wenn sie später erstellt ist."""
    _count(spec_test, "2023-09", "2024-07-01", last, value)


@pytest.mark.parametrize(("first", "value"), [("2023-09", None), ("2023-08", None), ("2023-07", 0)])
def test_first_value(spec_test: SpecTest, first: str, value: int | None) -> None:
    """Wie die Integrationen selbst: zwei Monate nach dem ersten Monat mit leistung."""
    spec_test(
        "2023-09",
        {"INT_SVP_KONT": value, "INT_SVP": value},
        erstellt_am="2024-07-01T06:00:00+02:00",
        leistung=f"""
            kundennummer | monat
            -------------+-----------------
            P1           | {first}..2024-04
        """,
    )
