"""Sheet „Impressum“: the fields that official statistics use. What is not on record is said to be so."""

from __future__ import annotations

from etl.report.layout import Sheet, TextRow, TextSheet, TextStyle
from etl.report.model import Cells, ReportRequest, gebiet
from etl.report.sheets.common import SYNTHETISCH, datenstand, herausgeber, hinweis

TITLE = "Impressum"
NOT_ON_RECORD = "(nicht hinterlegt)"

CONTACT_FIELDS = (
    ("naechster_termin", "Nächster Veröffentlichungstermin"),
    ("anschrift", "Anschrift"),
    ("rueckfragen", "Rückfragen an"),
    ("email", "E-Mail"),
    ("telefon", "Telefon"),
    ("fax", "Fax"),
    ("internet", "Weiterführende Informationen"),
    ("nutzungsbedingungen", "Nutzungsbedingungen"),
)
"""Keys of ``ReportRequest.impressum`` and their labels."""


def build(request: ReportRequest, cells: Cells) -> Sheet:
    """Build the sheet."""
    rows = [TextRow(TextStyle.TITLE, (TITLE,)), *(TextRow(TextStyle.PAIR, pair) for pair in fields(request, cells))]
    return TextSheet(TITLE, (34, 62), tuple(rows), "Angaben zur Veröffentlichung")


def fields(request: ReportRequest, cells: Cells) -> tuple[tuple[str, str], ...]:
    """Return the fields of the imprint, the same in every format: a label and what is on record."""
    title = "Monatsbericht Grundsicherung für Arbeitsuchende (SGB II)"
    month = request.berichtsmonat.name
    notes = [SYNTHETISCH] if request.synthetic else []
    notes.append(hinweis(request))
    return (
        ("Reihe", "Monatsberichte SGB II"),
        ("Titel", title),
        ("Region", f"{gebiet().name} ({gebiet().schluessel})"),
        ("Berichtsmonat", f"{month} ({cells.mark(request.berichtsmonat)})"),
        ("Erstellungsdatum (Datenstand)", datenstand(request)),
        ("Periodizität", "monatlich"),
        ("Hinweise", ". ".join(notes) + "."),
        ("Herausgeber", herausgeber(request)),
        *((label, request.impressum.get(key, "").strip() or NOT_ON_RECORD) for key, label in CONTACT_FIELDS),
        ("Zitierhinweis", f"{herausgeber(request)}, {title}, {month}, Datenstand {datenstand(request)}"),
        ("Auftragsnummer", request.auftragsnummer),
    )
