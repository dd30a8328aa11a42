"""Target values in the warehouse: added, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import cast

from sqlalchemy import Connection

from etl.errors import UsageError
from etl.warehouse.locks import lock_until_commit
from etl.warehouse.read import chosen_traeger
from etl.warehouse.session import cursor_of
from etl.ziele import Einheit, Ziel


def record_targets(connection: Connection, ziele: Sequence[Ziel], traegernummer: str | None) -> int:
    """Keep targets; return how many are new. A target that differs from the newest becomes its next version."""
    new = 0
    with connection.begin():
        traeger = traegernummer or chosen_traeger(connection, None)
        if traeger is None:
            raise UsageError(
                "Das Warehouse ist noch leer; für welchen Träger gelten die Ziele?",
                hint="--traeger NUMMER angeben.",
                abschnitt="nicht-geladen",
            )
        cursor = cursor_of(connection)
        lock_until_commit(cursor, f"ziel/{traeger}")
        for ziel in ziele:
            key = (traeger, ziel.jahr, ziel.kennzahl, ziel.geschlecht)
            cursor.execute(
                "SELECT version, zielwert, einheit, quelle FROM jobcenter.ziel "
                "WHERE (traegernummer, jahr, kennzahl, geschlecht) = (%s, %s, %s, %s) ORDER BY version DESC LIMIT 1",
                key,
            )
            version, *known = cursor.fetchone() or (0,)
            if known == [ziel.zielwert, ziel.einheit, ziel.quelle]:
                continue
            cursor.execute(
                "INSERT INTO jobcenter.ziel "
                "(traegernummer, jahr, kennzahl, geschlecht, version, zielwert, einheit, quelle) "
                "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
                (*key, int(str(version)) + 1, ziel.zielwert, ziel.einheit, ziel.quelle),
            )
            new += 1
    return new


def read_targets(connection: Connection, *, jahr: int, traegernummer: str | None = None) -> list[Ziel]:
    """Return the newest version of every target of a year, by indicator and sex."""
    with connection.begin():
        traeger = chosen_traeger(connection, traegernummer)
        rows = (
            cursor_of(connection)
            .execute(
                "SELECT DISTINCT ON (kennzahl, geschlecht) kennzahl, geschlecht, zielwert, einheit, quelle "
                "FROM jobcenter.rpt_ziel WHERE traegernummer = %s AND jahr = %s "
                "ORDER BY kennzahl, geschlecht, version DESC",
                (traeger, jahr),
            )
            .fetchall()
        )
    return [
        Ziel(jahr, str(kennzahl), str(sex), _wert(wert), cast("Einheit", einheit), str(quelle))
        for kennzahl, sex, wert, einheit, quelle in rows
    ]


def _wert(value: object) -> Decimal | None:
    return value if isinstance(value, Decimal) else None
