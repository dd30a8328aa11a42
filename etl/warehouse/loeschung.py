"""Proofs of deletion (Löschnachweise) and holds (Löschsperren), each with its passport: added, never changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.errors import IntegrityError
from psycopg.types.json import Jsonb
from sqlalchemy import Connection

from etl.errors import UsageError
from etl.extract.archive import Delivery
from etl.warehouse.locks import locked
from etl.warehouse.session import cursor_of
from etl.warehouse.zahlenpass import LOESCHSPERRE, LOESCHUNG, record

ANGEORDNET, VOLLZOGEN = "angeordnet", "vollzogen"
"""Steps of a deletion: before the first file goes, and when the last one is gone."""

IDENTISCH, ABWEICHEND, UEBERHOLT = "identisch", "abweichend", "überholt"
"""What computing a load again before a deletion gave; a version that was replaced is not computed."""
NICHTS_GELADEN = "nichts geladen"

_Cursor = psycopg.Cursor[tuple[object, ...]]


@dataclass(frozen=True)
class Loeschung:
    """One step of a deletion. ``nummer``, ``erfasst_am`` (German time) and ``pass_id`` are the database's.

    ``gegenstand``: path below ``home``. ``dateien``: path to SHA-256 and bytes. ``bestaetigung``: what was computed
    again before, see ``etl/nachweis/bestaetigung.py``.
    """

    traegernummer: str
    klasse: str
    gegenstand: str
    schritt: str
    lieferung_id: str
    datenstand: dt.date
    faellig_am: dt.date
    stichtag: dt.date
    grund: str
    person: str
    dateien: Mapping[str, Mapping[str, object]]
    bestaetigung: Mapping[str, Any] | None
    nummer: int = 0
    erfasst_am: dt.date | None = None
    pass_id: int = 0

    @property
    def inhalt(self) -> dict[str, object]:
        """What its passport says: the database demands exactly this."""
        return {
            "nummer": self.nummer,
            "schritt": self.schritt,
            "lieferung_id": self.lieferung_id,
            "datenstand": self.datenstand.isoformat(),
            "faellig_am": self.faellig_am.isoformat(),
            "stichtag": self.stichtag.isoformat(),
            "grund": self.grund,
            "person": self.person,
            "dateien": self.dateien,
            "bestaetigung": self.bestaetigung,
        }

    @property
    def reference(self) -> str:
        """The delivery, as the archive names it."""
        moment = dt.datetime.combine(self.datenstand, dt.time(), dt.UTC)
        return Delivery(self.lieferung_id, self.traegernummer, moment).reference

    @property
    def vermerk(self) -> str:
        """Say when and why case data was deleted, and how its figures are proven since."""
        result = (self.bestaetigung or {}).get("ergebnis", "")
        day = f"{self.erfasst_am:%d.%m.%Y}"
        proven = f"Zahlen zuletzt nachgerechnet am {day} mit Ergebnis {result}" if result != NICHTS_GELADEN else result
        why = self.grund.partition(";")[0]
        return f"Falldaten gelöscht am {day} nach {why}; {proven} (Zahlenpass Nr. {self.pass_id})."

    @property
    def passname(self) -> str:
        """The object its passport is of."""
        return f"{self.klasse}/{self.gegenstand}"


@dataclass(frozen=True)
class Sperre:
    """A hold, or the lifting of one (``hebt_auf``: its number). ``lieferung_id`` None: every delivery of the Träger."""

    traegernummer: str
    nummer: int
    hebt_auf: int | None
    lieferung_id: str | None
    grund: str
    person: str
    zweite_person: str

    @property
    def inhalt(self) -> dict[str, object]:
        """What its passport says: the database demands exactly this."""
        return {
            "hebt_auf": self.hebt_auf,
            "lieferung_id": self.lieferung_id,
            "grund": self.grund,
            "person": self.person,
            "zweite_person": self.zweite_person,
        }


def read_deletions(cursor: _Cursor, traegernummer: str | None = None) -> list[Loeschung]:
    """Return every step of every deletion (of a Träger), in order of class, object and step."""
    cursor.execute(
        "SELECT l.traegernummer, l.klasse, l.gegenstand, l.schritt, l.lieferung_id, l.datenstand, l.faellig_am, "
        "l.stichtag, l.grund, l.person, l.dateien, l.bestaetigung, l.nummer, "
        "(l.erfasst_am AT TIME ZONE 'Europe/Berlin')::date, coalesce(z.pass_id, 0) "
        "FROM jobcenter.loeschung AS l LEFT JOIN jobcenter.zahlenpass AS z ON z.traegernummer = l.traegernummer "
        "AND z.art = 'loeschung' AND z.gegenstand = l.klasse || '/' || l.gegenstand "
        "AND z.inhalt -> 'nummer' = to_jsonb(l.nummer) "
        "WHERE %(traeger)s::text IS NULL OR l.traegernummer = %(traeger)s "
        "ORDER BY l.traegernummer, l.klasse, l.gegenstand, l.nummer, z.pass_id",
        {"traeger": traegernummer},
    )
    return [Loeschung(*row) for row in cursor.fetchall()]  # type: ignore[arg-type]  # the columns are those of the table


def read_holds(cursor: _Cursor, traegernummer: str | None = None) -> list[Sperre]:
    """Return every hold and every lifting (of a Träger), in the order they were given."""
    cursor.execute(
        "SELECT traegernummer, nummer, hebt_auf, lieferung_id, grund, person, zweite_person "
        "FROM jobcenter.loeschsperre WHERE %(traeger)s::text IS NULL OR traegernummer = %(traeger)s "
        "ORDER BY traegernummer, nummer",
        {"traeger": traegernummer},
    )
    return [Sperre(*row) for row in cursor.fetchall()]  # type: ignore[arg-type]  # the columns are those of the table


def in_force(holds: list[Sperre]) -> list[Sperre]:
    """Return the holds that were not lifted."""
    lifted = {(hold.traegernummer, hold.hebt_auf) for hold in holds}
    return [hold for hold in holds if hold.hebt_auf is None and (hold.traegernummer, hold.nummer) not in lifted]


def undisturbed(connection: Connection, traegernummer: str) -> AbstractContextManager[None]:
    """Keep loads, steps of a release, holds and other deletions of a Träger waiting until this is done."""
    return locked(connection, f"ladung/{traegernummer}", f"zahlenpass/{traegernummer}")


def record_deletion(connection: Connection, step: Loeschung) -> Loeschung:
    """Add a step of a deletion with its passport; return it with its number.

    Raises ``UsageError`` when the database refuses it: a day that is yet to come, a hold, a step that does not follow.
    """
    values = (
        step.traegernummer,
        step.klasse,
        step.gegenstand,
        step.schritt,
        step.lieferung_id,
        step.datenstand,
        step.faellig_am,
        step.stichtag,
        step.grund,
        step.person,
        Jsonb(step.dateien),
        None if step.bestaetigung is None else Jsonb(step.bestaetigung),
    )
    try:
        with connection.begin():
            cursor = cursor_of(connection)
            cursor.execute(
                "INSERT INTO jobcenter.loeschung (traegernummer, klasse, gegenstand, schritt, lieferung_id, "
                "datenstand, faellig_am, stichtag, grund, person, dateien, bestaetigung) "
                "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING nummer",
                values,
            )
            recorded = Loeschung(**{**vars(step), "nummer": int(str((cursor.fetchone() or (0,))[0]))})
            record(cursor, step.traegernummer, LOESCHUNG, step.passname, recorded.inhalt)
            found = read_deletions(cursor, step.traegernummer)
            return next(one for one in found if (one.passname, one.nummer) == (step.passname, recorded.nummer))
    except IntegrityError as error:
        raise UsageError(
            f"{step.gegenstand}: Die Löschung wurde abgelehnt. {_said(error)}",
            hint="„jobcenter retention --as-of TAG“ zeigt, was fällig ist und was davon gesperrt.",
            abschnitt="loeschung-abgelehnt",
        ) from None


def record_hold(connection: Connection, hold: Sperre) -> Sperre:
    """Add a hold, or lift one; return it with its number.

    Raises ``UsageError`` unless two different persons stand for it, and when there is no such hold to lift.
    """
    try:
        with connection.begin():
            cursor = cursor_of(connection)
            cursor.execute(
                "INSERT INTO jobcenter.loeschsperre (traegernummer, hebt_auf, lieferung_id, grund, person, "
                "zweite_person) VALUES (%s, %s, %s, %s, %s, %s) RETURNING nummer",
                (hold.traegernummer, *hold.inhalt.values()),
            )
            recorded = Sperre(**{**vars(hold), "nummer": int(str((cursor.fetchone() or (0,))[0]))})
            record(cursor, hold.traegernummer, LOESCHSPERRE, str(recorded.nummer), recorded.inhalt)
            return recorded
    except IntegrityError as error:
        raise UsageError(
            f"Die Löschsperre wurde nicht festgehalten. {_said(error)}",
            hint="Nötig sind ein Grund und zwei verschiedene Personen (--by, --approved-by); „jobcenter retention "
            "holds“ zeigt, was gesperrt ist.",
            abschnitt="loeschung-abgelehnt",
        ) from None


def _said(error: psycopg.Error) -> str:
    """Return what the database says, where it says it in our words (a violated constraint quotes the row)."""
    own = {
        "loeschsperre_vier_augen": "Es sind nicht zwei verschiedene Personen.",
        "loeschsperre_traegernummer_hebt_auf_key": "Die Sperre ist schon aufgehoben.",
        "loeschsperre_traegernummer_hebt_auf_fkey": "Eine Sperre dieser Nummer gibt es nicht.",
    }
    if error.diag.constraint_name is not None:
        return own.get(error.diag.constraint_name, f"Die Regel {error.diag.constraint_name} ist verletzt.")
    return f"{(error.diag.message_primary or '').partition(': ')[2]}."
