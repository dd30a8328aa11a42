"""The search for the canary finds what it is there to find: in names, in text, in packed files."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from kanarie import SPUREN, spuren_in_dateien, spuren_in_text


@pytest.mark.parametrize("spur", SPUREN)
def test_a_trace_in_a_log(spur: str, tmp_path: Path) -> None:
    (tmp_path / "lauf.log").write_text(f"INFO Fehler in Zeile mit {spur.lower()}0001\n", encoding="utf-8")
    assert spuren_in_text(f"… {spur} …") == [spur]
    assert spuren_in_dateien(tmp_path)


def test_a_trace_in_a_workbook_and_in_a_name(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bericht.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", f"<t>{SPUREN[0]}0001</t>")
    assert spuren_in_dateien(tmp_path)
    (tmp_path / "bericht.xlsx").unlink()
    (tmp_path / f"{SPUREN[0]}0001.csv").touch()
    assert spuren_in_dateien(tmp_path)


def test_nothing_where_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "lauf.log").write_text("12 Tabellen gelesen\n", encoding="utf-8")
    assert spuren_in_dateien(tmp_path) == []
