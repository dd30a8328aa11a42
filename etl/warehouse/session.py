"""Connections to the warehouse: the embedded server or a URL, migrated, in the role of the task."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Literal

import psycopg
from psycopg import sql
from sqlalchemy import URL, Connection, NullPool, create_engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from etl import tls
from etl.errors import UsageError, WarehouseError
from etl.settings import Settings

Role = Literal["etl", "controller", "auditor"]

_DRIVER = "postgresql+psycopg"
# What the driver logs of a connection that is lost in the middle, our error says in German and without its words.
logging.getLogger("psycopg").setLevel(logging.CRITICAL)
_CONNECT_SECONDS = 10


def cursor_of(connection: Connection) -> psycopg.Cursor[tuple[object, ...]]:
    """Return a psycopg cursor inside the transaction of ``connection``: COPY and scripts need one."""
    raw = connection.connection.driver_connection
    if not isinstance(raw, psycopg.Connection):
        raise TypeError("the warehouse speaks psycopg")
    return raw.cursor()


@contextmanager
def connect(settings: Settings, *, role: Role) -> Iterator[Connection]:
    """Yield a connection to the warehouse of ``settings``, migrated and acting as ``role``.

    Without a URL the embedded server runs as long as the connection is in use. The functions of this package open
    their own transactions on it. Raises ``UsageError`` for a URL that cannot be one or that allows a connection to
    another machine without TLS, ``WarehouseError`` (never with a password) when the server cannot be reached, refuses,
    cannot prove that it is the one, or goes away.
    """
    from etl.warehouse.embedded import running  # noqa: PLC0415 (a server installation has no embedded server)

    if settings.warehouse is None:
        with running(settings.embedded_warehouse) as url, open_url(url, role=role) as connection:
            yield connection
    else:
        with open_url(settings.warehouse, role=role) as connection:
            yield connection


@contextmanager
def held(settings: Settings) -> Iterator[None]:
    """Keep the embedded server up for a command that connects several times; a server of its own needs no holding."""
    from etl.warehouse.embedded import running  # noqa: PLC0415 (a server installation has no embedded server)

    with running(settings.embedded_warehouse) if settings.warehouse is None else nullcontext():
        yield


@contextmanager
def open_url(url: str, *, role: Role) -> Iterator[Connection]:
    """Yield a connection to the PostgreSQL database at ``url``, migrated and acting as ``role``."""
    from etl.warehouse.migrations import migrate  # noqa: PLC0415 (it needs this module)

    parsed = address_of(url)
    engine = create_engine(
        parsed,
        poolclass=NullPool,  # one command, one connection
        hide_parameters=True,
        connect_args={"application_name": "jobcenter", "connect_timeout": _CONNECT_SECONDS} | tls.options(parsed),
    )
    try:
        with engine.connect() as connection:
            with connection.begin():
                cursor_of(connection).execute(
                    "SET TIME ZONE 'UTC'; SET DATESTYLE = 'ISO'; SET client_min_messages = warning"
                )
            migrate(connection)
            with connection.begin():
                cursor_of(connection).execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
            yield connection
    except DBAPIError as error:
        raise _explained(error.orig, parsed, role) from error
    except psycopg.Error as error:
        raise _explained(error, parsed, role) from error
    finally:
        engine.dispose()


def address_of(url: str) -> URL:
    """Return the address as a URL for our driver. Raises ``UsageError`` for a text that cannot be one."""
    try:
        parsed = make_url(url)
        if parsed.drivername not in ("postgresql", "postgres", _DRIVER):
            raise ArgumentError
    except (ArgumentError, ValueError):
        # The given text is not repeated: it may hold a password.
        raise UsageError(
            "Die Adresse des Warehouse ist keine PostgreSQL-Adresse.",
            hint="Erwartet wird postgresql+psycopg://BENUTZER:KENNWORT@RECHNER:5432/DATENBANK.",
            abschnitt="einstellung",
        ) from None
    return parsed.set(drivername=_DRIVER)


def _explained(error: BaseException | None, url: URL, role: Role) -> WarehouseError:
    """Say in German what happened, without password and without any value."""
    place = f"Warehouse „{url.database}“ auf {url.host or 'dem lokalen Socket'}:{url.port or 5432}"
    state = error.sqlstate if isinstance(error, psycopg.Error) else None
    # A refused connection has no sqlstate yet; the server's words do.
    text = str(error)
    if "password authentication failed" in text or "no password supplied" in text:
        return WarehouseError(
            f"{place}: Die Anmeldung als „{url.username}“ wurde abgelehnt.",
            hint="Benutzer und Kennwort in JOBCENTER_WAREHOUSE oder in der Datei jobcenter_warehouse prüfen.",
            abschnitt="warehouse-anmeldung",
        )
    if state == "3D000" or ('database "' in text and "does not exist" in text):
        return WarehouseError(
            f"{place}: Diese Datenbank gibt es nicht.",
            hint="Die Datenbank anlegen lassen oder den Namen prüfen.",
            abschnitt="warehouse-datenbank-fehlt",
        )
    if state == psycopg.errors.InsufficientPrivilege.sqlstate:
        return WarehouseError(
            f"{place}: Als „{role}“ ist das nicht erlaubt.",
            hint="Geladene Werte bleiben unverändert; für anderes muss die Anmeldung Mitglied der Rolle sein.",
            abschnitt="warehouse-recht-fehlt",
        )
    if state and state.startswith("53"):
        return WarehouseError(
            f"{place}: Dem Server fehlt Speicherplatz, Arbeitsspeicher oder eine freie Verbindung.",
            hint="Platz schaffen und den Befehl wiederholen. Halb geladen wurde nichts.",
            abschnitt="warehouse-voll",
        )
    if isinstance(error, psycopg.OperationalError) and (state is None or state.startswith(("08", "57P"))):
        what, advice, abschnitt = tls.explained(error) or (
            "Der Server ist nicht erreichbar oder hat die Verbindung beendet. Halb geladen wurde nichts.",
            "Prüfen, ob der Server läuft, und den Befehl wiederholen.",
            "warehouse-nicht-erreichbar",
        )
        return WarehouseError(f"{place}: {what}", hint=advice, abschnitt=abschnitt)
    kind = type(error).__name__ if error else "unbekannt"
    return WarehouseError(
        f"{place}: Der Server hat eine Anweisung abgelehnt ({kind}{f', {state}' if state else ''}).",
        hint="Das ist ein Fehler des Programms oder des Servers; das Protokoll des Servers nennt mehr.",
    )
