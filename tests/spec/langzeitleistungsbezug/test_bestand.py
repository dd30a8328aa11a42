from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Bestand an Langzeitleistungsbeziehenden (LZB)"
text = (
    "LZB am Zähltag S ist, wer an S ELB ist und in den 730 Tagen bis einschließlich S mindestens 638 Tage ELB war. "
    "Unterbrechungen zählen nicht mit, auch nicht bis zu sieben Tagen. Hier ist S der 14. März 2024, der Zeitraum "
    "beginnt also am 16. März 2022 (ein Schalttag liegt darin, es bleibt bei 730 Tagen)."
)

S_14_MARCH = """
    monat   | stichtag
    --------+-----------
    2024-03 | 2024-03-14
"""
MONEY = """
    kundennummer | bg_nummer | monat
    -------------+-----------+-----------------
    P1           | A         | 2022-01..2024-03
    P1           | B         | 2022-01..2024-03
"""


@pytest.mark.parametrize(("von", "lzb"), [("2022-06-16", 1), ("2022-06-17", 0)])
def test_638_and_637_days(spec_test: SpecTest, von: str, lzb: int) -> None:
    """Seit dem 16. Juni 2022: 638 Tage. Seit dem 17. Juni: 637."""
    spec_test(
        "2024-03",
        {"ELB": 1, "LZB": lzb, "LZB ALTER 25-54": lzb, "LZB GEMEINDE 08317001": lzb},
        bg_mitglied=f"""
            kundennummer | bg_nummer | von
            -------------+-----------+------
            P1           | A         | {von}
        """,
        leistung=MONEY,
        stichtag=S_14_MARCH,
    )


def test_overlapping_memberships_count_once(spec_test: SpecTest) -> None:
    """Zwei BG überschneiden sich um 17 Tage: Jeder Tag zählt einmal, hier sind es alle 730."""
    spec_test(
        "2024-03",
        {"LZB": 1, "ELB": 1, "ELB_ZUGANG": 0},
        bg_mitglied="""
            kundennummer | bg_nummer | von        | bis
            -------------+-----------+------------+-----------
            P1           | A         | 2022-03-01 | 2023-05-31
            P1           | B         | 2023-05-15 |
        """,
        leistung=MONEY,
        stichtag=S_14_MARCH,
    )


def test_overlap_does_not_lengthen(spec_test: SpecTest) -> None:
    """Seit dem 17. Juni 2022, davon 17 Tage in zwei BG: Es bleiben 637 Tage."""
    spec_test(
        "2024-03",
        {"LZB": 0, "ELB": 1},
        bg_mitglied="""
            kundennummer | bg_nummer | von        | bis
            -------------+-----------+------------+-----------
            P1           | A         | 2022-06-17 | 2023-05-31
            P1           | B         | 2023-05-15 |
        """,
        leistung=MONEY,
        stichtag=S_14_MARCH,
    )


def test_not_in_the_stock(spec_test: SpecTest) -> None:
    """Beendet am 13. März 2024: 729 Tage, aber an S keine ELB."""
    spec_test(
        "2024-03",
        {"LZB": 0, "ELB": 0},
        bg_mitglied="""
            kundennummer | bg_nummer | von        | bis
            -------------+-----------+------------+-----------
            P1           | A         | 2022-01-01 | 2024-03-13
        """,
        leistung=MONEY,
        stichtag=S_14_MARCH,
    )


@pytest.mark.parametrize(("back_on", "lzb"), [("2023-04-03", 1), ("2023-04-04", 0)])
def test_a_long_gap(spec_test: SpecTest, back_on: str, lzb: int) -> None:
    """Vom 1. Januar bis 2. April 2023 sind es 92 Tage, von 730 bleiben 638; bei 93 Tagen bleiben 637."""
    spec_test(
        "2024-03",
        {"ELB": 1, "LZB": lzb},
        bg_mitglied=f"""
            kundennummer | bg_nummer | von        | bis
            -------------+-----------+------------+-----------
            P1           | A         | 2022-01-01 | 2022-12-31
            P1           | A         | {back_on}  |
        """,
        leistung=MONEY,
        stichtag=S_14_MARCH,
    )


def test_short_gaps_are_gaps(spec_test: SpecTest) -> None:
    """Seit dem 16. Juni 2022 ohne einen einzigen Tag: 637. Die sieben Tage der Bewegungen gelten hier nicht."""
    spec_test(
        "2024-03",
        {"ELB": 1, "LZB": 0},
        bg_mitglied="""
            kundennummer | bg_nummer | von        | bis
            -------------+-----------+------------+-----------
            P1           | A         | 2022-06-16 | 2023-06-30
            P1           | A         | 2023-07-02 |
        """,
        leistung=MONEY,
        stichtag=S_14_MARCH,
    )


@pytest.mark.parametrize(("birth", "lzb"), [("2007-06-16", 1), ("2007-06-17", 0)])
def test_days_before_the_fifteenth_birthday(spec_test: SpecTest, birth: str, lzb: int) -> None:
    """Nur ELB-Tage zählen: Wer am 16. Juni 2022 15 Jahre alt wird, erreicht 638 Tage gerade noch."""
    spec_test(
        "2024-03",
        {"ELB": 1, "LZB": lzb},
        person=f"""
            kundennummer | geburtsdatum
            -------------+-------------
            P1           | {birth}
        """,
        bg_mitglied="""
            kundennummer | bg_nummer
            -------------+----------
            P1           | A
        """,
        leistung=MONEY,
        stichtag=S_14_MARCH,
    )


def test_months_without_any_money_in_the_delivery(spec_test: SpecTest) -> None:
    """In vier Monaten ohne Leistungen in der Lieferung gibt es keine ELB-Tage: 730 - 123 Tage sind zu wenig."""
    spec_test(
        "2024-03",
        {"ELB": 1, "LZB": 0},
        bg_mitglied="""
            kundennummer | bg_nummer
            -------------+----------
            P1           | A
        """,
        leistung="""
            kundennummer | bg_nummer | monat
            -------------+-----------+-----------------
            P1           | A         | 2022-01..2022-06
            P1           | A         | 2022-11..2024-03
        """,
        stichtag=S_14_MARCH,
    )


def test_days_after_the_counting_day(spec_test: SpecTest) -> None:
    """638 Tage bis zum Zähltag; wer danach wieder ELB wird, verliert und gewinnt dadurch nichts."""
    spec_test(
        "2024-03",
        {"ELB": 1, "LZB": 1},
        bg_mitglied="""
            kundennummer | bg_nummer | von        | bis
            -------------+-----------+------------+-----------
            P1           | A         | 2022-06-16 | 2024-03-14
            P1           | A         | 2024-04-10 |
        """,
        leistung="""
            kundennummer | bg_nummer | monat
            -------------+-----------+-----------------
            P1           | A         | 2022-01..2024-06
        """,
        stichtag=S_14_MARCH,
    )


@pytest.mark.parametrize(("bis", "lzb"), [("2022-03-15", 0), ("2022-03-16", 1)])
def test_days_before_the_730(spec_test: SpecTest, bis: str, lzb: int) -> None:
    """637 Tage und eine frühere Bezugszeit: Nur was ab dem 16. März 2022 liegt, zählt mit."""
    spec_test(
        "2024-03",
        {"ELB": 1, "LZB": lzb},
        bg_mitglied=f"""
            kundennummer | bg_nummer | von        | bis
            -------------+-----------+------------+------
            P1           | A         | 2022-01-10 | {bis}
            P1           | A         | 2022-06-17 |
        """,
        leistung=MONEY,
        stichtag=S_14_MARCH,
    )


def test_an_early_spell_takes_nothing_away(spec_test: SpecTest) -> None:
    """638 Tage und eine Bezugszeit, die lange vor den 730 Tagen endet: Sie zählt nicht, auch nicht ins Minus."""
    spec_test(
        "2024-03",
        {"ELB": 1, "LZB": 1},
        bg_mitglied="""
            kundennummer | bg_nummer | von        | bis
            -------------+-----------+------------+-----------
            P1           | A         | 2022-01-10 | 2022-01-20
            P1           | A         | 2022-06-16 |
        """,
        leistung=MONEY,
        stichtag=S_14_MARCH,
    )


def test_the_counting_day_itself(spec_test: SpecTest) -> None:
    """637 Tage, eine Unterbrechung, und am Zähltag beginnt der Bezug wieder: Dieser Tag ist der 638."""
    spec_test(
        "2024-03",
        {"ELB": 1, "LZB": 1},
        bg_mitglied="""
            kundennummer | bg_nummer | von        | bis
            -------------+-----------+------------+-----------
            P1           | A         | 2022-06-14 | 2024-03-11
            P1           | A         | 2024-03-14 |
        """,
        leistung=MONEY,
        stichtag=S_14_MARCH,
    )
