"""The web page of the month, and the start page over all months: each one file that needs nothing else.

Pages of several months laid into one folder of a web server find each other by relative links; the start page of the
newest month takes the place of the older one.
"""

from __future__ import annotations

from pathlib import Path

from etl.report.model import Cells, ReportRequest
from etl.report.webseite import seite

START = "index.html"
"""Name of the start page."""


def write(request: ReportRequest, folder: Path) -> list[Path]:
    """Write ``<JJJJ-MM>.html`` and ``index.html`` into ``folder``; the same request gives the same bytes."""
    cells = Cells(request.cells, request.berichtsmonat, request.kreis)
    pages = {f"{request.berichtsmonat}.html": seite.monat(request, cells), START: seite.start(request, cells)}
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return [folder / name for name in pages]
