from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Was eine Integration ist"
text = (
    "Eine Integration ist die Aufnahme einer sozialversicherungspflichtigen Beschäftigung (SVP), einer voll "
    "qualifizierenden Ausbildung (AUSB) oder einer Selbständigkeit (SELB); je Person und Monat höchstens eine. "
    "INT_SVP zählt ebenso, aber nur die sozialversicherungspflichtige Beschäftigung."
)


@pytest.mark.parametrize(("art", "integration", "svp", "marginal"), [
    ("SVP", 1, 1, 0),
    ("AUSB", 1, 0, 0),
    ("SELB", 1, 0, 0),
    ("GERING", 0, 0, 1),
])  # fmt: skip
def test_each_kind(spec_test: SpecTest, art: str, integration: int, svp: int, marginal: int) -> None:
    """Jede Art für sich; die geringfügige Beschäftigung ist keine Integration."""
    spec_test(
        "2024-03",
        {"INT": integration, "INT_SVP": svp, "GERING": marginal, "OEGB": 0},
        erwerbstaetigkeit=f"""
            kundennummer | beginn     | art
            -------------+------------+------
            P1           | 2024-03-01 | {art}
        """,
    )


def test_at_most_one_per_person_and_month(spec_test: SpecTest) -> None:
    """Drei Aufnahmen einer Person sind eine Integration, auch wenn sie an verschiedenen Tagen beginnen."""
    spec_test(
        "2024-03",
        {"INT": 1, "INT_SVP": 1},
        erwerbstaetigkeit="""
            kundennummer | beginn     | ende       | art
            -------------+------------+------------+-----
            P1           | 2024-02-20 | 2024-02-29 | SVP
            P1           | 2024-03-01 |            | SVP
            P1           | 2024-03-10 |            | SELB
        """,
    )


def test_both_windows_of_person_b_are_one_month(spec_test: SpecTest) -> None:
    """Person B mit einer Aufnahme in jedem ihrer beiden Zeiträume: eine Integration."""
    spec_test(
        "2024-03",
        {"INT": 1, "INT_SVP": 1},
        bg_mitglied="""
            kundennummer | von
            -------------+-----------
            P1           | 2024-01-20
        """,
        erwerbstaetigkeit="""
            kundennummer | beginn
            -------------+-----------
            P1           | 2024-02-05
            P1           | 2024-03-01
        """,
    )


@pytest.mark.parametrize("month", ["2024-02", "2024-03"])
def test_one_in_each_month(spec_test: SpecTest, month: str) -> None:
    """In zwei Monaten je eine Aufnahme: zwei Integrationen derselben Person."""
    spec_test(
        month,
        {"INT": 1},
        erwerbstaetigkeit="""
            kundennummer | beginn     | ende
            -------------+------------+-----------
            P1           | 2024-02-05 | 2024-02-20
            P1           | 2024-03-01 |
        """,
    )


def test_persons_add_up(spec_test: SpecTest) -> None:
    """Die Summe der Personen; divers und ohne Angabe stehen in INSGESAMT."""
    spec_test(
        "2024-03",
        {
            "INT": 4, "INT GESCHLECHT m": 1, "INT GESCHLECHT w": 1, "INT GESCHLECHT d": 1, "INT GESCHLECHT x": 1,
            "INT_SVP": 2, "INT_SVP GESCHLECHT d": 1, "INT_SVP GESCHLECHT w": 0,
        },
        person="""
            kundennummer | geschlecht
            -------------+-----------
            P1           | m
            P2           | w
            P3           | d
            P4           | x
            P5           | m
        """,
        erwerbstaetigkeit="""
            kundennummer | beginn     | art
            -------------+------------+-----
            P1           | 2024-03-01 | SVP
            P2           | 2024-03-01 | AUSB
            P3           | 2024-03-01 | SVP
            P4           | 2024-03-01 | SELB
        """,
    )  # fmt: skip


def test_the_job_may_have_ended(spec_test: SpecTest) -> None:
    """Es zählt der Beginn: Auch die Arbeit eines einzigen Tages ist aufgenommen."""
    spec_test(
        "2024-03",
        {"INT": 1},
        erwerbstaetigkeit="""
            kundennummer | beginn     | ende
            -------------+------------+-----------
            P1           | 2024-03-01 | 2024-03-01
        """,
    )


def test_a_job_that_goes_on_is_no_take_up(spec_test: SpecTest) -> None:
    """Wer schon vor dem Zeitraum arbeitet, nimmt im Zeitraum nichts auf."""
    spec_test(
        "2024-03",
        {"INT": 0, "INT_SVP": 0},
        erwerbstaetigkeit="""
            kundennummer | beginn
            -------------+-----------
            P1           | 2023-07-01
        """,
    )
