"""Tables with a figure per column: the codes of a feature below each other, in one month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from etl.report.layout import Column, Footnotes, Kind, Row, RowKind
from etl.report.model import INSGESAMT, Cells, ReportRequest, Value, change, change_percent
from etl.report.sheets.common import figure, spaltenbreite, stufe, zeilenname


def geplant(cells: Cells, groessen: Sequence[str], merkmale: Sequence[str]) -> tuple[str, ...]:
    """Return the figures that the readers may see in total and by every one of the features."""
    return tuple(code for code in groessen if all(cells.planned(code, m) for m in (INSGESAMT, *merkmale)))


@dataclass(frozen=True)
class Bestand:
    """Figures ``groessen`` of the reporting month, a column each."""

    request: ReportRequest
    cells: Cells
    groessen: tuple[str, ...]

    def columns(
        self, notes: Footnotes, group: str, labels: Sequence[str], widths: Sequence[float], width: float
    ) -> tuple[Column, ...]:
        """Return the columns: what a row is (``labels``), then the figures with the mark of the month."""
        mark = stufe(self.cells, self.request.berichtsmonat)
        columns = [Column(label, Kind.TEXT, wide) for label, wide in zip(labels, widths, strict=True)]
        for code in self.groessen:
            known = figure(self.request, code)
            heading = notes.label(known.kurz if known else code, known)
            columns.append(Column(heading, Kind.NUMBER, spaltenbreite(heading, width), group, mark))
        return tuple(columns)

    def values(self, merkmal: str, code: str, back: int = 0) -> tuple[Value, ...]:
        """Return the values of a code, ``back`` months before the reporting month."""
        month = self.request.berichtsmonat.shift(-back)
        return tuple(self.cells.value(groesse, month, merkmal, code) for groesse in self.groessen)

    def row(self, labels: Sequence[str], merkmal: str, code: str, kind: RowKind = RowKind.NORMAL) -> Row:
        """Return the row of a code."""
        name = INSGESAMT if merkmal == INSGESAMT else zeilenname(self.groessen[0], merkmal, code)
        return Row((*labels, *self.values(merkmal, code)), kind, int(kind is RowKind.NORMAL and labels[0] != ""), name)

    def legend(self) -> str:
        """Return what the short headings stand for."""
        known = [self.request.figures[code] for code in self.groessen if code in self.request.figures]
        return "; ".join(f"{entry.kurz}: {entry.name}" for entry in known if entry.kurz != entry.name) + "."


def veraenderungen(new: Sequence[Value], old: Sequence[Value]) -> list[tuple[Value, Value]]:
    """Return for each pair of values the change, absolute and in percent."""
    return [(change(n, o), change_percent(n, o)) for n, o in zip(new, old, strict=True)]
