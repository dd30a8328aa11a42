"""Where the matrix is run: a place of its own with real limits: file systems that fill up, a server to kill.

::

    <wurzel>/lieferung/     the delivery, with a canary among its persons
    <wurzel>/server/        file system of its own: the PostgreSQL server
    <wurzel>/stand/<n>/     home and recipients as they are before the n-th step (undisturbed)
    <wurzel>/zelle/         file system of its own: home and temporary files of the cell that runs
    <wurzel>/ziel/          file system of its own: the folders of the recipients

File systems of their own need a mount namespace (root): they vanish with the process, whatever becomes of it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import psycopg
import yaml
from sqlalchemy import make_url

from etl.demo import DemoRequest, generate
from etl.monat import Monat
from etl.warehouse.embedded import ensure_database, running
from integration.gegenstellen import KENNWORT, Leitung, Postamt, Server, postamt, sshd
from stoerungen.schritt import SCHRITTE

if TYPE_CHECKING:
    from stoerungen.vergleich import Zaehler

MONAT = Monat(2026, 8)
NAMENSRAUM = "STOERUNGEN_NAMENSRAUM"
"""Set in the environment of a matrix that runs in a mount namespace of its own."""

PATIENCE_SECONDS = 600
HANGS = 124
"""Status of a step that had to be ended."""
_SIZES = {"server": "1200m", "zelle": "800m", "ziel": "100m"}
_SCHRITT = Path(__file__).with_name("schritt.py")
_PFADE = os.pathsep.join(str(path) for path in Path(__file__).parents[1:3])
"""The tests, as pytest finds them, and this very checkout."""


@dataclass(frozen=True)
class Ausgang:
    """How a step ended: its exit status (negative: the signal that ended it) and everything it said."""

    status: int
    text: str


@dataclass(frozen=True)
class Lauf:
    """A step that runs in a process of its own."""

    said: Path
    process: subprocess.Popen[bytes] | None
    """The process, unless it was forked (then its number and status come from files)."""

    @property
    def pid(self) -> int:
        if self.process:
            return self.process.pid
        return _number(self.said.with_suffix(".pid"), PATIENCE_SECONDS)

    def status(self) -> int | None:
        """Return the exit status, None while it runs."""
        if self.process:
            return self.process.poll()
        path = self.said.with_suffix(".status")
        return int(path.read_text()) if path.exists() else None

    def wait_until_stopped(self) -> bool:
        """Wait for the moment; False when the step ended before it came."""
        watched, deadline = psutil.Process(self.pid), time.monotonic() + PATIENCE_SECONDS
        while self.status() is None:
            with suppress(psutil.NoSuchProcess):
                if watched.status() == psutil.STATUS_STOPPED:
                    return True
            assert time.monotonic() < deadline, "der Schritt kam nicht bis zu seinem Moment"
            time.sleep(0.02)
        return False

    def go_on(self) -> None:
        """Let a stopped step go on."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGCONT)

    def wait(self, seconds: float) -> bool:
        """Wait so long for the end; return whether it came."""
        deadline = time.monotonic() + seconds
        while self.status() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        return self.status() is not None

    def ended(self, patience: float = PATIENCE_SECONDS) -> Ausgang:
        """Wait for the end; a step that hangs is killed, as the time limit of its task kills it, and says so."""
        if not self.wait(patience):
            os.kill(self.pid, signal.SIGKILL)
            self.wait(PATIENCE_SECONDS)
            return Ausgang(HANGS, f"{self.said.read_text()}\nDER SCHRITT HÄNGT")
        return Ausgang(self.status() or 0, self.said.read_text(encoding="utf-8"))


def _number(path: Path, seconds: float) -> int:
    """Read a number from a file that is about to be there."""
    deadline = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < deadline, f"{path.name} kam nicht"
        time.sleep(0.005)
    return int(path.read_text())


@dataclass
class Ort:
    """The place, its server and its counterparts; the state of home and database is that of the cell that runs."""

    wurzel: Path
    mounted: bool
    server: str
    post: Postamt | None
    sftp: Server | None
    stack: ExitStack
    steps: subprocess.Popen[bytes]
    reference: str = ""
    effects: dict[str, list[str]] = field(default_factory=dict)
    airflow: dict[str, tuple[Ausgang, Zaehler, list[str]]] = field(default_factory=dict)
    """What the local Airflow said when it was killed in each step, and what its run left; all are killed in one run."""
    _runs: int = 0

    @property
    def home(self) -> Path:
        return self.wurzel / "zelle" / "home"

    @property
    def tmp(self) -> Path:
        return self.wurzel / "zelle" / "tmp"

    @property
    def ziel(self) -> Path:
        return self.wurzel / "ziel"

    @property
    def lieferung(self) -> Path:
        return self.wurzel / "lieferung"

    @property
    def empfaenger(self) -> Path:
        return self.wurzel / "empfaenger.yaml"

    @property
    def cluster(self) -> Path:
        return self.wurzel / "server" / "warehouse" / "daten"

    def warehouse(self, database: str = "zelle") -> str:
        """Return the address of the warehouse of the cell."""
        return make_url(self.server).set(database=database).render_as_string(hide_password=False)

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment of a step."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("JOBCENTER_", "STOERUNG"))}
        return kept | {
            "JOBCENTER_HOME": str(self.home),
            "JOBCENTER_WAREHOUSE": self.warehouse(),
            "JOBCENTER_EMPFAENGER": str(self.empfaenger),
            "TMPDIR": str(self.tmp),
            "NO_COLOR": "1",
            "COLUMNS": "200",
            "PYTHONPATH": _PFADE,
            "PYTHONDONTWRITEBYTECODE": "1",
            "STOERUNG_ORT": str(self.wurzel),
            "STOERUNG_LIEFERUNG": str(self.lieferung),
            "STOERUNG_REFERENZ": self.reference,
            "STOERUNG_MONAT": str(MONAT),
            **more,
        }

    def start(self, schritt: str, *, before: Sequence[str] = (), halt: str = "", **environment: str) -> Lauf:
        """Start a step; ``before``: a command that runs it, such as ``faketime``; ``halt``: see ``schritt.py``.

        It is forked from a process that has imported everything, unless it must begin in another way.
        """
        self._runs += 1
        said = self.wurzel / f"gesagt-{self._runs}.txt"
        environment |= {"STOERUNG_HALT": halt} if halt else {}
        if before or "LD_PRELOAD" in environment:
            with said.open("wb") as stream:
                process = subprocess.Popen(
                    [*before, sys.executable, str(_SCHRITT), schritt],
                    env=self.environment(**environment),
                    stdin=subprocess.DEVNULL,
                    stdout=stream,
                    stderr=subprocess.STDOUT,
                )
            return Lauf(said, process)
        order = {"step": schritt, "said": str(said), "environment": self.environment(**environment)}
        assert self.steps.stdin
        self.steps.stdin.write(f"{json.dumps(order)}\n".encode())
        self.steps.stdin.flush()
        return Lauf(said, None)

    def run(self, schritt: str, *, before: Sequence[str] = (), halt: str = "", **environment: str) -> Ausgang:
        """Run a step to its end."""
        return self.start(schritt, before=before, halt=halt, **environment).ended()

    # --- states ---------------------------------------------------------------------------------------------------

    def keep(self, number: int) -> None:
        """Keep home, recipients and database as the undisturbed state after ``number`` steps."""
        for name in ("zelle", "ziel"):
            shutil.copytree(self.wurzel / name, self.stand(number) / name, symlinks=True)
        self.execute(f"CREATE DATABASE stand_{number} TEMPLATE zelle")

    def stand(self, number: int) -> Path:
        """Return the folder of a kept state."""
        return self.wurzel / "stand" / str(number)

    def restore(self, number: int) -> None:
        """Make the cell what it is before step ``number`` (from 0), on fresh file systems."""
        for name in ("zelle", "ziel"):
            self._fresh(name)
            shutil.copytree(self.stand(number) / name, self.wurzel / name, symlinks=True, dirs_exist_ok=True)
        self.execute("DROP DATABASE IF EXISTS zelle WITH (FORCE)", f"CREATE DATABASE zelle TEMPLATE stand_{number}")
        if self.post:
            self.post.nachrichten.clear()
            self.post.antworten.clear()

    def _fresh(self, name: str) -> None:
        folder = self.wurzel / name
        if self.mounted:
            _unmount(folder)
            _mount(folder, _SIZES[name])
        else:
            _writable(folder)
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()

    # --- the server -----------------------------------------------------------------------------------------------

    def execute(self, *statements: str) -> list[tuple[object, ...]]:
        """Send statements to the server as its owner; return the rows of the last one."""
        with self.connected("postgres") as connection:
            for statement in statements:
                cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def connected(self, database: str = "zelle") -> Iterator[psycopg.Connection[tuple[object, ...]]]:
        """Yield a connection as owner of everything."""
        url = make_url(self.server)
        with psycopg.connect(
            host=url.host, port=url.port, user=url.username, password=url.password, dbname=database, autocommit=True
        ) as connection:
            yield connection

    def kill_server(self) -> None:
        """Kill every process of the database server, -9."""
        for process in self.server_processes():
            with suppress(psutil.NoSuchProcess):
                process.kill()
        while self.server_processes():
            time.sleep(0.02)

    def server_processes(self) -> list[psutil.Process]:
        """Return the processes of the server that live."""
        try:
            postmaster = psutil.Process(int((self.cluster / "postmaster.pid").read_text().splitlines()[0]))
            return [p for p in (*postmaster.children(), postmaster) if p.status() != psutil.STATUS_ZOMBIE]
        except (OSError, IndexError, ValueError, psutil.NoSuchProcess):
            return []

    def revive_server(self) -> None:
        """Start the server again; it recovers by itself, on the same port."""
        again = self.stack.enter_context(running(self.cluster.parent))
        assert make_url(again).port == make_url(self.server).port, "der Server kam auf einem anderen Port zurück"

    # --- counterparts ---------------------------------------------------------------------------------------------

    def write_recipients(self, *, sftp_port: int | None = None, mail_port: int | None = None) -> None:
        """Write the file of recipients: a folder, and an SFTP and an SMTP server where there are some."""
        entries = [("Fachbereich", {"ordner": {"pfad": str(self.ziel / "ordner")}})]
        if self.sftp:
            entries += [("Statistikstelle", dict(self.sftp.weg(self.ziel / "sftp", port=sftp_port or self.sftp.port)))]
        if self.post:
            entries += [("Dezernat", dict(self.post.weg(port=mail_port or self.post.port)))]
        known = [
            {"name": name, "kreis": "landkreis", "produkte": ["arbeitsmappe"], "weg": way} for name, way in entries
        ]
        self.empfaenger.write_text(yaml.safe_dump({"empfaenger": known}), encoding="utf-8")


@contextmanager
def ort(wurzel: Path) -> Iterator[Ort]:
    """Build the place, run the steps once undisturbed, yield it, and take everything down again."""
    mounted = bool(os.environ.get(NAMENSRAUM))
    with ExitStack() as stack:
        wurzel.mkdir(parents=True)
        stack.callback(_remove, wurzel, mounted)
        for name, size in _SIZES.items():
            (wurzel / name).mkdir()
            if mounted:
                _mount(wurzel / name, size)
        server = stack.enter_context(running(wurzel / "server" / "warehouse"))
        post = stack.enter_context(postamt(wurzel / "post"))
        (wurzel / "kennwort").write_text(KENNWORT)
        (wurzel / "kennwort").chmod(0o600)
        sftp = stack.enter_context(sshd(wurzel / "sshd")) if _has_sshd() else None
        place = Ort(wurzel, mounted, server, post, sftp, stack, stack.enter_context(_forking()))
        place.reference = delivered(place.lieferung)
        place.write_recipients()
        _undisturbed(place)
        yield place


@contextmanager
def _forking() -> Iterator[subprocess.Popen[bytes]]:
    """Run the process that forks steps."""
    environment = os.environ | {"PYTHONPATH": _PFADE, "NO_COLOR": "1", "COLUMNS": "200"}
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", str(_SCHRITT)],
        stdin=subprocess.PIPE,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    assert process.stdin
    try:
        yield process
    finally:
        process.stdin.close()
        process.wait()


def _undisturbed(place: Ort) -> None:
    """Run every step without a fault; keep each state, and the effects of each step."""
    (place.home / "schluessel").mkdir(parents=True)
    key = place.home / "schluessel" / "pseudonym.key"
    key.write_bytes(bytes(range(32)))
    key.chmod(0o600)
    place.tmp.mkdir()
    for name in ("ordner", "sftp"):
        (place.ziel / name).mkdir()
    ensure_database(place.server, "zelle")
    # A warehouse that is set up already: making its tables is the affair of tests/integration.
    from etl.settings import Settings
    from etl.warehouse import connect

    with connect(Settings(home=place.home, warehouse=place.warehouse()), role="etl"):
        pass
    place.keep(0)
    for number, schritt in enumerate(SCHRITTE, 1):
        log = place.wurzel / f"wirkungen-{schritt}.txt"
        outcome = place.run(schritt, STOERUNG_PROTOKOLL=str(log))
        assert outcome.status == 0, f"{schritt} scheitert ohne Störung: {outcome.text}"
        place.effects[schritt] = log.read_text(encoding="utf-8").splitlines()
        place.keep(number)
    if place.post:
        assert len(place.post.nachrichten) == 1


KANARIENVOGEL = {"DEMO-P-0000001": "KANARI0001"}
"""The person of the delivery whose key and birth date must not turn up anywhere: with the traces of ``kanarie``."""


def delivered(folder: Path) -> str:
    """Write a small invented delivery with a canary; return its reference."""
    request = DemoRequest(bis=MONAT, monate=27, personen=300, seed=1, format="csv")
    generate(request, folder)
    manifest = json.loads((folder / "lieferung.json").read_text(encoding="utf-8"))
    for entry in manifest["dateien"]:
        path = folder / entry["datei"]
        text = path.read_text(encoding="utf-8")
        for old, new in KANARIENVOGEL.items():
            text = "\n".join(
                line.replace(old, new).replace("1968-11-16", "1973-10-17") if old in line else line
                for line in text.split("\n")
            )
        path.write_bytes(text.encode())
        entry["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "lieferung.json").write_text(json.dumps(manifest), encoding="utf-8")
    return f"{manifest['traegernummer']}/{manifest['lieferung_id']}"


def cut(port: int, *, after: int) -> Leitung:
    """Open a line to a port that breaks for ever after so many bytes, so also for a second attempt."""
    return Leitung(port, bytes_bis=after, abbrueche=1_000_000)


def fill(folder: Path) -> Path:
    """Fill the file system of ``folder`` to the last byte; return the file that must be removed to free it."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as stream:
        for chunk in (1 << 20, 1 << 12, 1):
            with suppress(OSError):
                while True:
                    stream.write(bytes(chunk))
    return ballast


def heute() -> str:
    """Return the day of the run, for the head of the report."""
    return dt.datetime.now(dt.UTC).date().isoformat()


def _has_sshd() -> bool:
    return bool(shutil.which("sshd") or shutil.which("sshd", path="/usr/sbin"))


def _mount(folder: Path, size: str) -> None:
    command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "stoerungen", str(folder)]
    subprocess.run(command, check=True)


def _unmount(folder: Path) -> None:
    while folder.is_mount():
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _writable(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o700)


def _remove(wurzel: Path, mounted: bool) -> None:
    for name in _SIZES:
        if mounted:
            _unmount(wurzel / name)
    _writable(wurzel)
    shutil.rmtree(wurzel)
