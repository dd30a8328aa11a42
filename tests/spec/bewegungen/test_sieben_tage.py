from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Unterbrechungen bis zu sieben Tagen"
text = "ELB days are joined to one spell when at most seven days lie strictly between them."


@pytest.mark.parametrize(("back_on", "moves"), [
    ("2024-05-27", 0),  # six days
    ("2024-05-28", 0),  # seven days
    ("2024-05-29", 1),  # eight days
])  # fmt: skip
def test_1_to_20_may_and_again(spec_test: SpecTest, back_on: str, moves: int) -> None:
    """Receipt until 20 May: after seven days without, no movement; after eight, an exit and an entry in June."""
    spec_test(
        "2024-06",
        {"ELB_ABGANG": moves, "ELB_ZUGANG": moves, "ELB": 1},
        bg_mitglied=f"""
            kundennummer | von        | bis
            -------------+------------+-----------
            P1           | 2024-05-01 | 2024-05-20
            P1           | {back_on}  |
        """,
    )


@pytest.mark.parametrize(("back_on", "moves"), [("2024-03-08", 0), ("2024-03-09", 1)])
def test_gap_over_the_end_of_february(spec_test: SpecTest, back_on: str, moves: int) -> None:
    """The gap is counted in days: 1 to 7 March are seven days."""
    spec_test(
        "2024-03",
        {"ELB_ABGANG": moves, "ELB_ZUGANG": moves, "ELB": 1},
        bg_mitglied=f"""
            kundennummer | von        | bis
            -------------+------------+-----------
            P1           | 2023-01-01 | 2024-02-29
            P1           | {back_on}  |
        """,
    )


def test_two_short_gaps(spec_test: SpecTest) -> None:
    """Each gap is looked at by itself: twice seven days with one day of receipt between them join."""
    spec_test(
        "2024-03",
        {"ELB_ABGANG": 0, "ELB_ZUGANG": 0, "ELB": 1},
        bg_mitglied="""
            kundennummer | von        | bis
            -------------+------------+-----------
            P1           | 2023-01-01 | 2024-02-20
            P1           | 2024-02-28 | 2024-02-28
            P1           | 2024-03-07 |
        """,
    )


def test_a_gap_over_the_counting_day(spec_test: SpecTest) -> None:
    """On S(t) the person is not in the stock, but the spell goes on: stock 0, no movement."""
    spec_test(
        "2024-03",
        {"ELB": 0, "ELB_ABGANG": 0, "ELB_ZUGANG": 0},
        bg_mitglied="""
            kundennummer | von        | bis
            -------------+------------+-----------
            P1           | 2023-01-01 | 2024-03-12
            P1           | 2024-03-18 |
        """,
    )


def test_another_bg_on_the_next_day(spec_test: SpecTest) -> None:
    """A spell is one of the person: moving to another BG is no movement."""
    spec_test(
        "2024-03",
        {"ELB": 1, "ELB_ABGANG": 0, "ELB_ZUGANG": 0},
        bg_mitglied="""
            kundennummer | bg_nummer | von        | bis
            -------------+-----------+------------+-----------
            P1           | A         | 2023-01-01 | 2024-02-29
            P1           | B         | 2024-03-01 |
        """,
    )
