"""What the page is built of: elements, values as text, tables. ``seite.js`` builds the same from the same cells.

Everything here and in ``bilder`` has its twin of the same name in ``seite.js``, because the page must be complete
without JavaScript and draw the same with it; a test in a browser compares both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from markupsafe import Markup, escape

from etl import zahlen
from etl.report.model import Sign, Value

GESPROCHEN = {Sign.HIDDEN: "geheim", Sign.UNKNOWN: "nicht verfügbar", Sign.IMPOSSIBLE: "nicht sinnvoll"}
"""What a sign is called; a screen reader would pass over the sign itself."""
_NICHTS = "-"


@dataclass(frozen=True)
class Spalte:
    """The head of a column of values, with the mark of its month."""

    titel: str
    stand: str = ""


@dataclass(frozen=True)
class Zeile:
    """A row of a table: what it is about, how deep it stands below the row before, and its values as text."""

    titel: str
    werte: Sequence[str]
    tiefe: int = 0


@dataclass(frozen=True)
class Tafel:
    """A table: rows in groups, each group with a heading or without one."""

    titel: str
    kopf: str
    spalten: Sequence[Spalte]
    gruppen: Sequence[tuple[str, Sequence[Zeile]]] = field(default=())


@dataclass(frozen=True)
class Block:
    """A chart with its table. ``inhalt`` is what ``seite.js`` draws anew when the reader chooses something else."""

    kennung: str
    titel: str
    inhalt: Markup
    groessen: tuple[tuple[str, str], ...] = ()
    erste: str = ""
    merkmal: str = ""


def element(name: str, attribute: dict[str, object] | None = None, *inhalt: str) -> Markup:
    """Return an element; text and attributes are escaped, ``Markup`` is taken as it is."""
    said = "".join(f' {key}="{escape(str(value))}"' for key, value in (attribute or {}).items())
    return Markup(f"<{name}{said}>{Markup('').join(inhalt)}</{name}>")  # noqa: S704 (all of it is escaped)


def wert(value: Value, stellen: int = 0) -> str:
    """Write a value for a reader: ``8.846``, ``-`` for nothing, or the sign that stands for it."""
    if isinstance(value, Sign):
        return str(value)
    return zahlen.zahl(value, stellen) if value else _NICHTS


def differenz(value: Value, stellen: int = 0) -> str:
    """Write a change: ``+12``, ``−3,4``, ``0``, or the sign that stands for it."""
    return str(value) if isinstance(value, Sign) else zahlen.veraenderung(value, stellen)


def wort(value: Value, stellen: int = 0) -> str:
    """Say a value: as ``wert``, but a sign as a word and zero as a number."""
    return GESPROCHEN[value] if isinstance(value, Sign) else zahlen.zahl(value, stellen)


def ganze(value: Value, stellen: int = 0) -> int | None:
    """Return what is drawn of a value: the shown number in units of its last decimal; None for a sign."""
    return None if isinstance(value, Sign) else int(zahlen.half_up(Decimal(value), stellen).scaleb(stellen))


def feld(text: str) -> Markup:
    """Return the content of a cell: a sign is shown and, apart from that, said as a word."""
    said = {str(sign): word for sign, word in GESPROCHEN.items()} | {_NICHTS: "nichts"}
    if text not in said:
        return escape(text)
    shown = element("span", {"aria-hidden": "true"}, text)
    return shown + element("span", {"class": "vorlesen"}, said[text])


def tafel(tafel: Tafel) -> Markup:
    """Return a table with caption, heads of columns and rows, and groups of rows."""
    kopf = [_kopf(spalte) for spalte in tafel.spalten]
    head = element("thead", {}, element("tr", {}, element("th", {"scope": "col"}, tafel.kopf), *kopf))
    bodies = [
        element("tbody", {}, *_gruppe(titel, len(tafel.spalten)), *map(_zeile, zeilen))
        for titel, zeilen in tafel.gruppen
    ]
    return element("table", {}, element("caption", {}, tafel.titel), head, *bodies)


def rahmen(titel: str, table: Markup) -> Markup:
    """Return a table in a box that can be scrolled sideways, also with the keyboard."""
    return element("div", {"class": "tafel", "role": "group", "tabindex": "0", "aria-label": titel}, table)


def _kopf(spalte: Spalte) -> Markup:
    stand = [element("span", {"class": "stand"}, spalte.stand)] if spalte.stand else []
    return element("th", {"scope": "col", "class": "z"}, spalte.titel, *stand)


def _gruppe(titel: str, spalten: int) -> Iterable[Markup]:
    if titel:
        yield element("tr", {}, element("th", {"scope": "rowgroup", "colspan": spalten + 1}, titel))


def _zeile(zeile: Zeile) -> Markup:
    titel = element("th", {"scope": "row", "class": f"t{zeile.tiefe}"}, zeile.titel)
    return element("tr", {}, titel, *(element("td", {"class": "z"}, feld(text)) for text in zeile.werte))
