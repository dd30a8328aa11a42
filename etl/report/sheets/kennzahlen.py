"""Sheets „Kennzahlen“ and „Kennzahlenreihe“: the indicators of § 48a SGB II and further rates, in total and by sex."""

from __future__ import annotations

from collections.abc import Sequence

from etl.figures.kennzahlen import GESCHLECHTER, Kennzahl, Zeile, load, paragraph_48a, quoten
from etl.report.layout import Chart, ChartKind, Column, Footnotes, Kind, Row, RowKind, Series, Sheet, TableSheet
from etl.report.model import INSGESAMT, Cells, Raten, ReportRequest, Sign, Value, change, exact, rounded
from etl.report.saetze import lesebeispiel
from etl.report.sheets.common import (
    ROUNDING_NOTE,
    kennzahl_label,
    month_column,
    nachkommastellen,
    section,
    source,
    stufe,
    words,
)
from etl.report.sheets.diagramme import anfang_und_ende

TITLE = "Kennzahlen"
REIHE = "Kennzahlenreihe"

_ZIELE = {
    "K1": "K1 Verringerung der Hilfebedürftigkeit",
    "K2": "K2 Verbesserung der Integration in Erwerbstätigkeit",
    "K3": "K3 Vermeidung von langfristigem Leistungsbezug",
}
"""The three aims of § 48b Abs. 3 SGB II and the indicators that measure them."""
_BESSER = {"weniger": "weniger", "mehr": "mehr", None: "offen"}
_STAND = {"T-3": "T-3 endgültig", "geschaetzt": "geschätzt"}
_POINTS = "Veränderung in Prozentpunkten"


def build(request: ReportRequest, cells: Cells) -> Sheet:
    """Build the sheet of the reporting month, with a reading example for every aim."""
    notes, raten = Footnotes(), Raten((*request.kennzahlen, *request.quoten))
    month = request.berichtsmonat
    mark = stufe(cells, month)
    columns = (
        Column("Kennzahl", Kind.TEXT, 12),
        Column("Bezeichnung", Kind.TEXT, 58),
        Column("Zähler", Kind.NUMBER, 11.5, "Insgesamt", mark),
        Column("Nenner", Kind.NUMBER, 11.5, "Insgesamt", mark),
        Column("Wert", Kind.RATE, 8, "Insgesamt", mark),
        Column("Frauen", Kind.RATE, 8, "Wert", mark),
        Column("Männer", Kind.RATE, 8, "Wert", mark),
        Column(month.shift(-1).first_day, Kind.RATE, 9.5, "Insgesamt früher", cells.mark(month.shift(-1))),
        Column(month.shift(-12).first_day, Kind.RATE, 9.5, "Insgesamt früher", cells.mark(month.shift(-12))),
        Column("Vormonat", Kind.PERCENT_CHANGE, 10.5, _POINTS),
        Column("Vorjahr", Kind.PERCENT_CHANGE, 10.5, _POINTS),
        Column("Besser ist", Kind.TEXT, 10),
        Column("Stand", Kind.TEXT, 13),
    )
    rows: list[Row] = []
    for begin, titel in _ZIELE.items():
        rows.append(section(titel, len(columns)))
        mine = [kennzahl for kennzahl in paragraph_48a() if kennzahl.code.startswith(begin)]
        rows.extend(_row(kennzahl, request, raten, notes) for kennzahl in mine)
    rows.append(section("Weitere Quoten (keine Kennzahlen nach § 48a SGB II)", len(columns)))
    rows.extend(_row(kennzahl, request, raten, notes) for kennzahl in quoten())
    return TableSheet(
        title=TITLE,
        heading=f"Kennzahlen nach § 48a SGB II und weitere Quoten in Prozent, {month.name}",
        columns=columns,
        rows=tuple(rows),
        notes=(*_lesebeispiele(raten, request), *notes.lines, ROUNDING_NOTE),
        source=source(request),
        purpose="K1 bis K3 mit Ergänzungsgrößen, nach Geschlecht, mit Lesebeispielen; Aktivierungs- und andere Quoten",
    )


def _lesebeispiele(raten: Raten, request: ReportRequest) -> list[str]:
    zeilen = [raten.zeile(code, request.berichtsmonat) for code in _ZIELE]
    return [f"Lesebeispiel {zeile.kennzahl}: {lesebeispiel(zeile)}" for zeile in zeilen if zeile]


def _row(kennzahl: Kennzahl, request: ReportRequest, raten: Raten, notes: Footnotes) -> Row:
    month, code = request.berichtsmonat, kennzahl.code
    zeile = raten.zeile(code, month)
    new, old, older = (raten.value(code, m) for m in (month, month.shift(-1), month.shift(-12)))
    by_sex = [raten.value(code, month, sex) if sex in kennzahl.geschlechter else Sign.IMPOSSIBLE for sex in ("w", "m")]
    places = nachkommastellen(kennzahl.code)
    cells = (
        code,
        notes.mark(kennzahl.name, kennzahl.fussnote) if kennzahl.fussnote else kennzahl.name,
        *_parts(zeile),
        *(rounded(value, places) for value in (new, *by_sex, old, older)),
        *(rounded(change(new, before), places) for before in (old, older)),
        _BESSER[kennzahl.besser],
        _stand(zeile),
    )
    return Row(cells, RowKind.TOTAL if code in _ZIELE else RowKind.NORMAL, name=code)


def _parts(zeile: Zeile | None) -> tuple[Value, Value]:
    """Return numerator and denominator; a mean of stocks with two decimals, of which the format shows none."""
    if zeile is None or zeile.zaehler is None or zeile.nenner is None:
        sign = Sign.HIDDEN if zeile and zeile.status == "geheim" else Sign.UNKNOWN
        return sign, sign
    return rounded(exact(zeile.zaehler), 2), rounded(exact(zeile.nenner), 2)


def _stand(zeile: Zeile | None) -> str:
    if zeile is None or zeile.datenstand is None:
        return "keine Daten"
    return _STAND.get(zeile.datenstand, f"{zeile.datenstand} vorläufig")


def reihe(request: ReportRequest, cells: Cells) -> Sheet:
    """Build the sheet of 13 months: in total, then women and men."""
    notes, raten = Footnotes(), Raten((*request.kennzahlen, *request.quoten))
    columns = (
        Column("Kennzahl", Kind.TEXT, 62),
        *(month_column(cells, month, width=9.3, kind=Kind.RATE) for month in cells.months),
    )
    titles = {INSGESAMT: "Insgesamt", **words("geschlechter")}
    rows: list[Row] = []
    for sex in sorted(GESCHLECHTER, key="wm".find):
        rows.append(section(titles[sex], len(columns)))
        for kennzahl in paragraph_48a() if sex != INSGESAMT else load().values():
            if sex in kennzahl.geschlechter:
                places = nachkommastellen(kennzahl.code)
                values = [rounded(raten.value(kennzahl.code, month, sex), places) for month in cells.months]
                name = kennzahl.code if sex == INSGESAMT else f"{kennzahl.code}_{sex}"
                label = kennzahl_label(notes if sex == INSGESAMT else Footnotes(), kennzahl.code)
                rows.append(Row((label, *values), name=name))
    return TableSheet(
        title=REIHE,
        heading=f"Kennzahlen und Quoten in Prozent, {cells.months[0].name} bis {cells.months[-1].name}",
        columns=columns,
        rows=tuple(rows),
        notes=(*notes.lines, "Der Stand eines Monats gilt für den jüngsten Monat, der in die Kennzahl eingeht."),
        source=source(request),
        purpose="Kennzahlen und Quoten der letzten 13 Monate, insgesamt, Frauen und Männer",
        charts=tuple(_chart(title, lines, rows, cells) for title, lines in _CHARTS),
        series=True,
    )


_CHARTS: Sequence[tuple[str, Sequence[tuple[str, str]]]] = (
    ("K1 und K1E1: Veränderung gegenüber Vorjahr in %", (("K1", "Lebensunterhalt"), ("K1E1", "Unterkunft"))),
    ("K2: Integrationsquote in %", (("K2", "Insgesamt"), ("K2_w", "Frauen"), ("K2_m", "Männer"))),
    ("K3: Veränderung des Bestands an LZB in %", (("K3", "Insgesamt"), ("K3_w", "Frauen"), ("K3_m", "Männer"))),
    ("K3E2: Aktivierungsquote der LZB in %", (("K3E2", "Insgesamt"), ("K3E2_w", "Frauen"), ("K3E2_m", "Männer"))),
)


def _chart(title: str, lines: Sequence[tuple[str, str]], rows: Sequence[Row], cells: Cells) -> Chart:
    named = {row.name: row.cells[1:] for row in rows if row.name}
    said = [
        anfang_und_ende(label, cells.months, [v for v in named[name] if isinstance(v, Value)], 1)
        for name, label in lines
    ]
    series = tuple(Series(label, REIHE, (name,)) for name, label in lines)
    alt = f"Liniendiagramm über 13 Monate. {' '.join(said)} Alle Werte stehen in der Tabelle."
    return Chart(title, ChartKind.LINE, series, alt)
