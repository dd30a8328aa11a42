"""What TLS is asked for, by address; that the connections hold is in ``tests/integration/test_tls.py``."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import make_url

from etl import tls
from etl.errors import UsageError


@pytest.fixture(autouse=True)
def _nothing_in_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("PGHOST", "PGHOSTADDR", "PGSERVICE", "PGSSLMODE", "PGSSLROOTCERT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SSL_CERT_FILE", __file__)


def options(rest: str) -> dict[str, str]:
    return tls.options(make_url(f"postgresql+psycopg://{rest}"))


PROVED = {"sslmode": "verify-full", "sslrootcert": __file__}


@pytest.mark.parametrize(
    "rest", ["/d", "u@127.0.0.1/d", "u@127.0.0.9/d", "u@[::1]/d", "u@localhost/d", "u@/d?host=/run/pg"]
)
def test_this_machine_needs_none(rest: str) -> None:
    assert options(rest) == {}


@pytest.mark.parametrize(
    "rest",
    [
        "u@db/d",
        "u@10.0.0.1/d",
        "u@db/d?hostaddr=127.0.0.1",  # a tunnel: what is behind it is elsewhere
        "u@localhost/d?hostaddr=10.0.0.1",
        "u@/d?host=localhost&host=db",
        "/d?service=haus",
        "u@localhost.example/d",
        "u@127.0.0.1.example/d",
    ],
)
def test_every_other_machine_must_prove_itself(rest: str) -> None:
    assert options(rest) == PROVED


@pytest.mark.parametrize(("name", "value"), [("PGHOST", "db"), ("PGHOSTADDR", "10.0.0.1"), ("PGSERVICE", "haus")])
def test_the_environment_can_name_another_machine(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    assert options("/d") == PROVED
    monkeypatch.setenv("PGSSLMODE", "prefer")
    with pytest.raises(UsageError, match="sslmode=prefer"):
        options("/d")


def test_what_is_asked_for_is_kept(tmp_path: Path) -> None:
    assert options("u@db/d?sslmode=require") == {"sslmode": "require"}
    assert options("u@db/d?sslmode=verify-ca") == PROVED | {"sslmode": "verify-ca"}
    assert options("u@localhost/d?sslmode=verify-full") == PROVED
    assert options("u@localhost/d?sslmode=disable") == {"sslmode": "disable"}
    assert options("u@db/d?sslrootcert=/x.pem") == {"sslmode": "verify-full"}
    (tmp_path / ".postgresql").mkdir()
    (tmp_path / ".postgresql" / "root.crt").touch()
    assert options("u@db/d") == {"sslmode": "verify-full"}
