from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Erste Werte"
text = (
    "Bestände und Summen haben einen Wert ab dem ersten Monat mit einer Zeile in leistung. Bewegungen brauchen zwei "
    "Monate Vorlauf, der Langzeitleistungsbezug 24, seine Bewegungen 25. Bis dahin fehlt der Wert; das ist nicht null."
)


def _one_person(spec_test: SpecTest, month: str, expected: dict[str, int | str | None]) -> None:
    spec_test(
        month,
        expected,
        leistung="""
            kundennummer | monat
            -------------+-----------------
            P1           | 2022-01..2024-03
        """,
    )


def test_first_month(spec_test: SpecTest) -> None:
    """Bestände, BG und Summen sind sofort da."""
    _one_person(
        spec_test,
        "2022-01",
        {
            "ELB": 1, "BG": 1, "LLU": "100.00", "LUH": 0, "ABGELEHNT": 0, "AE": 0,
            "ELB_ZUGANG": None, "ELB_ABGANG": None, "LZB": None, "LZB_ZUGANG": None, "LZB_ABGANG": None,
            "LZB GESCHLECHT m": None, "LZB BG_TYP SINGLE": None,
        },
    )  # fmt: skip


@pytest.mark.parametrize(("month", "value"), [("2022-02", None), ("2022-03", 0)])
def test_movements_two_months_later(spec_test: SpecTest, month: str, value: int | None) -> None:
    """Die ersten Bewegungen sind die des dritten Monats."""
    _one_person(spec_test, month, {"ELB_ZUGANG": value, "ELB_ABGANG": value, "ELB_ZUGANG ALTER U15": value})


@pytest.mark.parametrize(("month", "lzb", "moved"), [
    ("2023-12", None, None),
    ("2024-01", 1, None),
    ("2024-02", 1, 0),
])  # fmt: skip
def test_long_term_receipt_24_and_25_months_later(
    spec_test: SpecTest, month: str, lzb: int | None, moved: int | None
) -> None:
    """LZB nach 24 Monaten, Zugänge und Abgänge von LZB einen Monat später."""
    _one_person(spec_test, month, {"LZB": lzb, "LZB_ZUGANG": moved, "LZB_ABGANG": moved, "LZB GESCHLECHT w": lzb})


def test_a_month_without_money_in_the_middle(spec_test: SpecTest) -> None:
    """Im Februar hat niemand Leistungen, gezählt wird niemand: null, nicht fehlend. Die Mitglieder sind ABGELEHNT."""
    spec_test(
        "2024-02",
        {"ELB": 0, "BG": 0, "LLU": 0, "ABGELEHNT": 1, "ELB_ABGANG": 1},
        leistung="""
            kundennummer | monat
            -------------+-----------------
            P1           | 2023-11..2024-01
            P1           | 2024-03..2024-04
        """,
    )
