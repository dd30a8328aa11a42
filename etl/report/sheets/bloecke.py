"""The figures in the order of the report, in blocks: the headline figures and the series show them alike."""

from __future__ import annotations

from dataclasses import dataclass

from etl.report.model import Cells


@dataclass(frozen=True)
class Gruppe:
    """Figures under one heading. Each has a level, which shows „darunter“; ``eckwert``: among the headline figures."""

    titel: str
    groessen: tuple[tuple[str, int], ...]
    eckwert: bool = True


# Order and indents follow the identities PERS = LB + NLB, LB = RLB + SLB, INT = INT_SVP + … of the catalogue.
_GRUPPEN = (
    Gruppe(
        "Bedarfsgemeinschaften am Zähltag",
        (
            ("BG", 0),
            ("BG_SINGLE", 1),
            ("BG_ALLEINERZIEHEND", 1),
            ("BG_PARTNER_OHNE_KINDER", 1),
            ("BG_PARTNER_MIT_KINDERN", 1),
            ("BG_SONSTIGE", 1),
        ),
    ),
    Gruppe(
        "Personen in Bedarfsgemeinschaften am Zähltag",
        (
            ("PERS", 0),
            ("LB", 1),
            ("RLB", 2),
            ("ELB", 3),
            ("NEF", 3),
            ("SLB", 2),
            ("NLB", 1),
            ("AUS", 2),
            ("KOL", 2),
        ),
    ),
    Gruppe("Darunter: erwerbsfähige Leistungsberechtigte am Zähltag", (("AE", 0), ("LZB", 0))),
    Gruppe(
        "Erwerbsfähige Leistungsberechtigte nach Arbeitsmarktstatus am Zähltag",
        (("ALO", 0), ("ASU", 0), ("REINE_LB", 0)),
    ),
    Gruppe(
        "Bewegungen vom Zähltag des Vormonats bis zum Zähltag",
        (("ELB_ZUGANG", 0), ("ELB_ABGANG", 0), ("LZB_ZUGANG", 0), ("LZB_ABGANG", 0)),
    ),
    Gruppe(
        "Integrationen und Eintritte vom Zähltag des Vormonats bis zum Zähltag",
        (
            ("INT", 0),
            ("INT_SVP", 1),
            ("INT_AE", 1),
            ("INT_LZB", 1),
            ("INT_SVP_KONT", 0),
            ("GERING", 0),
            ("OEGB", 0),
        ),
    ),
    Gruppe(
        "Maßnahmen der aktiven Arbeitsförderung",
        (("TN_BESTAND", 0), ("TN_EINTRITT", 0), ("TN_AUSTRITT", 0), ("LZB_AKTIV", 0)),
    ),
    Gruppe("Leistungen im Kalendermonat in Euro", (("LLU", 0), ("LUH", 0), ("ZAHLUNG", 0))),
    Gruppe(
        "Unterkunft und Heizung im Kalendermonat (Beträge in Euro)",
        (
            ("KDU_BG", 0),
            ("UNTERKUNFT_TATSAECHLICH", 0),
            ("UNTERKUNFT_ANERKANNT", 0),
            ("HEIZUNG_TATSAECHLICH", 0),
            ("HEIZUNG_ANERKANNT", 0),
        ),
        eckwert=False,
    ),
    Gruppe("Leistungsminderungen (Betrag in Euro)", (("LM_ELB", 0), ("LM_NEU", 0), ("LM_BETRAG", 0)), eckwert=False),
    Gruppe(
        "Widersprüche und Klagen",
        (
            ("W_EINGANG", 0),
            ("W_ERLEDIGUNG", 0),
            ("W_BESTAND", 0),
            ("K_EINGANG", 0),
            ("K_ERLEDIGUNG", 0),
            ("K_BESTAND", 0),
        ),
        eckwert=False,
    ),
    Gruppe("Dauer und Anwesenheit", (("DAUER_BESTAND", 0), ("DAUER_ABGANG", 0), ("ELB_AG12", 0)), eckwert=False),
    Gruppe("Nachrichtlich", (("NEF_U15", 0), ("ABGELEHNT", 0)), eckwert=False),
)

SUMMEN = frozenset({"BG", "PERS"})
"""Figures that are set as totals of their block."""


def gruppen(cells: Cells, nur_eckwerte: bool = False) -> list[Gruppe]:
    """Return the blocks with the figures that the readers may see; a block without any is left out."""
    chosen = [gruppe for gruppe in _GRUPPEN if gruppe.eckwert or not nur_eckwerte]
    planned = [
        Gruppe(gruppe.titel, tuple(row for row in gruppe.groessen if cells.planned(row[0])), gruppe.eckwert)
        for gruppe in chosen
    ]
    return [gruppe for gruppe in planned if gruppe.groessen]
