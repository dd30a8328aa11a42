from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "ELB mit Leistungsminderung am Zähltag (LM_ELB)"
text = (
    "Personen, die an S(t) ELB sind und für die an diesem Tag mindestens eine Leistungsminderung gilt: beginn ≤ S(t) ≤ "
    "ende, gleich in welcher BG sie festgestellt wurde."
)


@pytest.mark.parametrize(("beginn", "ende", "counted"), [
    ("2024-02-01", "2024-03-14", 0),
    ("2024-02-01", "2024-03-15", 1),
    ("2024-02-01", "2024-03-16", 1),
    ("2024-03-14", "2024-04-30", 1),
    ("2024-03-15", "2024-04-30", 1),
    ("2024-03-16", "2024-04-30", 0),
    ("2024-03-15", "2024-03-15", 1),
])  # fmt: skip
def test_valid_on_the_counting_day(spec_test: SpecTest, beginn: str, ende: str, counted: int) -> None:
    """Beginn und Ende vor, an und nach dem Zähltag."""
    spec_test(
        "2024-03",
        {"ELB": 1, "LM_ELB": counted, "LM_ELB GESCHLECHT w": counted},
        leistungsminderung=f"""
            kundennummer | beginn   | ende
            -------------+----------+-------
            P1           | {beginn} | {ende}
        """,
    )


def test_persons_not_reductions(spec_test: SpecTest) -> None:
    """Zwei Minderungen einer Person sind eine Person, aber zwei Feststellungen."""
    spec_test(
        "2024-03",
        {"LM_ELB": 1, "LM_NEU": 2},
        leistungsminderung="""
            kundennummer | grund   | beginn
            -------------+---------+-----------
            P1           | MELDE   | 2024-03-01
            P1           | PFLICHT | 2024-03-01
        """,
    )


def test_reduction_from_another_bg(spec_test: SpecTest) -> None:
    """Festgestellt in der früheren BG A: Die Minderung ist die der Person."""
    spec_test(
        "2024-03",
        {"ELB": 1, "LM_ELB": 1},
        bg_mitglied="""
            kundennummer | bg_nummer | von        | bis
            -------------+-----------+------------+-----------
            P1           | A         | 2023-01-01 | 2024-03-05
            P1           | B         | 2024-03-06 |
        """,
        leistungsminderung="""
            kundennummer | bg_nummer | beginn
            -------------+-----------+-----------
            P1           | A         | 2024-03-01
        """,
    )


def test_only_elb(spec_test: SpecTest) -> None:
    """NEF und Personen, die den Bezug verlassen haben, stehen nicht in LM_ELB."""
    spec_test(
        "2024-03",
        {"LM_ELB": 1, "ELB": 1, "NEF": 1},
        bg_mitglied="""
            kundennummer | erwerbsfaehig | bis
            -------------+---------------+-----------
            P1           | T             |
            P2           | F             |
            P3           | T             | 2024-03-14
        """,
        leistungsminderung="""
            kundennummer | beginn
            -------------+-----------
            P1           | 2024-03-01
            P2           | 2024-03-01
            P3           | 2024-03-01
        """,
    )


def test_reduced_to_nothing(spec_test: SpecTest) -> None:
    """Wer nach der Minderung nichts ausgezahlt bekommt, bleibt ELB: Der Anspruch vor der Minderung entscheidet."""
    spec_test(
        "2024-03",
        {"ELB": 1, "LM_ELB": 1, "LM_BETRAG": "30.00", "ZAHLUNG": 0, "LLU": "30.00"},
        leistung="""
            kundennummer | monat            | anspruch | minderung
            -------------+------------------+----------+----------
            P1           | 2024-02..2024-03 | 30.00    | 30.00
        """,
        leistungsminderung="""
            kundennummer | betrag | beginn
            -------------+--------+-----------
            P1           | 30.00  | 2024-03-01
        """,
    )
