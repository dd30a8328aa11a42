"""Who may do what in the warehouse: the file of rights (``tests/data/rechte.yaml``), and the statements that try it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import yaml

DATEI = Path(__file__).parents[1] / "data" / "rechte.yaml"
ROLLEN = ("etl", "controller", "auditor")
ALLE = "alle"
"""In the file: every column."""

Cursor = psycopg.Cursor[tuple[Any, ...]]


@dataclass(frozen=True)
class Recht:
    """What the file says of one object: which roles read it, add rows (to which columns), execute it."""

    liest: frozenset[str] = frozenset()
    ergaenzt: Mapping[str, Sequence[str] | str] | None = None
    fuehrt_aus: frozenset[str] = frozenset()

    def spalten(self, rollen: Sequence[str], alle: Sequence[str]) -> frozenset[str]:
        """Return the columns that a member of the roles may fill."""
        given = [columns for role, columns in (self.ergaenzt or {}).items() if role in rollen]
        return frozenset(name for columns in given for name in (alle if columns == ALLE else columns))


@dataclass(frozen=True)
class Tabelle:
    """A table or view of the catalogue."""

    name: str
    sicht: bool
    spalten: tuple[str, ...]


@dataclass(frozen=True)
class Funktion:
    """A function of the catalogue; ``aufruf`` calls it with values that are not empty."""

    name: str
    aufruf: str


@dataclass(frozen=True)
class Versuch:
    """A statement and whether it shall be allowed. ``sicht``: tried on a view, where the kind alone may refuse it."""

    anweisung: str
    erlaubt: bool
    sicht: bool = False


def gelesen() -> dict[str, Any]:
    """Return the file as it is."""
    document: dict[str, Any] = yaml.safe_load(DATEI.read_text(encoding="utf-8"))
    return document


def rechte(document: Mapping[str, Any]) -> dict[str, Recht]:
    """Return what the file says, by the name of the object."""
    return {
        name: Recht(frozenset(entry.get("liest", ())), entry.get("ergaenzt"), frozenset(entry.get("fuehrt_aus", ())))
        for kind in ("tabellen", "sichten", "funktionen")
        for name, entry in document[kind].items()
    }


# --- the catalogue --------------------------------------------------------------------------------------------------


def tabellen(cursor: Cursor) -> list[Tabelle]:
    """Return every table and view of the schema: a new one is tried without being named anywhere."""
    rows = cursor.execute(
        "SELECT c.relname, c.relkind <> 'r', array_agg(a.attname::text ORDER BY a.attnum) "
        "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
        "WHERE c.relnamespace = 'jobcenter'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p', 'f') "
        "GROUP BY 1, 2 ORDER BY 1"
    ).fetchall()
    return [Tabelle(name, view, tuple(columns)) for name, view, columns in rows]


def folgen(cursor: Cursor) -> list[str]:
    """Return every sequence of the schema."""
    found = cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'jobcenter'::regnamespace AND relkind = 'S' ORDER BY 1"
    )
    return [name for (name,) in found.fetchall()]


def funktionen(cursor: Cursor) -> list[Funktion]:
    """Return every function of the schema."""
    rows = cursor.execute(
        "SELECT p.oid::regprocedure::text, p.proname, "
        "(SELECT array_agg(format_type(t, NULL) ORDER BY n) FROM unnest(p.proargtypes) WITH ORDINALITY AS a (t, n)) "
        "FROM pg_proc p WHERE p.pronamespace = 'jobcenter'::regnamespace ORDER BY 1"
    ).fetchall()
    return [
        Funktion(
            signature.removeprefix("jobcenter."),
            f"jobcenter.{name}({', '.join(f'{_WERTE.get(kind, _TEXT)}::{kind}' for kind in kinds or ())})",
        )
        for signature, name, kinds in rows
    ]


_TEXT = "'x'"
_WERTE = {
    "bigint": "1", "integer": "1", "numeric": "1", "date": "'2026-01-01'", "timestamp with time zone": "'2026-01-01'",
    "jsonb": "'{}'", "boolean": "true", "text[]": "'{}'",
}  # fmt: skip

# --- what is tried --------------------------------------------------------------------------------------------------

_SPERREN = ("SHARE UPDATE EXCLUSIVE", "SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE")


def an_tabelle(tabelle: Tabelle, recht: Recht, rollen: Sequence[str]) -> Iterator[Versuch]:
    """Yield what a member of the roles tries with one table or view."""
    name, reads = f"jobcenter.{tabelle.name}", bool(recht.liest & set(rollen))
    fills = recht.spalten(rollen, tabelle.spalten)
    whole = any((recht.ergaenzt or {}).get(role) == ALLE for role in rollen)
    first = tabelle.spalten[0]
    read = [f"SELECT * FROM {name} LIMIT 1", f"COPY (SELECT * FROM {name} LIMIT 1) TO STDOUT"]
    read += [f"LOCK TABLE {name} IN ACCESS SHARE MODE", f"SELECT count(*) FROM {name}"]
    read += [f"SELECT {column} FROM {name} LIMIT 1" for column in tabelle.spalten]
    read += [] if tabelle.sicht else [f"COPY {name} TO STDOUT"]
    for statement in read:
        yield Versuch(statement, reads, tabelle.sicht)
    yield Versuch(f"INSERT INTO {name} DEFAULT VALUES", bool(fills), tabelle.sicht)
    yield Versuch(f"LOCK TABLE {name} IN ROW EXCLUSIVE MODE", whole, tabelle.sicht)
    for column in tabelle.spalten:
        yield Versuch(f"INSERT INTO {name} ({column}) VALUES (DEFAULT)", column in fills, tabelle.sicht)
        yield Versuch(f"COPY {name} ({column}) FROM STDIN", column in fills, tabelle.sicht)
        yield Versuch(f"UPDATE {name} SET {column} = DEFAULT", False, tabelle.sicht)
    for statement in (
        *(f"LOCK TABLE {name} IN {mode} MODE" for mode in _SPERREN),
        *_nie(name, first, "VIEW" if tabelle.sicht else "TABLE"),
    ):
        yield Versuch(statement, False, tabelle.sicht)


def _nie(name: str, column: str, kind: str) -> tuple[str, ...]:
    """Return what nobody may do with a table or view."""
    return (
        f"DELETE FROM {name}",
        f"TRUNCATE {name} CASCADE",
        f"SELECT * FROM {name} FOR UPDATE",
        f"SELECT * FROM {name} FOR KEY SHARE",
        f"MERGE INTO {name} USING (SELECT 1) AS q ON true WHEN MATCHED THEN DELETE",
        f"MERGE INTO {name} USING (SELECT 1) AS q ON true WHEN MATCHED THEN UPDATE SET {column} = DEFAULT",
        f"COPY {name} TO '/tmp/jobcenter_kopie'",
        f"COPY {name} TO PROGRAM 'true'",
        f"COPY {name} FROM '/etc/hostname'",
        f"COPY {name} FROM PROGRAM 'true'",
        f"ALTER {kind} {name} RENAME TO anders",
        f"ALTER {kind} {name} OWNER TO CURRENT_USER",
        f"ALTER {kind} {name} SET SCHEMA public",
        f"ALTER TABLE {name} ADD COLUMN x int",
        f"ALTER TABLE {name} DISABLE TRIGGER ALL",
        f"ALTER TABLE {name} DISABLE TRIGGER unveraenderlich",
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {name} ALTER COLUMN {column} DROP NOT NULL",
        f"DROP {kind} {name} CASCADE",
        f"CREATE INDEX ON {name} ({column})",
        f"CREATE TRIGGER x BEFORE INSERT ON {name} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        f"CREATE RULE x AS ON INSERT TO {name} DO INSTEAD NOTHING",
        f"CREATE POLICY x ON {name}",
        f"CREATE OR REPLACE VIEW {name} AS SELECT 1 AS {column}",
        f"CREATE STATISTICS x ON {column}, {column} FROM {name}",
        f"COMMENT ON {kind} {name} IS NULL",
        f"COMMENT ON COLUMN {name}.{column} IS NULL",
        f"GRANT ALL ON {name} TO PUBLIC",
        f"GRANT SELECT ({column}) ON {name} TO PUBLIC",
        f"REVOKE ALL ON {name} FROM etl, controller, auditor",
        f"ANALYZE {name}",
        f"REINDEX TABLE {name}",
    )


def an_folge(name: str) -> Iterator[Versuch]:
    """Yield what is tried with one sequence: keys come from the database only."""
    for statement in (
        f"SELECT nextval('jobcenter.{name}')",
        f"SELECT setval('jobcenter.{name}', 1)",
        f"SELECT last_value FROM jobcenter.{name}",
        f"ALTER SEQUENCE jobcenter.{name} RESTART",
        f"DROP SEQUENCE jobcenter.{name} CASCADE",
        f"GRANT ALL ON SEQUENCE jobcenter.{name} TO PUBLIC",
    ):
        yield Versuch(statement, erlaubt=False)


def an_funktion(funktion: Funktion, recht: Recht, rollen: Sequence[str]) -> Iterator[Versuch]:
    """Yield what is tried with one function."""
    yield Versuch(f"SELECT {funktion.aufruf}", bool(recht.fuehrt_aus & set(rollen)))
    name = f"jobcenter.{funktion.name}"
    for statement in (
        f"ALTER FUNCTION {name} RENAME TO anders",
        f"ALTER FUNCTION {name} OWNER TO CURRENT_USER",
        f"ALTER FUNCTION {name} SECURITY DEFINER",
        f"ALTER FUNCTION {name} RESET ALL",
        f"DROP FUNCTION {name} CASCADE",
        f"GRANT ALL ON FUNCTION {name} TO PUBLIC",
        f"COMMENT ON FUNCTION {name} IS NULL",
    ):
        yield Versuch(statement, erlaubt=False)


def ueberall(rollen: Sequence[str], eigentuemer: str, datenbank: str, pid: int) -> Iterator[Versuch]:
    """Yield what nobody may do in the database and on its server, and last what everybody may (with its reason)."""
    others = [role for role in ROLLEN if role not in rollen]
    for statement in (
        *(f"SET ROLE {role}" for role in (*others, f'"{eigentuemer}"')),
        *(f"GRANT {role} TO CURRENT_USER" for role in (*ROLLEN, f'"{eigentuemer}"')),
        *(f'SET SESSION AUTHORIZATION "{role}"' for role in (*ROLLEN, eigentuemer)),
        *(f"ALTER ROLE {role} LOGIN" for role in ROLLEN),
        *(f"DROP ROLE {role}" for role in ROLLEN),
        *(f"SELECT * FROM {name} LIMIT 1" for name in _GEHEIM),
        *_SERVER,
        f'ALTER DATABASE "{datenbank}" SET session_replication_role = replica',
        f'GRANT ALL ON DATABASE "{datenbank}" TO PUBLIC',
        f'ALTER DEFAULT PRIVILEGES FOR ROLE "{eigentuemer}" GRANT ALL ON TABLES TO PUBLIC',
        f'DROP OWNED BY "{eigentuemer}"',
        f'REASSIGN OWNED BY "{eigentuemer}" TO CURRENT_USER',
        f"SELECT pg_terminate_backend({pid})",
        f"SELECT pg_cancel_backend({pid})",
    ):
        yield Versuch(statement, erlaubt=False)


_GEHEIM = (
    "pg_authid", "pg_shadow", "pg_statistic", "pg_largeobject", "pg_user_mapping", "pg_hba_file_rules",
    "pg_file_settings", "pg_ident_file_mappings", "pg_backend_memory_contexts", "pg_shmem_allocations",
    "pg_replication_origin_status",
)  # fmt: skip
"""Catalogues with passwords, samples of values, or settings of the server."""

_SERVER = (
    "CREATE SCHEMA x",
    "ALTER SCHEMA jobcenter RENAME TO anders",
    "DROP SCHEMA jobcenter CASCADE",
    "GRANT ALL ON SCHEMA jobcenter TO PUBLIC",
    "COMMENT ON SCHEMA jobcenter IS NULL",
    *(
        statement.format(schema)
        for schema in ("jobcenter", "public")
        for statement in (
            "CREATE TABLE {}.x (a int)",
            "CREATE VIEW {}.x AS SELECT 1 AS a",
            "CREATE MATERIALIZED VIEW {}.x AS SELECT 1 AS a",
            "CREATE SEQUENCE {}.x",
            "CREATE TYPE {}.x AS (a int)",
            "CREATE DOMAIN {}.x AS int",
            "CREATE FUNCTION {}.x() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "CREATE FUNCTION {}.x() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
            "CREATE PROCEDURE {}.x() LANGUAGE sql AS 'SELECT 1'",
            "CREATE AGGREGATE {}.x (int) (sfunc = int4pl, stype = int)",
            'CREATE COLLATION {}.x FROM "C"',
            "CREATE OPERATOR {}.=== (leftarg = int, rightarg = int, function = int4eq)",
            "SELECT 1 AS a INTO {}.x",
        )
    ),
    "CREATE TEMP TABLE x (a int)",
    "CREATE TEMP VIEW x AS SELECT 1 AS a",
    "CREATE TEMP SEQUENCE x",
    "CREATE FUNCTION pg_temp.x() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE ROLE jobcenter_x",
    "CREATE ROLE jobcenter_x SUPERUSER",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "ALTER ROLE CURRENT_USER CREATEROLE",
    "ALTER ROLE CURRENT_USER BYPASSRLS",
    "ALTER ROLE ALL SET session_replication_role = replica",
    "GRANT pg_read_all_data TO CURRENT_USER",
    "GRANT pg_execute_server_program TO CURRENT_USER",
    "SET ROLE pg_read_all_data",
    "CREATE DATABASE jobcenter_x",
    "CREATE TABLESPACE jobcenter_x LOCATION '/tmp'",
    "CREATE EXTENSION dblink",
    "CREATE EXTENSION postgres_fdw",
    "CREATE EXTENSION hstore",
    "CREATE LANGUAGE plpgsql2 HANDLER plpgsql_call_handler",
    "CREATE FOREIGN DATA WRAPPER x",
    "CREATE PUBLICATION x FOR ALL TABLES",
    "CREATE SUBSCRIPTION x CONNECTION 'host=127.0.0.1 port=1' PUBLICATION x WITH (connect = false)",
    "CREATE EVENT TRIGGER x ON ddl_command_start EXECUTE FUNCTION jobcenter.bleibt_unveraendert()",
    "CREATE CAST (int AS date) WITHOUT FUNCTION",
    "CREATE ACCESS METHOD x TYPE INDEX HANDLER bthandler",
    "ALTER SYSTEM SET ssl = off",
    "SET session_replication_role = replica",
    "SET log_statement = 'none'",
    "SET log_min_messages = panic",
    "SET zero_damaged_pages = on",
    "SET lo_compat_privileges = on",
    "LOAD '/tmp/jobcenter_x.so'",
    "CHECKPOINT",
    "COPY (SELECT 1) TO '/tmp/jobcenter_kopie'",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "SELECT pg_read_file('/etc/hostname')",
    "SELECT pg_read_binary_file('/etc/hostname')",
    "SELECT pg_ls_dir('/etc')",
    "SELECT pg_stat_file('/etc/hostname')",
    "SELECT pg_ls_logdir()",
    "SELECT lo_creat(-1)",
    "SELECT lo_create(0)",
    "SELECT lo_from_bytea(0, 'x')",
    "SELECT lo_import('/etc/hostname')",
    "SELECT lo_export(1, '/tmp/jobcenter_kopie')",
    "SELECT pg_reload_conf()",
    "SELECT pg_rotate_logfile()",
    "SELECT pg_promote()",
    "SELECT pg_switch_wal()",
    "SELECT pg_create_restore_point('x')",
    "SELECT pg_backup_start('x')",
    "SELECT pg_create_physical_replication_slot('x')",
    "SELECT pg_stat_reset()",
)

# --- how it went ----------------------------------------------------------------------------------------------------

_ANDERE_ART = {"42809", "55000", "0A000", "42P16"}
"""A view is no table: such a statement is refused for its kind, before or after its rights."""
_ERZEUGT = {"428C9", "42P10"}
"""Columns that the database computes: nobody fills them, whatever the rights."""
_OHNE_TRANSAKTION = ("CREATE DATABASE", "CREATE TABLESPACE", "CREATE SUBSCRIPTION", "ALTER SYSTEM")
"""What cannot be undone, so that PostgreSQL takes it on its own only."""


def ausgang(connection: psycopg.Connection[tuple[Any, ...]], versuch: Versuch) -> str:
    """Try the statement, undo it, and say how it went: ``erlaubt``, ``abgewiesen``, or what else happened."""
    notices: list[str] = []

    def heard(diagnostic: psycopg.errors.Diagnostic) -> None:
        notices.append(diagnostic.severity_nonlocalized or "")

    connection.add_notice_handler(heard)
    try:
        _ausgefuehrt(connection, versuch)
    except psycopg.errors.InsufficientPrivilege as error:
        return "erst vom Schutz der Zeilen abgewiesen" if "unveränderlich" in str(error) else "abgewiesen"
    except psycopg.errors.IntegrityError:
        return "erlaubt"  # the right was there, the row was wrong
    except psycopg.Error as error:
        refused = error.sqlstate in _ERZEUGT or (versuch.sicht and error.sqlstate in _ANDERE_ART)
        return "abgewiesen" if refused else f"{error.sqlstate}: {error}"
    finally:
        connection.remove_notice_handler(heard)
    # GRANT and ANALYZE do nothing with what is somebody else's, and say so.
    return "abgewiesen" if "WARNING" in notices else "erlaubt"


def _ausgefuehrt(connection: psycopg.Connection[tuple[Any, ...]], versuch: Versuch) -> None:
    statement = versuch.anweisung.encode()
    if versuch.anweisung.startswith(_OHNE_TRANSAKTION):
        connection.execute(statement)
        return
    with connection.transaction(force_rollback=True), connection.cursor() as cursor:
        if versuch.anweisung.endswith("FROM STDIN"):
            with cursor.copy(statement):
                pass
        elif versuch.anweisung.endswith("TO STDOUT"):
            with cursor.copy(statement) as copy:
                for _ in copy:
                    pass
        else:
            cursor.execute(statement)
