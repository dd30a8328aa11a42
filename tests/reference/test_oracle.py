"""The oracle against itself: the identities of the statistics hold in every cell of it, on any delivery."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given

from reference import oracle
from reference.conftest import PROFIL
from reference.delivery import Fall, Rows
from reference.faelle import fuenf_jahre
from reference.groessen import GROESSEN
from reference.gruppen import BG_TYPEN
from reference.merkmale import BG_MERKMALE, CLOSED, OPEN
from reference.oracle import Cell
from reference.strategies import lange_lieferungen, lieferungen
from reference.tabellen import TABLES

Cells = Mapping[Cell, Decimal | None]

IDENTITIES = {
    "PERS": ("LB", "NLB"),
    "LB": ("RLB", "SLB"),
    "RLB": ("ELB", "NEF"),
    "NLB": ("AUS", "KOL"),
    "ELB": ("ALO", "ASU", "REINE_LB"),
    "BG": tuple(f"BG_{typ}" for typ in BG_TYPEN),
}


PARTS = (
    ("LZB", "ELB"),
    ("LZB_AKTIV", "LZB"),
    ("AE", "BG_ALLEINERZIEHEND"),
    ("BG", "LB"),
    ("KDU_BG", "BG"),
    ("NEF_U15", "NEF"),
    ("LM_ELB", "ELB"),
    ("INT_SVP", "INT"),
    ("INT_SVP_KONT", "INT_SVP"),
    ("INT_AE", "INT"),
    ("INT_LZB", "INT"),
    ("ELB", "ELB_AG12"),
)
"""(part, whole): in the total the part is never greater."""

SAME = (("DAUER_BESTAND", "ELB"), ("DAUER_ABGANG", "ELB_ABGANG"))


def _month_before(monat: str, months: int = 1) -> str:
    return oracle.month_text(oracle.shift((int(monat[:4]), int(monat[5:])), -months))


def _totals(cells: Cells) -> dict[str, dict[str, Decimal | None]]:
    """Month to figure to total."""
    totals: dict[str, dict[str, Decimal | None]] = defaultdict(dict)
    for (monat, groesse, merkmal, _), value in cells.items():
        if merkmal == "INSGESAMT":
            totals[monat][groesse] = value
    return totals


def check_identities(cells: Cells) -> None:
    """Parts sum to their whole, in every cell; closed, open and two-way tables sum to INSGESAMT."""
    for monat, groesse, merkmal, code in cells:
        if parts := IDENTITIES.get(groesse):
            total = sum((cells.get((monat, part, merkmal, code)) or Decimal() for part in parts), Decimal())
            assert (cells[monat, groesse, merkmal, code] or 0) == total
    margins: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for (monat, groesse, merkmal, _), value in cells.items():
        margins[monat, groesse, merkmal] += value or Decimal()
    for (monat, groesse, _), value in margins.items():
        assert value == margins[monat, groesse, "INSGESAMT"]


def check_parts(cells: Cells) -> None:
    """A part never exceeds its whole; two ways to count the same agree, also by sex."""
    for stock in _totals(cells).values():
        for part, whole in PARTS:
            few, many = stock[part], stock[whole]
            assert few is None or many is None or few <= many, (part, whole)
    for (monat, groesse, merkmal, code), value in cells.items():
        for one, other in SAME:
            if groesse == one and merkmal in ("INSGESAMT", "GESCHLECHT"):
                assert value == cells[monat, other, merkmal, code]


def _changes(cells: Cells, stock: str, entries: str, exits: str) -> Iterator[tuple[Decimal, Decimal]]:
    """What the month before, entries and exits make of a stock, and the stock; where all four have a value."""
    totals = _totals(cells)
    for monat, now in totals.items():
        before, after = totals.get(_month_before(monat), {}).get(stock), now[stock]
        entered, left = now[entries], now[exits]
        if before is not None and after is not None and entered is not None and left is not None:
            yield before + entered - left, after


def check_changes(cells: Cells, *flows: tuple[str, str, str]) -> None:
    """stock(t) = stock(t-1) + entries(t) - exits(t)."""
    for flow in flows:
        for computed, counted in _changes(cells, *flow):
            assert computed == counted, flow


ALWAYS = (
    ("LZB", "LZB_ZUGANG", "LZB_ABGANG"),
    ("W_BESTAND", "W_EINGANG", "W_ERLEDIGUNG"),
    ("K_BESTAND", "K_EINGANG", "K_ERLEDIGUNG"),
)
PARTICIPATIONS = ("TN_BESTAND", "TN_EINTRITT", "TN_AUSTRITT")


def check_presence(cells: Cells) -> None:
    """Whoever was ELB within twelve months: at least the greatest stock, at most the sum of the stocks."""
    totals = _totals(cells)
    for monat, now in totals.items():
        if (present := now["ELB_AG12"]) is not None:
            stocks = [totals[_month_before(monat, n)]["ELB"] or Decimal() for n in range(12)]
            assert max(stocks) <= present <= sum(stocks)


def check(cells: Cells) -> None:
    check_identities(cells)
    check_parts(cells)
    check_changes(cells, *ALWAYS)
    check_presence(cells)


TWO_WAY = tuple(itertools.permutations((*CLOSED, *OPEN), 2))


@PROFIL
@given(fall=lieferungen())
def test_the_oracle_is_consistent(fall: Fall) -> None:
    cells = oracle.figures(fall.tables, fall.erstellt_am)
    check(cells)


@pytest.mark.slow
@PROFIL
@given(fall=lange_lieferungen())
def test_the_oracle_is_consistent_over_two_years(fall: Fall) -> None:
    check(oracle.figures(fall.tables, fall.erstellt_am))


def _orderly(measures: Rows) -> Rows:
    """Measures that were recorded when they began and end after it, none of them a single payment."""
    return [
        row | {"erfasst_am": row["eintritt"]}
        for row in measures
        if row["instrument"] != "P16_44" and (row["austritt"] is None or str(row["austritt"]) >= str(row["eintritt"]))
    ]


@PROFIL
@given(fall=lieferungen())
def test_orderly_participations_change_by_entries_and_exits(fall: Fall) -> None:
    orderly = replace(fall, tables={**fall.tables, "massnahme": _orderly(fall.tables["massnahme"])})
    check_changes(oracle.figures(orderly.tables, orderly.erstellt_am), PARTICIPATIONS)


@pytest.mark.slow
@PROFIL
@given(fall=lieferungen())
def test_two_way_tables_of_the_oracle_sum_to_its_one_way_tables(fall: Fall) -> None:
    cells = oracle.figures(fall.tables, fall.erstellt_am, two_way=TWO_WAY)
    sums: dict[Cell, Decimal] = defaultdict(Decimal)
    for (monat, groesse, merkmal, code), value in cells.items():
        if "/" in merkmal:
            sums[monat, groesse, merkmal.split("/")[0], code.split("/")[0]] += value or Decimal()
    for (monat, groesse, merkmal, code), value in cells.items():
        partners = len(oracle.merkmale_of(groesse)) - 1
        if merkmal != "INSGESAMT" and "/" not in merkmal and value:
            assert sums[monat, groesse, merkmal, code] == partners * value


def test_bg_figures_have_no_features_of_persons() -> None:
    assert {GROESSEN[groesse].merkmale for groesse in GROESSEN if groesse.startswith("BG")} == {BG_MERKMALE}


def test_everything_about_persons_is_published_in_total_and_by_sex() -> None:
    about_bgs = ("BG", "KDU_BG", "UNTERKUNFT_", "HEIZUNG_")
    about_procedures = ("W_", "K_")
    for groesse, tables in TABLES.items():
        assert "INSGESAMT" in tables
        assert ("GESCHLECHT" in tables) == (not groesse.startswith((*about_bgs, *about_procedures))), groesse


def test_every_table_is_made_of_features_of_its_figure() -> None:
    for groesse, tables in TABLES.items():
        parts = {part for table in tables - {"INSGESAMT"} for part in table.split("/")}
        assert parts <= set(GROESSEN[groesse].merkmale), groesse


def test_the_longest_duration_is_reached_on_its_day() -> None:
    """The delivery of ``test_reference`` that has it: without it two rules of the duration are never asked."""
    fall = fuenf_jahre()
    cells = oracle.figures(fall.tables, fall.erstellt_am)
    check(cells)
    stock = [
        cells[monat, "DAUER_BESTAND", "VERWEILDAUER", "4J+"] for monat in ("2023-11", "2023-12", "2024-01", "2024-02")
    ]
    assert stock == [0, 2, 4, 5]
    assert cells["2024-01", "DAUER_ABGANG", "VERWEILDAUER", "4J+"] == 1
    assert cells["2023-12", "DAUER_ABGANG", "VERWEILDAUER", "SEIT_BEGINN"] == 1
