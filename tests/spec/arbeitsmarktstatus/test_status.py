from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Arbeitslose, Arbeitsuchende, reine Leistungsbeziehende"
text = (
    "Jede ELB ist an S(t) arbeitslos (ALO), nicht arbeitslos arbeitsuchend (ASU) oder reine Leistungsbeziehende "
    "(REINE_LB). Es gilt der Status, der an S(t) gültig ist, von mehreren der mit dem spätesten Beginn. Wer keinen "
    "oder den Status NAS hat, ist reine Leistungsbeziehende: ELB = ALO + ASU + REINE_LB."
)


def _one_of_three(group: str) -> dict[str, int | str | None]:
    expected: dict[str, int | str | None] = {"ELB": 1, "ALO": 0, "ASU": 0, "REINE_LB": 0}
    return expected | {group: 1, f"{group} GESCHLECHT w": 1}


@pytest.mark.parametrize(("status", "group"), [("ALO", "ALO"), ("ASU", "ASU"), ("NAS", "REINE_LB")])
def test_each_status(spec_test: SpecTest, status: str, group: str) -> None:
    """Alle drei Schlüssel."""
    spec_test(
        "2024-03",
        _one_of_three(group),
        arbeitsmarktstatus=f"""
            kundennummer | status
            -------------+---------
            P1           | {status}
        """,
    )


def test_no_status_at_all(spec_test: SpecTest) -> None:
    """Ohne Zeile in arbeitsmarktstatus."""
    spec_test(
        "2024-03",
        _one_of_three("REINE_LB"),
        person="""
            kundennummer
            ------------
            P1
        """,
    )


@pytest.mark.parametrize(("von", "bis", "group"), [
    ("2024-01-01", "2024-03-14", "REINE_LB"),
    ("2024-01-01", "2024-03-15", "ALO"),
    ("2024-01-01", "2024-03-16", "ALO"),
    ("2024-03-14", "", "ALO"),
    ("2024-03-15", "", "ALO"),
    ("2024-03-16", "", "REINE_LB"),
])  # fmt: skip
def test_valid_on_the_counting_day(spec_test: SpecTest, von: str, bis: str, group: str) -> None:
    """Beginn und Ende vor, an und nach dem Zähltag."""
    spec_test(
        "2024-03",
        _one_of_three(group),
        arbeitsmarktstatus=f"""
            kundennummer | von   | bis   | status
            -------------+-------+-------+-------
            P1           | {von} | {bis} | ALO
        """,
    )


@pytest.mark.parametrize(("newer", "group"), [("ASU", "ASU"), ("NAS", "REINE_LB")])
def test_the_latest_beginning(spec_test: SpecTest, newer: str, group: str) -> None:
    """Zwei gültige Status: Der später begonnene gilt, auch wenn er keiner der gezählten ist."""
    spec_test(
        "2024-03",
        _one_of_three(group),
        arbeitsmarktstatus=f"""
            kundennummer | von        | bis        | status
            -------------+------------+------------+--------
            P1           | 2024-02-01 | 2024-03-31 | {newer}
            P1           | 2023-01-01 |            | ALO
        """,
    )


def test_the_newer_one_has_ended(spec_test: SpecTest) -> None:
    """Ein später begonnener, aber vor dem Zähltag beendeter Status lässt den älteren wieder gelten."""
    spec_test(
        "2024-03",
        _one_of_three("ALO"),
        arbeitsmarktstatus="""
            kundennummer | von        | bis        | status
            -------------+------------+------------+-------
            P1           | 2023-01-01 |            | ALO
            P1           | 2024-02-01 | 2024-03-14 | ASU
        """,
    )


def test_only_elb(spec_test: SpecTest) -> None:
    """Ein Status einer nicht erwerbsfähigen Person und einer Person ohne BG zählt nicht."""
    spec_test(
        "2024-03",
        {"ALO": 1, "ASU": 0, "REINE_LB": 0, "ELB": 1, "NEF": 1},
        bg_mitglied="""
            kundennummer | erwerbsfaehig
            -------------+--------------
            P1           | T
            P2           | F
        """,
        arbeitsmarktstatus="""
            kundennummer | status
            -------------+-------
            P1           | ALO
            P2           | ALO
            P3           | ASU
        """,
    )


def test_the_three_groups_make_up_all(spec_test: SpecTest) -> None:
    """Die Gruppen gehen auf, insgesamt und nach Geschlecht, mit divers und ohne Angabe."""
    spec_test(
        "2024-03",
        {
            "ELB": 5, "ALO": 2, "ASU": 1, "REINE_LB": 2,
            "ALO GESCHLECHT m": 1, "ALO GESCHLECHT d": 1, "ASU GESCHLECHT x": 1,
            "REINE_LB GESCHLECHT m": 1, "REINE_LB GESCHLECHT w": 1, "ASU GESCHLECHT w": 0,
        },
        person="""
            kundennummer | geschlecht
            -------------+-----------
            P1           | m
            P2           | d
            P3           | x
            P4           | w
            P5           | m
        """,
        arbeitsmarktstatus="""
            kundennummer | status
            -------------+-------
            P1           | ALO
            P2           | ALO
            P3           | ASU
            P4           | NAS
        """,
    )  # fmt: skip
