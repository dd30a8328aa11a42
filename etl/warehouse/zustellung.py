"""Receipts (Quittungen) of delivered files: added when a consignment has arrived, never changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import psycopg
from sqlalchemy import Connection

from etl.release import Bericht
from etl.warehouse.locks import lock
from etl.warehouse.session import cursor_of
from etl.warehouse.zahlenpass import ZUSTELLUNG, record


@dataclass(frozen=True)
class Quittung:
    """That a recipient has a file. ``sendung``: the consignment it came with; ``probe``: how that was checked.

    ``sha256`` is the hash of the released file, ``gesendet_sha256`` of the bytes that were sent: another one only where
    the file was encrypted. ``zugestellt_am`` is None before it is recorded.
    """

    empfaenger: str
    empfaengerkreis: str
    weg: str
    sendung: str
    datei: str
    sha256: str
    gesendet_sha256: str
    probe: str
    zugestellt_am: dt.datetime | None = None


class Beleg(NamedTuple):
    """A receipt as the warehouse holds it and as a passport says it, for a verification. ``berichtsmonat``: JJJJ-MM."""

    lieferung_id: str
    berichtsmonat: str
    bericht_sha256: str
    empfaenger: str
    empfaengerkreis: str
    weg: str
    sendung: str
    probe: str
    datei: str
    sha256: str
    gesendet_sha256: str


def read_documents(cursor: psycopg.Cursor[tuple[object, ...]], traegernummer: str) -> list[Beleg]:
    """Return every receipt of a Träger."""
    cursor.execute(
        "SELECT lieferung_id, to_char(berichtsmonat, 'YYYY-MM'), bericht_sha256, empfaenger, empfaengerkreis, weg, "
        "sendung, probe, datei, sha256, gesendet_sha256 FROM jobcenter.zustellung WHERE traegernummer = %s "
        "ORDER BY berichtsmonat, lieferung_id, empfaenger, sendung, datei",
        (traegernummer,),
    )
    return [Beleg(*map(str, row)) for row in cursor.fetchall()]


def wait_for_turn(connection: Connection, bericht: Bericht) -> None:
    """Wait until no other process delivers this report, and keep others waiting as long as the connection is open."""
    lock(connection, f"zustellung/{bericht.pfad}")


def read_receipts(connection: Connection, bericht: Bericht) -> list[Quittung]:
    """Return the receipts of a report, by recipient in the order of delivery."""
    with connection.begin():
        rows = (
            cursor_of(connection)
            .execute(
                "SELECT empfaenger, empfaengerkreis, weg, sendung, datei, sha256, gesendet_sha256, probe, "
                "zugestellt_am AT TIME ZONE 'UTC' FROM jobcenter.zustellung "
                "WHERE traegernummer = %s AND lieferung_id = %s AND berichtsmonat = %s "
                "ORDER BY empfaenger, zugestellt_am, sendung, datei",
                (bericht.traegernummer, bericht.lieferung_id, bericht.monat.first_day),
            )
            .fetchall()
        )
    return [Quittung(*row) for row in rows]  # type: ignore[arg-type]  # the columns are those of the table


def count_consignments(connection: Connection, bericht: Bericht, empfaenger: str) -> int:
    """Return how many consignments a recipient got of this Träger and month, from whichever delivery."""
    with connection.begin():
        row = (
            cursor_of(connection)
            .execute(
                "SELECT count(DISTINCT (lieferung_id, sendung)) FROM jobcenter.zustellung "
                "WHERE traegernummer = %s AND berichtsmonat = %s AND empfaenger = %s",
                (bericht.traegernummer, bericht.monat.first_day, empfaenger),
            )
            .fetchone()
        )
    return int(str((row or (0,))[0]))


def record_receipts(
    connection: Connection, bericht: Bericht, bericht_sha256: str, receipts: Sequence[Quittung]
) -> None:
    """Record the receipts of one consignment and their passport: all of them or none."""
    first = receipts[0]
    said = {
        "lieferung_id": bericht.lieferung_id,
        "berichtsmonat": str(bericht.monat),
        "bericht_sha256": bericht_sha256,
        "empfaenger": first.empfaenger,
        "empfaengerkreis": first.empfaengerkreis,
        "weg": first.weg,
        "sendung": first.sendung,
        "probe": first.probe,
        "dateien": [
            {"datei": one.datei, "sha256": one.sha256, "gesendet_sha256": one.gesendet_sha256} for one in receipts
        ],
    }
    with connection.begin():
        cursor = cursor_of(connection)
        cursor.executemany(
            "INSERT INTO jobcenter.zustellung (traegernummer, lieferung_id, berichtsmonat, bericht_sha256, empfaenger, "
            "empfaengerkreis, weg, sendung, datei, sha256, gesendet_sha256, probe) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (
                    bericht.traegernummer,
                    bericht.lieferung_id,
                    bericht.monat.first_day,
                    bericht_sha256,
                    one.empfaenger,
                    one.empfaengerkreis,
                    one.weg,
                    one.sendung,
                    one.datei,
                    one.sha256,
                    one.gesendet_sha256,
                    one.probe,
                )
                for one in receipts
            ],
        )
        subject = f"{bericht.pfad}/{first.sendung}/{first.empfaenger}"
        record(cursor, bericht.traegernummer, ZUSTELLUNG, subject, said)
