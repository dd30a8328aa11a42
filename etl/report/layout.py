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


class RowKind(Enum):
    """Role of a row in its grid."""

    SECTION = "section"
    TOTAL = "total"
    NORMAL = "normal"


@dataclass(frozen=True)
class Column:
    """One column. ``group`` stands above the headings of neighbouring columns, ``mark`` is the T-mark below."""

    heading: str | dt.date
    kind: Kind
    width: float
    group: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Row:
    """One row: ``cells`` in the order of the columns. ``name`` becomes a named range, ``level`` an indent."""

    cells: tuple[Value | str, ...]
    kind: RowKind = RowKind.NORMAL
    level: int = 0
    name: str = ""


@dataclass(frozen=True)
class Chart:
    """A line chart; ``lines`` = (name of a row of the grid, what the legend calls it), ``alt`` = the chart in words."""

    title: str
    lines: tuple[tuple[str, str], ...]
    alt: str


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
