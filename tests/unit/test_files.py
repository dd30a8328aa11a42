"""Folders and texts that must not do more than they should: who may look in, and what a spreadsheet would run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from etl.contract import TABLES
from etl.errors import ContractBreachError
from etl.extract.typing import typed_batch
from etl.files import private_folder, staging
from etl.listing import rows_as_csv
from etl.report.folder import replaced


@pytest.fixture(autouse=True)
def _generous_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_new_folders_are_their_owners_alone_and_old_ones_stay(tmp_path: Path) -> None:
    (tmp_path / "offen").mkdir(mode=0o755)
    private_folder(tmp_path / "offen" / "home" / "archiv")
    assert [mode(tmp_path / name) for name in ("offen", "offen/home", "offen/home/archiv")] == [0o755, 0o700, 0o700]
    private_folder(tmp_path / "offen" / "home" / "archiv")


def test_whatever_is_first_in_home_makes_it_private(tmp_path: Path) -> None:
    with staging(tmp_path / "a" / "archiv"):
        pass
    with replaced(tmp_path / "b" / "berichte" / "1" / "2" / "2026-08"):
        pass
    assert [mode(tmp_path / name) for name in ("a", "b", "b/berichte")] == [0o700] * 3
    # The folders of the products are copied to where others read them.
    assert mode(tmp_path / "b" / "berichte" / "1" / "2" / "2026-08") == 0o777


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+49", "-Nord", "@x", " Nord", "No\trd", "No\nrd", "Nord\u202e"])
def test_an_office_cannot_be_called_like_a_formula(name: str) -> None:
    table = TABLES["bedarfsgemeinschaft"]
    row = {"bg_nummer": "1", "gueltig_von": "2026-01-01", "gueltig_bis": "", "aktenzeichen": "=1"}
    row |= {"gemeinde_ags": "08317096", "geschaeftsstelle": "Nord-Süd (1)", "zustaendigkeit": "Team"}
    assert typed_batch(table, pa.RecordBatch.from_pylist([row]), 1).num_rows == 1
    with pytest.raises(ContractBreachError, match="Steuerzeichen") as caught:
        typed_batch(table, pa.RecordBatch.from_pylist([row | {"geschaeftsstelle": name}]), 7)
    assert (caught.value.row, caught.value.column) == (7, "geschaeftsstelle")
    assert name not in caught.value.message


def test_what_somebody_wrote_is_no_formula_and_numbers_stay_numbers() -> None:
    row = {"a": "=1+1", "b": "-1.50", "c": -2, "d": None, "e": "-", "f": "@x"}
    assert rows_as_csv(list(row), [row]) == "a,b,c,d,e,f\n'=1+1,-1.50,-2,,-,'@x\n"
