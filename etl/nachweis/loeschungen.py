"""The proofs of deletion and the holds: each says what its passport says, and no step is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from etl.extract.archive import ARCHIVE_MANIFEST
from etl.nachweis import kette
from etl.settings import Settings
from etl.warehouse import ANGEORDNET, VOLLZOGEN, Evidence, Loeschung, Sperre
from etl.warehouse.zahlenpass import LOESCHSPERRE, LOESCHUNG

_FALLDATEN, _BERICHTE = "falldaten", "berichte"


def check_deletions(evidence: Evidence) -> Iterator[str]:
    """Name every proof and every hold that lacks its passport or differs from it, and steps out of order."""
    passes = {
        (glied.gegenstand, glied.inhalt.get("nummer")): glied for glied in evidence.kette if glied.art == LOESCHUNG
    }
    place: dict[str, int] = {}
    for step in evidence.loeschungen:
        name = f"Löschung {step.passname}, Schritt {step.nummer} ({step.schritt})"
        glied = passes.pop((step.passname, step.nummer), None)
        if glied is None:
            yield f"{name} hat keinen Zahlenpass: das Glied wurde entfernt."
        elif kette.sound(glied) and glied.inhalt != step.inhalt:
            yield f"{name}: Im Warehouse steht etwas anderes als im Zahlenpass {glied.pass_id}."
        before = place.get(step.passname, 0)
        first = step.schritt == ANGEORDNET if before == 0 else step.klasse != _FALLDATEN or step.schritt == VOLLZOGEN
        if step.nummer != before + 1 or not first:
            yield f"{name}: Davor fehlen Schritte."
        place[step.passname] = step.nummer
    for gegenstand, number in passes:
        yield f"Zu einem Zahlenpass gibt es den Löschnachweis nicht mehr: {gegenstand}, Schritt {number} ist entfernt."
    yield from _check_holds(evidence)


def proven(evidence: Sequence[Evidence]) -> dict[str, Loeschung]:
    """Return the deletions of case data by delivery, as far as their passports can be believed."""
    return {step.reference: step for step in _believed(evidence, _FALLDATEN)}


def reports(evidence: Sequence[Evidence]) -> dict[str, str]:
    """Return the folders of deleted reports, and the sentence that says so."""
    return {
        (
            folder := step.gegenstand.partition("/")[2]
        ): f"Der Bericht {folder} ist gelöscht am {step.erfasst_am:%d.%m.%Y} "
        f"nach {step.grund.partition(';')[0]} (Zahlenpass Nr. {step.pass_id})."
        for step in _believed(evidence, _BERICHTE)
    }


def back_again(settings: Settings, evidence: Sequence[Evidence]) -> Iterator[str]:
    """Say which deletions are not complete, and which case data is there again, of a backup for example."""
    for reference, step in sorted(proven(evidence).items()):
        if (settings.archive / reference / ARCHIVE_MANIFEST).is_file():
            yield (
                f"Lieferung {reference}: Die Falldaten liegen im Archiv, obwohl ihre Löschung belegt ist "
                f"(Zahlenpass Nr. {step.pass_id}). „jobcenter retention --apply“ löscht sie wieder."
            )
    for one in evidence:
        last = {step.passname: step for step in one.loeschungen}
        for name, step in last.items():
            if step.schritt == ANGEORDNET:
                yield f"Die Löschung {name} ist angeordnet, aber nicht abgeschlossen: „jobcenter retention --apply“."


def _believed(evidence: Sequence[Evidence], klasse: str) -> Iterator[Loeschung]:
    """Yield the orders of a class whose passport is sound and says the same."""
    for one in evidence:
        said = {
            (glied.gegenstand, glied.inhalt.get("nummer")): glied.inhalt
            for glied in one.kette
            if glied.art == LOESCHUNG and kette.sound(glied)
        }
        for step in one.loeschungen:
            wanted = step.klasse == klasse and step.schritt == ANGEORDNET
            if wanted and said.get((step.passname, step.nummer)) == step.inhalt:
                yield step


def _check_holds(evidence: Evidence) -> Iterator[str]:
    passes = {glied.gegenstand: glied for glied in evidence.kette if glied.art == LOESCHSPERRE}
    for hold in evidence.sperren:
        glied = passes.pop(str(hold.nummer), None)
        if glied is None:
            yield f"{_name(hold)} hat keinen Zahlenpass: das Glied wurde entfernt."
        elif kette.sound(glied) and glied.inhalt != hold.inhalt:
            yield f"{_name(hold)}: Im Warehouse steht etwas anderes als im Zahlenpass {glied.pass_id}."
    for number in passes:
        yield f"Zu einem Zahlenpass gibt es die Löschsperre nicht mehr: Löschsperre {number} wurde entfernt."


def _name(hold: Sperre) -> str:
    return f"Löschsperre {hold.nummer} ({hold.traegernummer})"
