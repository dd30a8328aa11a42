"""Delivering a report: where the room ``zustellung`` meets release, files and warehouse."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from etl import nachweis, warehouse, zustellung
from etl.errors import JobcenterError, NotDeliverableError, UnreachableError, UsageError
from etl.release import Bericht, Schritt, content_sha256, files_of
from etl.settings import Settings
from etl.warehouse import Quittung
from etl.zustellung import Empfaenger, Freigegeben


@dataclass(frozen=True)
class Ergebnis:
    """What became of one recipient: the receipts it has now, or why it has none.

    ``neu``: it got them just now; False: it had them already.
    """

    empfaenger: str
    quittungen: tuple[Quittung, ...] = ()
    neu: bool = False
    fehler: JobcenterError | None = None


def recipients(settings: Settings) -> tuple[Empfaenger, ...]:
    """Return the configured recipients, none when no file of recipients is set."""
    return zustellung.read(settings.empfaenger) if settings.empfaenger else ()


def deliver(
    settings: Settings,
    bericht: Bericht,
    by: str,
    pauses: Sequence[float] = zustellung.PAUSES,
    sleep: Callable[[float], None] = time.sleep,
) -> list[Ergebnis]:
    """Send a released report to every recipient that has no receipt of it; return what became of each.

    One recipient that fails does not keep the others waiting. When all have everything, the report is *zugestellt*.
    A second delivery of the same report waits for the first. Raises ``ReleaseError`` when the report is not released.
    """
    wanted = recipients(settings)
    if not wanted:
        raise UsageError(
            "Es sind keine Empfänger eingerichtet.",
            hint="JOBCENTER_EMPFAENGER nennt ihre Datei (siehe README).",
            abschnitt="keine-empfaenger",
        )
    with warehouse.connect(settings, role="etl") as connection:
        warehouse.wait_for_turn(connection, bericht)
        report = _released(settings, connection, bericht, by)
        results = [_served(settings, connection, report, one, pauses, sleep) for one in wanted]
        if all(result.fehler is None for result in results):
            entry = warehouse.read_release(connection, bericht).next_entry(Schritt.ZUGESTELLT, by)
            if entry is not None:
                warehouse.record_step(connection, bericht, entry)
            zustellung.clear(settings.outbox, report)
        nachweis.bezeuge(settings.witness, connection, bericht.traegernummer)
    return results


def require_complete(results: Sequence[Ergebnis]) -> None:
    """Raise one error that names everybody who did not get the report, and what is to be done.

    ``NotDeliverableError`` when a person has to act for one of them, else ``UnreachableError``.
    """
    failed = [(result.empfaenger, result.fehler) for result in results if result.fehler is not None]
    if not failed:
        return
    lines = "\n".join(f"  {name}: {error.message}" + (f" {error.hint}" if error.hint else "") for name, error in failed)
    act = next((error for _, error in failed if not isinstance(error, UnreachableError)), None)
    raise (NotDeliverableError if act else UnreachableError)(
        f"{len(failed)} von {len(results)} Empfängern {'hat' if len(failed) == 1 else 'haben'} den Bericht nicht "
        f"bekommen:\n{lines}",
        hint="Danach denselben Befehl wiederholen; wer eine Quittung hat, bekommt nichts noch einmal.",
        abschnitt=(act or failed[0][1]).abschnitt,
    )


def receipts(settings: Settings, bericht: Bericht) -> list[Quittung]:
    """Return the receipts of a report."""
    with warehouse.connect(settings, role="auditor") as connection:
        return warehouse.read_receipts(connection, bericht)


def _released(settings: Settings, connection: Connection, bericht: Bericht, by: str) -> Freigegeben:
    """Return the report as it lies there, if these very files are released."""
    stand = warehouse.read_release(connection, bericht)
    stand.next_entry(Schritt.ZUGESTELLT, by)  # refuses what is not released; what is delivered may get more recipients
    folder = settings.reports / bericht.pfad
    files = files_of(folder)
    stand.require_files(content_sha256(files))
    known = warehouse.deliveries(connection)
    datenstand = next(
        one.datenstand
        for one in known
        if (one.traegernummer, one.lieferung_id) == (bericht.traegernummer, bericht.lieferung_id)
    )
    return Freigegeben(bericht, datenstand, folder, files)


def _served(
    settings: Settings,
    connection: Connection,
    report: Freigegeben,
    empfaenger: Empfaenger,
    pauses: Sequence[float],
    sleep: Callable[[float], None],
) -> Ergebnis:
    """Send to one recipient what it has no receipt of, and record its receipts."""
    try:
        files = zustellung.files_for(report, empfaenger)
        newest = _newest(warehouse.read_receipts(connection, report.bericht), empfaenger.name)
        if {one.datei: one.sha256 for one in newest} == files:
            return Ergebnis(empfaenger.name, newest)
        number = 1 + warehouse.count_consignments(connection, report.bericht, empfaenger.name)
        title = zustellung.titel(empfaenger)
        consignment = zustellung.pack(settings.outbox, report, empfaenger, files, number, title)
        probe = zustellung.send(empfaenger.weg, consignment, pauses, sleep)
    except (NotDeliverableError, UnreachableError) as error:
        return Ergebnis(empfaenger.name, fehler=error)
    new = tuple(
        Quittung(
            empfaenger=empfaenger.name,
            empfaengerkreis=empfaenger.kreis,
            weg=type(empfaenger.weg).__name__.lower(),
            sendung=consignment.name,
            datei=piece.datei,
            sha256=piece.sha256,
            gesendet_sha256=piece.gesendet_sha256,
            probe=probe,
        )
        for piece in consignment.stuecke
    )
    warehouse.record_receipts(connection, report.bericht, report.sha256, new)
    return Ergebnis(empfaenger.name, new, neu=True)


def _newest(every: Sequence[Quittung], empfaenger: str) -> tuple[Quittung, ...]:
    """Return the receipts of what a recipient got last of a report."""
    mine = [one for one in every if one.empfaenger == empfaenger]
    return tuple(one for one in mine if one.sendung == mine[-1].sendung)
