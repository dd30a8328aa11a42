"""The chain of passports: whole, and in agreement with the loads it speaks of.

The hashes are computed here and not asked of the database: who can change rows there can change its functions too. How
a link is hashed stands in ``sql/warehouse/0009_zahlenpass.sql``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from etl.warehouse import Evidence, Glied, Ladung, results_sha256
from etl.warehouse.zahlenpass import BEGINN, DATEI, LADUNG

_NO_PREDECESSOR = "0" * 64


def check_links(kette: Sequence[Glied]) -> Iterator[str]:
    """Name every link that was changed, and every place where links are missing or do not join."""
    before, place = _NO_PREDECESSOR, 0
    for glied in kette:
        name = f"Kette {glied.traegernummer}, Glied {glied.pass_id} ({glied.art} {glied.gegenstand})"
        if _sha256(glied.inhalt_text) != glied.inhalt_sha256:
            yield f"{name}: Der Inhalt wurde verändert."
        elif _link_sha256(glied) != glied.sha256:
            yield f"{name}: Das Glied wurde verändert."
        if glied.pass_id != place + 1:
            yield f"{name}: Davor fehlen Glieder: {_span(place + 1, glied.pass_id - 1)} wurde entfernt."
        elif glied.vorgaenger_sha256 != before:
            yield f"{name}: Das Glied schließt nicht an seinen Vorgänger an."
        before, place = glied.sha256, glied.pass_id


def sound(glied: Glied) -> bool:
    """Whether a link, taken by itself, is what was written."""
    return _sha256(glied.inhalt_text) == glied.inhalt_sha256 and _link_sha256(glied) == glied.sha256


def newest(kette: Sequence[Glied], art: str) -> dict[str, Glied]:
    """Return the passport that holds for each object of a kind: the last one."""
    return {glied.gegenstand: glied for glied in kette if glied.art == art}


def without_passport(kette: Sequence[Glied]) -> dict[int, str]:
    """Return the loads from before there were passports, with the hash of their cells: they were sealed together."""
    return {
        load["ladung_id"]: load["inhalt_sha256"]
        for glied in kette
        if glied.art == BEGINN
        for load in glied.inhalt.get("ladungen", ())
    }


def check_objects(evidence: Evidence) -> Iterator[str]:
    """Name every load without its passport, every passport without its load, and every fact that they tell apart."""
    passes, sealed = newest(evidence.kette, LADUNG), without_passport(evidence.kette)
    known = {str(load.ladung_id) for load in evidence.ladungen}
    for load in evidence.ladungen:
        glied = passes.get(str(load.ladung_id))
        if glied is not None:
            yield from _check_load(evidence, load, glied)
        elif load.ladung_id not in sealed:
            yield f"{name_of(load)} hat keinen Zahlenpass: das Glied wurde entfernt."
        elif sealed[load.ladung_id] != load.inhalt_sha256:
            yield f"{name_of(load)}: inhalt_sha256 ist nicht mehr, was bei Einführung der Zahlenpässe galt."
    for gegenstand in (*passes, *(str(load) for load in sealed)):
        if gegenstand not in known:
            yield f"Zu einem Zahlenpass gibt es die Ladung nicht mehr: Ladung {gegenstand} wurde entfernt."
    links = {glied.sha256 for glied in evidence.kette}
    for glied in evidence.kette:
        if glied.art == DATEI:
            cited = {load.get("zahlenpass") for load in glied.inhalt.get("ladungen", ())} - {None}
            if cited - links:
                yield f"Der Zahlenpass der Datei {glied.gegenstand} nennt einen Zahlenpass, den es nicht mehr gibt."


def name_of(load: Ladung) -> str:
    """Name a load as a person looks for it."""
    return f"Ladung {load.ladung_id} ({load.monat} aus Lieferung {load.delivery.lieferung_id})"


def _check_load(evidence: Evidence, load: Ladung, glied: Glied) -> Iterator[str]:
    if _sha256(glied.inhalt_text) != glied.inhalt_sha256:
        return  # already named; what a changed passport says is worth nothing
    inhalt = glied.inhalt
    for part in ("lieferung", "ladung", "rechenregel", "befundannahmen"):
        for field, today, said in _differences(part, load.facts[part], inhalt.get(part)):
            yield f"{name_of(load)}: {field} ist im Warehouse „{today}“, laut Zahlenpass {glied.pass_id} „{said}“."
    said = inhalt.get("pruefung")
    if said:
        kept = evidence.pruefungen.get((load.delivery.lieferung_id, said["version"]))
        hashes = (said["regelwerk_sha256"], said["ergebnis_sha256"])
        if kept is None or hashes != (kept.regelwerk_sha256, kept.ergebnis_sha256):
            yield f"{name_of(load)}: Die Prüfung {said['version']} der Lieferung fehlt oder wurde verändert."
        elif results_sha256(kept.ergebnisse) != kept.ergebnis_sha256:
            yield f"{name_of(load)}: Ergebnisse der Prüfung {said['version']} der Lieferung wurden verändert."


def _differences(name: str, today: object, said: object) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(today, Mapping) and isinstance(said, Mapping):
        for field in today:
            yield from _differences(f"{name}.{field}", today[field], said.get(field))
    elif today != said:
        yield name, today, said


def _span(first: int, last: int) -> str:
    return f"Glied {first}" if first == last else f"Glied {first} bis {last}"


def _link_sha256(glied: Glied) -> str:
    fields = (
        str(glied.pass_id),
        glied.traegernummer,
        glied.art,
        glied.gegenstand,
        glied.inhalt_sha256,
        glied.vorgaenger_sha256,
        glied.erfasst_am,
    )
    return _sha256("\n".join(fields))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
