from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Verschiedene ELB in zwölf Monaten (ELB_AG12)"
text = (
    "Zahl der verschiedenen Personen, die an mindestens einem der zwölf Zähltage S(t-11) bis S(t) ELB waren; jede "
    "zählt genau einmal. Die Zahl liegt zwischen dem größten der zwölf Bestände und ihrer Summe. Hier ist t der März "
    "2024, der erste Zähltag der 15. April 2023."
)


def _money(*persons: str) -> str:
    rows = "\n".join(f"{person} | 2022-06..2024-04" for person in persons)
    return f"kundennummer | monat\n---\n{rows}"


@pytest.mark.parametrize(("von", "bis", "counted"), [
    ("2022-07-01", "2023-04-14", 0),  # nur bis zum Tag vor S(t-11)
    ("2022-07-01", "2023-04-15", 1),
    ("2022-07-01", "2023-04-16", 1),
    ("2024-03-14", "", 1),
    ("2024-03-15", "", 1),
    ("2024-03-16", "", 0),  # erst nach S(t)
    ("2023-08-15", "2023-08-15", 1),  # ein Tag, und der ist ein Zähltag
    ("2023-08-16", "2023-09-14", 0),  # zwischen zwei Zähltagen
    ("2023-04-15", "2024-03-15", 1),  # an allen zwölf
])  # fmt: skip
def test_at_least_one_counting_day(spec_test: SpecTest, von: str, bis: str, counted: int) -> None:
    """Vor, an und nach dem ersten und dem letzten Zähltag."""
    spec_test(
        "2024-03",
        {"ELB_AG12": counted, "ELB_AG12 GESCHLECHT w": counted},
        bg_mitglied=f"""
            kundennummer | von   | bis
            -------------+-------+------
            P1           | {von} | {bis}
        """,
        leistung=_money("P1"),
    )


def test_each_person_once(spec_test: SpecTest) -> None:
    """Wer mehrmals kommt und geht und die BG wechselt, ist eine Person."""
    spec_test(
        "2024-03",
        {"ELB_AG12": 1},
        bg_mitglied="""
            kundennummer | bg_nummer | von        | bis
            -------------+-----------+------------+-----------
            P1           | A         | 2023-05-01 | 2023-06-30
            P1           | A         | 2023-09-01 | 2023-10-31
            P1           | B         | 2024-01-01 | 2024-02-29
        """,
        leistung="""
            kundennummer | bg_nummer | monat
            -------------+-----------+-----------------
            P1           | A         | 2022-06..2024-04
            P1           | B         | 2022-06..2024-04
        """,
    )


def test_only_as_elb(spec_test: SpecTest) -> None:
    """Es zählen Zähltage als ELB: im März 2024 gerade 15 geworden ja, einen Tag zu jung nein."""
    spec_test(
        "2024-03",
        {"ELB_AG12": 1, "ELB": 1, "NEF": 1},
        person="""
            kundennummer | geburtsdatum
            -------------+-------------
            P1           | 2009-03-15
            P2           | 2009-03-16
        """,
        leistung=_money("P1", "P2"),
    )


@pytest.mark.parametrize(("stays", "total"), [
    pytest.param(("2022-07-01..2024-04-30",) * 3, 3, id="immer dieselben: der größte Bestand"),
    pytest.param(
        ("2023-04-01..2023-04-30", "2023-05-01..2023-05-31", "2023-06-01..2023-06-30"), 3,
        id="jeden Monat andere: die Summe der Bestände",
    ),
    pytest.param(
        ("2023-04-01..2023-05-31", "2023-05-01..2023-06-30", "2022-07-01..2023-04-14"), 2, id="dazwischen",
    ),
])  # fmt: skip
def test_between_the_largest_stock_and_the_sum(spec_test: SpecTest, stays: tuple[str, ...], total: int) -> None:
    """Die untere und die obere Grenze werden erreicht."""
    rows = "\n".join(f"P{number} | {stay.replace('..', ' | ')}" for number, stay in enumerate(stays))
    spec_test(
        "2024-03",
        {"ELB_AG12": total},
        bg_mitglied=f"kundennummer | von | bis\n---\n{rows}",
        leistung=_money("P0", "P1", "P2"),
    )


def test_by_sex(spec_test: SpecTest) -> None:
    """Die Geschlechter ergeben die Summe."""
    spec_test(
        "2024-03",
        {
            "ELB_AG12": 3,
            "ELB_AG12 GESCHLECHT m": 1,
            "ELB_AG12 GESCHLECHT w": 0,
            "ELB_AG12 GESCHLECHT d": 1,
            "ELB_AG12 GESCHLECHT x": 1,
        },
        person="""
            kundennummer | geschlecht
            -------------+-----------
            P1           | m
            P2           | d
            P3           | x
        """,
        leistung=_money("P1", "P2", "P3"),
    )


@pytest.mark.parametrize(("first", "value"), [("2023-05", None), ("2023-04", 1)])
def test_first_value(spec_test: SpecTest, first: str, value: int | None) -> None:
    """Elf Monate nach dem ersten Monat mit leistung: Über weniger Zähltage wird nie gezählt."""
    spec_test(
        "2024-03",
        {"ELB_AG12": value, "ELB_AG12 GESCHLECHT m": None if value is None else 0},
        leistung=f"""
            kundennummer | monat
            -------------+-----------------
            P1           | {first}..2024-04
        """,
    )
