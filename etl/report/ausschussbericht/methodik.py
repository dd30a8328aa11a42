"""The method note of the report: how it is counted, when a value is final, what is hidden, where it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from etl.report.model import Cells, ReportRequest, gebiet
from etl.report.sheets.common import SYNTHETISCH, datenstand, source


@dataclass(frozen=True)
class Kapitel:
    """A heading and its paragraphs."""

    titel: str
    absaetze: tuple[str, ...]


def methodik(request: ReportRequest, cells: Cells) -> tuple[Kapitel, ...]:
    """Return the chapters of the note."""
    return (
        Kapitel("Gegenstand und Zählung", _zaehlung(request)),
        Kapitel(
            "Wartezeit: vorläufig und endgültig",
            (
                "Nachträglich erfasste Fälle ändern die Werte noch. Ein Wert ist endgültig (T-3), wenn zwischen "
                "Zähltag und Datenstand mindestens drei volle Monate liegen; vorher ist er vorläufig (T-0, T-1, T-2). "
                f"Die Qualität steigt mit der Wartezeit. Werte dieses Monats: {cells.mark(request.berichtsmonat)}; "
                f"Datenstand: {datenstand(request)}. Vorläufige Werte sind nicht hochgerechnet.",
            ),
        ),
        Kapitel(
            "Geheimhaltung und Rundung",
            (
                "Werte von 1 und 2, Werte, hinter denen nur eine oder zwei Personen oder Bedarfsgemeinschaften stehen, "
                "und was daraus gerechnet ist, sind durch * ersetzt.",
                "Veränderungen und Anteile sind aus ungerundeten Werten berechnet und einmal kaufmännisch gerundet; "
                "Summen gerundeter Werte können abweichen.",
            ),
        ),
        Kapitel(
            "Bewertung und Karte",
            (
                "„Positive“ und „negative Entwicklung“ sagen nur, ob sich ein Wert in die Richtung bewegt, die im "
                "Katalog der Größen als die günstigere steht, zum Beispiel weniger Bedarfsgemeinschaften oder mehr "
                "Integrationen. Über die Ursache sagen sie nichts.",
                "Die Karte zeigt jede Gemeinde als gleich große Kachel. Die Anordnung ist eine eigene Annahme nach der "
                "ungefähren Lage; Fläche und Grenzen zeigt sie nicht. Zugeordnet ist nach dem Wohnort der "
                "Bedarfsgemeinschaft am Zähltag.",
            ),
        ),
        Kapitel("Quellen", (source(request), f"{gebiet().quelle}.")),
    )


def _zaehlung(request: ReportRequest) -> tuple[str, ...]:
    kind = f"{SYNTHETISCH}. " if request.synthetic else ""
    return (
        f"{kind}Bestände werden am Zähltag in der Monatsmitte gezählt. Bewegungen (Zugang, Abgang) umfassen die Zeit "
        "vom Zähltag des Vormonats bis zum Zähltag des Monats. Leistungen sind Ansprüche des Kalendermonats vor "
        "Leistungsminderung, nicht Zahlungen. Die Werte sind mit den Veröffentlichungen der Statistik der "
        "Bundesagentur für Arbeit nicht ohne Weiteres vergleichbar.",
    )
