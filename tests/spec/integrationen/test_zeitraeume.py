from __future__ import annotations

import pytest

from spec.conftest import SpecTest

pytestmark = pytest.mark.slow  # many cases of one kind
title = "Personen und Zeiträume der Suche"
text = (
    "Gesucht wird bei jeder Person, die am Zähltag des Vormonats S(t-1) ELB ist: im Zeitraum (S(t-1), S(t)]. Wer an "
    "S(t-2) noch nicht ELB war (Person B), wird zusätzlich im Zeitraum (S(t-2), S(t-1)] gesucht; wer es schon war "
    "(Person A), nicht, denn dort wurde im Vormonat gesucht. Ob die Person an S(t) noch ELB ist, spielt keine Rolle."
)


@pytest.mark.parametrize(("beginn", "integration"), [
    ("2024-02-14", 0),
    ("2024-02-15", 0),  # S(t-1) selbst gehört zum Vormonat
    ("2024-02-16", 1),
    ("2024-03-14", 1),
    ("2024-03-15", 1),  # S(t) gehört dazu
    ("2024-03-16", 0),
])  # fmt: skip
def test_person_a(spec_test: SpecTest, beginn: str, integration: int) -> None:
    """Seit Langem ELB: Es zählt nur, was nach S(t-1) und bis S(t) beginnt."""
    spec_test(
        "2024-03",
        {"INT": integration, "INT_SVP": integration, "INT GESCHLECHT w": integration},
        erwerbstaetigkeit=f"""
            kundennummer | beginn
            -------------+-------
            P1           | {beginn}
        """,
    )


@pytest.mark.parametrize(("beginn", "integration"), [
    ("2024-01-15", 0),  # S(t-2) gehört nicht dazu
    ("2024-01-16", 1),  # auch vor dem ersten ELB-Tag: es zählt der Zeitraum
    ("2024-02-14", 1),
    ("2024-02-15", 1),
    ("2024-02-16", 1),
    ("2024-03-15", 1),
    ("2024-03-16", 0),
])  # fmt: skip
def test_person_b(spec_test: SpecTest, beginn: str, integration: int) -> None:
    """ELB seit dem 20. Januar, an S(t-2) also noch nicht: Beide Zeiträume werden durchsucht."""
    spec_test(
        "2024-03",
        {"INT": integration, "ELB": 1},
        bg_mitglied="""
            kundennummer | von
            -------------+-----------
            P1           | 2024-01-20
        """,
        erwerbstaetigkeit=f"""
            kundennummer | beginn
            -------------+-------
            P1           | {beginn}
        """,
    )


@pytest.mark.parametrize(("von", "integration"), [
    ("2024-01-14", 0),  # an S(t-2) ELB: Person A
    ("2024-01-15", 0),  # gerade noch
    ("2024-01-16", 1),  # Person B
    ("2024-02-14", 1),
    ("2024-02-15", 1),  # am Tag S(t-1) noch rechtzeitig
    ("2024-02-16", 0),  # an S(t-1) nicht ELB: gar keine Suche
])  # fmt: skip
def test_who_is_person_b(spec_test: SpecTest, von: str, integration: int) -> None:
    """Arbeit ab dem 5. Februar: Wann der Bezug begann, entscheidet, ob sie im März gefunden wird."""
    spec_test(
        "2024-03",
        {"INT": integration},
        bg_mitglied=f"""
            kundennummer | von
            -------------+------
            P1           | {von}
        """,
        erwerbstaetigkeit="""
            kundennummer | beginn
            -------------+-----------
            P1           | 2024-02-05
        """,
    )


@pytest.mark.parametrize(("bis", "integration"), [
    ("2024-02-14", 0),
    ("2024-02-15", 1),
    ("2024-02-16", 1),
])  # fmt: skip
def test_need_not_be_elb_afterwards(spec_test: SpecTest, bis: str, integration: int) -> None:
    """Wer an S(t-1) ELB war, zählt auch, wenn der Bezug vor der Arbeitsaufnahme am 1. März endet."""
    spec_test(
        "2024-03",
        {"INT": integration, "ELB": 0},
        bg_mitglied=f"""
            kundennummer | von        | bis
            -------------+------------+------
            P1           | 2023-01-01 | {bis}
        """,
        erwerbstaetigkeit="""
            kundennummer | beginn
            -------------+-----------
            P1           | 2024-03-01
        """,
    )


@pytest.mark.parametrize("month", ["2024-02", "2024-03", "2024-04"])
def test_between_two_counting_days_only(spec_test: SpecTest, month: str) -> None:
    """Wer zwischen zwei Zähltagen kommt und geht, ist nie im Bestand und zählt in keinem Monat."""
    moved = 1 if month == "2024-02" else 0
    spec_test(
        month,
        {"INT": 0, "ELB": 0, "ELB_ZUGANG": moved, "ELB_ABGANG": moved},
        bg_mitglied="""
            kundennummer | von        | bis
            -------------+------------+-----------
            P1           | 2024-01-20 | 2024-02-10
        """,
        leistung="""
            kundennummer | monat
            -------------+-----------------
            P1           | 2023-10..2024-05
        """,
        erwerbstaetigkeit="""
            kundennummer | beginn
            -------------+-----------
            P1           | 2024-02-05
        """,
    )


def test_a_day_without_receipt_on_the_counting_day(spec_test: SpecTest) -> None:
    """Sieben Tage ohne Bezug sind keine Bewegung; an S(t-2) war die Person trotzdem nicht ELB: Person B."""
    spec_test(
        "2024-03",
        {"INT": 1, "ELB_ZUGANG": 0},
        bg_mitglied="""
            kundennummer | von        | bis
            -------------+------------+-----------
            P1           | 2023-01-01 | 2024-01-12
            P1           | 2024-01-20 |
        """,
        erwerbstaetigkeit="""
            kundennummer | beginn
            -------------+-----------
            P1           | 2024-02-05
        """,
    )


def test_another_group_before(spec_test: SpecTest) -> None:
    """Im Januar 15 Jahre alt geworden, an S(t-2) noch NEF: Auch das ist Person B."""
    spec_test(
        "2024-03",
        {"INT": 1, "INT ALTER 15-24": 1},
        person="""
            kundennummer | geburtsdatum
            -------------+-------------
            P1           | 2009-01-16
        """,
        erwerbstaetigkeit="""
            kundennummer | beginn
            -------------+-----------
            P1           | 2024-02-05
        """,
    )


@pytest.mark.parametrize("group", ["NEF", "SLB"])
def test_only_elb_are_searched(spec_test: SpecTest, group: str) -> None:
    """Andere Leistungsberechtigte werden nicht gesucht."""
    kind, able = ("RB20", "F") if group == "NEF" else ("SV26", "T")
    spec_test(
        "2024-03",
        {"INT": 0, "INT_SVP": 0, "GERING": 0, "OEGB": 0, group: 1},
        bg_mitglied=f"""
            kundennummer | erwerbsfaehig
            -------------+--------------
            P1           | {able}
        """,
        leistung=f"""
            kundennummer | monat            | leistungsart
            -------------+------------------+-------------
            P1           | 2023-12..2024-04 | {kind}
        """,
        erwerbstaetigkeit="""
            kundennummer | beginn     | art
            -------------+------------+-------
            P1           | 2024-03-01 | SVP
            P1           | 2024-03-02 | GERING
        """,
        massnahme="""
            kundennummer | eintritt   | instrument
            -------------+------------+-----------
            P1           | 2024-03-01 | P16d
        """,
    )


def test_counting_days_of_the_table(spec_test: SpecTest) -> None:
    """Maßgeblich sind die gelieferten Zähltage: 31. Januar, 1. Februar und 31. März."""
    spec_test(
        "2024-03",
        {"INT": 2},
        bg_mitglied="""
            kundennummer | von
            -------------+-----------
            P1           | 2023-01-01
            P2           | 2023-01-01
            P3           | 2024-02-01
            P4           | 2024-02-01
        """,
        erwerbstaetigkeit="""
            kundennummer | beginn
            -------------+-----------
            P1           | 2024-02-01
            P2           | 2024-02-02
            P3           | 2024-01-31
            P4           | 2024-02-01
        """,
        stichtag="""
            monat   | stichtag
            --------+-----------
            2024-01 | 2024-01-31
            2024-02 | 2024-02-01
            2024-03 | 2024-03-31
        """,
    )
