"""Locks that the database keeps between processes, on whatever machine they run, by a name such as ``ladung/12345``.

A killed process loses them with its connection. Who takes several takes them in this order: ``ladung``, ``zahlenpass``.
The triggers in ``sql/warehouse`` take the same ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy import Connection

from etl.warehouse.session import cursor_of

_UNTIL_COMMIT = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
_LOCK = "SELECT pg_advisory_lock(hashtextextended(%s, 0))"
_UNLOCK = "SELECT pg_advisory_unlock(hashtextextended(%s, 0))"


def lock_until_commit(cursor: psycopg.Cursor[tuple[object, ...]], name: str) -> None:
    """Wait for the lock and keep it until the transaction ends."""
    cursor.execute(_UNTIL_COMMIT, [name])


def lock(connection: Connection, name: str) -> None:
    """Wait for the lock and keep it as long as the connection is open."""
    with connection.begin():
        cursor_of(connection).execute(_LOCK, [name])


@contextmanager
def locked(connection: Connection, *names: str) -> Iterator[None]:
    """Hold locks over several transactions. After an error they go with the connection, which ends then."""
    for name in names:
        lock(connection, name)
    yield
    with connection.begin():
        for name in reversed(names):
            cursor_of(connection).execute(_UNLOCK, [name])
