"""Retention, where the room ``aufbewahrung`` meets archive, warehouse and proof: the plan, deleting, and holds.

The order of a deletion is what makes it safe to be killed: case data is computed again, the proof is recorded, then the
files go, then it is recorded that they are gone. Whatever stops in between, the next call finds the proof and goes on;
an archive is never gone without one.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import Connection

from etl import aufbewahrung, nachweis, warehouse, zustellen
from etl.aufbewahrung import Gegenstand, Klasse, Lage, Lieferung, Posten, Stand, verzeichnis
from etl.aufbewahrung.bestand import FALLDATEN
from etl.errors import JobcenterError, NachweisError, UsageError
from etl.extract.archive import DELETION_NOTE, archived
from etl.files import write_atomically
from etl.monat import Monat
from etl.personen import person_key
from etl.settings import Settings
from etl.warehouse import ANGEORDNET, VOLLZOGEN, Loeschung, Sperre

Progress = Callable[[str, int, int], None]


class Ergebnis(NamedTuple):
    """What came of deleting: what is gone, what stays although it is due, and why."""

    geloescht: tuple[Posten, ...]
    geblieben: tuple[Posten, ...]
    fehler: tuple[JobcenterError, ...]

    def require_complete(self) -> None:
        """Raise with everything that could not be deleted, unless there is nothing.

        ``NachweisError`` when figures could not be proven or something unknown lies there, else ``UsageError``.
        """
        if not self.fehler:
            return
        message = "\n".join(error.message for error in self.fehler)
        hint = " ".join(dict.fromkeys(error.hint for error in self.fehler if error.hint))
        if any(isinstance(error, NachweisError) for error in self.fehler):
            raise NachweisError(message, hint=hint, abschnitt="loeschung-unvollstaendig")
        raise UsageError(message, hint=hint, abschnitt="loeschung-abgelehnt")


def plan(settings: Settings, as_of: dt.date) -> list[Posten]:
    """Return every object that the program deletes some day, with what is to be done with it on ``as_of``."""
    with warehouse.connect(settings, role="auditor") as connection:
        return _plan(settings, connection, as_of)


def apply(
    settings: Settings, as_of: dt.date, by: str, accept: str | None = None, progress: Progress | None = None
) -> Ergebnis:
    """Delete what is due on ``as_of``, each object with its proof; what cannot be proven stays, and the others go.

    ``by``: who orders it. ``accept``: why a person accepts that figures differ which were computed by an earlier
    definition. Raises ``UsageError`` without a name.
    """
    if not person_key(by):
        raise UsageError(
            "Wer die Löschung anordnet, ist nicht genannt.",
            hint="Mit --by den Namen angeben.",
            abschnitt="name-oder-grund-fehlt",
        )
    if accept is not None and not accept.strip():
        raise UsageError(
            "Die Begründung, warum Abweichungen angenommen werden, ist leer.", abschnitt="name-oder-grund-fehlt"
        )
    gone: list[Posten] = []
    failed: list[JobcenterError] = []
    with warehouse.connect(settings, role="etl") as connection:
        due = [one for one in _plan(settings, connection, as_of) if one.stand in (Stand.FAELLIG, Stand.ERNEUT)]
        for done, posten in enumerate(due):
            if progress:
                progress(posten.gegenstand.pfad, done, len(due))
            try:
                gone += _delete(settings, connection, posten.gegenstand, as_of, by.strip(), accept)
            except (NachweisError, UsageError) as error:
                failed.append(error)
        rest = [one for one in _plan(settings, connection, as_of) if one.stand in (Stand.GESPERRT, Stand.UNGEKLAERT)]
    return Ergebnis(tuple(gone), tuple(rest), tuple(failed))


def processing_record(settings: Settings) -> str:
    """Return the record of processing activities as a page. Raises ``UsageError`` for an unknown statement."""
    unknown = sorted(settings.verarbeitung.keys() - verzeichnis.HAUS.keys())
    if unknown:
        raise UsageError(
            f"JOBCENTER_VERARBEITUNG kennt die Angabe „{unknown[0]}“ nicht.",
            hint=f"Möglich sind: {', '.join(verzeichnis.HAUS)}.",
            abschnitt="einstellung",
        )
    named = [(one.name, str(one.kreis)) for one in zustellen.recipients(settings)]
    return verzeichnis.render(settings.verarbeitung, sorted(named))


def hold(settings: Settings, reference: str, *, grund: str, by: str, approved_by: str) -> Sperre:
    """Keep that nothing of a delivery is deleted, or of a whole Träger (``reference`` without a slash)."""
    traeger, lieferung_id = _meant(settings, reference)
    return _hold(settings, Sperre(traeger, 0, None, lieferung_id, grund.strip(), by.strip(), approved_by.strip()))


def lift(settings: Settings, traegernummer: str, number: int, *, grund: str, by: str, approved_by: str) -> Sperre:
    """Keep that a hold ends."""
    with warehouse.connect(settings, role="auditor") as connection, connection.begin():
        holds = warehouse.read_holds(warehouse.cursor_of(connection), traegernummer)
    lifted = next((one for one in warehouse.in_force(holds) if one.nummer == number), None)
    if lifted is None:
        raise UsageError(
            f"Eine Löschsperre {number} des Trägers {traegernummer} gilt nicht.",
            hint="„jobcenter retention holds“ zeigt die geltenden.",
            abschnitt="loeschung-abgelehnt",
        )
    return _hold(
        settings,
        replace(lifted, hebt_auf=number, grund=grund.strip(), person=by.strip(), zweite_person=approved_by.strip()),
    )


def holds(settings: Settings) -> list[Sperre]:
    """Return the holds in force."""
    with warehouse.connect(settings, role="auditor") as connection, connection.begin():
        return warehouse.in_force(warehouse.read_holds(warehouse.cursor_of(connection)))


def _hold(settings: Settings, sperre: Sperre) -> Sperre:
    if not sperre.grund or not person_key(sperre.person) or not person_key(sperre.zweite_person):
        raise UsageError("Eine Löschsperre braucht einen Grund und zwei Namen.", abschnitt="name-oder-grund-fehlt")
    with warehouse.connect(settings, role="etl") as connection:
        recorded = warehouse.record_hold(connection, sperre)
        nachweis.bezeuge(settings.witness, connection, sperre.traegernummer)
    return recorded


def _meant(settings: Settings, reference: str) -> tuple[str, str | None]:
    with warehouse.connect(settings, role="auditor") as connection:
        known = _deliveries(settings, connection)
    if reference in known:
        return known[reference].traegernummer, known[reference].lieferung_id
    if reference in {one.traegernummer for one in known.values()}:
        return reference, None
    raise UsageError(
        f"Eine Lieferung oder einen Träger „{reference}“ gibt es nicht.",
        hint="TRAEGERNUMMER/LIEFERUNG_ID angeben, oder für alle Lieferungen eines Trägers nur seine Nummer.",
        abschnitt="nicht-geladen",
    )


# --- the plan ---------------------------------------------------------------------------------------------------------


def _plan(settings: Settings, connection: Connection, as_of: dt.date) -> list[Posten]:
    lage, classes = _lage(settings, connection), aufbewahrung.klassen(as_of)
    judged = [_judged(settings, one, classes, lage, as_of) for one in _objects(settings, lage)]
    return sorted(judged, key=lambda one: (list(Stand).index(one.stand), one.faellig_am or dt.date.max, one.gegenstand))


def _judged(settings: Settings, one: Gegenstand, classes: dict[str, Klasse], lage: Lage, as_of: dt.date) -> Posten:
    files, size = aufbewahrung.groesse(one.path(settings))
    return replace(aufbewahrung.judge(one, classes[one.klasse], lage, as_of), dateien=files, bytes=size)


def _objects(settings: Settings, lage: Lage) -> list[Gegenstand]:
    """Return what lies there, and what is gone while the proof does not say yet that it is."""
    there = aufbewahrung.gegenstaende(settings)
    known = {(one.klasse, one.pfad) for one in there}
    pending = [key for key, complete in lage.angeordnet.items() if not complete and key not in known]
    return sorted([*there, *(_of_proof(klasse, pfad) for klasse, pfad in pending)])


def _of_proof(klasse: str, pfad: str) -> Gegenstand:
    _, traeger, lieferung, *month = pfad.split("/")
    reference = f"{traeger}/{lieferung.removesuffix('.parquet')}"
    return Gegenstand(klasse, reference, pfad, Monat.parse(month[0]) if month else None)


def _lage(settings: Settings, connection: Connection) -> Lage:
    with connection.begin():
        cursor = warehouse.cursor_of(connection)
        steps, held_back = warehouse.read_deletions(cursor), warehouse.in_force(warehouse.read_holds(cursor))
    deliveries = _deliveries(settings, connection)
    waiting = settings.home / "wartet"
    return Lage(
        lieferungen=deliveries,
        archiviert=frozenset(archive.delivery.reference for archive in archived(settings.archive)),
        vorlaeufig=warehouse.read_provisional(connection),
        berichte=warehouse.read_releases(connection),
        zustellung=settings.empfaenger is not None,
        wartend=frozenset(
            path.relative_to(waiting).as_posix().removesuffix(".txt") for path in waiting.glob("*/*.txt")
        ),
        sperren=tuple((one.nummer, one.traegernummer, one.lieferung_id) for one in held_back),
        angeordnet={(step.klasse, step.gegenstand): step.schritt == VOLLZOGEN for step in steps},
    )


def _deliveries(settings: Settings, connection: Connection) -> dict[str, Lieferung]:
    """Return every delivery that the warehouse or the archive knows; the archive knows the Datenstand exactly."""
    with connection.begin():
        steps = warehouse.read_deletions(warehouse.cursor_of(connection))
    known = [
        *(
            (one.traegernummer, one.lieferung_id, one.erstellt_am, one.datenstand)
            for one in warehouse.deliveries(connection)
        ),
        *(
            (s.traegernummer, s.lieferung_id, dt.datetime.combine(s.datenstand, dt.time(), dt.UTC), s.datenstand)
            for s in steps
        ),
        *(
            (one.traegernummer, one.lieferung_id, one.erstellt_am, one.datenstand)
            for one in (archive.delivery for archive in archived(settings.archive))
        ),
    ]
    found = (Lieferung(*one) for one in known)
    return {one.reference: one for one in found}


# --- deleting ---------------------------------------------------------------------------------------------------------


def _delete(
    settings: Settings, connection: Connection, gegenstand: Gegenstand, as_of: dt.date, by: str, accept: str | None
) -> list[Posten]:
    """Delete one object, unless it is not due any more now that nobody can come in between; return it."""
    traeger = _deliveries(settings, connection)[gegenstand.reference].traegernummer
    with warehouse.undisturbed(connection, traeger):
        # Judged again: while this process waited, somebody may have deleted it, or begun to need it.
        lage, klasse = _lage(settings, connection), aufbewahrung.klassen(as_of)[gegenstand.klasse]
        if gegenstand not in _objects(settings, lage):
            return []
        posten = _judged(settings, gegenstand, {klasse.name: klasse}, lage, as_of)
        order = _on_record(settings, connection, gegenstand) if posten.stand is Stand.ERNEUT else None
        if posten.stand not in (Stand.FAELLIG, Stand.ERNEUT):
            return []
        if order is None:
            order = _order(settings, connection, posten, klasse, as_of, by, accept)
        _finish(settings, connection, gegenstand, order, as_of, by)
        nachweis.bezeuge(settings.witness, connection, traeger)
    return [posten]


def _order(
    settings: Settings,
    connection: Connection,
    posten: Posten,
    klasse: Klasse,
    as_of: dt.date,
    by: str,
    accept: str | None,
) -> Loeschung:
    """Prove what can be proven for the last time and record the order."""
    gegenstand, lieferung = posten.gegenstand, posten.lieferung
    if lieferung is None or posten.faellig_am is None:
        raise ValueError("only what has a day can be due")
    proof = None
    if gegenstand.klasse == FALLDATEN:
        proof = nachweis.bestaetige(settings, connection, gegenstand.reference, accept)
    step = Loeschung(
        traegernummer=lieferung.traegernummer,
        klasse=klasse.name,
        gegenstand=gegenstand.pfad,
        schritt=ANGEORDNET,
        lieferung_id=lieferung.lieferung_id,
        datenstand=lieferung.datenstand,
        faellig_am=posten.faellig_am,
        stichtag=as_of,
        grund=f"Ablauf der Frist ({klasse.fristtext}); {klasse.rechtsgrundlage}",
        person=by,
        dateien=aufbewahrung.hashes(gegenstand.path(settings)),
        bestaetigung=proof,
    )
    return warehouse.record_deletion(connection, step)


def _on_record(settings: Settings, connection: Connection, gegenstand: Gegenstand) -> Loeschung | None:
    """Return the order that speaks of exactly what lies there; None when it must be ordered anew.

    Case data is never ordered anew: raises ``NachweisError`` when it is not what was deleted.
    """
    with connection.begin():
        steps = warehouse.read_deletions(warehouse.cursor_of(connection))
    key = (gegenstand.klasse, gegenstand.pfad, ANGEORDNET)
    order = [step for step in steps if (step.klasse, step.gegenstand, step.schritt) == key][-1]
    there = aufbewahrung.hashes(gegenstand.path(settings))
    other = [name for name, said in there.items() if order.dateien.get(name) != said]
    if other and gegenstand.klasse == FALLDATEN:
        raise NachweisError(
            f"{gegenstand.pfad}: Die Löschung ist belegt (Zahlenpass Nr. {order.pass_id}), aber hier liegt etwas "
            f"anderes: {', '.join(other)}. Es bleibt.",
            hint="Ansehen, woher es kommt; was nicht gebraucht wird, von Hand löschen.",
            abschnitt="loeschung-unvollstaendig",
        )
    return None if other else order


def _finish(
    settings: Settings, connection: Connection, gegenstand: Gegenstand, order: Loeschung, as_of: dt.date, by: str
) -> None:
    path = gegenstand.path(settings)
    aufbewahrung.loesche(path)
    if gegenstand.klasse == FALLDATEN:
        note = {
            "vermerk": order.vermerk,
            "lieferung_id": order.lieferung_id,
            "traegernummer": order.traegernummer,
            "datenstand": order.datenstand.isoformat(),
        }
        write_atomically(path / DELETION_NOTE, (json.dumps(note, ensure_ascii=False, indent=1) + "\n").encode())
    warehouse.record_deletion(
        connection, replace(order, schritt=VOLLZOGEN, stichtag=max(as_of, order.stichtag), person=by)
    )
