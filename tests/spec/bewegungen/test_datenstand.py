from __future__ import annotations

from spec.conftest import SpecTest

title = "Datenstand"
text = "There are no ELB days after the date of erstellt_am; a spell whose last day is that date still runs."


def test_running_spell_at_the_counting_day(spec_test: SpecTest) -> None:
    """Delivered on the counting day: open spells are in the stock and do not exit."""
    spec_test("2024-03", {"ELB": 1, "ELB_ABGANG": 0}, erstellt_am="2024-03-15T06:00:00+01:00", person=ONE)


def test_delivered_after_the_counting_day(spec_test: SpecTest) -> None:
    """Delivered at the end of the month: the same figures."""
    spec_test("2024-03", {"ELB": 1, "ELB_ABGANG": 0}, erstellt_am="2024-03-31T23:00:00+02:00", person=ONE)


def test_a_gap_that_the_delivery_cannot_close(spec_test: SpecTest) -> None:
    """Receipt ended six days before the delivery; a return tomorrow would join, but nobody knows: an exit."""
    spec_test(
        "2024-03",
        {"ELB": 0, "ELB_ABGANG": 1},
        erstellt_am="2024-03-16T06:00:00+01:00",
        bg_mitglied="""
            kundennummer | von        | bis
            -------------+------------+-----------
            P1           | 2023-01-01 | 2024-03-10
            P1           | 2024-03-17 |
        """,
    )


def test_the_same_gap_later(spec_test: SpecTest) -> None:
    """A delivery one day later knows of the return: no exit."""
    spec_test(
        "2024-03",
        {"ELB": 0, "ELB_ABGANG": 0},
        erstellt_am="2024-03-17T06:00:00+01:00",
        bg_mitglied="""
            kundennummer | von        | bis
            -------------+------------+-----------
            P1           | 2023-01-01 | 2024-03-10
            P1           | 2024-03-17 |
        """,
    )


ONE = """
    kundennummer
    ------------
    P1
"""
