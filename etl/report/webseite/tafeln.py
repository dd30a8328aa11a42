"""The tables of cells: figures of one choice, codes of one feature, months of one chart; and the charts beside them."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from etl.monat import Monat
from etl.report.model import (
    INSGESAMT,
    Cells,
    ReportRequest,
    Value,
    change,
    change_percent,
    gebiet,
    share,
)
from etl.report.sheets.common import figure_name, merkmal_titel
from etl.report.webseite import auswahl
from etl.report.webseite.auswahl import Bild
from etl.report.webseite.bausteine import Spalte, Tafel, Zeile, differenz, element, rahmen, tafel, wert
from etl.report.webseite.bilder import Balken, Linien, Reihe, balken, linien

_TAUSEND = 1000
_GROESSE = "Größe"


def eckwerte(request: ReportRequest, cells: Cells, merkmal: str, code: str, titel: str) -> Tafel:
    """Return every figure of a choice: the month, the month before, the year before, and the changes."""
    gruppen = []
    for heading, rows in auswahl.bloecke(cells):
        planned = [(groesse, tiefe) for groesse, tiefe in rows if cells.planned(groesse, merkmal)]
        zeilen = [
            Zeile(figure_name(request, groesse), _vergleich(cells, groesse, merkmal, code), tiefe)
            for groesse, tiefe in planned
        ]
        if zeilen:
            gruppen.append((heading, zeilen))
    return Tafel(f"Eckwerte, {titel}", _GROESSE, _vergleich_spalten(cells), gruppen)


def struktur(request: ReportRequest, cells: Cells, groesse: str, merkmal: str) -> Tafel:
    """Return one figure by a feature: the total, then every code, with shares and changes."""
    total = cells.value(groesse, cells.months[-1])
    first = Zeile(f"{gebiet().name} insgesamt", _mit_anteil(cells, groesse, INSGESAMT, INSGESAMT, total))
    rows = [
        Zeile(wort, _mit_anteil(cells, groesse, merkmal, code, total), 1)
        for code, wort in auswahl.werte_von(cells, merkmal)
    ]
    spalten = [*_vergleich_spalten(cells)[:1], Spalte("Anteil in %"), *_vergleich_spalten(cells)[1:]]
    titel = f"{figure_name(request, groesse)} nach {merkmal_titel(merkmal)}"
    return Tafel(titel, merkmal_titel(merkmal), spalten, [("", [first, *rows])])


def alle(request: ReportRequest, cells: Cells, merkmal: str) -> Tafel:
    """Return every figure by every code of a feature in the reporting month; the longer list goes down."""
    month = cells.months[-1]
    figures = [(code, auswahl.spalte(request, code)) for code in auswahl.groessen(cells, merkmal)]
    codes = auswahl.werte_von(cells, merkmal)

    def value(groesse: str, code: str) -> str:
        return wert(cells.value(groesse, month, merkmal, code))

    titel = f"Alle Größen nach {merkmal_titel(merkmal)}, {month.name}"
    if len(codes) >= len(figures):
        rows = [Zeile(wort, [value(groesse, code) for groesse, _ in figures]) for code, wort in codes]
        return Tafel(titel, merkmal_titel(merkmal), [Spalte(name) for _, name in figures], [("", rows)])
    rows = [Zeile(figure_name(request, groesse), [value(groesse, code) for code, _ in codes]) for groesse, _ in figures]
    return Tafel(titel, _GROESSE, [Spalte(wort) for _, wort in codes], [("", rows)])


def bild(
    request: ReportRequest,
    cells: Cells,
    chart: Bild,
    codes: Sequence[str],
    titel: str,
    merkmal: str = INSGESAMT,
    code: str = INSGESAMT,
) -> Markup:
    """Return the chart of some figures over the months t−12 … t, for one code of a feature, with its table."""
    return linien_und_tafel(
        Linien(
            kennung=chart.kennung,
            monate=cells.months,
            reihen=[
                Reihe(
                    auswahl.kurz(request, groesse),
                    auswahl.legende(request, groesse),
                    [cells.value(groesse, month, merkmal, code) for month in cells.months],
                )
                for groesse in codes
            ],
            endgueltig=[endgueltig(cells, month) for month in cells.months],
            teiler=teiler(request, codes),
        ),
        f"{chart.titel}, {titel}",
        [cells.mark(month) for month in cells.months],
    )


def verlauf(request: ReportRequest, cells: Cells, chart: Bild) -> Markup:
    """Return the chart of totals since the first month, with its table. Months that are not loaded are gaps."""
    months = tuple(Monat.span(cells.verlauf[0], cells.verlauf[-1])) if cells.verlauf else cells.months
    return linien_und_tafel(
        Linien(
            kennung=chart.kennung,
            monate=months,
            reihen=[
                Reihe(
                    auswahl.kurz(request, code),
                    auswahl.legende(request, code),
                    [cells.value(code, month) for month in months],
                )
                for code in chart.groessen
            ],
            endgueltig=[endgueltig(cells, month) for month in months],
            teiler=teiler(request, chart.groessen),
        ),
        f"{chart.titel}, {gebiet().name} insgesamt",
        [cells.mark(month) for month in months],
    )


def linien_und_tafel(chart: Linien, titel: str, stand: Sequence[str]) -> Markup:
    """Return a line chart, and the table of its months for those who would rather read."""
    rows = [
        Zeile(month.name, [*(wert(reihe.werte[index], chart.stellen) for reihe in chart.reihen), stand[index]])
        for index, month in enumerate(chart.monate)
    ]
    spalten = [*(Spalte(reihe.kurz) for reihe in chart.reihen), Spalte("Stand")]
    return _beides(linien(chart), Tafel(titel, "Monat", spalten, [("", rows)]))


def struktur_und_tafel(request: ReportRequest, cells: Cells, groesse: str, merkmal: str) -> Markup:
    """Return the bars of a figure by a feature with their table; an open list is drawn by size, signs at its end."""
    month = cells.months[-1]
    codes = auswahl.werte_von(cells, merkmal)
    bars = [(wort, cells.value(groesse, month, merkmal, code)) for code, wort in codes]
    if merkmal in auswahl.OFFEN:
        bars.sort(key=lambda bar: _nach_groesse(bar[1]))
    table = struktur(request, cells, groesse, merkmal)
    return _beides(balken(Balken(f"struktur-{merkmal}", f"{table.titel}, {month.name}", bars)), table)


def teiler(request: ReportRequest, codes: Sequence[str]) -> int:
    """Return what an axis is divided by: amounts are shown in thousand Euro."""
    return _TAUSEND if any(request.figures[code].einheit == "EUR" for code in codes) else 1


def endgueltig(cells: Cells, month: Monat) -> bool:
    """Return whether the values of a month are final."""
    return "endgültig" in cells.mark(month)


def _beides(graphic: Markup, table: Tafel) -> Markup:
    return element("div", {"class": "grafik"}, graphic) + rahmen(table.titel, tafel(table))


def _nach_groesse(value: Value) -> tuple[int, int]:
    return (1, 0) if isinstance(value, str) else (0, -int(value * 100))


def _monate(cells: Cells) -> tuple[Monat, Monat, Monat]:
    return cells.months[-1], cells.months[-2], cells.months[0]


def _vergleich_spalten(cells: Cells) -> list[Spalte]:
    return [
        *(Spalte(month.name, cells.mark(month)) for month in _monate(cells)),
        Spalte("gegenüber Vormonat"),
        Spalte("in %"),
        Spalte("gegenüber Vorjahresmonat"),
        Spalte("in %"),
    ]


def _vergleich(cells: Cells, groesse: str, merkmal: str, code: str) -> list[str]:
    new, old, older = (cells.value(groesse, month, merkmal, code) for month in _monate(cells))
    changes = [
        text
        for before in (old, older)
        for text in (differenz(change(new, before)), differenz(change_percent(new, before), 1))
    ]
    return [wert(new), wert(old), wert(older), *changes]


def _mit_anteil(cells: Cells, groesse: str, merkmal: str, code: str, total: Value) -> list[str]:
    new, *others = _vergleich(cells, groesse, merkmal, code)
    part = share(cells.value(groesse, cells.months[-1], merkmal, code), total)
    return [new, wert(part, 1), *others]
