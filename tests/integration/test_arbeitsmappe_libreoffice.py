"""The workbook in LibreOffice: opened without a repair, every value and chart kept, every page printed."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest

from berichtsdaten import cells_frame, requests_of
from etl.report import workbook

SOFFICE = shutil.which("soffice")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (Debian: libreoffice-calc-nogui) is not installed"),
]


def converted(book: Path, ending: str, folder: Path) -> Path:
    """Return ``book`` as LibreOffice writes it; its profile lies in ``folder``, too."""
    command = [str(SOFFICE), f"-env:UserInstallation=file://{folder}/profil", "--headless", "--convert-to", ending]
    subprocess.run([*command, "--outdir", str(folder), str(book)], check=True, capture_output=True, timeout=300)
    return folder / f"{book.stem}.{ending}"


def charts_of(book: Path) -> int:
    with zipfile.ZipFile(book) as parts:
        return sum(name.startswith("xl/charts/chart") for name in parts.namelist())


@pytest.mark.filterwarnings("ignore:Unable to read chart")  # openpyxl does not know all that LibreOffice writes
@pytest.mark.parametrize("number", [0, 1], ids=["dienststelle", "landkreis"])
def test_libreoffice_reads_every_value_and_every_chart(number: int, tmp_path: Path) -> None:
    (mine,) = workbook.write(requests_of(cells_frame())[number], tmp_path)
    theirs = converted(mine, "xlsx", tmp_path / "libreoffice")
    before, after = openpyxl.load_workbook(mine), openpyxl.load_workbook(theirs)
    assert after.sheetnames == before.sheetnames
    for sheet in before:
        for row in sheet.iter_rows():
            for cell in row:
                assert after[sheet.title][cell.coordinate].value == cell.value, f"{sheet.title}!{cell.coordinate}"
    assert charts_of(theirs) == charts_of(mine) > 35
    assert set(before.defined_names) <= set(after.defined_names)


def test_libreoffice_prints_it(tmp_path: Path) -> None:
    (mine,) = workbook.write(requests_of(cells_frame())[0], tmp_path)
    pages = subprocess.run(
        ["pdftotext", "-layout", str(converted(mine, "pdf", tmp_path / "libreoffice")), "-"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\f")[:-1]
    assert len(pages) < 70
    for page in pages:
        assert "Monatsbericht SGB II, August 2026" in page
        assert "Synthetische Daten – keine amtlichen Zahlen" in page
    assert not [page for page in pages if "###" in page]  # no column is too narrow for its numbers
