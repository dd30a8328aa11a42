"""Write sheets as an Excel workbook: real numbers with number formats, native charts, ready to print.

The workbook is written row by row in constant memory. Text is always written as text, so that a name that begins
with ``=`` stays a name. The same sheets give the same bytes: the only time inside is the Datenstand.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from xlsxwriter import Workbook

from etl.report.charts import Places
from etl.report.layout import TableSheet
from etl.report.model import ReportRequest, gebiet
from etl.report.seite import HEAD_ROWS
from etl.report.sheets import build
from etl.report.sheets.common import SYNTHETISCH, herausgeber, hinweis
from etl.report.style import ROW_PIXELS, WORKBOOK_FONT, Formats
from etl.report.tabellenblatt import write_table_sheet
from etl.report.textblatt import write_text_sheet


def write(request: ReportRequest, folder: Path) -> list[Path]:
    """Write the workbook of ``request`` into ``folder`` and return its path; temporary files stay in the same folder.

    The name says for whom it is: a file that leaves its folder must not be taken for the one of another circle.
    """
    path = folder / f"{request.berichtsmonat}_Monatsbericht_{request.kreis.capitalize()}.xlsx"
    look = {"default_format_properties": WORKBOOK_FONT, "default_row_height": ROW_PIXELS}
    book = Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent), **look})
    _properties(book, request)
    formats = Formats(book)
    sheets = build(request)
    places = Places(sheets, HEAD_ROWS)
    for sheet in sheets:
        page = book.add_worksheet(sheet.title)
        if isinstance(sheet, TableSheet):
            write_table_sheet(book, page, sheet, request, formats, places)
        else:
            write_text_sheet(book, page, sheet, request, formats, places)
    book.close()
    return [path]


def _properties(book: Workbook, request: ReportRequest) -> None:
    datenstand = request.datenstand.astimezone(dt.UTC)
    kind = f"{SYNTHETISCH}. " if request.synthetic else ""
    book.set_properties(
        {
            "title": f"Monatsbericht SGB II {gebiet().name}, {request.berichtsmonat.name}",
            "subject": "Grundsicherung für Arbeitsuchende (SGB II)",
            "author": herausgeber(request),
            "company": herausgeber(request),
            "category": "Monatsbericht",
            "keywords": f"SGB II, {gebiet().name}, {request.berichtsmonat}",
            "comments": f"{kind}{hinweis(request)}. Auftragsnummer {request.auftragsnummer}",
            "created": datenstand.replace(tzinfo=None),
        }
    )
    for name, value in (
        ("Berichtsmonat", str(request.berichtsmonat)),
        ("Datenstand", datenstand.isoformat()),
        ("Träger", request.traegernummer),
        ("Lieferung", request.lieferung_id),
        ("Auftragsnummer", request.auftragsnummer),
    ):
        book.set_custom_property(name, value, "text")
