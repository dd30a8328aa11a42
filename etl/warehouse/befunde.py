"""Counts of findings, waivers and decisions in the warehouse: added, never changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal

from psycopg.errors import IntegrityError
from sqlalchemy import Connection

from etl.befunde.anhalten import Anlass
from etl.befunde.ausnahmen import Ausnahme
from etl.errors import UsageError
from etl.extract.archive import Delivery
from etl.monat import Monat
from etl.personen import same_person
from etl.warehouse.session import cursor_of

Counts = Mapping[str, Mapping[str, Mapping[str, int]]]
"""Rule, office, state (neu, bestehend, wiedergekehrt, behoben, ausgenommen) to a number of findings."""


def record_findings(connection: Connection, pruefung_id: int, counts: Counts) -> None:
    """Keep how many findings a validation has, by rule and office; what is kept already stays."""
    rows = [
        (pruefung_id, regel, stelle, *(states[name] for name in _STATES))
        for regel, offices in sorted(counts.items())
        for stelle, states in sorted(offices.items())
    ]
    with connection.begin():
        cursor_of(connection).executemany(
            "INSERT INTO jobcenter.befundstand VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING", rows
        )


_STATES = ("neu", "bestehend", "wiedergekehrt", "behoben", "ausgenommen")


def record_waiver(connection: Connection, traegernummer: str, waiver: Ausnahme) -> int:
    """Keep a waiver; return its number. Raises ``UsageError`` unless two different persons stand for it."""
    if same_person(waiver.beantragt_von, waiver.bewilligt_von):
        raise UsageError(
            "Wer eine Ausnahme beantragt, kann sie nicht selbst bewilligen.",
            hint="--by und --approved-by nennen zwei verschiedene Personen.",
            abschnitt="ausnahme-nicht-moeglich",
        )
    with connection.begin():
        row = (
            cursor_of(connection)
            .execute(
                "INSERT INTO jobcenter.ausnahme (traegernummer, regel_id, befund_id, werte_sha256, grund, "
                "beantragt_von, bewilligt_von, gueltig_bis) "
                "VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING ausnahme_id",
                (
                    traegernummer,
                    waiver.regel_id,
                    waiver.befund_id,
                    waiver.werte_sha256,
                    waiver.grund.strip(),
                    waiver.beantragt_von.strip(),
                    waiver.bewilligt_von.strip(),
                    waiver.gueltig_bis,
                ),
            )
            .fetchone()
        )
    return int(str((row or (0,))[0]))


def revoke_waiver(connection: Connection, traegernummer: str, ausnahme_id: int, grund: str, von: str) -> None:
    """Take a waiver of a Träger back. Raises ``UsageError`` when it has none of that number, or none any more."""
    if ausnahme_id not in {waiver.ausnahme_id for waiver in read_waivers(connection, traegernummer)}:
        raise _no_waiver(ausnahme_id)
    try:
        with connection.begin():
            cursor_of(connection).execute(
                "INSERT INTO jobcenter.ausnahme_widerruf (ausnahme_id, grund, widerrufen_von) VALUES (%s, %s, %s)",
                (ausnahme_id, grund.strip(), von.strip()),
            )
    except IntegrityError:
        raise _no_waiver(ausnahme_id) from None


def _no_waiver(ausnahme_id: int) -> UsageError:
    return UsageError(
        f"Eine Ausnahme {ausnahme_id} dieses Trägers gibt es nicht, oder sie ist schon zurückgenommen.",
        hint="„jobcenter waivers“ zeigt die geltenden.",
        abschnitt="ausnahme-nicht-moeglich",
    )


def read_waivers(connection: Connection, traegernummer: str) -> list[Ausnahme]:
    """Return every waiver that was not taken back, in the order they were given."""
    with connection.begin():
        rows = (
            cursor_of(connection)
            .execute(
                "SELECT gueltig_bis, ausnahme_id, regel_id, befund_id, werte_sha256, grund, beantragt_von, "
                "bewilligt_von "
                "FROM jobcenter.ausnahme AS a WHERE traegernummer = %s "
                "AND NOT EXISTS (SELECT FROM jobcenter.ausnahme_widerruf AS w WHERE w.ausnahme_id = a.ausnahme_id) "
                "ORDER BY ausnahme_id",
                [traegernummer],
            )
            .fetchall()
        )
    return [_waiver(*row) for row in rows]


def _waiver(until: object, number: object, *texts: object) -> Ausnahme:
    if not isinstance(until, dt.date):
        raise TypeError("expected a date column")
    regel, befund, werte, grund, by, approved = map(str, texts)
    return Ausnahme(int(str(number)), regel, befund, werte, grund, by, approved, until)


def read_totals_before(
    connection: Connection, delivery: Delivery, months: Collection[Monat]
) -> dict[tuple[Monat, str], Decimal | None]:
    """Return the totals of ``months`` as the newest delivery before this one stated them."""
    with connection.begin():
        rows = (
            cursor_of(connection)
            .execute(
                "SELECT DISTINCT ON (s.berichtsmonat, f.groesse) s.berichtsmonat, f.groesse, f.wert "
                "FROM jobcenter.rpt_stand AS s JOIN jobcenter.rpt_figur_stand AS f USING (ladung_id) "
                "WHERE s.traegernummer = %s AND s.berichtsmonat = ANY(%s) AND s.erstellt_am < %s "
                "AND f.merkmal = 'INSGESAMT' "
                "ORDER BY s.berichtsmonat, f.groesse, s.erstellt_am DESC, s.lieferung_id DESC, s.version DESC",
                (delivery.traegernummer, [str(month) for month in months], delivery.erstellt_am),
            )
            .fetchall()
        )
    return {
        (Monat.parse(str(month)), str(groesse)): None if wert is None else Decimal(str(wert))
        for month, groesse, wert in rows
    }


def record_decision(connection: Connection, delivery: Delivery, anlass: Anlass, grund: str, von: str) -> None:
    """Keep that a person lets a delivery go on, with what the person saw; the same decision is kept once."""
    with connection.begin():
        cursor_of(connection).execute(
            "INSERT INTO jobcenter.entscheidung "
            "(traegernummer, lieferung_id, anlass_sha256, anlass, grund, entschieden_von) "
            "VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            (delivery.traegernummer, delivery.lieferung_id, anlass.sha256, anlass.text, grund.strip(), von.strip()),
        )


def read_decisions(connection: Connection, delivery: Delivery) -> list[str]:
    """Return the hashes of the occasions on which a person let the delivery go on."""
    with connection.begin():
        rows = (
            cursor_of(connection)
            .execute(
                "SELECT anlass_sha256 FROM jobcenter.entscheidung WHERE traegernummer = %s AND lieferung_id = %s "
                "ORDER BY entscheidung_id",
                (delivery.traegernummer, delivery.lieferung_id),
            )
            .fetchall()
        )
    return [str(row[0]) for row in rows]
