"""Sheets that set a month beside the month before and the same month of the year before.

Most sheets have this shape; ``etl/report/sheets/themen.py`` and ``eckwerte`` say what stands on them as data.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from etl.figures.kennzahlen import load
from etl.monat import Monat
from etl.report.layout import Chart, ChartKind, Column, Footnotes, Kind, Row, RowKind, Sheet, TableSheet
from etl.report.model import (
    Cells,
    Raten,
    ReportRequest,
    Sign,
    Value,
    added,
    change,
    change_percent,
    quotient,
    rounded,
    share,
)
from etl.report.sheets import diagramme
from etl.report.sheets.bloecke import SUMMEN
from etl.report.sheets.common import (
    NICHT_GELADEN,
    NICHT_VORGESEHEN,
    ROUNDING_NOTE,
    auspraegungen,
    figure,
    figure_name,
    kennzahl_label,
    label_of,
    listed,
    month_column,
    nachkommastellen,
    remark,
    section,
    source,
    zeilenname,
)

Wert = Callable[[Monat], Value]


@dataclass(frozen=True)
class Blick:
    """What a block needs to make its rows. ``anteile``: the sheet has a column of shares."""

    request: ReportRequest
    cells: Cells
    raten: Raten
    notes: Footnotes
    anteile: bool

    @property
    def months(self) -> tuple[Monat, Monat, Monat]:
        """The reporting month, the month before, the same month of the year before."""
        month = self.request.berichtsmonat
        return month, month.shift(-1), month.shift(-12)

    @property
    def width(self) -> int:
        """Number of columns of the sheet."""
        return 9 if self.anteile else 8

    def figure_label(self, code: str, text: str = "") -> str:
        """Return the name of a figure (or ``text`` about it) with the number of its footnote."""
        return self.notes.label(text or figure_name(self.request, code), figure(self.request, code))

    def row(
        self,
        label: str,
        wert: Wert,
        *,
        ganzes: Value | None = None,
        name: str = "",
        level: int = 0,
        kind: RowKind = RowKind.NORMAL,
        places: int = 0,
        relativ: bool = True,
    ) -> Row:
        """Return the row of a value over the three months.

        ``ganzes``: what its share is of. ``places``: the value is no stored one and is shown rounded, as its changes
        are; ``relativ``: whether a change in percent means anything.
        """
        new, old, older = (wert(month) for month in self.months)
        anteil = () if not self.anteile else ("" if ganzes is None else share(new, ganzes),)
        changes: list[Value] = []
        for before in (old, older):
            delta = change(new, before)
            changes += (
                rounded(delta, places) if places else delta,
                change_percent(new, before) if relativ else Sign.IMPOSSIBLE,
            )
        shown = [rounded(value, places) if places else value for value in (new, old, older)]
        return Row((label, shown[0], *anteil, *shown[1:], *changes), kind, level, name, decimals=places)


@dataclass(frozen=True)
class Summen:
    """Totals of figures, each with its level. ``ganzes``: the figure that shares are of."""

    titel: str
    groessen: tuple[tuple[str, int], ...]
    ganzes: str = ""

    def rows(self, blick: Blick) -> list[Row]:
        """Return one row per figure that the readers may see."""
        cells = blick.cells
        planned = [(code, level) for code, level in self.groessen if cells.planned(code)]
        if not planned:
            return [remark(NICHT_VORGESEHEN, blick.width)]
        whole = cells.value(self.ganzes, blick.months[0]) if self.ganzes and cells.planned(self.ganzes) else None
        return [
            blick.row(
                blick.figure_label(code),
                partial(cells.value, code),
                ganzes=whole,
                name=code,
                level=level,
                kind=RowKind.TOTAL if code in SUMMEN else RowKind.NORMAL,
            )
            for code, level in planned
        ]


@dataclass(frozen=True)
class Gliederung:
    """One figure by the codes of a feature, with the share of each in the total."""

    titel: str
    groesse: str
    merkmal: str

    def rows(self, blick: Blick) -> list[Row]:
        """Return one row per code; where there is nothing to show, why."""
        cells, groesse, merkmal = blick.cells, self.groesse, self.merkmal
        if not cells.planned(groesse, merkmal):
            return [remark(NICHT_VORGESEHEN, blick.width)]
        if not any(cells.codes(groesse, merkmal, month) for month in blick.months):
            return [remark(NICHT_GELADEN, blick.width)]
        titles = auspraegungen(merkmal)
        whole = cells.value(groesse, blick.months[0]) if cells.planned(groesse) else None
        return [
            blick.row(
                label_of(code, titles),
                partial(cells.value, groesse, merkmal=merkmal, auspraegung=code),
                ganzes=whole,
                name=zeilenname(groesse, merkmal, code),
                level=1,
            )
            for code in listed(cells, (groesse,), merkmal, titles, blick.months)
        ]


@dataclass(frozen=True)
class Quoten:
    """Rates in percent, each called with its denominator; their changes are in percentage points."""

    titel: str
    kennzahlen: tuple[str, ...]

    def rows(self, blick: Blick) -> list[Row]:
        """Return one row per rate."""
        return [
            blick.row(
                kennzahl_label(blick.notes, code),
                partial(blick.raten.value, code),
                name=code,
                places=nachkommastellen(code),
                relativ=load()[code].art == "verhaeltnis",
            )
            for code in self.kennzahlen
        ]


@dataclass(frozen=True)
class Mittel:
    """What is there for each unit: (label, figures that are added up, the figure that counts the units).

    In EUR and cents, or with ``prozent`` in percent of the second.
    """

    titel: str
    zeilen: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]
    prozent: bool = False

    def rows(self, blick: Blick) -> list[Row]:
        """Return one row per mean of figures that the readers may see."""
        places = 1 if self.prozent else 2
        planned = [z for z in self.zeilen if all(blick.cells.planned(code) for code in (*z[1], *z[2]))]
        if not planned:
            return [remark(NICHT_VORGESEHEN, blick.width)]
        return [
            blick.row(label, partial(self._wert, blick.cells, above, below), places=places, relativ=not self.prozent)
            for label, above, below in planned
        ]

    def _wert(self, cells: Cells, above: tuple[str, ...], below: tuple[str, ...], month: Monat) -> Value:
        value = quotient(_summe(cells, above, month), _summe(cells, below, month))
        return value * 100 if self.prozent and not isinstance(value, Sign) else value


def _summe(cells: Cells, codes: tuple[str, ...], month: Monat) -> Value:
    return added([cells.value(code, month) for code in codes])


Block = Summen | Gliederung | Quoten | Mittel


@dataclass(frozen=True)
class Linien:
    """A chart of figures over 13 months."""

    titel: str
    groessen: tuple[str, ...]
    art: ChartKind = ChartKind.LINE

    def charts(self, blick: Blick, _: Thema, __: Sequence[Row]) -> list[Chart]:
        """Return the chart; none when the readers may see none of the figures."""
        return diagramme.verlauf(self.titel, self.groessen, blick.request, blick.cells, self.art)


@dataclass(frozen=True)
class Balken:
    """A chart of a figure by the codes of a feature, or of several figures (``merkmal`` empty), in this month."""

    titel: str
    groessen: tuple[str, ...]
    merkmal: str = ""

    def charts(self, blick: Blick, thema: Thema, rows: Sequence[Row]) -> list[Chart]:
        """Return the chart; none when there is nothing to draw."""
        begins = tuple(zeilenname(code, self.merkmal) for code in self.groessen)
        shown = [row for row in rows if (row.name.startswith(begins) if self.merkmal else row.name in self.groessen)]
        if not any(isinstance(row.cells[1], Decimal) for row in shown):
            return []
        return [diagramme.balken(self.titel, thema.titel, shown, [(1, blick.months[0].name)])]


@dataclass(frozen=True)
class Thema:
    """A sheet: what it is called, what it shows, its blocks and charts. ``anteile``: with a column of shares."""

    titel: str
    ueberschrift: str
    zweck: str
    bloecke: tuple[Block, ...]
    diagramme: tuple[Linien | Balken, ...] = ()
    hinweise: tuple[str, ...] = ()
    anteile: bool = True


def build(thema: Thema, request: ReportRequest, cells: Cells) -> Sheet:
    """Build the sheet of a subject."""
    raten = Raten((*request.kennzahlen, *request.quoten))
    blick = Blick(request, cells, raten, Footnotes(), thema.anteile)
    rows: list[Row] = []
    for block in thema.bloecke:
        heading = block.titel
        if isinstance(block, Gliederung):
            heading = blick.figure_label(block.groesse, heading)
        rows.append(section(heading, blick.width))
        rows.extend(block.rows(blick))
    return TableSheet(
        title=thema.titel,
        heading=f"{thema.ueberschrift}, {request.berichtsmonat.name}",
        columns=_columns(blick),
        rows=tuple(rows),
        notes=(*blick.notes.lines, *thema.hinweise, ROUNDING_NOTE),
        source=source(request),
        purpose=thema.zweck,
        charts=tuple(chart for diagramm in thema.diagramme for chart in diagramm.charts(blick, thema, rows)),
        landscape=False,
    )


def _columns(blick: Blick) -> tuple[Column, ...]:
    month, before, year_before = blick.months
    cells = blick.cells
    anteil = (Column("Anteil in %", Kind.SHARE, 8, "Wert"),) if blick.anteile else ()
    return (
        Column("Größe", Kind.TEXT, 48),
        month_column(cells, month, "Wert", 11.5),
        *anteil,
        month_column(cells, before, "Wert", 11.5),
        month_column(cells, year_before, "Wert", 11.5),
        Column("absolut", Kind.CHANGE, 10.5, "gegenüber Vormonat"),
        Column("in %", Kind.PERCENT_CHANGE, 8, "gegenüber Vormonat"),
        Column("absolut", Kind.CHANGE, 10.5, "gegenüber Vorjahr"),
        Column("in %", Kind.PERCENT_CHANGE, 8, "gegenüber Vorjahr"),
    )
