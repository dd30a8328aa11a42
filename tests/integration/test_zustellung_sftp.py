"""Delivery by SFTP to OpenSSH's own server."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from etl import zustellen
from etl.errors import JobcenterError, NotDeliverableError, UnreachableError
from etl.settings import Settings
from integration.berichte import (
    BERICHT,
    DATEIEN,
    eingerichtet,
    empfaenger,
    freigegeben,
    inhalt,
    ohne_quittungen,
    prozess,
    warte_auf,
    zugestellt,
)
from integration.gegenstellen import Leitung, Server, freier_port, neuer_schluessel, require_sshd, sshd

pytestmark = pytest.mark.slow  # a real server
MAPPE = "arbeitsmappe/2026-08_Monatsbericht.xlsx"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    require_sshd()
    with sshd(tmp_path_factory.mktemp("sshd") / "server") as running:
        yield running


@pytest.fixture
def settings(tmp_path: Path, warehouse_url: str) -> Settings:
    found = Settings(home=tmp_path / "home", warehouse=warehouse_url)
    freigegeben(found)
    return found


@pytest.fixture
def ziel(tmp_path: Path) -> Path:
    (tmp_path / "eingang").mkdir()
    return tmp_path / "eingang"


def only_error(settings: Settings, pauses: tuple[float, ...] = ()) -> JobcenterError:
    (result,) = zugestellt(settings, pauses)
    assert result.fehler is not None
    assert zustellen.receipts(settings, BERICHT) == []
    return result.fehler


def test_the_files_arrive_and_are_read_back(settings: Settings, server: Server, ziel: Path) -> None:
    settings = eingerichtet(settings, empfaenger("Land", server.weg(ziel)))
    (result,) = zugestellt(settings)
    assert (result.neu, [q.probe for q in result.quittungen]) == (True, ["inhalt"])
    (folder,) = ziel.iterdir()
    assert inhalt(folder) == {MAPPE: DATEIEN[f"landkreis/{MAPPE}"]}
    assert not zugestellt(settings)[0].neu


def test_a_known_hosts_file_is_as_good_as_a_pinned_key(settings: Settings, server: Server, ziel: Path) -> None:
    known = settings.home / "known_hosts"
    known.write_text(f"[127.0.0.1]:{server.port} {server.hostkey}\n")
    way = server.weg(ziel, serverschluessel={"known_hosts": "known_hosts"})  # beside the file of recipients
    assert zugestellt(eingerichtet(settings, empfaenger("Land", way)))[0].neu


@pytest.mark.parametrize("how", ["pinned", "known_hosts", "unknown"])
def test_another_host_key_is_never_accepted(settings: Settings, server: Server, ziel: Path, how: str) -> None:
    other = neuer_schluessel(settings.home / "fremd")
    known = settings.home / "known_hosts"
    known.write_text(f"[127.0.0.1]:{server.port} {other}\n" if how == "known_hosts" else "")
    pinned = {"schluessel": [other]} if how == "pinned" else {"known_hosts": str(known)}
    settings = eingerichtet(settings, empfaenger("Land", server.weg(ziel, serverschluessel=pinned)))
    error = only_error(settings, (0.0, 0.0))
    assert isinstance(error, NotDeliverableError)
    assert "anderen Schlüssel" in error.message
    assert not inhalt(ziel)


def test_a_login_that_is_refused(
    settings: Settings, server: Server, ziel: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    (settings.home / "kennwort").write_text("streng-geheim-4711\n")
    neuer_schluessel(settings.home / "falsch")
    for login in ({"kennwort_datei": "kennwort"}, {"schluessel_datei": "falsch"}):
        wrong = eingerichtet(settings, empfaenger("Land", server.weg(ziel, anmeldung=login)))
        error = only_error(wrong)
        assert isinstance(error, NotDeliverableError)
        assert "abgelehnt" in error.message
        assert "streng-geheim" not in f"{error.message}{error.hint}{caplog.text}"


def test_a_secret_that_is_missing(settings: Settings, server: Server, ziel: Path) -> None:
    for login in ({"kennwort_variable": "JOBCENTER_GIBT_ES_NICHT"}, {"schluessel_datei": "gibt-es-nicht"}):
        error = only_error(eingerichtet(settings, empfaenger("Land", server.weg(ziel, anmeldung=login))))
        assert isinstance(error, NotDeliverableError)
        assert "Geheimnis" in error.message


def test_nobody_answers(settings: Settings, server: Server, ziel: Path) -> None:
    settings = eingerichtet(settings, empfaenger("Land", server.weg(ziel, port=freier_port())))
    assert isinstance(only_error(settings, (0.0,)), UnreachableError)


def test_a_line_that_breaks_in_the_middle_is_tried_again(
    settings: Settings, server: Server, ziel: Path, caplog: pytest.LogCaptureFixture
) -> None:
    line = Leitung(server.port, bytes_bis=20_000, abbrueche=2)
    settings = eingerichtet(settings, empfaenger("Land", server.weg(ziel, port=line.port)))
    assert isinstance(only_error(settings), UnreachableError)  # one attempt
    (part,) = ziel.iterdir()
    assert (part.name[0], part.suffix) == (".", ".teil")
    (result,) = zugestellt(settings, (0.0,))  # the first breaks again, the second holds
    line.close()
    assert (result.neu, line.verbindungen) == (True, 3)
    assert [record.name for record in caplog.records if record.name == "asyncio"] == []  # no line for every piece
    (folder,) = ziel.iterdir()
    assert inhalt(folder) == {MAPPE: DATEIEN[f"landkreis/{MAPPE}"]}


def test_the_server_is_full(settings: Settings, tmp_path: Path, ziel: Path) -> None:
    require_sshd()
    with sshd(tmp_path / "voll", hoechstens=10_000) as full:
        error = only_error(eingerichtet(settings, empfaenger("Land", full.weg(ziel))), (0.0,))
    assert isinstance(error, NotDeliverableError)
    assert "Speicher" in error.message
    assert all(folder.name.startswith(".") for folder in ziel.iterdir())


@pytest.mark.parametrize("how", ["read-only", "no folder"])
def test_writing_is_forbidden(settings: Settings, tmp_path: Path, ziel: Path, how: str) -> None:
    require_sshd()
    with sshd(tmp_path / "server", sftp="internal-sftp -R" if how == "read-only" else "internal-sftp") as running:
        folder = ziel if how == "read-only" else ziel / "gibt-es-nicht"
        error = only_error(eingerichtet(settings, empfaenger("Land", running.weg(folder))))
    assert isinstance(error, NotDeliverableError)
    assert "nicht schreiben" in error.message


def test_where_reading_is_forbidden_the_sizes_are_compared(settings: Settings, tmp_path: Path, ziel: Path) -> None:
    require_sshd()
    # A letter box: the server forbids to read. Opening for reading is the request „read“ of the protocol.
    with sshd(tmp_path / "briefkasten", sftp="internal-sftp -P read") as box:
        (result,) = zugestellt(eingerichtet(settings, empfaenger("Land", box.weg(ziel))))
    assert [q.probe for q in result.quittungen] == ["groesse"]


def test_another_content_under_the_same_name_is_not_overwritten(settings: Settings, server: Server, ziel: Path) -> None:
    name = zugestellt(eingerichtet(settings, empfaenger("Land", server.weg(ziel))))[0].quittungen[0].sendung
    (ziel / name / MAPPE).write_bytes(b"veraendert")
    (result,) = zugestellt(eingerichtet(settings, empfaenger("Landkreis", server.weg(ziel))))
    assert isinstance(result.fehler, NotDeliverableError)
    assert f"anders ist {MAPPE}" in result.fehler.message
    assert (ziel / name / MAPPE).read_bytes() == b"veraendert"


def test_killed_between_sending_and_receipt(settings: Settings, server: Server, ziel: Path) -> None:
    settings = eingerichtet(settings, empfaenger("Land", server.weg(ziel)))
    with ohne_quittungen(settings):
        process = prozess(settings)
        warte_auf(settings, "relation")
        process.kill()
        process.communicate()
    arrived = {path: path.stat().st_mtime_ns for path in ziel.rglob("*")}
    assert zugestellt(settings)[0].neu
    assert {path: path.stat().st_mtime_ns for path in ziel.rglob("*")} == arrived
    assert len(zustellen.receipts(settings, BERICHT)) == 1
