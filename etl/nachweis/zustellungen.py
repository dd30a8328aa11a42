"""The receipts of delivery: each says what its passport says, and none is for a content that was never released."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from etl.nachweis import kette
from etl.release import Schritt
from etl.warehouse import Beleg, Evidence, Glied
from etl.warehouse.zahlenpass import ZUSTELLUNG


def check_deliveries(evidence: Evidence) -> Iterator[str]:
    """Name every receipt that was changed, added or removed, and every one for what was not released."""
    today = set(evidence.belege)
    said = {beleg for glied in evidence.kette if glied.art == ZUSTELLUNG for beleg in _belege(glied)}
    for beleg in sorted(today - said):
        yield f"{_name(beleg)}: Kein Zahlenpass sagt dasselbe; die Quittung wurde verändert oder dazugeschrieben."
    for beleg in sorted(said - today):
        yield f"{_name(beleg)}: Diese Quittung des Zahlenpasses gibt es nicht mehr; sie wurde verändert oder entfernt."
    released = {
        (stand.bericht.lieferung_id, str(stand.bericht.monat), entry.inhalt_sha256)
        for stand in evidence.berichte
        for entry in stand.eintraege
        if entry.schritt is Schritt.FREIGEGEBEN
    }
    for beleg in sorted(today):
        if (beleg.lieferung_id, beleg.berichtsmonat, beleg.bericht_sha256) not in released:
            yield f"{_name(beleg)}: Dieser Inhalt war nicht freigegeben."


def _belege(glied: Glied) -> Iterator[Beleg]:
    """Yield the receipts a passport speaks of; none when it was changed, which is named already."""
    if kette.sound(glied):
        inhalt: dict[str, Any] = glied.inhalt
        for one in inhalt.get("dateien", ()):
            yield Beleg(**{name: str({**inhalt, **one}.get(name)) for name in Beleg._fields})


def _name(beleg: Beleg) -> str:
    return f"Quittung {beleg.empfaenger}, {beleg.berichtsmonat} aus Lieferung {beleg.lieferung_id}, {beleg.datei}"
