"""The charts, drawn as SVG: lines over months, bars by size.

All positions are computed with whole numbers, so that ``seite.js`` arrives at exactly the same ones. A month without a
value is a gap with its sign. Provisional values have hollow points; lines also differ in dash, never in colour alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from markupsafe import Markup

from etl import zahlen
from etl.monat import Monat
from etl.report.model import Sign, Value
from etl.report.webseite.bausteine import element, ganze, wert, wort

_KURZ = ("Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez")
_BREITE, _HOEHE = 320, 174
_LINKS, _RECHTS, _OBEN, _UNTEN = 52, 264, 12, 146
_ZEILE = 140
"""Least distance of two lines of text, in tenths of a unit of the drawing."""
_MIT_PUNKTEN = 13
"""Up to so many months each has its point."""
_ABSCHNITTE = 4
_KLEIN = 50
"""Up to this number an axis begins at zero: one person more or less is no ascent."""
_TEILE_AB, _TEILE = 20, 6
"""From so many bars on they are drawn in so many parts, which flow into as many columns as there is room for."""
_ZEILEN, _ZEICHEN = 3, 38
"""Lines of a label, and letters in a line."""


@dataclass(frozen=True)
class Reihe:
    """A line of a chart: what it is called, in short and in full."""

    kurz: str
    name: str
    werte: Sequence[Value]


@dataclass(frozen=True)
class Linien:
    """A line chart. ``stellen``: decimals shown; ``teiler``: what the axis is divided by; ``ziel``: a level to reach.

    ``kennung`` is unique on the page; ``endgueltig`` says for each month whether its values are final.
    """

    kennung: str
    monate: Sequence[Monat]
    reihen: Sequence[Reihe]
    endgueltig: Sequence[bool]
    stellen: int = 0
    teiler: int = 1
    ziel: Value | None = None


@dataclass(frozen=True)
class Balken:
    """A bar chart: what each bar is called, and its value."""

    kennung: str
    titel: str
    balken: Sequence[tuple[str, Value]]


@dataclass(frozen=True)
class _Achse:
    """A vertical axis: ``unten`` to ``oben`` in steps, in units of the last decimal."""

    unten: int
    oben: int
    schritt: int

    def y(self, value: int) -> int:
        """Return the height of a value in tenths of a unit of the drawing."""
        span = self.oben - self.unten
        return _UNTEN * 10 - ((value - self.unten) * (_UNTEN - _OBEN) * 20 + span) // (2 * span)


def kurzmonat(month: Monat) -> str:
    """Return a month as an axis shows it: ``Aug 2026``."""
    return f"{_KURZ[month.monat - 1]} {month.jahr}"


def linien(bild: Linien) -> Markup:
    """Return the chart with its legend and the note on its axis."""
    every = [ganze(value, bild.stellen) for reihe in bild.reihen for value in reihe.werte]
    if bild.ziel is not None:
        every.append(ganze(bild.ziel, bild.stellen))
    known = [value for value in every if value is not None]
    achse = _achse(min(known, default=0), max(known, default=0), bild.teiler)
    grid = _gitter(achse, bild) if known else ()
    parts = [*grid, *_reihen(achse, bild), *_ziel(achse, bild), *_monate(bild)]
    zeiger = {"class": "zeiger", "x1": _LINKS, "x2": _LINKS, "y1": _OBEN, "y2": _UNTEN, "visibility": "hidden"}
    svg = _svg(bild.kennung, "linien", _HOEHE, _titel(bild), _beschreibung(bild), *parts, element("line", zeiger))
    return Markup("").join([*_legende(bild), svg, element("p", {"class": "achse"}, _achsentext(achse, bild))])


def balken(bild: Balken) -> Markup:
    """Return the bars, in parts if there are many; all of one scale, which begins at zero."""
    count = len(bild.balken)
    most = max((value for _, found in bild.balken if (value := ganze(found)) is not None), default=0)
    size = -(-count // _TEILE) if count > _TEILE_AB else count
    pieces = [bild.balken[start : start + size] for start in range(0, count, max(size, 1))]
    drawn = []
    for number, rows in enumerate(pieces):
        part = f" ({number * size + 1} bis {number * size + len(rows)} von {count})" if len(pieces) > 1 else ""
        said = "Balkendiagramm. " + "; ".join(f"{name}: {wort(value)}" for name, value in rows) + "."
        bars, height = _balken(rows, most)
        drawn.append(_svg(f"{bild.kennung}-{number}", "balken", height, bild.titel + part, said, *bars))
    return Markup("").join(drawn)


def _svg(kennung: str, art: str, height: int, titel: str, said: str, *parts: Markup) -> Markup:
    attribute: dict[str, object] = {
        "viewBox": f"0 0 {_BREITE} {height}",
        "class": art,
        "role": "img",
        "aria-labelledby": f"{kennung}-t {kennung}-d",
    }
    named = (element("title", {"id": f"{kennung}-t"}, titel), element("desc", {"id": f"{kennung}-d"}, said))
    return element("svg", attribute, *named, *parts)


def _achse(low: int, high: int, teiler: int) -> _Achse:
    """Return an axis of about four round steps.

    It begins at zero where that costs less than half of the height, and where the numbers are small.
    """
    if 0 <= low <= high - low or 0 <= low <= high <= _KLEIN:
        low = 0
    step = _runder_schritt(max(-(-(high - low) // _ABSCHNITTE), teiler))
    lower, upper = low // step * step, -(-high // step) * step
    return _Achse(lower, upper if upper > lower else lower + step, step)


def _runder_schritt(least: int) -> int:
    power = 1
    while power * 10 < least:
        power *= 10
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least)


def _x(bild: Linien, index: int) -> int:
    """Return the place of a month in tenths of a unit of the drawing."""
    last = max(len(bild.monate) - 1, 1)
    return _LINKS * 10 + (index * (_RECHTS - _LINKS) * 20 + last) // (2 * last)


def _zehntel(number: int) -> str:
    return f"{number // 10}.{number % 10}"


def _gezeichnet(value: int, bild: Linien) -> str:
    """Return a number as the drawing shows it, amounts in thousand Euro."""
    if bild.teiler > 1:
        return zahlen.zahl((value + bild.teiler // 2) // bild.teiler)
    return zahlen.zahl(Decimal(value).scaleb(-bild.stellen), bild.stellen)


def _gitter(achse: _Achse, bild: Linien) -> Iterator[Markup]:
    for value in range(achse.unten, achse.oben + 1, achse.schritt):
        y = _zehntel(achse.y(value))
        yield element("line", {"class": "gitter", "x1": _LINKS, "x2": _RECHTS, "y1": y, "y2": y})
        yield element(
            "text",
            {"x": _LINKS - 6, "y": _zehntel(achse.y(value) + 40), "text-anchor": "end"},
            _gezeichnet(value, bild),
        )


def _ziel(achse: _Achse, bild: Linien) -> Iterator[Markup]:
    if bild.ziel is None or (level := ganze(bild.ziel, bild.stellen)) is None:
        return
    y = _zehntel(achse.y(level))
    yield element("line", {"class": "ziel", "x1": _LINKS, "x2": _RECHTS, "y1": y, "y2": y})
    yield element(
        "text", {"class": "zielwert", "x": _LINKS + 4, "y": _zehntel(achse.y(level) - 40)}, f"Ziel {wort(bild.ziel, 1)}"
    )


def _reihen(achse: _Achse, bild: Linien) -> Iterator[Markup]:
    for number, reihe in enumerate(bild.reihen):
        points = [(index, ganze(value, bild.stellen)) for index, value in enumerate(reihe.werte)]
        yield element("path", {"class": f"linie l{number}", "d": _pfad(achse, bild, points)})
        for index, value in points:
            if value is not None and len(bild.monate) <= _MIT_PUNKTEN:
                art = "endgueltig" if bild.endgueltig[index] else "vorlaeufig"
                place = {"cx": _zehntel(_x(bild, index)), "cy": _zehntel(achse.y(value)), "r": 3}
                yield element("circle", {"class": f"punkt l{number} {art}", **place})
            elif isinstance(sign := reihe.werte[index], Sign):
                place = {"x": _zehntel(_x(bild, index)), "y": _UNTEN - 6 - 12 * number, "text-anchor": "middle"}
                yield element("text", {"class": f"zeichen l{number}", **place}, str(sign))
    yield from _letzte(achse, bild)


def _pfad(achse: _Achse, bild: Linien, points: Sequence[tuple[int, int | None]]) -> str:
    """Return the path through the known values; a gap ends one part of it."""
    parts = []
    for known, run in groupby(points, key=lambda point: point[1] is not None):
        if known:
            parts.append(
                "M" + "L".join(f"{_zehntel(_x(bild, index))} {_zehntel(achse.y(value or 0))}" for index, value in run)
            )
    return "".join(parts)


def _letzte(achse: _Achse, bild: Linien) -> Iterator[Markup]:
    """Yield the last value of each line beside its point; two that are close to each other are moved apart."""
    values = [ganze(reihe.werte[-1], bild.stellen) for reihe in bild.reihen]
    heights = [None if value is None else achse.y(value) for value in values]
    match heights:
        case [int(one), int(other)] if abs(one - other) < _ZEILE:
            middle, half = (one + other) // 2, _ZEILE // 2
            heights = [middle - half, middle + half] if one <= other else [middle + half, middle - half]
    for number, (value, y) in enumerate(zip(values, heights, strict=True)):
        if value is not None and y is not None:
            place = {"x": _RECHTS + 8, "y": _zehntel(y + 40)}
            yield element("text", {"class": f"letzter l{number}", **place}, _gezeichnet(value, bild))


def _monate(bild: Linien) -> Iterator[Markup]:
    last = len(bild.monate) - 1
    for index, anchor in ((0, "start"), (last // 2, "middle"), (last, "end")):
        place = {"x": _zehntel(_x(bild, index)), "y": _UNTEN + 20, "text-anchor": anchor}
        yield element("text", place, kurzmonat(bild.monate[index]))


def _legende(bild: Linien) -> Iterator[Markup]:
    if len(bild.reihen) > 1:
        items = []
        for number, reihe in enumerate(bild.reihen):
            line = element("path", {"class": f"linie l{number}", "d": "M0 5L28 5"})
            sample = element("svg", {"viewBox": "0 0 28 10", "class": "muster", "aria-hidden": "true"}, line)
            items.append(element("li", {}, sample, reihe.name))
        yield element("ul", {"class": "legende"}, *items)


def _titel(bild: Linien) -> str:
    return " und ".join(reihe.name for reihe in bild.reihen)


def _beschreibung(bild: Linien) -> str:
    first, last = bild.monate[0].name, bild.monate[-1].name
    lines = [
        f"{reihe.name}: {first} {wort(reihe.werte[0], bild.stellen)}, {last} {wort(reihe.werte[-1], bild.stellen)}."
        for reihe in bild.reihen
    ]
    return f"Liniendiagramm von {first} bis {last}. {' '.join(lines)} Alle Werte stehen in der Tabelle."


def _achsentext(achse: _Achse, bild: Linien) -> str:
    unit = ["Zahlen im Diagramm in tausend Euro."] if bild.teiler > 1 else []
    zero = [] if achse.unten <= 0 <= achse.oben else ["Die Achse beginnt nicht bei null."]
    return " ".join([*unit, *zero])


def _balken(rows: Sequence[tuple[str, Value]], most: int) -> tuple[list[Markup], int]:
    """Return bars below their labels, and the height they take."""
    parts, top = [], 0
    for name, value in rows:
        lines = _umbruch(name)
        for number, line in enumerate(lines):
            parts.append(element("text", {"x": 0, "y": top + 13 + 15 * number}, line))
        end = {"x": _BREITE, "y": top + 13, "text-anchor": "end", "class": "wert"}
        parts.append(element("text", end, wert(value)))
        base = top + 18 + 15 * (len(lines) - 1)
        known = ganze(value) or 0
        long = (known * _BREITE * 20 + most) // (2 * most) if most else 0
        parts.append(element("rect", {"class": "grund", "x": 0, "y": base, "width": _BREITE, "height": 8}))
        parts.append(element("rect", {"class": "wert", "x": 0, "y": base, "width": _zehntel(long), "height": 8}))
        top = base + 18
    return parts, max(top - 4, 1)


def _umbruch(text: str) -> list[str]:
    """Break a label into at most three lines between words; what does not fit ends with an ellipsis."""
    lines, line = [], ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and len(longer) > _ZEICHEN:
            lines.append(line)
            longer = word
        line = longer
    lines.append(line)
    if len(lines) > _ZEILEN:
        lines = [*lines[: _ZEILEN - 1], f"{lines[_ZEILEN - 1]} …"]
    return [part if len(part) <= _ZEICHEN + 2 else part[: _ZEICHEN + 1] + "…" for part in lines]
