"""The archive as SQL for the rules.

Views ``raw_<table>`` on the Parquet files and ``vor_<table>`` on those of the previous delivery (empty where there is
none), the parameters of the law as ``par_…``, one row ``lieferung`` with the Datenstand and one row ``vorlieferung`` if
there is one, and the tables of ``expectations/sichten.sql``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa

from etl import contract, parameter, rechner
from etl.errors import ContractBreachError
from etl.extract.archive import Archive, earlier, open_archive

_MEMORY_LIMIT = "1GB"
_GRENZEN = "pruefgrenze"
# These errors speak of the text of a rule only. Any other may quote a value of a row and is named, not quoted.
_ABOUT_THE_TEXT = (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException)
PARAMETER = re.compile(r"\$([a-z_]+)")
"""How SQL names a value that is bound to it."""


class RegelSqlError(Exception):
    """The SQL of a rule could not be run. The message is safe: it holds no value of a row."""


@dataclass(frozen=True)
class Frage:
    """What a rule asks: the SQL of the violating rows, what follows FROM for all rows, the values of its ``$name``.

    The limits of ``pruefgrenzen.yaml`` are known by name as well, with their values on the Datenstand.
    """

    verletzungen: str
    grundgesamtheit: str
    werte: Mapping[str, object]

    @property
    def key(self) -> str:
        """The question as one text."""
        return json.dumps([self.verletzungen, self.grundgesamtheit, dict(self.werte)], sort_keys=True)


_ANTWORTEN: ContextVar[Mapping[str, Future[tuple[int, int]]]] = ContextVar("antworten")


@contextmanager
def opened(archive: Archive, sichten_sql: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the archive for SQL.

    A missing file or a view that cannot be built is no error here: the rules that read it cannot be checked
    and say so. What does not fit into memory goes to a private folder that is removed at the end.
    """
    with (
        TemporaryDirectory(prefix="jobcenter-pruefung-") as spill,
        duckdb.connect(":memory:", config={"memory_limit": _MEMORY_LIMIT, "temp_directory": spill}) as connection,
    ):
        _create_views(connection, archive)
        for statement in duckdb.extract_statements(sichten_sql):
            try:
                connection.execute(statement)
            except duckdb.Error as error:
                if rechner.explained(error):
                    raise
        yield connection


def previous(archive: Archive) -> Archive | None:
    """Return the delivery that the rules compare this one with: the newest earlier one of the same Träger."""
    return next(iter(earlier(archive.folder.parents[1], archive)), None)


def _create_views(connection: duckdb.DuckDBPyConnection, archive: Archive) -> None:
    connection.execute("SET enable_progress_bar = false")
    _create_delivery(connection, archive, "raw", "lieferung")
    _create_previous(connection, archive)
    for name, table in parameter.tables().items():
        connection.register(name, table)
    limits = parameter.pruefgrenzen(archive.delivery.datenstand)
    connection.register(_GRENZEN, pa.table({"name": list(limits), "wert": list(limits.values())}))


def _create_delivery(connection: duckdb.DuckDBPyConnection, archive: Archive, prefix: str, name: str) -> None:
    for table in contract.TABLES:
        path = str(archive.parquet(table)).replace("'", "''")
        try:
            connection.execute(f"CREATE VIEW {prefix}_{table} AS SELECT * FROM read_parquet('{path}')")
        except duckdb.Error as error:
            if rechner.explained(error):
                raise
    connection.execute(f"CREATE TABLE {name} (datenstand DATE NOT NULL)")
    connection.execute(f"INSERT INTO {name} VALUES (?)", [archive.delivery.datenstand])


def _create_previous(connection: duckdb.DuckDBPyConnection, archive: Archive) -> None:
    """Make the tables of the previous delivery: empty without one, missing when it is damaged (then: not checkable)."""
    before = previous(archive)
    if before is None:
        connection.execute("CREATE TABLE vorlieferung (datenstand DATE NOT NULL)")
        for name, table in contract.TABLES.items():
            connection.register(f"vor_{name}", table.arrow_schema.empty_table())
        return
    try:
        checked = open_archive(archive.folder.parents[1], before.delivery.reference)
    except ContractBreachError:
        return
    _create_delivery(connection, checked, "vor", "vorlieferung")


@contextmanager
def counting(archive: Archive, sichten_sql: str, fragen: Iterable[Frage]) -> Iterator[None]:
    """Answer ``fragen`` in the background; inside the ``with`` block ``counts`` hands the answers out.

    In the background, because importing Great Expectations takes longer than all the counting.
    """
    answers: dict[str, Future[tuple[int, int]]] = {frage.key: Future() for frage in fragen}
    waiting = {frage.key: frage for frage in fragen}
    with ThreadPoolExecutor(1, thread_name_prefix="pruefung") as pool:
        if waiting:
            pool.submit(_answer_all, archive, sichten_sql, waiting, answers)
        token = _ANTWORTEN.set(answers)
        try:
            yield
        finally:
            _ANTWORTEN.reset(token)
            for answer in answers.values():
                answer.cancel()


def _answer_all(
    archive: Archive,
    sichten_sql: str,
    waiting: Mapping[str, Frage],
    answers: Mapping[str, Future[tuple[int, int]]],
) -> None:
    """Give every question its answer or its error: whoever waits for one must not wait for ever."""
    try:
        with opened(archive, sichten_sql) as connection:
            for key, frage in waiting.items():
                if not answers[key].set_running_or_notify_cancel():
                    return
                try:
                    answers[key].set_result(_count(connection, frage))
                except RegelSqlError as error:
                    answers[key].set_exception(error)
    except BaseException as error:
        for answer in answers.values():
            if not answer.done():
                answer.set_exception(RegelSqlError(type(error).__name__))
        raise


def counts(frage: Frage) -> tuple[int, int]:
    """Return how many rows were looked at and how many of them violate the rule.

    Raises ``RegelSqlError`` when the SQL cannot be run. Only inside ``counting``, for one of its questions.
    """
    return _ANTWORTEN.get()[frage.key].result()


def _count(connection: duckdb.DuckDBPyConnection, frage: Frage) -> tuple[int, int]:
    sql = (
        f"SELECT (SELECT count(*) FROM {frage.grundgesamtheit}),\n"
        f"       (SELECT count(*) FROM (\n{frage.verletzungen}\n))"
    )
    (row,) = _run(connection, sql, frage.werte).to_pylist()
    geprueft, verletzt = row.values()
    return int(geprueft), int(verletzt)


def rows(connection: duckdb.DuckDBPyConnection, frage: Frage) -> pa.Table:
    """Return the rows that violate a rule, sorted by all columns. Raises ``RegelSqlError`` like ``counts``."""
    return _run(connection, f"SELECT * FROM (\n{frage.verletzungen}\n) ORDER BY ALL", frage.werte)


def keep_rows(connection: duckdb.DuckDBPyConnection, frage: Frage, table: str) -> None:
    """Put the rows that violate a rule into a new table of the connection. Raises ``RegelSqlError`` like ``counts``."""
    sql = f"CREATE OR REPLACE TABLE {table} AS\n{frage.verletzungen}"
    with _safe_errors():
        connection.execute(sql, _bound(connection, sql, frage.werte))


def _run(connection: duckdb.DuckDBPyConnection, sql: str, werte: Mapping[str, object]) -> pa.Table:
    with _safe_errors():
        return connection.sql(sql, params=_bound(connection, sql, werte)).to_arrow_table()


def _bound(connection: duckdb.DuckDBPyConnection, sql: str, werte: Mapping[str, object]) -> Mapping[str, object] | None:
    known = {**dict(connection.table(_GRENZEN).fetchall()), **werte}
    return {name: known[name] for name in PARAMETER.findall(sql) if name in known} or None


@contextmanager
def _safe_errors() -> Iterator[None]:
    """Turn what DuckDB says into an error without a value of a row. What the machine lacks is no fault of a rule."""
    try:
        yield
    except _ABOUT_THE_TEXT as error:
        raise RegelSqlError(f"{type(error).__name__}: {str(error).splitlines()[0]}") from None
    except duckdb.Error as error:
        raise rechner.explained(error) or RegelSqlError(type(error).__name__) from None
