"""Indicators of § 48a SGB II, targets and expected final values, as tables and charts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from markupsafe import Markup

from etl import zahlen
from etl.disclosure import GEHEIM
from etl.figures import kennzahlen
from etl.figures.kennzahlen import GESCHLECHTER
from etl.monat import Monat
from etl.nowcast import ZU_WENIG, Erwartung
from etl.report import saetze
from etl.report.model import INSGESAMT, Cells, ReportRequest, Sign, Value
from etl.report.sheets.common import figure_name, words
from etl.report.webseite.bausteine import Block, Spalte, Tafel, Zeile, differenz, rahmen, tafel, wert
from etl.report.webseite.bilder import Linien, Reihe
from etl.report.webseite.tafeln import linien_und_tafel
from etl.ziele import Ampel, Zielstand

_FAMILIEN = {
    "K1": "Verringerung der Hilfebedürftigkeit",
    "K2": "Verbesserung der Integration in Erwerbstätigkeit",
    "K3": "Vermeidung von langfristigem Leistungsbezug",
}
"""The leading indicators, and the aim that each with its supplements stands for (§ 48b Abs. 3 SGB II)."""
_SIGNS: Mapping[str, Sign] = MappingProxyType(
    {"geheim": Sign.HIDDEN, "fehlt": Sign.UNKNOWN, "nenner_null": Sign.IMPOSSIBLE}
)
_AMPELN: Mapping[Ampel, str] = MappingProxyType({"gruen": "grün", "gelb": "gelb", "rot": "rot", "offen": "offen"})

_Schluessel = tuple[str, str, Monat]
"""Code, sex and month of an indicator."""


@dataclass(frozen=True)
class Ziel:
    """A target as it is shown."""

    kennzahl: str
    name: str
    zielwert: str
    istwert: str
    abweichung: str
    ampel: Ampel
    ampel_wort: str
    regel: str
    bedarf: str
    quelle: str


def alle(request: ReportRequest) -> Markup | None:
    """Return the table of the indicators of the month; None when there is none."""
    if not request.kennzahlen:
        return None
    month = request.berichtsmonat
    values, sexes = _werte(request), words("geschlechter")
    columns = [
        *((INSGESAMT, m, m.name) for m in (month, month.shift(-1), month.shift(-12))),
        *((sex, month, f"{sexes[sex]}, {month.name}") for sex in GESCHLECHTER[1:]),
    ]
    gruppen = []
    for family, ziel in _FAMILIEN.items():
        rows = [
            Zeile(
                f"{code} – {kennzahlen.load()[code].name}",
                [*(_zahl(values, code, sex, m) for sex, m, _ in columns), _mit_wort(_stand(request, code, month))],
                int(code != family),
            )
            for code in _codes(family)
        ]
        gruppen.append((ziel, rows))
    spalten = [*(Spalte(titel) for _, _, titel in columns), Spalte("Stand")]
    table = Tafel(f"Kennzahlen nach § 48a SGB II in Prozent, {month.name}", "Kennzahl", spalten, gruppen)
    return rahmen(table.titel, tafel(table))


def bilder(request: ReportRequest, cells: Cells) -> list[Block]:
    """Return the three leading indicators over the months, each with its target if there is one."""
    if not request.kennzahlen:
        return []
    return [_bild(request, cells, code) for code in _FAMILIEN]


def lesebeispiele(request: ReportRequest) -> list[str]:
    """Return what the three leading indicators say in the month, in words."""
    leading = {(code, INSGESAMT, request.berichtsmonat) for code in _FAMILIEN}
    return [
        saetze.lesebeispiel(row)
        for row in request.kennzahlen
        if (row.kennzahl, row.geschlecht, row.berichtsmonat) in leading
    ]


def ziele(request: ReportRequest) -> list[Ziel]:
    """Return the targets of the year as they are shown."""
    return [_ziel(stand) for stand in request.ziele]


def erwartungen(request: ReportRequest) -> Markup | None:
    """Return the table of expected final values; None when there is none."""
    rows = [_erwartung(request, entry) for entry in request.erwartungen if entry.status in ("ok", GEHEIM)]
    if not rows:
        return None
    spalten = [Spalte(text) for text in ("vorläufig", "Stand", "erwartet", "von", "bis", "getroffen")]
    table = Tafel("Erwartete endgültige Werte mit 90-Prozent-Intervall", "Größe und Monat", spalten, [("", rows)])
    return rahmen(table.titel, tafel(table))


def ohne_erwartung(request: ReportRequest) -> str:
    """Say of how many figures too little is known to expect anything; empty when there is none."""
    count = sum(entry.status == ZU_WENIG for entry in request.erwartungen)
    if not count:
        return ""
    figures = "1 Größe" if count == 1 else f"{zahlen.zahl(count)} Größen"
    return f"Zu {figures} gibt es noch keine Erwartung: {ZU_WENIG}."


def _codes(family: str) -> list[str]:
    return [kennzahl.code for kennzahl in kennzahlen.paragraph_48a() if kennzahl.code.startswith(family)]


def _werte(request: ReportRequest) -> dict[_Schluessel, Value]:
    return {
        (row.kennzahl, row.geschlecht, row.berichtsmonat): _SIGNS[row.status]
        if row.wert is None
        else kennzahlen.rounded(row.wert, 1)
        for row in request.kennzahlen
    }


def _zahl(values: Mapping[_Schluessel, Value], code: str, sex: str, month: Monat) -> str:
    """Return an indicator with one decimal; 0,0 stays a number, and what is not computed by sex is left empty."""
    value = values.get((code, sex, month))
    if value is None:
        return ""
    return str(value) if isinstance(value, Sign) else zahlen.zahl(value, 1)


def _stand(request: ReportRequest, code: str, month: Monat) -> str:
    """Return how final an indicator is: ``T-0`` to ``T-3``; empty where there is no value."""
    key = (code, INSGESAMT, month)
    return next(
        (
            row.datenstand or ""
            for row in request.kennzahlen
            if (row.kennzahl, row.geschlecht, row.berichtsmonat) == key
        ),
        "",
    )


def _bild(request: ReportRequest, cells: Cells, code: str) -> Block:
    values, months, kennzahl = _werte(request), cells.months, kennzahlen.load()[code]
    line: list[Value] = [values.get((code, INSGESAMT, month), Sign.UNKNOWN) for month in months]
    levels = (
        stand.zielwert
        for stand in request.ziele
        if (stand.kennzahl, stand.geschlecht) == (code, INSGESAMT) and stand.einheit == "prozent"
    )
    staende = [_stand(request, code, month) for month in months]
    chart = Linien(
        kennung=f"kennzahl-{code}",
        monate=months,
        reihen=[Reihe(f"{code} in Prozent", f"{code} in Prozent", line)],
        endgueltig=[stand == kennzahlen.ENDGUELTIG for stand in staende],
        stellen=1,
        ziel=next(levels, None),
    )
    titel = f"{code}: {kennzahl.name}"
    return Block(chart.kennung, titel, linien_und_tafel(chart, titel, list(map(_mit_wort, staende))))


def _mit_wort(stand: str) -> str:
    words = {kennzahlen.ENDGUELTIG: "T-3 endgültig", kennzahlen.GESCHAETZT: "geschätzt", "": str(Sign.UNKNOWN)}
    return words.get(stand, f"{stand} vorläufig")


def _ziel(stand: Zielstand) -> Ziel:
    sex = "" if stand.geschlecht == INSGESAMT else f", {words('geschlechter')[stand.geschlecht]}"
    einheit = " (Veränderung gegenüber Vorjahresmonat)" if stand.einheit == "prozent_vorjahr" else ""
    missing = _SIGNS.get(stand.status, Sign.UNKNOWN)
    return Ziel(
        kennzahl=f"{stand.kennzahl}{sex}",
        name=stand.name + einheit,
        zielwert="nur beobachtet" if stand.zielwert is None else zahlen.zahl(stand.zielwert, 1),
        istwert=str(missing) if stand.istwert is None else zahlen.zahl(stand.istwert, 1),
        abweichung=differenz(missing if stand.abweichung is None else stand.abweichung, 1),
        ampel=stand.ampel,
        ampel_wort=_AMPELN[stand.ampel],
        regel=stand.regel,
        bedarf=stand.bedarf,
        quelle=stand.quelle,
    )


def _erwartung(request: ReportRequest, entry: Erwartung) -> Zeile:
    missing = _SIGNS.get(entry.status, Sign.UNKNOWN)
    vorlaeufig, *erwartet = (
        wert(missing if value is None else value)
        for value in (entry.vorlaeufig, entry.erwartet, entry.unten, entry.oben)
    )
    held = str(entry.abdeckung) if entry.abdeckung else str(_SIGNS.get(entry.status, entry.status))
    titel = f"{figure_name(request, entry.groesse)}, {entry.monat.name}"
    return Zeile(titel, [vorlaeufig, f"T-{entry.wartezeit}", *erwartet, held])
