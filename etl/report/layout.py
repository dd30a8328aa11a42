"""Sheets as data: a builder says what stands on a sheet, a writer decides how a format shows it.

A table sheet holds one grid, so that its headings can stay in view and repeat on every printed page; blocks inside
the grid are rows of kind ``SECTION``. A text sheet holds rows of text in a few columns.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum

from etl.figures.katalog import Figure
from etl.report.model import Value


class Kind(Enum):
    """What a column holds, and so how it is shown."""

    TEXT = "text"
    NUMBER = "number"  # counts and amounts: 12.345, zero as -
    CHANGE = "change"  # +123, -123, 0
    PERCENT_CHANGE = "percent_change"  # +1,2, -1,2, 0,0
    SHARE = "share"  # 12,3, zero as -
    RATE = "rate"  # 12,3, -12,3, 0,0


class RowKind(Enum):
    """Role of a row in its grid. ``REMARK``: words across the grid, such as why a block is empty."""

    SECTION = "section"
    TOTAL = "total"
    NORMAL = "normal"
    REMARK = "remark"


@dataclass(frozen=True)
class Column:
    """One column. ``group`` stands above the headings of neighbouring columns, ``mark`` is the T-mark below."""

    heading: str | dt.date
    kind: Kind
    width: float
    group: str = ""
    mark: str = ""


Cell = Value | str | dt.date
"""What stands in a cell of a grid: a number or sign, words, or the first day of a month."""


@dataclass(frozen=True)
class Row:
    """One row: ``cells`` in the order of the columns. ``level`` is an indent.

    ``name`` is unique on its sheet: charts find the row by it, and it becomes a named range where it is a plain word.
    ``values`` says how the numbers of this row are shown, whatever its columns say; ``decimals``: counts and their
    changes with so many decimals.
    """

    cells: tuple[Cell, ...]
    kind: RowKind = RowKind.NORMAL
    level: int = 0
    name: str = ""
    values: Kind | None = None
    decimals: int = 0


class ChartKind(Enum):
    """How a chart draws: lines over months, columns over months, bars side by side for a list."""

    LINE = "line"
    COLUMN = "column"
    BAR = "bar"


@dataclass(frozen=True)
class Series:
    """One series of a chart: cells of the table sheet ``sheet``, called ``label`` in the legend.

    Either the values of one row (``rows`` names it) over all columns, or those of ``column`` over several ``rows``,
    which the column ``names`` says the names of.
    """

    label: str
    sheet: str
    rows: tuple[str, ...]
    column: int | None = None
    names: int = 0


@dataclass(frozen=True)
class Chart:
    """A native chart. ``alt`` is the chart in words; ``lines`` its height in rows; ``wide``: alone on its line."""

    title: str
    kind: ChartKind
    series: tuple[Series, ...]
    alt: str
    lines: int = 17
    wide: bool = False


@dataclass(frozen=True)
class TableSheet:
    """A sheet with one grid, charts below it, then footnotes and the source."""

    title: str
    heading: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    source: str
    purpose: str
    charts: tuple[Chart, ...] = ()
    series: bool = False  # a named row is a series of values, not one value
    landscape: bool = True

    @property
    def labels(self) -> int:
        """Number of leading columns that say what a row is."""
        return next((i for i, column in enumerate(self.columns) if column.kind is not Kind.TEXT), len(self.columns))


class TextStyle(Enum):
    """How a row of text is set."""

    TITLE = "title"
    SUBTITLE = "subtitle"
    HEADING = "heading"
    COLUMN_HEADINGS = "column_headings"
    PAIR = "pair"
    TEXT = "text"
    WARNING = "warning"
    SPACE = "space"


@dataclass(frozen=True)
class TextRow:
    """One row of text; with one cell it runs over the whole width.

    ``kinds`` says how numbers among the cells are shown; ``link`` is the title of a sheet.
    """

    style: TextStyle
    cells: tuple[Value | str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    link: str = ""


@dataclass(frozen=True)
class TextSheet:
    """A sheet of text, in columns of ``widths`` characters."""

    title: str
    widths: tuple[float, ...]
    rows: tuple[TextRow, ...]
    purpose: str
    landscape: bool = False
    head: bool = True
    one_page: bool = False
    charts: tuple[Chart, ...] = ()


Sheet = TableSheet | TextSheet


class Footnotes:
    """The footnotes of one sheet, numbered in the order in which they are first referred to."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def label(self, text: str, figure: Figure | None) -> str:
        """Return ``text`` with the number of the figure's footnote, ``Text 1)``, if it has one."""
        return self.mark(text, figure.fussnote) if figure and figure.fussnote else text

    def mark(self, text: str, note: str) -> str:
        """Return ``text`` with the number of ``note``."""
        number = self._numbers.setdefault(note.strip(), len(self._numbers) + 1)
        return f"{text} {number})"

    @property
    def lines(self) -> tuple[str, ...]:
        """The footnotes as they stand below the grid."""
        return tuple(f"{number}) {note}" for note, number in self._numbers.items())
