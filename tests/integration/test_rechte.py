"""Every kind of statement, by every kind of login, on everything in the schema: only what the file names is allowed.

The file is ``tests/data/rechte.yaml``. What is tried is taken from the catalogue, so a new table, view, sequence or
function is in by itself, and fails until somebody has said in the file who may do what with it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL, make_url

from etl.warehouse import open_url
from etl.warehouse.embedded import ensure_database, running
from etl.warehouse.evidence import unprotected
from integration import rechte
from integration.gegenstellen import debian_postgres
from integration.rechte import ROLLEN, Cursor, Recht, Versuch

DATEI = rechte.gelesen()
RECHTE = rechte.rechte(DATEI)


@dataclass(frozen=True)
class Haus:
    """A migrated database: its owner's address, and a login for each of the roles, for all of them, and for none."""

    url: URL
    logins: dict[str, tuple[str, str]]

    def als(self, login: str) -> psycopg.Connection[tuple[object, ...]]:
        name, password = self.logins[login]
        return verbunden(self.url.set(username=name, password=password))


def verbunden(url: URL) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host=url.host, port=url.port, user=url.username, password=url.password, dbname=url.database, autocommit=True
    )


LOGINS = {"etl": ["etl"], "controller": ["controller"], "auditor": ["auditor"], "alle": [*ROLLEN], "niemand": []}


@contextmanager
def haus(server: str) -> Iterator[Haus]:
    """Make a database with its logins on the server; nothing of them stays."""
    name = f"rechte_{uuid.uuid4().hex[:12]}"
    url = make_url(ensure_database(server, name))
    with open_url(url.render_as_string(hide_password=False), role="auditor"):
        pass
    logins = {login: (f"{name}_{login}", uuid.uuid4().hex) for login in LOGINS}
    with verbunden(url) as connection:
        for login, (user, password) in logins.items():
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(user), sql.Literal(password))
            )
            for role in LOGINS[login]:
                connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(role), sql.Identifier(user)))
        # Without this nobody without a role could even enter: what is tried here is what would come after.
        user = logins["niemand"][0]
        connection.execute(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(name), sql.Identifier(user))
        )
    yield Haus(url, logins)
    with verbunden(make_url(server)) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        for user, _ in logins.values():
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(user)))


@pytest.fixture(scope="module")
def eingebettet(warehouse_server: str) -> Iterator[Haus]:
    with haus(warehouse_server) as built:
        yield built


@pytest.fixture(scope="module")
def auf_debian(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Haus]:
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.setenv("JOBCENTER_PG_BIN", str(debian_postgres()))
        yield stack.enter_context(haus(stack.enter_context(running(tmp_path_factory.mktemp("debian")))))


def versuche(cursor: Cursor, haus: Haus, rollen: list[str]) -> Iterator[Versuch]:
    """Yield all that a member of the roles tries."""
    for tabelle in rechte.tabellen(cursor):
        yield from rechte.an_tabelle(tabelle, RECHTE.get(tabelle.name, Recht()), rollen)
    for folge in rechte.folgen(cursor):
        yield from rechte.an_folge(folge)
    for funktion in rechte.funktionen(cursor):
        yield from rechte.an_funktion(funktion, RECHTE.get(funktion.name, Recht()), rollen)
    assert haus.url.username
    assert haus.url.database
    yield from rechte.ueberall(rollen, haus.url.username, haus.url.database, cursor.connection.info.backend_pid)
    for entry in DATEI["jedem_erlaubt"]:
        yield Versuch(entry["anweisung"], erlaubt=True)


def anders_als_gewollt(haus: Haus, login: str, rolle: str | None) -> tuple[int, list[str]]:
    """Try everything as a login, in the role or without; return how much that was, and what went otherwise."""
    with verbunden(haus.url) as owner, haus.als(login) as connection:
        if rolle:
            connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(rolle)))
        tried = list(versuche(owner.cursor(), haus, [rolle] if rolle else LOGINS[login]))
        went = [(versuch, rechte.ausgang(connection, versuch)) for versuch in tried]
    wrong = [
        f"{versuch.anweisung} -- {how}"
        for versuch, how in went
        if how != ("erlaubt" if versuch.erlaubt else "abgewiesen")
    ]
    return len(tried), wrong


WER = [*((login, None) for login in LOGINS), *((role, role) for role in ROLLEN)]


@pytest.mark.slow
@pytest.mark.parametrize("server", ["eingebettet", "auf_debian"])
@pytest.mark.parametrize(("login", "rolle"), WER, ids=str)
def test_everything_that_is_not_named_is_refused(
    server: str, login: str, rolle: str | None, request: pytest.FixtureRequest
) -> None:
    number, wrong = anders_als_gewollt(request.getfixturevalue(server), login, rolle)
    assert not wrong, "\n".join(wrong)
    assert number > 1500


# --- what the catalogue says ----------------------------------------------------------------------------------------


def erwartet() -> set[tuple[str, str, str, str]]:
    """Return every right that the file names: object, column, role, kind of right."""
    rights = {("schema", "", role, kind) for kind, roles in DATEI["schema"].items() for role in roles}
    rights |= {("datenbank", "", role, kind) for kind, roles in DATEI["datenbank"].items() for role in roles}
    for name, recht in RECHTE.items():
        rights |= {(name, "", role, "SELECT") for role in recht.liest}
        rights |= {(name, "", role, "EXECUTE") for role in recht.fuehrt_aus}
        for role, columns in (recht.ergaenzt or {}).items():
            rights |= {(name, column, role, "INSERT") for column in ([""] if columns == rechte.ALLE else columns)}
    return rights


CATALOGUE = """
WITH recht (objekt, spalte, eigner, acl) AS (
    SELECT 'schema', '', nspowner, nspacl FROM pg_namespace WHERE nspname = 'jobcenter'
    UNION ALL
    SELECT 'datenbank', '', datdba, datacl FROM pg_database WHERE datname = current_database()
    UNION ALL
    SELECT relname, '', relowner, relacl FROM pg_class WHERE relnamespace = 'jobcenter'::regnamespace
    UNION ALL
    SELECT c.relname, a.attname, c.relowner, a.attacl FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'jobcenter'::regnamespace AND a.attacl IS NOT NULL
    UNION ALL
    SELECT replace(oid::regprocedure::text, 'jobcenter.', ''), '', proowner,
        coalesce(proacl, acldefault('f', proowner))
    FROM pg_proc WHERE pronamespace = 'jobcenter'::regnamespace
)
SELECT r.objekt, r.spalte, coalesce(g.rolname, 'PUBLIC') || CASE WHEN a.is_grantable THEN ' (gibt weiter)' ELSE '' END,
    a.privilege_type
FROM recht AS r CROSS JOIN LATERAL aclexplode(r.acl) AS a LEFT JOIN pg_roles AS g ON g.oid = a.grantee
WHERE a.grantee <> r.eigner AND coalesce(g.rolname, '') NOT LIKE 'rechte\\_%\\_niemand'
"""


def test_the_catalogue_holds_the_rights_of_the_file_and_no_others(eingebettet: Haus) -> None:
    with verbunden(eingebettet.url) as connection:
        assert {tuple(map(str, row)) for row in connection.execute(CATALOGUE).fetchall()} == erwartet()
        objects = {table.name for table in rechte.tabellen(connection.cursor())}
        objects |= {function.name for function in rechte.funktionen(connection.cursor())}
        assert objects == set(RECHTE), "every object is in the file"
        views = {table.name for table in rechte.tabellen(connection.cursor()) if table.sicht}
        assert views == set(DATEI["sichten"])


def test_the_roles_are_nobody_and_belong_to_nobody(eingebettet: Haus) -> None:
    with verbunden(eingebettet.url) as connection:
        attributes = connection.execute(
            "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s) AND (rolsuper OR rolcanlogin OR rolcreaterole "
            "OR rolcreatedb OR rolreplication OR rolbypassrls)",
            [list(ROLLEN)],
        ).fetchall()
        members = connection.execute(
            "SELECT m.member::regrole::text, m.roleid::regrole::text FROM pg_auth_members m "
            "WHERE m.member::regrole::text = ANY(%s)",
            [list(ROLLEN)],
        ).fetchall()
        definers = connection.execute(
            "SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'jobcenter'::regnamespace AND "
            "(prosecdef OR proconfig IS NULL OR NOT 'search_path=pg_catalog' = ANY (proconfig))"
        ).fetchall()
    assert (attributes, members, definers) == ([], [], [])


def test_every_guard_that_the_owner_switches_off_is_noticed(eingebettet: Haus) -> None:
    """Also one of a later migration: ``jobcenter verify`` asks for each that the catalogue has."""
    with verbunden(eingebettet.url) as connection:
        cursor = connection.cursor()
        assert unprotected(cursor) == []
        found = cursor.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE c.relnamespace = 'jobcenter'::regnamespace AND NOT t.tgisinternal ORDER BY 1, 2"
        ).fetchall()
        guards = [(str(table), str(guard)) for table, guard in found]
        assert len(guards) > 30
        for table, guard in guards:
            for how in ("DISABLE TRIGGER", "ENABLE TRIGGER", "ENABLE REPLICA TRIGGER"):
                statement = sql.SQL("ALTER TABLE jobcenter.{} {} {}").format(
                    sql.Identifier(table), sql.SQL(how), sql.Identifier(guard)
                )
                with connection.transaction(force_rollback=True):
                    cursor.execute(statement)
                    assert unprotected(cursor) == [table], (table, guard, how)
