"""Fixtures of all tests: a real PostgreSQL, embedded, one server per test session and one database per test."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from etl.warehouse.embedded import ensure_database, running


@pytest.fixture(scope="session")
def warehouse_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """SQLAlchemy URL of an embedded PostgreSQL that lives as long as the test session."""
    with running(tmp_path_factory.mktemp("warehouse")) as url:
        yield url


@pytest.fixture
def warehouse_url(warehouse_server: str) -> Iterator[str]:
    """SQLAlchemy URL of a fresh, empty database on the embedded server."""
    name = f"test_{uuid.uuid4().hex}"
    yield ensure_database(warehouse_server, name)
    server = make_url(warehouse_server)
    with psycopg.connect(
        host=server.host,
        port=server.port,
        user=server.username,
        password=server.password,
        dbname=server.database,
        autocommit=True,
    ) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
