"""Deliveries as a database schema: tables or views of the contract's names, and a one-row table ``lieferung``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from etl import rechner, tls
from etl.contract import Table
from etl.errors import ContractBreachError, SourceUnavailableError, UsageError
from etl.extract.archive import Delivery
from etl.extract.manifest import parse_delivery
from etl.extract.source import RawTable
from etl.extract.typing import check_columns

_BATCH_ROWS = 50_000
_MANIFEST_TABLE = "lieferung"
# A database keeps an instant, not the zone it was written in: the date of ``erstellt_am`` is the one in Germany.
_ZONE = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True)
class DatabaseSource:
    """A source schema within one read-only transaction, so that all tables are of the same moment."""

    connection: sa.Connection
    schema: str | None
    delivery: Delivery
    source_sha256: str | None = None

    def table(self, table: Table) -> RawTable | None:
        """Open a table or view; the rows stream through a server-side cursor."""
        names = _column_names(self.connection, table.name, self.schema)
        if names is None:
            if table.optional:
                return None
            raise ContractBreachError(
                "Die Tabelle oder Sicht fehlt im Quellschema.", table=table.name, abschnitt="sichten-fehlen"
            )
        return RawTable(names, self._batches(table, names), None)

    def _batches(self, table: Table, names: tuple[str, ...]) -> Iterator[pa.RecordBatch]:
        check_columns(table, names)
        query = _select(table.column_names, table.name, self.schema)
        first_row = 1
        try:
            with self.connection.execution_options(yield_per=_BATCH_ROWS).execute(query) as result:
                for rows in result.partitions():
                    yield _batch(table, rows, first_row)
                    first_row += len(rows)
        except DBAPIError:
            raise ContractBreachError(
                "Die Zeilen lassen sich nicht lesen: ein Wert liegt außerhalb dessen, was der Vertragstyp fasst.",
                table=table.name,
                hint="Typen und Wertebereiche der Sicht mit dem Quellvertrag vergleichen.",
            ) from None


def _select(columns: Sequence[str], table: str, schema: str | None) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(*(sa.column(name) for name in columns)).select_from(sa.table(table, schema=schema))


def _batch(table: Table, rows: Sequence[sa.Row[*tuple[Any, ...]]], first_row: int) -> pa.RecordBatch:
    columns = zip(*rows, strict=True)
    arrays = [
        _array(table.name, name, values, first_row) for name, values in zip(table.column_names, columns, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, names=list(table.column_names))


def _array(table: str, column: str, values: tuple[object, ...], first_row: int) -> pa.Array:
    """Let Arrow find the type; where a column mixes types, name the first value that differs from the first."""
    try:
        return pa.array(values)
    except (pa.ArrowException, OverflowError, ValueError) as error:
        if rechner.explained(error):  # no fault of the delivery
            raise
        kinds = [type(value) for value in values]
        first = next((kind for kind in kinds if kind is not type(None)), type(None))
        position = next((i for i, kind in enumerate(kinds) if kind not in (first, type(None))), 0)
        raise ContractBreachError(
            "Falscher Typ: der Wert passt nicht zu den übrigen der Spalte.",
            table=table,
            row=first_row + position,
            column=column,
        ) from None


@contextmanager
def open_database(url: str) -> Iterator[DatabaseSource]:
    """Connect to a source schema. ``?schema=NAME`` in the URL names it; without, the connection's default counts.

    PostgreSQL on another machine is spoken to over TLS only (see ``etl.tls``); other databases by their drivers' rules.
    """
    engine, schema, shown = _engine(url)
    try:
        with _read_only(engine) as connection:
            yield DatabaseSource(connection, schema, _delivery(connection, schema))
    except SQLAlchemyError as error:
        if failure := tls.explained(error):
            what, advice, abschnitt = failure
            raise SourceUnavailableError(f"Die Quelle {shown}: {what}", hint=advice, abschnitt=abschnitt) from None
        raise SourceUnavailableError(
            f"Die Quelle {shown} ist nicht erreichbar oder nicht lesbar ({type(error).__name__}).",
            hint="Rechnername, Datenbank, Schema und Anmeldung prüfen.",
        ) from None
    finally:
        engine.dispose()


def _engine(url: str) -> tuple[sa.Engine, str | None, str]:
    try:
        parsed = sa.make_url(url)
        schema = parsed.query.get("schema")
        if isinstance(schema, tuple):
            raise UsageError(
                "Die URL der Lieferung nennt mehrere Schemas.",
                hint="Genau ein ?schema=NAME angeben.",
                abschnitt="lieferung-nicht-gefunden",
            )
        parsed = parsed.difference_update_query(["schema"])
        arguments = tls.options(parsed) if parsed.get_backend_name() == "postgresql" else {}
        shown = parsed.set(query={}).render_as_string(hide_password=True)  # an option may hold a password, too
        return sa.create_engine(parsed, connect_args=arguments), schema, shown
    except (ArgumentError, NoSuchModuleError, ImportError):
        raise UsageError(
            "Die URL der Lieferung ist keine gültige SQLAlchemy-URL oder ihr Treiber ist nicht installiert.",
            hint="Den Treiber nennen, zum Beispiel postgresql+psycopg://benutzer@rechner/datenbank?schema=fach.",
            abschnitt="lieferung-nicht-gefunden",
        ) from None


@contextmanager
def _read_only(engine: sa.Engine) -> Iterator[sa.Connection]:
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with engine.connect() as connection:
        yield connection


def _column_names(connection: sa.Connection, table: str, schema: str | None) -> tuple[str, ...] | None:
    try:
        return tuple(column["name"] for column in sa.inspect(connection).get_columns(table, schema=schema))
    except sa.exc.NoSuchTableError:
        return None


def _delivery(connection: sa.Connection, schema: str | None) -> Delivery:
    names = ("lieferung_id", "traegernummer", "erstellt_am", "vertrag")
    columns = _column_names(connection, _MANIFEST_TABLE, schema)
    if columns is None or not set(names) <= set(columns):
        raise ContractBreachError(
            f"Im Quellschema fehlt die Tabelle mit den Spalten {', '.join(names)}.",
            table=_MANIFEST_TABLE,
            abschnitt="sichten-fehlen",
        )
    rows = connection.execute(_select(names, _MANIFEST_TABLE, schema)).fetchmany(2)
    if len(rows) != 1:
        raise ContractBreachError(
            "Die Tabelle muss genau eine Zeile haben.", table=_MANIFEST_TABLE, abschnitt="sichten-fehlen"
        )
    fields = dict(zip(names, rows[0], strict=True))
    moment = fields["erstellt_am"]
    if isinstance(moment, dt.datetime) and moment.tzinfo is not None:
        fields["erstellt_am"] = moment.astimezone(_ZONE)
    return parse_delivery(fields)
