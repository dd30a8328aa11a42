"""Sheet „Inhaltsverzeichnis“: the sheets with links, the signs, the abbreviations."""

from __future__ import annotations

from collections.abc import Sequence

from etl.report.layout import Sheet, TextRow, TextSheet, TextStyle
from etl.report.model import ReportRequest, Sign

TITLE = "Inhaltsverzeichnis"

SIGNS = (
    (".", "Wert unbekannt oder nicht verfügbar (zum Beispiel Monat nicht geladen)"),
    ("x", "Wert nicht möglich oder nicht sinnvoll (zum Beispiel Veränderung gegenüber null)"),
    ("-", "nichts vorhanden (genau null)"),
    ("*", "Wert unterliegt der Geheimhaltung (1 oder 2, oder daraus gerechnet)"),
    ("T-0, T-1, T-2", "vorläufiger Wert nach einer Wartezeit von 0, 1 oder 2 Monaten"),
    ("T-3", "endgültiger Wert nach einer Wartezeit von mindestens 3 Monaten"),
)

_WORDS = (
    ("BA", "Bundesagentur für Arbeit"),
    ("SGB II", "Zweites Buch Sozialgesetzbuch – Grundsicherung für Arbeitsuchende"),
)


def build(request: ReportRequest, others: Sequence[Sheet]) -> Sheet:
    """Build the sheet from the sheets it lists; they come in their order, this one between them."""
    rows = [
        TextRow(TextStyle.TITLE, (TITLE,)),
        TextRow(TextStyle.HEADING, ("Tabellenblätter",)),
        *(TextRow(TextStyle.TEXT, (sheet.title, sheet.purpose), link=sheet.title) for sheet in others),
        TextRow(TextStyle.SPACE),
        TextRow(TextStyle.HEADING, ("Zeichen",)),
        *(TextRow(TextStyle.TEXT, pair) for pair in SIGNS if pair[0] != Sign.HIDDEN or not request.vertraulich),
        TextRow(TextStyle.SPACE),
        TextRow(TextStyle.HEADING, ("Abkürzungen",)),
        *(TextRow(TextStyle.TEXT, pair) for pair in _abbreviations(request)),
    ]
    return TextSheet(TITLE, (21, 82), tuple(rows), "Tabellenblätter, Zeichen und Abkürzungen", one_page=True)


def _abbreviations(request: ReportRequest) -> tuple[tuple[str, str], ...]:
    figures = {entry.kurz: entry.name for entry in request.figures.values() if entry.kurz == entry.code}
    return tuple(sorted({**figures, **dict(_WORDS)}.items()))
