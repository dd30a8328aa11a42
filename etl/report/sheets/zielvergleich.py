"""Sheet „Zielvergleich“: where the month stands against the targets of its year (§ 48b SGB II)."""

from __future__ import annotations

from etl.report.layout import Column, Kind, Row, Sheet, TableSheet
from etl.report.model import Cells, ReportRequest, Sign, Value
from etl.report.sheets.common import auspraegungen, remark, source, stufe
from etl.ziele import Zielstand

TITLE = "Zielvergleich"

_AMPEL = {"gruen": "grün: erreicht", "gelb": "gelb: knapp verfehlt", "rot": "rot: verfehlt", "offen": "offen"}
_EINHEIT = {
    "prozent": "Prozent",
    "prozent_vorjahr": "Veränderung zum Vorjahr in Prozent",
    "prozent_jahresmittel": "Veränderung des Jahresmittels in Prozent",
}
_ZEICHEN = {"nenner_null": Sign.IMPOSSIBLE, "geheim": Sign.HIDDEN}
_KEINE = "Für {jahr} sind keine Zielwerte hinterlegt (Befehl „jobcenter targets import“)."


def build(request: ReportRequest, cells: Cells) -> Sheet:
    """Build the sheet; without targets it says so."""
    month = request.berichtsmonat
    columns = (
        Column("Kennzahl", Kind.TEXT, 34),
        Column("Geschlecht", Kind.TEXT, 11),
        Column("Einheit", Kind.TEXT, 18),
        Column("Ziel", Kind.NUMBER, 8),
        Column("Ist", Kind.NUMBER, 8, mark=stufe(cells, month)),
        Column("Abweichung in Punkten", Kind.CHANGE, 12),
        Column("Ampel", Kind.TEXT, 14),
        Column("Regel der Ampel", Kind.TEXT, 32),
        Column("Bedarf in den verbleibenden Monaten", Kind.TEXT, 40),
        Column("Stand", Kind.TEXT, 11),
    )
    rows = [_row(stand) for stand in request.ziele]
    if not rows:
        rows = [remark(_KEINE.format(jahr=month.jahr), len(columns))]
    sources = sorted({stand.quelle for stand in request.ziele})
    return TableSheet(
        title=TITLE,
        heading=f"Vergleich mit den Zielen für {month.jahr}, Stand {month.name}",
        columns=columns,
        rows=tuple(rows),
        notes=tuple(f"Zielwerte: {text}" for text in sources),
        source=source(request),
        purpose="Ziel, Ist, Abweichung, Ampel mit Regel, Bedarf bis zum Jahresende",
    )


def _row(stand: Zielstand) -> Row:
    sign = _ZEICHEN.get(stand.status, Sign.UNKNOWN)
    ist: Value = sign if stand.istwert is None else stand.istwert
    observed = Sign.IMPOSSIBLE if stand.zielwert is None else sign
    cells = (
        f"{stand.kennzahl}: {stand.name}",
        auspraegungen("GESCHLECHT").get(stand.geschlecht, "insgesamt"),
        _EINHEIT.get(stand.einheit, stand.einheit),
        Sign.IMPOSSIBLE if stand.zielwert is None else stand.zielwert,
        ist,
        observed if stand.abweichung is None else stand.abweichung,
        _AMPEL[stand.ampel],
        stand.regel,
        stand.bedarf,
        stand.datenstand or "keine Daten",
    )
    return Row(cells, name=f"{stand.kennzahl}_{stand.geschlecht}_{stand.einheit}", decimals=2)
