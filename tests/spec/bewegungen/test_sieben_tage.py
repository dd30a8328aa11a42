from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Unterbrechungen bis zu sieben Tagen"
text = "ELB-Tage bilden eine gemeinsame Bezugszeit, wenn höchstens sieben Tage zwischen ihnen liegen."


@pytest.mark.parametrize(("back_on", "moves"), [
    ("2024-05-27", 0),  # sechs Tage
    ("2024-05-28", 0),  # sieben Tage
    ("2024-05-29", 1),  # acht Tage
])  # fmt: skip
def test_1_to_20_may_and_again(spec_test: SpecTest, back_on: str, moves: int) -> None:
    """Bezug bis 20. Mai: nach sieben Tagen ohne keine Bewegung, nach acht Tagen ein Abgang und ein Zugang im Juni."""
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
    """Die Lücke wird in Tagen gezählt: 1. bis 7. März sind sieben Tage."""
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
    """Jede Lücke zählt für sich: Zweimal sieben Tage mit einem Bezugstag dazwischen unterbrechen nicht."""
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
    """An S(t) ist die Person nicht im Bestand, doch die Bezugszeit läuft weiter: Bestand 0, keine Bewegung."""
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
    """Eine Bezugszeit ist die der Person: Der Wechsel in eine andere BG ist keine Bewegung."""
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
