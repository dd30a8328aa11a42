"""What the page shows and in which order: figures, charts, and the features by which a reader can choose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from etl.report.model import INSGESAMT, Cells, ReportRequest, gebiet
from etl.report.sheets.common import auspraegungen, figure_name, label_of, listed, merkmal_titel

KACHELN = ("BG", "INT", "PERS", "ELB", "NEF", "ALO", "ASU", "LZB")
"""Headline figures, in the order of the monthly press release."""

MERKMALE = (
    "GEMEINDE",
    "GESCHAEFTSSTELLE",
    "GESCHLECHT",
    "ALTER",
    "STAATSANGEHOERIGKEIT",
    "BG_TYP",
    "INSTRUMENT",
    "VERWEILDAUER",
)
"""Features that a reader can choose, if the plan publishes a figure by them."""

OFFEN = frozenset({"GEMEINDE", "GESCHAEFTSSTELLE"})
"""Features whose codes are drawn by size; the others have an order of their own."""

_BLOECKE: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = (
    (
        "Bedarfsgemeinschaften",
        (
            ("BG", 0),
            ("BG_SINGLE", 1),
            ("BG_ALLEINERZIEHEND", 1),
            ("BG_PARTNER_OHNE_KINDER", 1),
            ("BG_PARTNER_MIT_KINDERN", 1),
            ("BG_SONSTIGE", 1),
        ),
    ),
    (
        "Personen in Bedarfsgemeinschaften",
        (
            ("PERS", 0),
            ("LB", 1),
            ("RLB", 2),
            ("ELB", 3),
            ("NEF", 3),
            ("NEF_U15", 4),
            ("SLB", 2),
            ("NLB", 1),
            ("AUS", 2),
            ("KOL", 2),
        ),
    ),
    (
        "Darunter: erwerbsfähige Leistungsberechtigte",
        (("AE", 0), ("LZB", 0), ("LZB_AKTIV", 1), ("ALO", 0), ("ASU", 0), ("REINE_LB", 0), ("ELB_AG12", 0)),
    ),
    (
        "Bewegungen vom Zähltag des Vormonats bis zum Zähltag",
        (("ELB_ZUGANG", 0), ("ELB_ABGANG", 0), ("LZB_ZUGANG", 0), ("LZB_ABGANG", 0)),
    ),
    (
        "Integrationen und Eintritte in Beschäftigung",
        (
            ("INT", 0),
            ("INT_SVP", 1),
            ("INT_SVP_KONT", 1),
            ("INT_AE", 1),
            ("INT_LZB", 1),
            ("GERING", 0),
            ("OEGB", 0),
        ),
    ),
    ("Maßnahmen der Arbeitsförderung", (("TN_BESTAND", 0), ("TN_EINTRITT", 0), ("TN_AUSTRITT", 0))),
    ("Verweildauer", (("DAUER_BESTAND", 0), ("DAUER_ABGANG", 0))),
    ("Leistungsansprüche in Euro", (("LLU", 0), ("LUH", 0), ("ZAHLUNG", 0))),
    (
        "Unterkunft und Heizung (Beträge in Euro)",
        (
            ("KDU_BG", 0),
            ("UNTERKUNFT_TATSAECHLICH", 0),
            ("UNTERKUNFT_ANERKANNT", 0),
            ("HEIZUNG_TATSAECHLICH", 0),
            ("HEIZUNG_ANERKANNT", 0),
        ),
    ),
    ("Leistungsminderungen (Betrag in Euro)", (("LM_ELB", 0), ("LM_NEU", 0), ("LM_BETRAG", 0))),
    (
        "Widersprüche und Klagen",
        (
            ("W_EINGANG", 0),
            ("W_ERLEDIGUNG", 0),
            ("W_BESTAND", 0),
            ("K_EINGANG", 0),
            ("K_ERLEDIGUNG", 0),
            ("K_BESTAND", 0),
        ),
    ),
)


@dataclass(frozen=True)
class Bild:
    """A chart over months: its title and the figures it draws; ``nur`` with this feature, if one is named."""

    titel: str
    groessen: tuple[str, ...]
    nur: str = ""

    @property
    def kennung(self) -> str:
        """Name the chart on its page."""
        return "bild-" + "-".join(self.groessen)


BILDER = (
    Bild("Bedarfsgemeinschaften", ("BG",)),
    Bild("Personen in Bedarfsgemeinschaften", ("PERS",)),
    Bild("Regelleistungsberechtigte", ("ELB", "NEF")),
    Bild("Langzeitleistungsbezug", ("LZB",)),
    Bild("Alleinerziehende", ("AE",)),
    Bild("Arbeitslose und Arbeitsuchende", ("ALO", "ASU")),
    Bild("Zugang und Abgang", ("ELB_ZUGANG", "ELB_ABGANG")),
    Bild("Langzeitbezug: Zugang und Abgang", ("LZB_ZUGANG", "LZB_ABGANG")),
    Bild("Integrationen", ("INT", "INT_SVP")),
    Bild("Teilnahmen an Maßnahmen", ("TN_BESTAND",)),
    Bild("Maßnahmen: Eintritte und Austritte", ("TN_EINTRITT", "TN_AUSTRITT")),
    Bild("Verweildauer", ("DAUER_BESTAND", "DAUER_ABGANG"), nur="VERWEILDAUER"),
    Bild("Leistungsansprüche", ("LLU", "LUH")),
    Bild("Kosten der Unterkunft", ("UNTERKUNFT_TATSAECHLICH", "UNTERKUNFT_ANERKANNT")),
    Bild("Heizkosten", ("HEIZUNG_TATSAECHLICH", "HEIZUNG_ANERKANNT")),
    Bild("Widersprüche", ("W_EINGANG", "W_ERLEDIGUNG")),
)
"""Charts of the months t−12 … t, for whatever the reader chose."""

VERLAUF = (
    Bild("Bedarfsgemeinschaften", ("BG",)),
    Bild("Personen in Bedarfsgemeinschaften", ("PERS",)),
    Bild("Regelleistungsberechtigte", ("ELB", "NEF")),
    Bild("Langzeitleistungsbezug", ("LZB",)),
    Bild("Zugang und Abgang", ("ELB_ZUGANG", "ELB_ABGANG")),
    Bild("Integrationen", ("INT",)),
)
"""Charts since the first month, on the start page."""

_ERSTE = {
    "BG_TYP": "BG",
    "GEMEINDE": "BG",
    "GESCHAEFTSSTELLE": "BG",
    "INSTRUMENT": "TN_BESTAND",
    "VERWEILDAUER": "DAUER_BESTAND",
}
_ERSTE_PERSONEN = "ELB"


def bloecke(cells: Cells) -> list[tuple[str, list[tuple[str, int]]]]:
    """Return the planned figures in their blocks, each with its depth; a block without any is left out."""
    merkmale = (INSGESAMT, *MERKMALE)
    planned = [
        (titel, [row for row in rows if any(cells.planned(row[0], merkmal) for merkmal in merkmale)])
        for titel, rows in _BLOECKE
    ]
    return [(titel, rows) for titel, rows in planned if rows]


def groessen(cells: Cells, merkmal: str) -> list[str]:
    """Return the figures that are published by a feature, in the order of the page."""
    return [code for _, rows in bloecke(cells) for code, _ in rows if cells.planned(code, merkmal)]


def merkmale(cells: Cells) -> list[str]:
    """Return the features by which a figure is published."""
    return [merkmal for merkmal in MERKMALE if groessen(cells, merkmal)]


def erste(cells: Cells, merkmal: str) -> str:
    """Return the figure that is shown of a feature before the reader chooses."""
    code = _ERSTE.get(merkmal, _ERSTE_PERSONEN)
    return code if cells.planned(code, merkmal) else groessen(cells, merkmal)[0]


def werte_von(cells: Cells, merkmal: str) -> list[tuple[str, str]]:
    """Return the codes of a feature with their words, in the order of its list."""
    words = auspraegungen(merkmal)
    codes = listed(cells, groessen(cells, merkmal), merkmal, words, cells.months)
    return [(code, label_of(code, words)) for code in codes]


def titel_der_auswahl(merkmal: str, wort: str) -> str:
    """Say what was chosen: ``Gemeinde: Kehl, Stadt``."""
    return f"{gebiet().name} insgesamt" if merkmal == INSGESAMT else f"{merkmal_titel(merkmal)}: {wort}"


def bilder(cells: Cells, merkmal: str) -> list[tuple[Bild, Sequence[str]]]:
    """Return the charts for a feature, each with the figures that are published by it."""
    chosen = [
        (bild, [code for code in bild.groessen if cells.planned(code, merkmal)])
        for bild in BILDER
        if bild.nur in ("", merkmal)
    ]
    return [(bild, codes) for bild, codes in chosen if codes]


def kurz(request: ReportRequest, code: str) -> str:
    """Return the short name of a figure: ``ELB``, ``arbeitslos``."""
    return request.figures[code].kurz


def spalte(request: ReportRequest, code: str) -> str:
    """Return the name of a figure for the head of a column: the short one, if it is more than a code."""
    short = kurz(request, code)
    return figure_name(request, code) if short == code else short


def legende(request: ReportRequest, code: str) -> str:
    """Return the name of a figure beside its line: ``Erwerbsfähige Leistungsberechtigte (ELB)``."""
    short = kurz(request, code)
    return f"{figure_name(request, code)} ({short})" if short == code else short
