"""The report of a month: an Excel workbook for people, a CSV with its description for machines."""

from __future__ import annotations

from pathlib import Path

from etl.report import opendata, workbook
from etl.report.folder import replaced
from etl.report.model import Findings, ReportRequest

__all__ = ["Findings", "ReportRequest", "render", "workbook_name"]


def workbook_name(request: ReportRequest) -> str:
    """Return the file name of the workbook."""
    return f"{request.berichtsmonat}_Monatsbericht.xlsx"


def render(request: ReportRequest, out_dir: Path) -> list[Path]:
    """Write all files of the report and return their paths; ``out_dir`` is replaced as a whole.

    The same request gives the same bytes. After a failure or a kill the previous folder still stands (or is put back by
    the next run).
    """
    with replaced(out_dir) as folder:
        book = folder / workbook_name(request)
        workbook.write(request, book)
        written = [book, *opendata.write(request, folder)]
    return [out_dir / path.name for path in written]
