"""What the report says, in its order, as plain data: texts, charts and tables of one request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from etl.monat import Monat
from etl.report import saetze
from etl.report.angaben import angabe, differenz
from etl.report.ausschussbericht import diagramme, tabellen
from etl.report.ausschussbericht.diagramme import Balken, Linie, Saeulen
from etl.report.ausschussbericht.karte import Karte, karte
from etl.report.ausschussbericht.methodik import Kapitel, methodik
from etl.report.ausschussbericht.tabellen import Tabelle, alle_monate
from etl.report.ausschussbericht.ziele import Zielbild, zielbild
from etl.report.model import ENDGUELTIG_AB, Cells, ReportRequest, Sign, Value, change, change_percent, gebiet, share
from etl.report.sheets.common import (
    SYNTHETISCH,
    datenstand,
    datum,
    figure_name,
    herausgeber,
    hinweis,
    label_of,
    listed,
    words,
)
from etl.report.sheets.inhalt import SIGNS
from etl.zahlen import GESCHUETZT

TITEL = "Grundsicherung für Arbeitsuchende"
UNTERTITEL = "Monatsbericht für den Ausschuss des Kreistags"
_KENNWERTE = ("BG", "PERS", "ELB", "ALO", "LZB", "INT")
_SAETZE = ("BG", "ELB", "LZB", "INT", "LLU")
_LESEBEISPIELE = ("K1", "K2", "K3")
_VERGLEICHE: Mapping[int, str] = MappingProxyType({-1: "zum Vormonat", -12: "zum Vorjahr"})
_KURZ = 24
"""Months up to which a line names every quarter."""
_ZEHN_JAHRE = 120
_BESCHRIFTET = 8
"""Texts that find place side by side along a line."""


@dataclass(frozen=True)
class Kennwert:
    """A headline figure: its name, its value, and (compared with what, change, judgement) for month and year."""

    name: str
    wert: str
    vergleiche: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Abbildung:
    """A chart and the sentence below it."""

    bild: Linie | Saeulen | Balken
    satz: str


@dataclass(frozen=True)
class Inhalt:
    """The whole report. ``kopf`` and ``fuss`` stand on every page."""

    titel: str
    untertitel: str
    gebiet: str
    monat: str
    herausgeber: str
    fakten: tuple[tuple[str, str], ...]
    hinweise: tuple[str, ...]
    kopf: str
    fuss: str
    kennwerte: tuple[Kennwert, ...]
    saetze: tuple[str, ...]
    verlauf: tuple[Abbildung, ...]
    bewegungen: tuple[Abbildung, ...]
    struktur: tuple[Abbildung, ...]
    karte: Karte
    kennzahlen: Tabelle
    lesebeispiele: tuple[str, ...]
    ziele: Zielbild | None
    eckwerte: Tabelle
    strukturtabelle: Tabelle
    bewegungstabelle: Tabelle
    verlaufstabellen: tuple[Tabelle, ...]
    verlaufsnote: str
    gemeinden: Tabelle
    erwartungen: Tabelle | None
    methodik: tuple[Kapitel, ...]
    zeichen: tuple[tuple[str, str], ...]


def inhalt(request: ReportRequest) -> Inhalt:
    """Return the content of the report."""
    cells = Cells(request.cells, request.berichtsmonat, request.kreis)
    month = request.berichtsmonat
    synthetic = f"{SYNTHETISCH} · " if request.synthetic else ""
    return Inhalt(
        titel=TITEL,
        untertitel=UNTERTITEL,
        gebiet=gebiet().name,
        monat=month.name,
        herausgeber=herausgeber(request),
        fakten=(
            ("Berichtsmonat", month.name),
            ("Stand der Werte", cells.mark(month)),
            ("Datenstand", datenstand(request)),
            ("Gebietsstand", datum(gebiet().gebietsstand)),
        ),
        hinweise=tuple(text for text in (SYNTHETISCH if request.synthetic else "", hinweis(request)) if text),
        kopf=f"{gebiet().name} · Berichtsmonat {month.name} · Datenstand {datenstand(request)}",
        fuss=f"{synthetic}{herausgeber(request)}",
        kennwerte=tuple(_kennwert(request, cells, code) for code in _KENNWERTE if cells.planned(code)),
        saetze=tuple(_saetze(request, cells)),
        verlauf=tuple(_linie(request, cells, code) for code in tabellen.REIHEN if cells.planned(code)),
        bewegungen=tuple(_bewegungen(request, cells)),
        struktur=tuple(_struktur(request, cells)),
        karte=karte(request, cells),
        kennzahlen=tabellen.kennzahltabelle(request),
        lesebeispiele=tuple(
            f"{row.kennzahl}: {saetze.lesebeispiel(row)}" for row in tabellen.kennzahl_zeilen(request, _LESEBEISPIELE)
        ),
        ziele=zielbild(request),
        eckwerte=tabellen.eckwerte(request, cells),
        strukturtabelle=tabellen.struktur(request, cells),
        bewegungstabelle=tabellen.bewegungen(request, cells),
        verlaufstabellen=tabellen.verlauf(cells),
        verlaufsnote=f"{tabellen.kuerzel(request, tabellen.REIHEN)} T-0 bis T-2: vorläufig.",
        gemeinden=tabellen.gemeindetabelle(request, cells),
        erwartungen=tabellen.erwartungstabelle(request, cells),
        methodik=methodik(request, cells),
        zeichen=SIGNS,
    )


def _kennwert(request: ReportRequest, cells: Cells, code: str) -> Kennwert:
    month = request.berichtsmonat
    new = cells.value(code, month)
    entry = request.figures.get(code)
    vergleiche = []
    for back, text in _VERGLEICHE.items():
        old = cells.value(code, month.shift(back))
        judgement = saetze.entwicklung(new, old, entry.besser if entry else None)
        vergleiche.append((text, _veraenderung(new, old), judgement))
    return Kennwert(figure_name(request, code), angabe(new), tuple(vergleiche))


def _veraenderung(new: Value, old: Value) -> str:
    """Write ``−12 (−0,1 %)``; a sign alone where there is no change to show."""
    absolut, relativ = change(new, old), change_percent(new, old)
    if isinstance(absolut, Sign) or isinstance(relativ, Sign):
        return differenz(absolut)
    return f"{differenz(absolut)} ({differenz(relativ, 1)}{GESCHUETZT}%)"


def _saetze(request: ReportRequest, cells: Cells) -> Iterator[str]:
    month = request.berichtsmonat
    for code in _SAETZE:
        if cells.planned(code):
            new, before, year_before = (cells.value(code, m) for m in (month, month.shift(-1), month.shift(-12)))
            yield saetze.stand(code, month, new, before, year_before)


def _linie(request: ReportRequest, cells: Cells, code: str) -> Abbildung:
    months = _bekannt_ab(cells, code)
    values = [cells.value(code, month) for month in months]
    scale = diagramme.achse(values, ab_null=False)
    satz = saetze.spanne(code, dict(zip(months, values, strict=True)))
    name = figure_name(request, code)
    labelled = _beschriftet(values)
    chart = Linie(
        titel=name,
        alt=f"Liniendiagramm: {name} von {months[0].name} bis {months[-1].name}. {satz} {_im_anhang('Zeitreihe')}",
        striche=scale.striche,
        orte=tuple(scale.ort(value) for value in values),
        vorlaeufig_ab=next((i for i, month in enumerate(months) if _vorlaeufig(cells, month)), len(months)),
        marken=tuple(_marken(months)),
        werte=tuple((i, angabe(values[i]), above) for i, above in labelled),
        ab_null=scale.unten == 0,
    )
    return Abbildung(chart, satz)


def _bekannt_ab(cells: Cells, code: str) -> tuple[Monat, ...]:
    """Return the months from the first known value of a figure on; every month when there is none."""
    months = alle_monate(cells)
    first = next((i for i, month in enumerate(months) if not isinstance(cells.value(code, month), Sign)), 0)
    return months[first:]


def _marken(months: Sequence[Monat]) -> Iterator[tuple[int, str]]:
    """Yield the months to be named below a line: Januaries, at most a dozen; in a short series every quarter."""
    years = 1 + len(months) // (_ZEHN_JAHRE + 1)
    for index, month in enumerate(months):
        if (month.monat == 1 and month.jahr % years == 0) or (len(months) <= _KURZ and month.monat % 3 == 1):
            yield index, f"{month.name[:3]} {month.jahr}"


def _beschriftet(values: Sequence[Value]) -> list[tuple[int, bool]]:
    """Return which points are labelled, and whether above: the last, the highest, the lowest and the first known one.

    A point so close to one already chosen that their texts would meet is left out.
    """
    known = {index: value for index, value in enumerate(values) if not isinstance(value, Sign)}
    if not known:
        return []
    high, low = max(known.values()), min(known.values())
    highest, lowest = (max(i for i in known if known[i] == edge) for edge in (high, low))
    chosen: list[tuple[int, bool]] = []
    for index in (max(known), highest, lowest, min(known)):
        if all(abs(index - other) * _BESCHRIFTET >= len(values) for other, _ in chosen):
            chosen.append((index, known[index] != low or high == low))
    return sorted(chosen)


def _bewegungen(request: ReportRequest, cells: Cells) -> Iterator[Abbildung]:
    month = request.berichtsmonat
    if cells.planned("ELB_ZUGANG") and cells.planned("ELB_ABGANG"):
        titel = "Zugang und Abgang an erwerbsfähigen Leistungsberechtigten"
        satz = saetze.saldo(month, *(cells.value(code, month) for code in ("ELB_ZUGANG", "ELB_ABGANG")))
        yield _saeulen(cells, titel, (("Zugang", "ELB_ZUGANG"), ("Abgang", "ELB_ABGANG")), satz)
    if cells.planned("INT"):
        name = figure_name(request, "INT")
        satz = saetze.spanne("INT", {m: cells.value("INT", m) for m in cells.months})
        yield _saeulen(cells, name, ((name, "INT"),), satz)


def _saeulen(cells: Cells, titel: str, series: Sequence[tuple[str, str]], satz: str) -> Abbildung:
    values = {code: [cells.value(code, month) for month in cells.months] for _, code in series}
    scale = diagramme.achse([value for column in values.values() for value in column], ab_null=True)
    reihen = tuple(
        (
            name,
            tuple(
                diagramme.saeule(value, scale, vorlaeufig=_vorlaeufig(cells, month))
                for month, value in zip(cells.months, values[code], strict=True)
            ),
        )
        for name, code in series
    )
    alt = f"Säulendiagramm über 13 Monate: {titel}. {satz} {_im_anhang('Bewegungen')}"
    return Abbildung(Saeulen(titel, alt, scale.striche, tuple(map(_kurz, cells.months)), reihen), satz)


def _struktur(request: ReportRequest, cells: Cells) -> Iterator[Abbildung]:
    month = request.berichtsmonat
    for groesse, merkmal, classification, titel in tabellen.STRUKTUR:
        if not cells.planned(groesse, merkmal):
            continue
        titles = words(classification)
        total = cells.value(groesse, month)
        parts = {
            (code, label_of(code, titles)): cells.value(groesse, month, merkmal, code)
            for code in listed(cells, (groesse,), merkmal, titles, (month,))
        }
        rows = [(name, value, _mit_anteil(value, total)) for (_, name), value in parts.items()]
        said = "; ".join(f"{name}: {text}" for name, _, text in rows)
        named = {saetze.ALTERSGRUPPEN.get(code, name): value for (code, name), value in parts.items()}
        satz = saetze.groesster_anteil(named, total)
        alt = f"Balkendiagramm: {titel} im {month.name}. {said}. {_im_anhang('Struktur')}"
        yield Abbildung(diagramme.balken(titel, alt, rows), satz)


def _mit_anteil(value: Value, total: Value) -> str:
    part = share(value, total)
    if isinstance(value, Sign) or isinstance(part, Sign) or not value:
        return angabe(value)
    return f"{angabe(value)} ({angabe(part, 1)}{GESCHUETZT}%)"


def _vorlaeufig(cells: Cells, month: Monat) -> bool:
    wartezeit = cells.wartezeit(month)
    return wartezeit is not None and wartezeit < ENDGUELTIG_AB


def _kurz(month: Monat) -> str:
    return f"{month.name[:3]}\n{month.jahr % 100:02d}"


def _im_anhang(teil: str) -> str:
    return f"Alle Werte stehen im Anhang, Tabelle {teil}."
