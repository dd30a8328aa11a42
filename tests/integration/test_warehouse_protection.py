"""Who may do what in the warehouse, and how its schema comes to be: tried statement by statement."""

from __future__ import annotations

import datetime as dt
import shutil
import uuid
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import psycopg
import pyarrow as pa
import pytest
from psycopg import sql
from sqlalchemy import Connection, NullPool, create_engine, make_url
from sqlalchemy.exc import IntegrityError, ProgrammingError

from etl.errors import UsageError, WarehouseError
from etl.extract.archive import Archive, Delivery
from etl.monat import Monat
from etl.validate.ergebnis import RuleResult, Validation
from etl.warehouse import CELLS, Role, load_cells, load_many, open_url, record_validation
from etl.warehouse.embedded import ensure_database
from etl.warehouse.migrations import FOLDER, migrate, migrations

TABLES = ("lieferung", "ladung", "zelle", "befundannahme", "pruefung", "pruefergebnis", "migration")
VIEWS = ("rpt_stand", "rpt_figur_stand", "rpt_nachtrag", "rpt_figur")
INSERTS = {
    "lieferung": "(traegernummer, lieferung_id, erstellt_am, datenstand, archiv_sha256) "
    "VALUES ('T2', 'L', now(), '2026-01-01', repeat('a', 64))",
    "ladung": "(traegernummer, lieferung_id, berichtsmonat, version, inhalt_sha256, zeilen, wartezeit) "
    "VALUES ('T1', 'L1', '2026-01-01', 9, repeat('a', 64), 1, 0)",
    "zelle": "SELECT ladung_id, 'X', 'X', 'X', 1, 'ok' FROM neu",
    "befundannahme": "(ladung_id, grund) VALUES (1, 'x')",
    "pruefung": "(traegernummer, lieferung_id, version, regelwerk_sha256, ergebnis_sha256) "
    "VALUES ('T1', 'L1', 9, repeat('a', 64), repeat('a', 64))",
    "pruefergebnis": "SELECT pruefung_id, 's', 'x', 'x', 'gehalten', 1, 0 FROM neu",
    "migration": "VALUES (99, 'x', 'x')",
}
# Values come with their load only, results with their validation.
BEFORE = {
    "zelle": f"WITH neu AS (INSERT INTO jobcenter.ladung {INSERTS['ladung']} RETURNING ladung_id) ",
    "pruefergebnis": f"WITH neu AS (INSERT INTO jobcenter.pruefung {INSERTS['pruefung']} RETURNING pruefung_id) ",
}
CHANGES = ("UPDATE jobcenter.{} SET {} = {}", "DELETE FROM jobcenter.{0}", "TRUNCATE jobcenter.{0} CASCADE")
DDL = (
    "CREATE TABLE jobcenter.x (a int)",
    "CREATE TABLE public.x (a int)",
    "CREATE TEMP TABLE x (a int)",
    "CREATE SCHEMA x",
    "CREATE ROLE x",
    "DROP TABLE jobcenter.zelle",
    "DROP VIEW jobcenter.rpt_figur",
    "ALTER TABLE jobcenter.zelle DISABLE TRIGGER ALL",
    "ALTER TABLE jobcenter.zelle ADD COLUMN x int",
    "CREATE INDEX ON jobcenter.zelle (wert)",
    "SELECT pg_read_file('/etc/hostname')",
    "COPY jobcenter.zelle TO PROGRAM 'true'",
)
COLUMN = {"befundannahme": "grund", "migration": "datei", "zelle": "wert", "pruefergebnis": "verletzt"}


def archive(lieferung: str = "L1") -> Archive:
    return Archive(Path(), Delivery(lieferung, "T1", dt.datetime(2026, 9, 10, tzinfo=dt.UTC)), "a" * 64, {})


@pytest.fixture
def filled(warehouse_url: str) -> str:
    row = ("2026-08", "ELB", "INSGESAMT", "INSGESAMT", Decimal(1), 0, "ok")
    cells = pa.table([pa.array([value]) for value in row], names=CELLS.names)
    with open_url(warehouse_url, role="etl") as connection:
        assert load_cells(connection, archive(), Monat(2026, 8), cells, "weil").ladung_id == 1
        load_many(connection, archive("L2"), {Monat(2026, 8): cells}, None, ergaenzt={Monat(2026, 8): 1})
        results = (RuleResult("s", "r", "", "warning", "gehalten", 1, 0, "", ""),)
        assert record_validation(connection, archive(), Validation("T1/L1", "a" * 64, "1" * 64, results)) == 1
    return warehouse_url


@pytest.fixture
def owner(filled: str) -> Iterator[Connection]:
    with plain(filled) as connection:
        yield connection


def plain(url: str) -> Connection:
    """A connection as it is, neither migrated nor in a role; the engine keeps none open behind it."""
    return create_engine(url, poolclass=NullPool).connect()


def refused(connection: Connection, statement: str) -> str:
    """Return how the database refuses ``statement``; fail when it does not."""
    with pytest.raises(ProgrammingError) as caught, connection.begin():
        connection.exec_driver_sql(statement)
    assert isinstance(caught.value.orig, psycopg.errors.InsufficientPrivilege), statement
    return str(caught.value.orig)


def changes(table: str) -> list[str]:
    column = COLUMN.get(table, "version" if table in ("ladung", "pruefung") else "datenstand")
    return [change.format(table, column, column) for change in CHANGES]


@pytest.mark.parametrize("role", ["etl", "controller", "auditor"])
def test_no_role_changes_or_deletes_or_defines_anything(filled: str, role: Role) -> None:
    with open_url(filled, role=role) as connection:
        for statement in (*(c for table in TABLES for c in changes(table)), *DDL):
            refused(connection, statement)
        refused(connection, "DELETE FROM jobcenter.rpt_figur_stand")  # the others cannot be written through at all
        refused(connection, "UPDATE jobcenter.rpt_figur_stand SET wert = 0")
        # A role that can read may say GRANT; nothing comes of it but a warning.
        with suppress(ProgrammingError), connection.begin():
            connection.exec_driver_sql("GRANT ALL ON jobcenter.zelle TO controller, PUBLIC")
    with open_url(filled, role="controller") as connection:
        refused(connection, "SELECT FROM jobcenter.zelle")


@pytest.mark.parametrize("role", ["etl", "controller", "auditor"])
def test_only_etl_adds_rows_and_never_to_the_migrations(filled: str, role: Role) -> None:
    with open_url(filled, role=role) as connection:
        for table, values in INSERTS.items():
            statement = f"{BEFORE.get(table, '')}INSERT INTO jobcenter.{table} {values}"
            if role == "etl" and table != "migration":
                with connection.begin() as transaction:
                    assert connection.exec_driver_sql(statement).rowcount == 1
                    transaction.rollback()
            else:
                refused(connection, statement)


def test_etl_cannot_set_the_moments_and_keys_that_the_database_gives(filled: str) -> None:
    with open_url(filled, role="etl") as connection:
        refused(connection, "INSERT INTO jobcenter.befundannahme VALUES (1, 'y', '2020-01-01')")
        refused(
            connection,
            "INSERT INTO jobcenter.lieferung VALUES ('T', 'L', now(), '2026-01-01', repeat('a', 64), '2020-01-01')",
        )


def test_the_controller_reads_the_published_figures_only_the_others_read_all(filled: str) -> None:
    for role in ("etl", "auditor"):
        with open_url(filled, role=role) as connection, connection.begin():
            for name in (*TABLES, *VIEWS):
                assert connection.exec_driver_sql(f"SELECT * FROM jobcenter.{name}").all(), name
    with open_url(filled, role="controller") as connection:
        for name in VIEWS:
            with connection.begin():
                assert connection.exec_driver_sql(f"SELECT * FROM jobcenter.{name}").all(), name
        for name in TABLES:
            refused(connection, f"SELECT * FROM jobcenter.{name}")


def test_everyone_else_sees_nothing(filled: str) -> None:
    """A login without a role of ours cannot even enter the database."""
    name = f"fremd_{make_url(filled).database}"
    with login(filled, name) as url, pytest.raises(WarehouseError), open_url(url, role="etl"):
        pass


@pytest.mark.parametrize("replica", [False, True], ids=["", "as a replica"])
def test_not_even_the_owner_changes_what_is_loaded(owner: Connection, *, replica: bool) -> None:
    if replica:
        with owner.begin():
            owner.exec_driver_sql("SET session_replication_role = replica")
    for table in TABLES:
        for statement in changes(table):
            assert "unveränderlich" in refused(owner, statement)


@pytest.mark.parametrize("which", [1, 77], ids=["an earlier load", "no load"])
def test_nothing_is_added_to_what_is_loaded_already(filled: str, which: int) -> None:
    """Not even by etl: a value or a result comes in the transaction of its load or validation, or not at all."""
    for table, values, message in (
        ("zelle", "'X', 'X', 'X', 1, 'ok'", "Werte ohne Ladung in derselben Transaktion"),
        ("pruefergebnis", "'s', 'x', 'x', 'gehalten', 1, 0", "in derselben Transaktion|pruefergebnis_pruefung_id_fkey"),
    ):
        expected = pytest.raises(IntegrityError, match=message)
        with open_url(filled, role="etl") as connection, expected, connection.begin():
            connection.exec_driver_sql(f"INSERT INTO jobcenter.{table} VALUES ({which}, {values})")


def test_everything_is_explained_in_the_database_itself(owner: Connection) -> None:
    with owner.begin():
        silent = owner.exec_driver_sql(
            "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
            "WHERE c.relnamespace = 'jobcenter'::regnamespace AND c.relkind IN ('r', 'v') AND a.attnum > 0 "
            "AND (col_description(c.oid, a.attnum) IS NULL OR obj_description(c.oid, 'pg_class') IS NULL)"
        ).all()
    assert silent == []


# --- migrations -----------------------------------------------------------------------------------------------------


def test_migrations_run_from_empty_and_then_have_nothing_to_do(warehouse_url: str) -> None:
    with plain(warehouse_url) as connection:
        assert migrate(connection) == len(migrations())
        assert migrate(connection) == 0


def test_a_second_database_on_a_server_that_has_the_roles(warehouse_url: str, filled: str) -> None:
    other = ensure_database(filled, f"{make_url(warehouse_url).database}_b")
    with open_url(other, role="auditor"):
        pass


@pytest.fixture
def changeable(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "sql"))


def test_an_applied_file_that_changed_is_named(warehouse_url: str, changeable: Path) -> None:
    with plain(warehouse_url) as connection:
        migrate(connection, changeable)
        file = changeable / "0002_kennzahlen.sql"
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
        assert migrate(connection, changeable) == 0, "line endings do not count"
        file.write_bytes(file.read_bytes() + b"-- anders\n")
        with pytest.raises(WarehouseError, match=r"0002_kennzahlen\.sql wurde angewandt und danach geändert"):
            migrate(connection, changeable)


def test_a_migration_that_fails_leaves_nothing_of_itself(warehouse_url: str, changeable: Path) -> None:
    bad = changeable / f"{len(migrations()) + 1:04d}_neu.sql"
    bad.write_text("CREATE TABLE jobcenter.halb (a int);\nSELECT 1 / 0;\n")
    with plain(warehouse_url) as connection:
        with pytest.raises(psycopg.errors.DivisionByZero):
            migrate(connection, changeable)
        with connection.begin():
            assert connection.exec_driver_sql("SELECT to_regclass('jobcenter.halb')").scalar_one() is None
        bad.write_text("CREATE TABLE jobcenter.ganz (a int);\n")
        assert migrate(connection, changeable) == 1


def test_a_program_older_than_the_warehouse_says_so(warehouse_url: str, changeable: Path) -> None:
    with plain(warehouse_url) as connection:
        migrate(connection)
        sorted(changeable.glob("*.sql"))[-1].unlink()
        with pytest.raises(WarehouseError, match="älter als das Warehouse"):
            migrate(connection, changeable)


def test_a_gap_in_the_numbers_is_refused(changeable: Path) -> None:
    (changeable / "0002_kennzahlen.sql").unlink()
    with pytest.raises(WarehouseError, match=r"0003_pruefungen\.sql ist nicht die Nummer 0002"):
        migrations(changeable)


# --- logins of a real server ----------------------------------------------------------------------------------------


class login:  # noqa: N801 (a context manager that reads like a function)
    """A login of the server with the given attributes, for one test."""

    def __init__(self, url: str, name: str, attributes: str = "") -> None:
        self.url, self.name, self.attributes = make_url(url), name, attributes

    def _execute(self, *statements: str) -> None:
        with psycopg.connect(
            host=self.url.host,
            port=self.url.port,
            user=self.url.username,
            password=self.url.password,
            dbname=self.url.database,
            autocommit=True,
        ) as connection:
            for statement in statements:
                connection.execute(sql.SQL(statement).format(sql.Identifier(self.name)))

    def __enter__(self) -> str:
        password = uuid.uuid4().hex
        self._execute(f"CREATE ROLE {{}} LOGIN PASSWORD '{password}' {self.attributes}")
        own = self.url.set(username=self.name, password=password)
        return own.render_as_string(hide_password=False)

    def __exit__(self, *_exception: object) -> None:
        self._execute("REASSIGN OWNED BY {} TO CURRENT_USER", "DROP OWNED BY {}", "DROP ROLE {}")


def test_a_login_of_the_controller_works_without_the_right_to_migrate(filled: str) -> None:
    name = f"berger_{make_url(filled).database}"
    with login(filled, name, "IN ROLE controller") as url:
        with open_url(url, role="controller") as connection, connection.begin():
            assert connection.exec_driver_sql("SELECT * FROM jobcenter.rpt_figur").all()
        with pytest.raises(WarehouseError, match="nicht erlaubt"), open_url(url, role="etl"):
            pass


def test_a_login_that_may_not_migrate_an_empty_database_says_so(warehouse_url: str) -> None:
    name = f"berger_{make_url(warehouse_url).database}"
    expected = pytest.raises(WarehouseError, match=r"0001_rollen\.sql")
    with login(warehouse_url, name) as url, expected, open_url(url, role="controller"):
        pass


def test_an_owner_who_is_no_superuser_can_migrate(warehouse_url: str) -> None:
    """The usual case of a real server: the database is the login's own, the roles exist and were given to it."""
    with plain(warehouse_url) as connection:
        migrate(connection)  # the roles exist on this server from now on
    database = f"{make_url(warehouse_url).database}_eigen"
    with login(warehouse_url, f"besitz_{database}", "IN ROLE etl, controller, auditor") as url:
        other = make_url(ensure_database(warehouse_url, database))
        server = plain(warehouse_url).execution_options(isolation_level="AUTOCOMMIT")
        with server:
            server.exec_driver_sql(f'ALTER DATABASE "{database}" OWNER TO "besitz_{database}"')
            own = make_url(url).set(database=other.database).render_as_string(hide_password=False)
            with open_url(own, role="etl") as connection:
                assert "permission denied" in refused(connection, "DELETE FROM jobcenter.zelle")
            server.exec_driver_sql(f'DROP DATABASE "{database}" WITH (FORCE)')


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"password": "geheim-4711"}, "Anmeldung als „jobcenter“ wurde abgelehnt"),
        ({"database": "nirgends"}, "Diese Datenbank gibt es nicht"),
        ({"port": 1}, "nicht erreichbar"),
    ],
)
def test_a_server_that_cannot_be_used_is_named_without_the_password(
    warehouse_server: str, change: dict[str, str | int], message: str
) -> None:
    url = make_url(warehouse_server).set(**change)  # type: ignore[arg-type]  # one of its keyword arguments each
    text = url.render_as_string(hide_password=False)
    with pytest.raises(WarehouseError, match=message) as caught, open_url(text, role="etl"):
        pass
    assert f"„{url.database}“ auf 127.0.0.1:{url.port}" in caught.value.message
    assert url.password
    assert url.password not in f"{caught.value.message}{caught.value.hint}"


@pytest.mark.parametrize("url", ["nix geheim-4711", "mysql://u:geheim-4711@h/d", "postgresql://u:geheim-4711@h:x/d"])
def test_something_else_than_a_postgresql_url_is_not_repeated(url: str) -> None:
    with pytest.raises(UsageError, match="keine PostgreSQL-Adresse") as caught, open_url(url, role="etl"):
        pass
    assert "geheim-4711" not in f"{caught.value.message}{caught.value.hint}"


def test_a_connection_that_ends_is_explained(warehouse_url: str) -> None:
    ended = pytest.raises(WarehouseError, match="Verbindung beendet")
    with ended, open_url(warehouse_url, role="etl") as connection, connection.begin():
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        with plain(warehouse_url) as other, other.begin():
            other.exec_driver_sql(f"SELECT pg_terminate_backend({pid}, 5000)")
        connection.exec_driver_sql("SELECT 1")
