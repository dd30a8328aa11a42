"""The steps of the release of reports in the warehouse, each with its passport: added, never changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import psycopg
from psycopg.errors import IntegrityError
from sqlalchemy import Connection

from etl.errors import ReleaseError, UsageError
from etl.monat import Monat
from etl.release.inhalt import Entwurf
from etl.release.zustand import Bericht, Eintrag, Schritt, Stand
from etl.warehouse.locks import lock_until_commit
from etl.warehouse.session import cursor_of
from etl.warehouse.zahlenpass import FREIGABE, Herkunft, record, record_files

_Cursor = psycopg.Cursor[tuple[object, ...]]

_STEPS = """
SELECT f.traegernummer, f.lieferung_id, f.berichtsmonat, f.nummer, f.schritt, f.inhalt_sha256, f.person, f.bemerkung
FROM jobcenter.freigabeschritt AS f
JOIN jobcenter.lieferung AS l USING (traegernummer, lieferung_id)
WHERE (%(traegernummer)s::text IS NULL OR traegernummer = %(traegernummer)s)
    AND (%(lieferung_id)s::text IS NULL OR lieferung_id = %(lieferung_id)s)
    AND (%(monat)s::date IS NULL OR berichtsmonat = %(monat)s)
ORDER BY traegernummer, berichtsmonat, l.erstellt_am, lieferung_id, nummer
"""


def read_stands(
    cursor: _Cursor,
    traegernummer: str | None = None,
    lieferung_id: str | None = None,
    month: Monat | None = None,
) -> list[Stand]:
    """Return reports with their steps, by Träger and month, the newest delivery last; what is not given counts not."""
    wanted = {
        "traegernummer": traegernummer,
        "lieferung_id": lieferung_id,
        "monat": None if month is None else month.first_day,
    }
    cursor.execute(_STEPS, wanted)
    rows: list[tuple[Any, ...]] = cursor.fetchall()
    return [
        Stand(
            Bericht(f"{traeger}/{lieferung}", Monat.of(first_day)),
            tuple(Eintrag(number, Schritt(step), *texts) for _, _, _, number, step, *texts in steps),
        )
        for (traeger, lieferung, first_day), steps in groupby(rows, key=lambda row: row[:3])
    ]


def read_releases(connection: Connection, month: Monat | None = None) -> list[Stand]:
    """Return the reports (of one month) with their steps: by Träger and month, the newest delivery last."""
    with connection.begin():
        return read_stands(cursor_of(connection), month=month)


def read_release(connection: Connection, bericht: Bericht) -> Stand:
    """Return one report with its steps. Raises ``UsageError`` when it was never written."""
    with connection.begin():
        found = _of(cursor_of(connection), bericht)
    if found is None:
        raise UsageError(
            f"Es gibt keinen {bericht}.",
            hint="„jobcenter releases“ zeigt, was es gibt; ein Bericht entsteht mit „jobcenter run“.",
            abschnitt="bericht-nicht-vorhanden",
        )
    return found


def read_step_times(connection: Connection, bericht: Bericht) -> dict[int, dt.datetime]:
    """Return when each step of a report was recorded, in UTC, by its number."""
    with connection.begin():
        rows = (
            cursor_of(connection)
            .execute(
                "SELECT nummer, erfasst_am FROM jobcenter.freigabeschritt "
                "WHERE traegernummer = %s AND lieferung_id = %s AND berichtsmonat = %s ORDER BY nummer",
                (bericht.traegernummer, bericht.lieferung_id, bericht.monat.first_day),
            )
            .fetchall()
        )
    return {int(str(number)): moment for number, moment in rows if isinstance(moment, dt.datetime)}


def record_step(connection: Connection, bericht: Bericht, eintrag: Eintrag) -> None:
    """Add a step after the draft, with its passport. Raises ``ReleaseError`` when it does not follow any more."""
    try:
        with connection.begin():
            _record(cursor_of(connection), bericht, eintrag, {})
    except IntegrityError:
        # Whoever was faster: a new draft, a rejection. Checked by the database, so nobody comes in between.
        raise ReleaseError(
            f"{bericht}: Er hat sich inzwischen geändert; „{eintrag.schritt}“ wurde nicht festgehalten.",
            hint="„jobcenter releases“ zeigt, wo der Bericht jetzt steht.",
            abschnitt="freigabe-ueberholt",
        ) from None


def record_report(
    connection: Connection,
    files: Mapping[str, Mapping[str, object]],
    loads: Sequence[int],
    compared: Sequence[int],
    herkunft: Herkunft,
    draft: Entwurf,
) -> None:
    """Add the passports of the files of a report and the report as a draft, both or neither.

    ``files``: what is said of each, by its path below the reports. ``loads``, ``compared``: see ``record_files``. A
    draft of the same content that was not rejected stays what it has become.
    """
    with connection.begin():
        cursor = cursor_of(connection)
        record_files(cursor, draft.bericht.traegernummer, files, loads, compared, herkunft)
        _record_draft(cursor, draft)


def _record_draft(cursor: _Cursor, draft: Entwurf) -> None:
    bericht = draft.bericht
    # The lock of the chain: the database takes it too, but what is read here must still hold then.
    lock_until_commit(cursor, f"zahlenpass/{bericht.traegernummer}")
    known = _of(cursor, bericht)
    if known and known.inhalt_sha256 == draft.inhalt_sha256 and known.zustand is not Schritt.ABGELEHNT:
        return
    eintrag = Eintrag(len(known.eintraege) + 1 if known else 1, Schritt.ENTWURF, draft.inhalt_sha256, draft.person)
    _record(cursor, bericht, eintrag, {"dateien": dict(draft.dateien)})


def _record(cursor: _Cursor, bericht: Bericht, eintrag: Eintrag, more: Mapping[str, object]) -> None:
    cursor.execute(
        "INSERT INTO jobcenter.freigabeschritt "
        "(traegernummer, lieferung_id, berichtsmonat, schritt, inhalt_sha256, person, bemerkung) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING nummer",
        (
            bericht.traegernummer,
            bericht.lieferung_id,
            bericht.monat.first_day,
            eintrag.schritt,
            eintrag.inhalt_sha256,
            eintrag.person,
            eintrag.bemerkung,
        ),
    )
    (number,) = cursor.fetchone() or (None,)  # the place is the database's
    said = {
        "nummer": number,
        "schritt": eintrag.schritt,
        "inhalt_sha256": eintrag.inhalt_sha256,
        "person": eintrag.person,
        "bemerkung": eintrag.bemerkung,
    }
    record(cursor, bericht.traegernummer, FREIGABE, bericht.pfad, {**said, **more})


def _of(cursor: _Cursor, bericht: Bericht) -> Stand | None:
    found = read_stands(cursor, bericht.traegernummer, bericht.lieferung_id, bericht.monat)
    return found[0] if found else None
