"""Migrations of the warehouse: numbered plain-SQL files, each applied once, in order, in its own transaction.

What was applied is recorded with its hash in ``jobcenter.migration``. An applied file must not change: who needs
something else writes the next file.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import Connection

from etl.errors import WarehouseError
from etl.resources import SQL
from etl.warehouse.session import cursor_of

FOLDER = SQL / "warehouse"

_LOCK = 7_450_211  # any number: the advisory lock of all who migrate one database
_TABLE = """
CREATE SCHEMA IF NOT EXISTS jobcenter;
CREATE TABLE IF NOT EXISTS jobcenter.migration (
    nummer       integer PRIMARY KEY,
    datei        text NOT NULL,
    sha256       text NOT NULL,
    angewandt_am timestamptz NOT NULL DEFAULT transaction_timestamp()
)
"""


@dataclass(frozen=True)
class Migration:
    """One file: its number, name, hash and text. Line endings do not count: git may change them."""

    nummer: int
    datei: str
    sha256: str
    text: str


def migrations(folder: Path = FOLDER) -> list[Migration]:
    """Read the migrations of ``folder`` in order. Numbers start at 1 and have no gap."""
    found: list[Migration] = []
    for path in sorted(folder.glob("*.sql")):
        match = re.fullmatch(r"(\d{4})_[a-z0-9_]+\.sql", path.name)
        if not match or int(match[1]) != len(found) + 1:
            raise WarehouseError(
                f"Die Migration {path.name} ist nicht die Nummer {len(found) + 1:04d}.",
                hint="Migrationen heißen 0001_name.sql, 0002_name.sql, … ohne Lücke.",
                abschnitt="migration-geaendert",
            )
        text = path.read_bytes().replace(b"\r\n", b"\n")
        found.append(Migration(int(match[1]), path.name, hashlib.sha256(text).hexdigest(), text.decode("utf-8")))
    if not found:
        raise WarehouseError(
            f"In {folder} gibt es keine Migrationen; die Installation ist unvollständig.",
            abschnitt="migration-geaendert",
        )
    return found


def migrate(connection: Connection, folder: Path = FOLDER) -> int:
    """Bring the database up to date; return how many migrations were applied (0 when it was).

    Several processes may call it at once. A login without the right to change the schema only checks that the
    schema is the expected one, as far as it may see that. Raises ``WarehouseError`` when an applied file has
    changed, when the database is ahead of the program, and when a right is missing.
    """
    expected = migrations(folder)
    with connection.begin():
        pending = _pending(cursor_of(connection), expected)
        may_migrate = _may_migrate(cursor_of(connection))
    if pending and not may_migrate:
        raise WarehouseError(
            f"Dem Warehouse fehlt die Migration {pending[0].datei}, und diese Anmeldung darf sie nicht anwenden.",
            hint="Den Befehl einmal mit der Anmeldung ausführen, der die Datenbank gehört.",
            abschnitt="warehouse-migration-fehlt",
        )
    applied = 0
    while pending:
        with connection.begin():
            cursor = cursor_of(connection)
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            pending = _pending(cursor, expected)  # again: another process may have been faster
            if pending:
                _apply(cursor, pending.pop(0))
                applied += 1
    return applied


def _pending(cursor: psycopg.Cursor[tuple[object, ...]], expected: list[Migration]) -> list[Migration]:
    """Return what is still to be applied, after checking what was."""
    cursor.execute(
        "SELECT to_regclass('jobcenter.migration') IS NOT NULL, "
        "coalesce(has_table_privilege(to_regclass('jobcenter.migration'), 'SELECT'), false)"
    )
    exists, readable = cursor.fetchone() or (False, False)
    if not exists:
        return list(expected)
    if not readable:
        return []  # a controller's login: it sees the views only
    by_number = {migration.nummer: migration for migration in expected}
    done: set[object] = set()
    for nummer, datei, sha256 in cursor.execute(
        "SELECT nummer, datei, sha256 FROM jobcenter.migration ORDER BY nummer"
    ).fetchall():
        migration = by_number.get(nummer)  # type: ignore[call-overload]  # nummer is an int column
        if migration is None:
            raise WarehouseError(
                f"Das Warehouse kennt die Migration {datei}, dieses Programm nicht: es ist älter als das Warehouse.",
                hint="Eine neuere Version von jobcenter verwenden.",
                abschnitt="warehouse-neuer-als-programm",
            )
        if migration.sha256 != sha256:
            raise WarehouseError(
                f"Die Migration {migration.datei} wurde angewandt und danach geändert.",
                hint="Die Datei wiederherstellen; eine Änderung gehört in eine neue Migration.",
                abschnitt="migration-geaendert",
            )
        done.add(nummer)
    return [migration for migration in expected if migration.nummer not in done]


def _may_migrate(cursor: psycopg.Cursor[tuple[object, ...]]) -> bool:
    """Whether this login owns the schema, or may create it."""
    cursor.execute(
        "SELECT coalesce((SELECT pg_has_role(nspowner, 'USAGE') FROM pg_namespace WHERE nspname = 'jobcenter'), "
        "has_database_privilege(current_database(), 'CREATE'))"
    )
    return bool((cursor.fetchone() or (False,))[0])


def _apply(cursor: psycopg.Cursor[tuple[object, ...]], migration: Migration) -> None:
    if migration.nummer == 1:
        cursor.execute(_TABLE)
    try:
        cursor.execute(migration.text.encode())
        cursor.execute(
            "INSERT INTO jobcenter.migration (nummer, datei, sha256) VALUES (%s, %s, %s)",
            [migration.nummer, migration.datei, migration.sha256],
        )
    except psycopg.errors.InsufficientPrivilege as error:
        raise WarehouseError(
            f"Für die Migration {migration.datei} fehlt ein Recht: {error.diag.message_primary}",
            hint="Die Anmeldung muss die Datenbank besitzen und Rollen anlegen dürfen (CREATEROLE), "
            "oder die Rollen etl, controller und auditor sind schon da und ihr zugewiesen.",
            abschnitt="warehouse-migration-fehlt",
        ) from None
