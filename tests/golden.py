"""The golden texts of the reports in ``tests/data/golden``: what a reader sees, so that its changes can be reviewed.

A workbook is compared cell by cell: each line names sheet and cell.

``uv run python tests/golden.py`` writes them anew; ``tests/unit/test_golden.py`` compares them line by line.
"""

from __future__ import annotations

import csv
import io
import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl

import ausschussdaten
import veroeffentlicht
from berichtsdaten import cells_frame, requests_of
from etl.disclosure import Empfaengerkreis
from etl.files import write_atomically
from etl.report import ReportRequest, ausschussbericht, webseite, workbook
from etl.report.statistikreport import meldung, text
from seitentext import text_of

FOLDER = Path(__file__).parent / "data" / "golden"


def _statistikreport(requests: Mapping[Empfaengerkreis, ReportRequest]) -> str:
    return text.content(meldung(requests[Empfaengerkreis.OEFFENTLICHKEIT]))


def _ausschussbericht(_: Mapping[Empfaengerkreis, ReportRequest]) -> str:
    """Return the text of the pages in their layout; how wide a gap is depends on the reader and is left out."""
    with TemporaryDirectory() as folder:
        (file,) = ausschussbericht.write(ausschussdaten.bericht(), Path(folder))
        return "".join(f"{line}\n" for line in zeilen(file))


def zeilen(pdf: Path) -> list[str]:
    """Return the lines of a PDF in their layout, gaps of two spaces."""
    done = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True)
    lines = (re.sub(r"\s{2,}|(?:\. ){3,}\W*", "  ", line.strip()) for line in done.stdout.splitlines())
    return [line for line in lines if line]


def arbeitsmappe(request: ReportRequest) -> str:
    """Return every cell of the workbook as an independent reader sees it: sheet, cell, value, number format."""
    with TemporaryDirectory() as folder:
        (path,) = workbook.write(request, Path(folder))
        book = openpyxl.load_workbook(path)
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(("blatt", "zelle", "wert", "zahlenformat"))
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    shown = "" if cell.data_type == "s" else cell.number_format
                    writer.writerow((sheet.title, cell.coordinate, cell.value, shown))
    return lines.getvalue()


def _webseite(name: str) -> str:
    """Return the text of a page as its reader meets it, a line for each element."""
    with TemporaryDirectory() as folder:
        pages = {path.name: path for path in webseite.write(veroeffentlicht.request(), Path(folder))}
        return "".join(f"{line}\n" for line in text_of(pages[name].read_text(encoding="utf-8")))


TEXTS: Mapping[str, Callable[[Mapping[Empfaengerkreis, ReportRequest]], str]] = {
    "ausschussbericht.txt": _ausschussbericht,
    "arbeitsmappe_dienststelle.csv": lambda requests: arbeitsmappe(requests[Empfaengerkreis.DIENSTSTELLE]),
    "arbeitsmappe_landkreis.csv": lambda requests: arbeitsmappe(requests[Empfaengerkreis.LANDKREIS]),
    "statistikreport.txt": _statistikreport,
    "webseite_2026-08.txt": lambda _: _webseite("2026-08.html"),
    "webseite_index.txt": lambda _: _webseite("index.html"),
}
"""Name of each golden file and who makes its text from the requests of ``berichtsdaten``."""


def requests() -> dict[Empfaengerkreis, ReportRequest]:
    """Return the made-up report for each circle of readers."""
    return {request.kreis: request for request in requests_of(cells_frame())}


if __name__ == "__main__":
    made = requests()
    for name, make in TEXTS.items():
        write_atomically(FOLDER / name, make(made).encode())
        print(FOLDER / name)
