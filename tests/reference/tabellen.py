"""Which tables each figure is published in: pinned here, so that a table that is dropped is noticed as a difference."""

from __future__ import annotations

from collections.abc import Mapping

from reference.groessen import GROESSEN
from reference.merkmale import BG_MERKMALE, PERSONEN_MERKMALE, TEILNAHME_MERKMALE

_CLOSED = ("GESCHLECHT", "ALTER", "STAATSANGEHOERIGKEIT", "BG_TYP")
_BY_OFFICE = tuple(f"GESCHAEFTSSTELLE/{merkmal}" for merkmal in _CLOSED)
_BY_PLACE = tuple(f"GEMEINDE/{merkmal}" for merkmal in _CLOSED)
_PAIRS = ("GESCHLECHT/ALTER", "GESCHLECHT/STAATSANGEHOERIGKEIT", "ALTER/STAATSANGEHOERIGKEIT")

_STOCKS = (
    "PERS", "LB", "RLB", "ELB", "NEF", "SLB", "NLB", "AUS", "KOL", "AE", "ABGELEHNT", "LZB", "LZB_AKTIV", "NEF_U15",
    "ALO", "ASU", "REINE_LB", "LM_ELB",
)  # fmt: skip
_FLOWS = ("ELB_ZUGANG", "ELB_ABGANG", "LZB_ZUGANG", "LZB_ABGANG", "LLU", "LUH")
_INTEGRATIONS = ("INT", "INT_SVP", "INT_SVP_KONT", "INT_AE", "INT_LZB", "GERING", "OEGB")
_BGS = ("BG", "BG_SINGLE", "BG_ALLEINERZIEHEND", "BG_PARTNER_OHNE_KINDER", "BG_PARTNER_MIT_KINDERN", "BG_SONSTIGE")

_TABLES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(_STOCKS, (*PERSONEN_MERKMALE, *_PAIRS, *_BY_PLACE, *_BY_OFFICE)),
    **dict.fromkeys(_FLOWS, (*PERSONEN_MERKMALE, *_BY_OFFICE)),
    **dict.fromkeys(_INTEGRATIONS, PERSONEN_MERKMALE),
    **dict.fromkeys(_BGS, (*BG_MERKMALE, "GEMEINDE/BG_TYP", "GESCHAEFTSSTELLE/BG_TYP")),
    **dict.fromkeys(("ZAHLUNG", "LM_BETRAG"), (*PERSONEN_MERKMALE, "LEISTUNGSART", "LEISTUNGSART/GESCHLECHT")),
    **dict.fromkeys(("TN_BESTAND", "TN_EINTRITT", "TN_AUSTRITT"), (*TEILNAHME_MERKMALE, "INSTRUMENT/GESCHLECHT")),
    **dict.fromkeys(("DAUER_BESTAND", "DAUER_ABGANG"), ("GESCHLECHT", "VERWEILDAUER", "VERWEILDAUER/GESCHLECHT")),
}

TABLES: Mapping[str, frozenset[str]] = {
    groesse: frozenset(("INSGESAMT", *_TABLES.get(groesse, definition.merkmale)))
    for groesse, definition in GROESSEN.items()
}
"""Figure to the names of its tables."""
