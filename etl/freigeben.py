"""Releasing a report: where the steps of the room ``release`` meet the files and the warehouse.

What was done already is not done again, so that every call can be repeated; what is refused (``ReleaseError``) leaves
no trace.
"""

from __future__ import annotations

from sqlalchemy import Connection

from etl import nachweis, warehouse
from etl.errors import ReleaseError, UsageError
from etl.monat import Monat
from etl.release import Bericht, Eintrag, Schritt, Stand, content_sha256, files_of
from etl.settings import Settings


def approve(settings: Settings, bericht: Bericht, by: str, note: str = "", content: str = "") -> Stand:
    """Keep that a person who did not prepare a report has checked it; return where it stands.

    ``content``: first letters of the hash that the person has seen; empty: whatever the draft is now. So also below.
    """
    return _step(settings, bericht, Schritt.GEPRUEFT, by, note, content)


def reject(settings: Settings, bericht: Bericht, by: str, note: str, content: str = "") -> Stand:
    """Keep that a person sends a report back, and why; return where it stands."""
    return _step(settings, bericht, Schritt.ABGELEHNT, by, note, content)


def release(settings: Settings, bericht: Bericht, by: str, note: str = "", content: str = "") -> Stand:
    """Keep that a checked report may go to its recipients; return where it stands."""
    return _step(settings, bericht, Schritt.FREIGEGEBEN, by, note, content)


def state(settings: Settings, bericht: Bericht) -> Stand:
    """Return where a report stands. Raises ``UsageError`` when it was never written."""
    with warehouse.connect(settings, role="auditor") as connection:
        return warehouse.read_release(connection, bericht)


def every(settings: Settings) -> list[tuple[Stand, bool]]:
    """Return every report with its steps, and whether its files are still those of its last draft."""
    with warehouse.connect(settings, role="auditor") as connection:
        stands = warehouse.read_releases(connection)
    return [(stand, content_of(settings, stand.bericht) == stand.inhalt_sha256) for stand in stands]


def newest(settings: Settings, month: Monat) -> Bericht:
    """Return the report of a month from the newest delivery. Raises ``UsageError`` unless it is of one Träger."""
    with warehouse.connect(settings, role="auditor") as connection:
        found = [stand.bericht for stand in warehouse.read_releases(connection, month)]
    if not found:
        raise UsageError(
            f"Für {month} gibt es keinen Bericht.",
            hint="Er entsteht mit „jobcenter run“.",
            abschnitt="bericht-nicht-vorhanden",
        )
    if len({bericht.traegernummer for bericht in found}) > 1:
        raise UsageError(
            f"Für {month} gibt es Berichte mehrerer Träger.",
            hint="Mit --delivery TRAEGERNUMMER/LIEFERUNG_ID einen nennen.",
            abschnitt="bericht-nicht-vorhanden",
        )
    return found[-1]


def content_of(settings: Settings, bericht: Bericht) -> str:
    """Return the content hash of the files of a report as they lie in its folder now."""
    return content_sha256(files_of(settings.reports / bericht.pfad))


def _step(settings: Settings, bericht: Bericht, schritt: Schritt, by: str, note: str, content: str) -> Stand:
    with warehouse.connect(settings, role="etl") as connection:
        stand = warehouse.read_release(connection, bericht)
        entry = stand.next_entry(schritt, by, note, content)
        if schritt is not Schritt.ABGELEHNT:  # what was tampered with may be sent back
            stand.require_files(content_of(settings, bericht))
        if entry is not None:
            _record(connection, bericht, entry)
        nachweis.bezeuge(settings.witness, connection, bericht.traegernummer)  # who was killed before it did not
        return warehouse.read_release(connection, bericht)


def _record(connection: Connection, bericht: Bericht, entry: Eintrag) -> None:
    """Keep a step, unless another process did the same at the same time: then it is done."""
    try:
        warehouse.record_step(connection, bericht, entry)
    except ReleaseError:
        now = warehouse.read_release(connection, bericht)
        if now.inhalt_sha256 != entry.inhalt_sha256 or now.done(entry.schritt) is None:
            raise
