"""Sheet „Methodische Hinweise“: how the figures are counted, what they rest on, what validation found."""

from __future__ import annotations

from collections.abc import Sequence

from etl.figures import kennzahlen
from etl.figures.kennzahlen import Kennzahl
from etl.report.layout import Sheet, TextRow, TextSheet, TextStyle
from etl.report.model import Cells, ReportRequest, gebiet, organisation
from etl.report.sheets.common import SYNTHETISCH, datenstand, herausgeber
from etl.zahlen import zahl

TITLE = "Methodische Hinweise"

_SEVERITIES = {
    "critical": "anhaltende Regeln",
    "warning": "Warnungen",
    "info": "Hinweise",
}


def build(request: ReportRequest, cells: Cells) -> Sheet:
    """Build the sheet."""
    rows = [TextRow(TextStyle.TITLE, (TITLE,))]
    for heading, paragraphs in (*chapters(request, cells), _findings(request)):
        rows.append(TextRow(TextStyle.HEADING, (heading,)))
        rows.extend(TextRow(TextStyle.TEXT, (paragraph,)) for paragraph in paragraphs)
        rows.append(TextRow(TextStyle.SPACE))
    figures = [
        (
            f"{f.name} ({f.code})",
            _with_note(f"{_capital(f.formel)}.", f.fussnote),
            f.einheit,
            f.rechtsgrundlage,
            f.quelle,
        )
        for f in request.figures.values()
        if cells.planned(f.code)
    ]
    rates = [
        (f"{k.name} ({k.code})", _with_note(f"{k.formel}.", k.fussnote), _unit(k), k.rechtsgrundlage, k.quelle)
        for k in kennzahlen.load().values()
    ]
    rows += _definitions("Definition der Größen", ("Größe", "Definition"), figures)
    rows.append(TextRow(TextStyle.SPACE))
    rows += _definitions("Definition der Kennzahlen und Quoten", ("Kennzahl", "Formel"), rates)
    return TextSheet(TITLE, (34, 58, 21, 24, 40), tuple(rows), "Definitionen, Wartezeit, Datenstand, Prüfung", True)


def _definitions(heading: str, columns: tuple[str, str], entries: Sequence[tuple[str, ...]]) -> list[TextRow]:
    return [
        TextRow(TextStyle.HEADING, (heading,)),
        TextRow(TextStyle.COLUMN_HEADINGS, (*columns, "Einheit", "Rechtsgrundlage", "Quelle")),
        *(TextRow(TextStyle.TEXT, entry) for entry in entries),
    ]


def _with_note(text: str, note: str | None) -> str:
    return f"{text} {note}" if note else text


def _unit(kennzahl: Kennzahl) -> str:
    return "Verhältnis" if kennzahl.art == "verhaeltnis" else "Prozent"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def chapters(request: ReportRequest, cells: Cells) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the notes on method, the same in every format: a heading and its paragraphs."""
    mark = cells.mark(request.berichtsmonat)
    return (
        ("Gegenstand", _subject(request)),
        (
            "Zähltag, Bewegungen und Beträge",
            (
                "Bestände werden am Zähltag in der Monatsmitte gezählt. Bewegungen (Zugang, Abgang) umfassen die Zeit "
                "vom Zähltag des Vormonats bis zum Zähltag des Berichtsmonats, nicht den Kalendermonat.",
                "Leistungen sind Ansprüche des Kalendermonats vor Leistungsminderung, nicht Zahlungen. Die Tabellen "
                "zeigen volle Euro, gespeichert ist der Betrag mit Cent.",
            ),
        ),
        (
            "Wartezeit und Datenstand",
            (
                "Nachträglich erfasste Fälle ändern die Werte noch. Endgültig (T-3) ist ein Wert, wenn zwischen "
                "Zähltag und Datenstand mindestens drei volle Monate liegen; vorher ist er vorläufig (T-0, T-1, T-2). "
                "Die Qualität steigt mit der Wartezeit. Vorläufige Werte sind nicht hochgerechnet.",
                f"Werte des Berichtsmonats: {mark}. Datenstand: {datenstand(request)}. "
                "Der Stand jedes Monats steht unter der Monatsüberschrift.",
            ),
        ),
        (
            "Rundung",
            (
                "Veränderungen und Anteile werden aus ungerundeten Werten berechnet und einmal kaufmännisch auf eine "
                "Nachkommastelle gerundet. Summen gerundeter Werte können deshalb von der Summe abweichen.",
            ),
        ),
        ("Geheimhaltung", (_secrecy(request),)),
        ("Gebiet", (f"{gebiet().quelle}.", "Die Zuordnung folgt dem Wohnort der Bedarfsgemeinschaft am Zähltag.")),
    )


def _secrecy(request: ReportRequest) -> str:
    if request.vertraulich:
        return (
            "Dieser Bericht ist für die eigene Organisation bestimmt. Werte von 1 und 2 sind nicht ersetzt; er darf in "
            "dieser Form nicht weitergegeben oder veröffentlicht werden."
        )
    return (
        "Werte von 1 und 2, Werte, hinter denen nur eine oder zwei Personen oder Bedarfsgemeinschaften stehen, und was "
        "daraus gerechnet ist, sind durch * ersetzt."
    )


def _subject(request: ReportRequest) -> tuple[str, ...]:
    kind = f"{SYNTHETISCH}. " if request.synthetic else ""
    text = [
        f"{kind}Der Bericht wertet die Lieferung {request.lieferung_id} des Trägers {request.traegernummer} aus. "
        "Gezählt wird nach dem Quellvertrag 1.0. Die Werte stammen aus eigener Auswertung und sind mit den "
        "Veröffentlichungen der Statistik der Bundesagentur für Arbeit nicht ohne Weiteres vergleichbar."
    ]
    then = organisation(request.berichtsmonat.first_day).name
    if then != herausgeber(request):
        text.append(f"Name der Organisation im Berichtsmonat: {then} (zum Datenstand: {herausgeber(request)}).")
    return tuple(text)


def _findings(request: ReportRequest) -> tuple[str, tuple[str, ...]]:
    heading = "Prüfung der Lieferung"
    found = request.findings
    if found is None:
        return heading, ("Zu dieser Lieferung liegt dem Bericht kein Prüfergebnis vor.",)
    known = [(title, found.counts[key]) for key, title in _SEVERITIES.items() if key in found.counts]
    other = [(key, count) for key, count in sorted(found.counts.items()) if key not in _SEVERITIES]
    counts = "; ".join(f"{title}: {zahl(count)}" for title, count in (*known, *other))
    text = [
        f"Nicht eingehaltene oder nicht prüfbare Regeln: {counts}."
        if any(found.counts.values())
        else "Alle Prüfregeln wurden eingehalten."
    ]
    if found.acceptance_reason:
        text.append(f"Trotz Befunden geladen. Begründung: {found.acceptance_reason}")
    return heading, tuple(text)
