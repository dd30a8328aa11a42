"""Sheet „Erwartung“: the final values to be expected of figures that are still provisional."""

from __future__ import annotations

from decimal import Decimal

from etl.nowcast import ZU_WENIG, Erwartung
from etl.report.layout import Column, Kind, Row, Sheet, TableSheet
from etl.report.model import Cells, ReportRequest, Sign, Value, share
from etl.report.sheets.common import figure, figure_name, remark, section, source
from etl.zahlen import zahl

TITLE = "Erwartung"

_KEINE = "Zu diesem Bericht liegen keine Erwartungen vor: Es gibt zu wenig Meldehistorie oder keinen vorläufigen Wert."
_HINWEISE = (
    "Erwartet wird der endgültige Wert (T-3) aus dem, was in früheren Monaten aus vorläufigen Werten geworden ist. Das "
    "Intervall soll ihn mit 90 Prozent Wahrscheinlichkeit enthalten.",
    "Abdeckung: In wie vielen geprüften früheren Monaten der endgültige Wert wirklich im damals berechneten Intervall "
    "lag. Liegt sie deutlich unter 90 Prozent, ist das Intervall zu eng.",
)


def build(request: ReportRequest, cells: Cells) -> Sheet:
    """Build the sheet: a block for every provisional month, the newest first."""
    columns = (
        Column("Größe", Kind.TEXT, 46),
        Column("vorläufig", Kind.NUMBER, 12),
        Column("erwartet", Kind.NUMBER, 12, "Endgültiger Wert (T-3)"),
        Column("von", Kind.NUMBER, 12, "Endgültiger Wert (T-3)"),
        Column("bis", Kind.NUMBER, 12, "Endgültiger Wert (T-3)"),
        Column("Monate im Intervall", Kind.NUMBER, 10, "Abdeckung"),
        Column("geprüfte Monate", Kind.NUMBER, 10, "Abdeckung"),
        Column("in %", Kind.SHARE, 8, "Abdeckung"),
        Column("Historie (Monate)", Kind.NUMBER, 9),
        Column("Grundlage", Kind.TEXT, 24),
    )
    rows: list[Row] = []
    planned = [erwartung for erwartung in request.erwartungen if cells.planned(erwartung.groesse)]
    shown = [erwartung for erwartung in planned if erwartung.status in _GRUNDLAGE]
    for month in sorted({erwartung.monat for erwartung in shown}, reverse=True):
        rows.append(section(f"{month.name} ({cells.mark(month)})", len(columns)))
        rows.extend(_row(request, erwartung) for erwartung in shown if erwartung.monat == month)
    if not rows:
        rows.append(remark(_KEINE, len(columns)))
    elif without := sum(erwartung.status == ZU_WENIG for erwartung in planned):
        rows.append(remark(f"Vorläufige Werte ohne Erwartung: {zahl(without)} ({ZU_WENIG}).", len(columns)))
    return TableSheet(
        title=TITLE,
        heading=f"Erwartete endgültige Werte vorläufiger Größen, {request.berichtsmonat.name}",
        columns=columns,
        rows=tuple(rows),
        notes=_HINWEISE,
        source=source(request),
        purpose="Was aus vorläufigen Werten voraussichtlich wird, mit 90-Prozent-Intervall und dessen Abdeckung",
    )


def _row(request: ReportRequest, erwartung: Erwartung) -> Row:
    known = figure(request, erwartung.groesse)
    none = Sign.HIDDEN if erwartung.status == "geheim" else Sign.UNKNOWN
    hits: tuple[Value, Value, Value] = (none, none, none)
    if erwartung.abdeckung:
        held, checked = (Decimal(count) for count in erwartung.abdeckung)
        hits = (held, checked, share(held, checked))
    numbers = (erwartung.vorlaeufig, erwartung.erwartet, erwartung.unten, erwartung.oben)
    cells = (
        figure_name(request, erwartung.groesse) + (" in Euro" if known and known.einheit == "EUR" else ""),
        *(none if number is None else number for number in numbers),
        *hits,
        Decimal(erwartung.historie),
        _GRUNDLAGE[erwartung.status],
    )
    return Row(cells, name=f"{erwartung.groesse}_{erwartung.monat}".replace("-", "_"))


_GRUNDLAGE = {"ok": "Meldedreieck", "geheim": "geheim (*)"}
