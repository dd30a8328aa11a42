"""What the press release says, before any format."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from etl.monat import Monat
from etl.nowcast import Erwartung
from etl.report import saetze
from etl.report.angaben import angabe, differenz
from etl.report.model import Cells, ReportRequest, Sign, Value, change_percent, gebiet, total
from etl.report.sheets import impressum
from etl.report.sheets.common import SYNTHETISCH, datenstand, figure_name, herausgeber
from etl.report.sheets.inhalt import SIGNS
from etl.zahlen import GESCHUETZT, zahl


@dataclass(frozen=True)
class Abschnitt:
    """One part: its heading and its sentences."""

    titel: str
    saetze: tuple[str, ...]


@dataclass(frozen=True)
class Meldung:
    """The whole release. ``tabelle``: headings, then rows of text; ``hinweise``: what a reader must know."""

    titel: str
    untertitel: str
    herausgeber: str
    datenstand: dt.datetime
    fusszeile: str
    vorspann: tuple[str, ...]
    abschnitte: tuple[Abschnitt, ...]
    tabellentitel: str
    tabelle: tuple[tuple[str, ...], ...]
    hinweise: tuple[str, ...]


def meldung(request: ReportRequest) -> Meldung:
    """Compose the release of a month from its published figures."""
    cells = Cells(request.cells, request.berichtsmonat, request.kreis)
    month = request.berichtsmonat
    stand = f"Berichtsmonat {month.name} ({cells.mark(month)}), Datenstand {datenstand(request)}"
    return Meldung(
        titel=f"Medieninformation zum Statistikreport {month.name}",
        untertitel=f"Grundsicherung für Arbeitsuchende (SGB II), {gebiet().name}",
        herausgeber=herausgeber(request),
        datenstand=request.datenstand,
        fusszeile=f"Statistikreport {month.name} – Datenstand {datenstand(request)}",
        vorspann=((SYNTHETISCH,) if request.synthetic else ()) + (stand,),
        abschnitte=tuple(_abschnitte(request, cells)),
        tabellentitel=f"Die Zahlen im Überblick, {month.name}",
        tabelle=tuple(_tabelle(request, cells)),
        hinweise=tuple(_hinweise(request, cells)),
    )


def _abschnitte(request: ReportRequest, cells: Cells) -> Iterator[Abschnitt]:
    month = request.berichtsmonat

    def stand(code: str) -> str:
        return saetze.stand(code, month, *(cells.value(code, when) for when in _vergleich(month)))

    yield Abschnitt("Bedarfsgemeinschaften", (stand("BG"), *_erwartet(request, "BG")))
    yield Abschnitt(
        "Integrationen",
        (f"Erster Arbeitsmarkt: {stand('INT')}", f"Zweiter Arbeitsmarkt: {stand('OEGB')}"),
    )
    yield Abschnitt("Personen in Bedarfsgemeinschaften", (stand("PERS"), stand("ELB")))
    verfuegbar = _zusammen(cells, ("ALO", "ASU"), month, "Zusammen stehen dem Arbeitsmarkt {} zur Verfügung.")
    yield Abschnitt("Arbeitslose und Arbeitsuchende", (stand("ALO"), stand("ASU"), *verfuegbar))
    yield Abschnitt("Nicht erwerbsfähige Leistungsberechtigte", (stand("NEF"),))
    ohne = _zusammen(cells, ("SLB", "NLB"), month, "Ohne Anspruch auf Regelleistung leben {} in Bedarfsgemeinschaften.")
    yield Abschnitt("Personen ohne Regelleistung", (*ohne, stand("SLB"), stand("NLB")))


def _erwartet(request: ReportRequest, code: str) -> tuple[str, ...]:
    """Say what the provisional value is expected to become, where the past tells."""
    found = [one for one in request.erwartungen if one.groesse == code and one.monat == request.berichtsmonat]
    return tuple(_erwartung(one) for one in found if one.status == "ok")


def _erwartung(erwartung: Erwartung) -> str:
    unten, mitte, oben = erwartung.unten, erwartung.erwartet, erwartung.oben
    if unten is None or mitte is None or oben is None:
        return ""
    return (
        f"Der Wert ist vorläufig. Nach den Erfahrungen aus {erwartung.historie} Monaten ist endgültig mit "
        f"{zahl(mitte, 0)} zu rechnen (90-Prozent-Bereich {zahl(unten, 0)} bis {zahl(oben, 0)})."
    )


def _zusammen(cells: Cells, codes: tuple[str, ...], month: Monat, satz: str) -> tuple[str, ...]:
    """Return ``satz`` with the sum of some figures; nothing when the sum is not known or not shown."""
    summe = total(*(cells.value(code, month) for code in codes))
    if isinstance(summe, Sign):
        return ()
    return (satz.format(saetze.anzahl(summe, saetze.Wort("Person", "Personen", "Personen", "keine"))),)


def _vergleich(month: Monat) -> tuple[Monat, Monat, Monat]:
    return month, month.shift(-1), month.shift(-12)


def _tabelle(request: ReportRequest, cells: Cells) -> Iterator[tuple[str, ...]]:
    month = request.berichtsmonat
    names = [when.name for when in _vergleich(month)]
    yield "Größe", *names, *(f"gegen {name}" for name in names[1:])
    for label, codes in (
        *((figure_name(request, code), (code,)) for code in ("BG", "INT", "OEGB", "PERS", "ELB", "ALO", "ASU")),
        ("Arbeitslose und Arbeitsuchende zusammen", ("ALO", "ASU")),
        (figure_name(request, "NEF"), ("NEF",)),
        ("Personen ohne Regelleistung", ("SLB", "NLB")),
    ):
        new, old, older = (total(*(cells.value(code, when) for code in codes)) for when in _vergleich(month))
        changes = (_relativ(change_percent(new, old)), _relativ(change_percent(new, older)))
        yield label, angabe(new), angabe(old), angabe(older), *changes


def _relativ(value: Value) -> str:
    return str(value) if isinstance(value, Sign) else f"{differenz(value, 1)}{GESCHUETZT}%"


def _hinweise(request: ReportRequest, cells: Cells) -> Iterator[str]:
    yield (
        "Die Zahlen stammen aus eigener Auswertung der Falldaten und sind mit den Veröffentlichungen der Statistik der "
        "Bundesagentur für Arbeit nicht ohne Weiteres vergleichbar. Veränderungen sind aus ungerundeten Werten "
        "berechnet."
    )
    if not cells.mark(request.berichtsmonat).startswith("T-3"):
        yield (
            "Die Werte des Berichtsmonats sind vorläufig und nicht hochgerechnet; nachträglich erfasste Fälle ändern "
            "sie noch. Endgültig sind sie nach drei Monaten."
        )
    yield (
        "Erster Arbeitsmarkt: Integrationen in sozialversicherungspflichtige Beschäftigung, voll qualifizierende "
        "Ausbildung oder Selbständigkeit. Zweiter Arbeitsmarkt: Eintritte in öffentlich geförderte Beschäftigung."
    )
    yield "Zeichen: " + "; ".join(f"{sign} {text}" for sign, text in SIGNS if len(sign) == 1) + "."
    known = {key: request.impressum.get(key, "").strip() or impressum.NOT_ON_RECORD for key in ("rueckfragen", "email")}
    yield f"Rückfragen an: {known['rueckfragen']}, E-Mail: {known['email']}"
    yield f"Auftragsnummer {request.auftragsnummer}"
