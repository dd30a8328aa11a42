"""Sheet „Revisionen“: what the months before have become since the last report."""

from __future__ import annotations

from etl.monat import Monat
from etl.report.layout import Column, Kind, Row, Sheet, TableSheet
from etl.report.model import Cells, ReportRequest, change, change_percent
from etl.report.sheets.bloecke import gruppen
from etl.report.sheets.common import ROUNDING_NOTE, figure, figure_name, remark, section, source
from etl.zahlen import zahl

TITLE = "Revisionen"

_ERSTER = "Es gibt keine frühere Lieferung, mit der verglichen werden könnte."
_KEINE = "Seit der vorigen Lieferung hat sich kein Wert geändert."


def build(request: ReportRequest, cells: Cells) -> Sheet:
    """Build the sheet: a block for every month with a changed total, the newest month first."""
    before = Cells(request.vorher, request.berichtsmonat, request.kreis)
    columns = (
        Column("Größe", Kind.TEXT, 50),
        Column("vorher", Kind.NUMBER, 15),
        Column("jetzt", Kind.NUMBER, 15),
        Column("Differenz", Kind.CHANGE, 13),
        Column("in %", Kind.PERCENT_CHANGE, 10),
    )
    months = [month for month in reversed(cells.months) if before.wartezeit(month) is not None]
    rows: list[Row] = []
    unchanged = 0
    for month in months:
        changed, same = _month(request, before, cells, month)
        unchanged += same
        if changed:
            marks = f"vorher {before.mark(month)}, jetzt {cells.mark(month)}"
            rows += [section(f"{month.name}: {marks}", len(columns)), *changed]
    if not rows:
        rows.append(remark(_KEINE if months else _ERSTER, len(columns)))
    compared = f"Verglichen: {len(months)} Monate; unverändert blieben {zahl(unchanged)} Werte."
    return TableSheet(
        title=TITLE,
        heading=f"Revisionen seit der vorigen Lieferung, {request.berichtsmonat.name}",
        columns=columns,
        rows=tuple(rows),
        notes=(compared, _HINWEIS, ROUNDING_NOTE) if months else (),
        source=source(request),
        purpose="Welche Werte früherer Monate sich seit dem letzten Bericht geändert haben",
        landscape=False,
    )


_HINWEIS = (
    "Vorläufige Werte ändern sich, weil Fälle nachträglich erfasst oder berichtigt werden. Die Ursachen einer Änderung "
    "nennt der Befehl „jobcenter revisions“. Beträge in Euro."
)


def _month(request: ReportRequest, before: Cells, cells: Cells, month: Monat) -> tuple[list[Row], int]:
    """Return the rows of the figures that changed, and how many did not."""
    codes = [code for gruppe in gruppen(cells) for code, _ in gruppe.groessen]
    pairs = {code: (before.value(code, month), cells.value(code, month)) for code in codes}
    rows = []
    for code, (old, new) in pairs.items():
        known = figure(request, code)
        if old != new:
            cells_of_row = (figure_name(request, code), old, new, change(new, old), change_percent(new, old))
            name = f"{code}_{month}".replace("-", "_")
            rows.append(Row(cells_of_row, name=name, decimals=2 if known and known.einheit == "EUR" else 0))
    return rows, len(pairs) - len(rows)
