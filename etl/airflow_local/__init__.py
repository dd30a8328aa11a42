"""A local Airflow with our DAGs: its own supervisor, its database in the embedded PostgreSQL, one command.

Everything of it lies in ``<home>/airflow`` and is configured by environment variables only. It listens on the
loopback interface only, needs no network, and leaves no process behind.
"""

from __future__ import annotations

import fcntl
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from etl.airflow_local.environment import APPROVER, HOST, LOGIN, airflow_environment, password_file, private_folder
from etl.airflow_local.health import unhealthy
from etl.airflow_local.processes import Component, StopRequests, end_all, start, stop_requests
from etl.errors import JobcenterError, UsageError
from etl.resources import POOLS
from etl.settings import Settings

SETUP = {
    "db-migrate": ("db", "migrate"),
    # A task whose pool there is not would wait for ever.
    "pools": ("pools", "import", str(POOLS)),
}
"""What makes Airflow's database ready, in order: its tables and the pools of our tasks."""

COMPONENTS = {
    "api-server": ("api-server", "--host", HOST, "--workers", "1"),
    # Logs are read from the common folder; without this each would open a log server on every interface.
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
    "triggerer": ("triggerer", "--skip-serve-logs"),
}
"""The four parts of Airflow and how each is started."""

_START_SECONDS = 300
_SETUP_SECONDS = 300
_GRACE_SECONDS = 20
_TICK_SECONDS = 0.3

Say = Callable[[str], None]
"""Takes one German sentence or paragraph for the user."""


def run_local_airflow(
    settings: Settings, *, port: int = 8080, ready: Say | None = None, progress: Say | None = None
) -> int:
    """Run Airflow until it is stopped by Ctrl-C or a TERM signal; return the exit status 0.

    ``progress`` is told what is being waited for, ``ready`` once where Airflow is and how to log in. Must be called
    from the main thread (signals). Raises ``UsageError`` when the port is taken, and ``JobcenterError`` naming the
    log file when a part does not start or ends by itself; in every case all processes have ended on return.
    """
    from etl.warehouse.embedded import ensure_database, running  # noqa: PLC0415 (starts nothing, but is not light)

    settings = settings.model_copy(update={"home": settings.home.resolve()})
    folder = private_folder(settings.home / "airflow")
    logs = private_folder(folder / "logs")
    say = progress or _silent
    with stop_requests() as stop, _only_one(folder / "airflow.lock"):
        _require_free_port(port)
        say("Die Datenbank wird gestartet …")
        with running(settings.embedded_warehouse) as server:
            environment = airflow_environment(
                folder,
                home=settings.home,
                port=port,
                database=ensure_database(server, "airflow"),
                warehouse=settings.warehouse or server,
            )
            say("Die Datenbank von Airflow wird eingerichtet …")
            if not all(_done(name, arguments, environment, logs, stop) for name, arguments in SETUP.items()):
                return 0
            say("Airflow startet; das dauert etwa eine halbe Minute …")
            welcome = partial(ready or _silent, _welcome(folder, port))
            _supervise(environment, logs, port, stop, welcome=welcome, say=say)
    return 0


def _silent(_text: str) -> None:
    """Say nothing: the default of both callbacks."""


def _welcome(folder: Path, port: int) -> str:
    return (
        f"Airflow ist bereit: http://{HOST}:{port}\n"
        f"Anmeldung: Benutzer „{LOGIN}“; wer einen Bericht freigibt, den ein anderer erstellt hat: „{APPROVER}“. "
        f"Die Kennwörter stehen in {password_file(folder)}\n"
        f"Protokolle: {folder / 'logs'}\n"
        "Beenden mit Strg-C."
    )


@contextmanager
def _only_one(lock: Path) -> Iterator[None]:
    """Refuse a second Airflow on the same home; a killed one leaves no lock behind."""
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise JobcenterError(
                f"In {lock.parent} läuft bereits ein Airflow.",
                hint="Das laufende verwenden oder zuerst beenden; ein zweites braucht einen anderen Ordner (--home).",
                abschnitt="airflow-laeuft-schon",
            ) from None
        yield


def _require_free_port(port: int) -> None:
    with socket.socket() as probe:
        # Connections of an Airflow that was just stopped linger for a minute; they do not take the port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            raise UsageError(
                f"Port {port} kann nicht verwendet werden: {_reason(error)}.",
                hint="Einen anderen Port angeben, zum Beispiel --port 8081.",
                abschnitt="airflow-laeuft-schon",
            ) from None


def _reason(error: Exception) -> str:
    if isinstance(error, PermissionError):
        return "dafür fehlt die Berechtigung"
    if isinstance(error, OverflowError):
        return "Ports gehen von 1 bis 65535"
    return "er ist schon belegt"


def _done(name: str, arguments: tuple[str, ...], environment: dict[str, str], logs: Path, stop: StopRequests) -> bool:
    """Run one command of ``SETUP`` to its end. False when the user asked to stop meanwhile."""
    log = logs / f"{name}.log"
    command = start(name, arguments, environment, log)
    try:
        deadline = time.monotonic() + _SETUP_SECONDS
        while command.process.poll() is None:
            if stop.count:
                return False
            if time.monotonic() > deadline:
                raise JobcenterError(
                    "Die Datenbank von Airflow wurde nicht rechtzeitig fertig.",
                    hint=_see(log),
                    abschnitt="airflow-lokal",
                )
            time.sleep(_TICK_SECONDS)
        if command.process.returncode != 0:
            raise JobcenterError(
                "Die Datenbank von Airflow ließ sich nicht einrichten.", hint=_see(log), abschnitt="airflow-lokal"
            )
        return True
    finally:
        end_all([command], stop, _GRACE_SECONDS)


def _supervise(
    environment: dict[str, str], logs: Path, port: int, stop: StopRequests, *, welcome: Callable[[], None], say: Say
) -> None:
    """Start the four components, wait until all are healthy, then until the user asks to stop or one ends."""
    components: list[Component] = []
    try:
        for name, arguments in COMPONENTS.items():
            components.append(start(name, arguments, environment, logs / f"{name}.log"))
        deadline = time.monotonic() + _START_SECONDS
        while not stop.count and (missing := unhealthy(port)):
            _require_running(components)
            if time.monotonic() > deadline:
                raise JobcenterError(
                    f"Airflow wurde nicht rechtzeitig bereit; es fehlt: {', '.join(missing)}.",
                    hint=_see(logs / f"{missing[0]}.log"),
                    abschnitt="airflow-lokal",
                )
            time.sleep(_TICK_SECONDS)
        if not stop.count:
            welcome()
        while not stop.count:
            _require_running(components)
            time.sleep(_TICK_SECONDS)
        say("Airflow wird beendet …")
    finally:
        end_all(components, stop, _GRACE_SECONDS)


def _require_running(components: list[Component]) -> None:
    for component in components:
        if component.process.poll() is not None:
            raise JobcenterError(
                f"Ein Teil von Airflow hat sich von selbst beendet: {component.name}.",
                hint=_see(component.log),
                abschnitt="airflow-lokal",
            )


def _see(log: Path) -> str:
    return f"Die Ursache steht am Ende von {log}."
