from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Stichtag"
text = "Gezählt wird an dem Tag, den die Tabelle stichtag für den Monat nennt (jeder Tag ist möglich), sonst am 15."


@pytest.mark.parametrize(("von", "bis", "elb"), [
    ("2024-03-15", "2024-03-15", 1),
    ("2024-03-16", "", 0),
    ("2020-01-01", "2024-03-14", 0),
])  # fmt: skip
def test_without_a_table_the_fifteenth_counts(spec_test: SpecTest, von: str, bis: str, elb: int) -> None:
    """Von und bis gelten einschließlich: Ein einziger Tag der Mitgliedschaft genügt, wenn es der Zähltag ist."""
    spec_test(
        "2024-03",
        {"ELB": elb, "PERS": elb, "BG": elb},
        bg_mitglied=f"""
            kundennummer | von   | bis
            -------------+-------+------
            P1           | {von} | {bis}
        """,
        leistung="""
            kundennummer | monat
            -------------+-------------
            P1           | 2024-03
        """,
    )


@pytest.mark.parametrize("day", ["2024-02-01", "2024-02-29"])
def test_first_and_last_day_of_a_month(spec_test: SpecTest, day: str) -> None:
    """Auch ein Zähltag am Rand des Monats nimmt die Leistungen dieses Monats."""
    spec_test(
        "2024-02",
        {"ELB": 1, "LLU": "100.00"},
        leistung="""
            kundennummer | monat
            -------------+--------
            P1           | 2024-02
        """,
        stichtag=f"""
            monat   | stichtag
            --------+---------
            2024-02 | {day}
        """,
    )


def test_months_that_are_not_listed_keep_the_fifteenth(spec_test: SpecTest) -> None:
    """Die Tabelle nennt nur die Nachbarmonate: Der März zählt weiter am 15."""
    spec_test(
        "2024-03",
        {"ELB": 1, "ELB_ZUGANG": 1},
        bg_mitglied="""
            kundennummer | von
            -------------+-----------
            P1           | 2024-03-15
        """,
        stichtag="""
            monat   | stichtag
            --------+-----------
            2024-02 | 2024-02-29
            2024-04 | 2024-04-01
        """,
    )
