"""Sheet „Bedarfsgemeinschaften“: by type and by office, with shares and changes."""

from __future__ import annotations

from etl.monat import Monat
from etl.report.layout import Column, Footnotes, Kind, Row, RowKind, Sheet, TableSheet
from etl.report.model import Cells, ReportRequest, Value, change, change_percent, share
from etl.report.sheets.common import (
    ROUNDING_NOTE,
    figure,
    figure_name,
    label_of,
    listed,
    month_column,
    section,
    source,
)

TITLE = "Bedarfsgemeinschaften"

_TYPES = ("BG_SINGLE", "BG_ALLEINERZIEHEND", "BG_PARTNER_OHNE_KINDER", "BG_PARTNER_MIT_KINDERN", "BG_SONSTIGE")


def build(request: ReportRequest, cells: Cells) -> Sheet:
    """Build the sheet."""
    notes = Footnotes()
    month = request.berichtsmonat
    months = (month, month.shift(-1), month.shift(-12))
    total = tuple(cells.value("BG", m) for m in months)
    columns = _columns(cells, months)
    width = len(columns)
    rows = [_row(notes.label(figure_name(request, "BG"), figure(request, "BG")), total, total, RowKind.TOTAL, "BG")]
    rows.append(section("nach Typ der Bedarfsgemeinschaft", width))
    for code in _TYPES:
        label = notes.label(figure_name(request, code), figure(request, code))
        rows.append(_row(label, tuple(cells.value(code, m) for m in months), total, name=code))
    rows.append(section("nach Geschäftsstelle", width))
    for code in listed(cells, ("BG",), "GESCHAEFTSSTELLE", {}, months):
        values = tuple(cells.value("BG", m, "GESCHAEFTSSTELLE", code) for m in months)
        rows.append(_row(label_of(code, {}), values, total))
    return TableSheet(
        title=TITLE,
        heading=f"Bedarfsgemeinschaften nach Typ und Geschäftsstelle, {month.name}",
        columns=columns,
        rows=tuple(rows),
        notes=(*notes.lines, ROUNDING_NOTE),
        source=source(request),
        purpose="Bestand nach Typ und nach Geschäftsstelle, Anteile, Veränderungen",
    )


def _columns(cells: Cells, months: tuple[Monat, ...]) -> tuple[Column, ...]:
    month, before, year_before = months
    return (
        Column("Merkmal", Kind.TEXT, 48),
        month_column(cells, month, "Berichtsmonat", 11.5),
        Column("Anteil in %", Kind.SHARE, 11.5, "Berichtsmonat"),
        month_column(cells, before, "Vormonat", 12),
        month_column(cells, year_before, "Vorjahresmonat", 14.5),
        Column("absolut", Kind.CHANGE, 9.5, "gegenüber Vormonat"),
        Column("in %", Kind.PERCENT_CHANGE, 9.5, "gegenüber Vormonat"),
        Column("absolut", Kind.CHANGE, 12.5, "gegenüber Vorjahresmonat"),
        Column("in %", Kind.PERCENT_CHANGE, 12.5, "gegenüber Vorjahresmonat"),
    )


def _row(
    label: str,
    values: tuple[Value, ...],
    total: tuple[Value, ...],
    kind: RowKind = RowKind.NORMAL,
    name: str = "",
) -> Row:
    new, old, older = values
    changes = (change(new, old), change_percent(new, old), change(new, older), change_percent(new, older))
    return Row((label, new, share(new, total[0]), old, older, *changes), kind, int(kind is RowKind.NORMAL), name)
