"""The oracle against itself: the identities of the statistics hold in every cell of it, on any delivery."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from hypothesis import given

from reference import oracle
from reference.conftest import PROFIL
from reference.delivery import Fall
from reference.oracle import BG_GROESSEN, BG_TYPEN, CLOSED, Cell
from reference.strategies import lieferungen

Cells = Mapping[Cell, Decimal | None]

IDENTITIES = {
    "PERS": ("LB", "NLB"),
    "LB": ("RLB", "SLB"),
    "RLB": ("ELB", "NEF"),
    "NLB": ("AUS", "KOL"),
    "BG": tuple(f"BG_{typ}" for typ in BG_TYPEN),
}


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


def check_stocks_and_sets(cells: Cells) -> None:
    """A part never exceeds its whole, and LZB changes by its entries and exits."""
    for monat in {cell[0] for cell in cells}:
        stock = {cell[1]: value for cell, value in cells.items() if cell[0] == monat and cell[2] == "INSGESAMT"}
        assert (stock["AE"] or 0) <= (stock["BG_ALLEINERZIEHEND"] or 0)
        assert (stock["LZB"] or 0) <= (stock["ELB"] or 0)
        assert (stock["BG"] or 0) <= (stock["LB"] or 0)
        year, month = oracle.shift((int(monat[:4]), int(monat[5:])), -1)
        before = cells.get((oracle.month_text((year, month)), "LZB", "INSGESAMT", "INSGESAMT"))
        if before is not None and stock["LZB"] is not None:
            entered, left = stock["LZB_ZUGANG"], stock["LZB_ABGANG"]
            assert entered is not None
            assert left is not None
            assert before + entered - left == stock["LZB"]


TWO_WAY = tuple(itertools.permutations((*CLOSED, "GEMEINDE", "GESCHAEFTSSTELLE"), 2))


@PROFIL
@given(fall=lieferungen())
def test_the_oracle_is_consistent(fall: Fall) -> None:
    cells = oracle.figures(fall.tables, fall.erstellt_am)
    check_identities(cells)
    check_stocks_and_sets(cells)


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
    assert {oracle.merkmale_of(groesse) for groesse in BG_GROESSEN} == {oracle.BG_MERKMALE}
