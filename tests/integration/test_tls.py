"""Encrypted connections to PostgreSQL: Debian's server with a certificate of its own, and one without TLS."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import psycopg
import pyarrow as pa
import pytest
from sqlalchemy import URL, make_url

from etl.errors import ContractBreachError, SourceUnavailableError, UsageError, WarehouseError
from etl.extract.archive import Archive, Delivery
from etl.extract.database import open_database
from etl.monat import Monat
from etl.warehouse import CELLS, load_cells, open_url
from etl.warehouse.embedded import running
from etl.warehouse.migrations import migrations
from integration.gegenstellen import debian_postgres, zertifikat

NAME = "db.jobcenter.test"
"""The name of the other machine; ``hostaddr`` says that it is this one, so that no DNS is asked."""


@dataclass(frozen=True)
class Server:
    """A server with TLS, and the certificate that it shows: for NAME, by itself."""

    url: URL
    zertifikat: Path

    def als(self, rechner: str = NAME, **options: str) -> str:
        """Return its address as that of another machine, with options of the connection."""
        return as_another_machine(self.url, rechner, **options)


def as_another_machine(url: URL, rechner: str, **options: str) -> str:
    return url.set(host=rechner, query={"hostaddr": "127.0.0.1", **options}).render_as_string(hide_password=False)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("tls") / "warehouse"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JOBCENTER_PG_BIN", str(debian_postgres()))
        with running(folder) as text:
            paths = zertifikat(folder, NAME)
            for path in paths:
                os.chown(path, folder.stat().st_uid, folder.stat().st_gid)
            _switch_on(make_url(text), *paths)
            yield Server(make_url(text), paths[0])


def _connected(url: URL) -> psycopg.Connection[tuple[object, ...]]:
    login = f"host={url.host} port={url.port} user={url.username} password={url.password} dbname={url.database}"
    return psycopg.connect(login, sslmode="prefer", autocommit=True)


def _switch_on(url: URL, certificate: Path, key: Path) -> None:
    with _connected(url) as connection:
        for name, value in (("ssl", "on"), ("ssl_cert_file", certificate), ("ssl_key_file", key)):
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'".encode())
        connection.execute("SELECT pg_reload_conf()")
    for _ in range(300):  # the server reads its settings when it comes to it
        with _connected(url) as connection:
            if connection.pgconn.ssl_in_use:
                return
        time.sleep(0.1)
    pytest.fail("The server has not switched on TLS.")


def encrypted(url: str) -> bool:
    """Connect as the warehouse does and return whether the connection is encrypted."""
    with open_url(url, role="auditor") as connection:
        raw = connection.connection.driver_connection
        assert isinstance(raw, psycopg.Connection)
        return raw.pgconn.ssl_in_use


def test_a_load_into_an_empty_database_over_a_proved_connection(server: Server) -> None:
    """Also: the whole schema and a load on the PostgreSQL of Debian."""
    row = ("2026-08", "ELB", "INSGESAMT", "INSGESAMT", Decimal(1), 0, "ok")
    cells = pa.table([pa.array([value]) for value in row], names=CELLS.names)
    archive = Archive(Path(), Delivery("L1", "T1", dt.datetime(2026, 9, 10, tzinfo=dt.UTC)), "a" * 64, {})
    with open_url(server.als(sslrootcert=str(server.zertifikat)), role="etl") as connection:
        assert load_cells(connection, archive, Monat(2026, 8), cells, None).ladung_id == 1
        with connection.begin():
            applied = connection.exec_driver_sql("SELECT count(*) FROM jobcenter.migration").scalar_one()
            version = str(connection.exec_driver_sql("SHOW server_version").scalar_one())
    assert applied == len(migrations())
    assert "Debian" in version
    assert encrypted(server.als(sslrootcert=str(server.zertifikat)))


def test_the_certificate_of_the_environment_counts_too(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGSSLROOTCERT", str(server.zertifikat))
    assert encrypted(server.als())


def test_without_a_word_about_it_the_authorities_of_this_machine_count(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.zertifikat))  # as if the house's authority were installed
    assert encrypted(server.als())


def test_who_asks_for_encryption_only_gets_it(server: Server) -> None:
    assert encrypted(server.als(sslmode="require"))


def refused(url: str) -> tuple[WarehouseError, SourceUnavailableError]:
    """Return how an address is refused as a warehouse and as a source; neither shows the password."""
    with pytest.raises(WarehouseError) as warehouse, open_url(url, role="etl"):
        pass
    with pytest.raises(SourceUnavailableError) as source, open_database(url):
        pass
    password = str(make_url(url).password)
    for caught in (warehouse.value, source.value):
        assert password not in f"{caught.message}{caught.hint}"
    return warehouse.value, source.value


def test_a_certificate_that_nobody_vouches_for_is_refused(server: Server, tmp_path: Path) -> None:
    other, _ = zertifikat(tmp_path, NAME)
    for options in ({}, {"sslrootcert": str(other)}, {"sslmode": "verify-ca", "sslrootcert": str(other)}):
        for error in refused(server.als(**options)):
            assert "nicht von einer Zertifizierungsstelle, der hier vertraut wird" in error.message


def test_the_certificate_of_another_machine_is_refused(server: Server) -> None:
    for error in refused(server.als("andere.jobcenter.test", sslrootcert=str(server.zertifikat))):
        assert "gilt für einen anderen Rechnernamen" in error.message


def test_a_server_without_tls_is_refused(warehouse_server: str) -> None:
    url = make_url(warehouse_server)
    for options in ({}, {"sslmode": "require"}):
        for error in refused(as_another_machine(url, NAME, **options)):
            assert "bietet keine verschlüsselte Verbindung an" in error.message


def test_certificates_that_are_not_there_are_named(server: Server, tmp_path: Path) -> None:
    for error in refused(server.als(sslrootcert=str(tmp_path / "gibt-es-nicht.pem"))):
        assert "Zertifizierungsstelle fehlt oder ist nicht lesbar" in error.message


def test_a_source_is_read_over_a_proved_connection(server: Server) -> None:
    reached = pytest.raises(ContractBreachError, match="Im Quellschema fehlt die Tabelle")
    with reached, open_database(server.als(sslrootcert=str(server.zertifikat)) + "&schema=leer"):
        pass


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer", "unsinn"])
def test_what_may_be_unencrypted_is_refused_before_anything_is_sent(mode: str) -> None:
    for opened in (lambda url: open_url(url, role="etl"), open_database):
        url = f"postgresql+psycopg://leser:geheim-4711@{NAME}/fach?sslmode={mode}"
        with pytest.raises(UsageError, match=f"„fach“ auf {NAME} muss verschlüsselt sein") as caught, opened(url):
            pass
        assert "geheim-4711" not in f"{caught.value.message}{caught.value.hint}"
