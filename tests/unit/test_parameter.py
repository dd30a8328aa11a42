"""Parameters of the law: complete, without gaps, and in step with the contract's codes."""

from __future__ import annotations

from itertools import pairwise

from etl import parameter
from etl.contract import TABLES
from etl.figures import katalog
from etl.figures.merkmale import MERKMALE


def test_years_of_birth_have_exactly_one_age_limit() -> None:
    limits = parameter.tables()["par_altersgrenze"].to_pylist()
    assert limits[0]["geboren_ab"] == 1
    assert limits[-1]["geboren_bis"] == 9999
    for earlier, later in pairwise(limits):
        assert later["geboren_ab"] == earlier["geboren_bis"] + 1
        assert 12 * later["jahre"] + later["monate"] > 12 * earlier["jahre"] + earlier["monate"]


def test_kinds_of_benefit_are_those_of_the_contract() -> None:
    codes = TABLES["leistung"].column("leistungsart").codes
    assert sorted(parameter.tables()["par_leistungsart"].column("leistungsart").to_pylist()) == sorted(codes)


def test_sexes_are_those_of_the_contract() -> None:
    assert [code.code for code in parameter.codes("geschlechter")] == list(TABLES["person"].column("geschlecht").codes)


def test_age_groups_leave_no_gap() -> None:
    groups = parameter.tables()["par_altersgruppe"].to_pylist()
    for earlier, later in pairwise(groups):
        assert later["von"] == earlier["bis"] + 1


def test_a_nationality_belongs_to_one_group_at_a_time() -> None:
    rows = parameter.tables()["par_staatsangehoerigkeit"].to_pylist()
    keys = [row["schluessel"] for row in rows]
    assert len(keys) == len(set(keys))
    assert all(len(key) == 3 and key.isdigit() for key in keys)


def test_codes_of_closed_lists_hold_no_slash() -> None:
    """Cells of two-way tables are written ``open/closed`` and taken apart at the last slash."""
    for merkmale in MERKMALE.values():
        for merkmal in merkmale:
            assert not any("/" in code for code in merkmal.codes)


def test_catalogue_is_complete() -> None:
    figures = katalog.load()
    assert all(
        figure.name and figure.rechtsgrundlage and figure.formel and figure.quelle for figure in figures.values()
    )
    assert len({figure.name for figure in figures.values()}) == len(figures)
