"""The stack of ``docker-compose.yml`` in real containers, and a client for its REST interface."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any

from etl.resources import ROOT

TARGETS = ("anwendung", "datenbank", "broker")
SERVICES = ("datenbank", "api-server", "scheduler", "dag-processor", "triggerer")
DISTRIBUTED = (*SERVICES, "broker", "worker")
_CONTAINERFILE = "etl/betrieb/container/Containerfile"
_SCAN = ROOT / "etl" / "betrieb" / "container" / "sicherheitsstand.sh"
_NOT_CHECKED = 3
_PATIENCE_SECONDS = 1500
_PERSONS = {"technik.beweis": "Technik", "controlling.beweis": "Controlling"}
STARTER, APPROVER = _PERSONS


class BeweisError(Exception):
    """What was to be proved is not so."""


def command(*words: str, check: bool = True, environment: Mapping[str, str] | None = None) -> str:
    """Run ``words``; return standard output. Raises ``BeweisError`` with both outputs when it fails."""
    done = subprocess.run(
        words, check=False, capture_output=True, text=True, cwd=ROOT, env=os.environ | (environment or {})
    )
    if check and done.returncode != 0:
        raise BeweisError(
            f"{' '.join(words)} endete mit {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-4000:]}"
        )
    return done.stdout


def wait_for(condition: Callable[[], bool], what: str) -> None:
    """Ask every few seconds until it is so. Raises ``BeweisError`` after 25 minutes."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise BeweisError(f"vergeblich gewartet auf: {what}")
        time.sleep(3)


def build(base: str, network: str | None) -> None:
    """Build the three images as the handbook says; certificates of this machine come in as a secret."""
    trusted = os.environ.get("SSL_CERT_FILE")
    for target in TARGETS:
        options = ["--build-arg", f"BASE_IMAGE={base}", "--build-arg", f"COMMIT={_commit()}", "--target", target]
        if network:
            options += ["--network", network]
        if trusted:
            options += ["--secret", f"id=zertifikate,src={trusted}"]
        command("podman", "build", "--quiet", *options, "--tag", image(target), "--file", _CONTAINERFILE, ".")


def security_updates(target: str) -> tuple[str, bool]:
    """Return what an image lacks of Debian's security updates, in words, and whether that is good.

    Where Debian's repository cannot be reached nothing is known, which is said and is no failure of the image.
    """
    done = subprocess.run(
        ["podman", "run", "--rm", "-i", "--user", "0", "--network", "host", "--entrypoint", "sh", image(target), "-s"],
        input=_SCAN.read_text(encoding="utf-8"), capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    lines = done.stdout.strip().splitlines()
    if done.returncode == _NOT_CHECKED:
        return "NICHT GEPRÜFT: Debians Quelle ist nicht erreichbar", True
    return (f"{len(lines)} fehlen, zuerst {lines[0]}" if done.returncode else "keines fehlt"), done.returncode == 0


def image(target: str) -> str:
    """Return the name of an image of this proof: of one commit, so that two checkouts do not share it."""
    return f"localhost/jobcenter/{target}:beweis-{_commit()[:12]}"


@cache
def _commit() -> str:
    return command("git", "rev-parse", "HEAD").strip()


def _password() -> str:
    return f"{secrets.token_urlsafe(16)}-aB3!x"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Stapel:
    """A stack in folders of its own: nothing of a real installation on the same machine is touched."""

    folder: Path
    port: int = field(default_factory=_free_port)
    workers: int = 0
    variables: dict[str, str] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=lambda: {name: _password() for name in _PERSONS})
    _tokens: dict[str, str] = field(default_factory=dict)

    @property
    def project(self) -> str:
        """Name of the stack: that of its folder, so that two may run at once."""
        return self.folder.name

    @property
    def deliveries(self) -> Path:
        """Folder that the services see as ``/lieferungen``."""
        return self.folder / "lieferungen"

    @property
    def settings(self) -> Path:
        """Folder that the services see as ``/etc/jobcenter``."""
        return self.folder / "einstellungen"

    def prepare(self) -> None:
        """Make the secrets with the command of the handbook."""
        secret_files = self.folder / "geheimnisse"
        for folder in (secret_files, self.settings, self.deliveries):
            folder.mkdir(parents=True, exist_ok=True)
        mount = f"{secret_files}:/geheimnisse"
        module = ("python", "-m", "etl.betrieb.erststart", "/geheimnisse")
        command("podman", "run", "--rm", "--network", "none", "--user", "0", "-v", mount, image("anwendung"), *module)

    def compose(self, *words: str) -> str:
        """Run podman-compose on the file of the repository."""
        profile = ("--profile", "verteilt") if self.workers else ()
        return command(
            sys.executable, "-m", "podman_compose", "-p", self.project, *profile, *words, environment=self._variables()
        )

    def _variables(self) -> dict[str, str]:
        images = {f"JOBCENTER_{target.upper()}": image(target) for target in TARGETS}
        return images | {
            "JOBCENTER_GEHEIMNISSE": str(self.folder / "geheimnisse"),
            "JOBCENTER_EINSTELLUNGEN": str(self.settings),
            "JOBCENTER_LIEFERUNGEN": str(self.deliveries),
            "JOBCENTER_QUELLEN": "/etc/jobcenter/quellen.yaml",
            "JOBCENTER_PORT": f"127.0.0.1:{self.port}",
            "JOBCENTER_EXECUTOR": "CeleryExecutor" if self.workers else "LocalExecutor",
            "JOBCENTER_WORKER": str(self.workers),
            "JOBCENTER_GLEICHZEITIG": "8",
            **self.variables,
        }

    def migrate(self) -> None:
        """Bring both databases up to date, as before the first start and every upgrade."""
        self.compose("--profile", "einrichten", "run", "--rm", "migration")

    def up(self, *, workers: int = 0) -> None:
        """Start the stack, with so many workers, and wait until every health check says yes."""
        self.workers = workers
        self.compose("up", "-d")
        self.healthy(DISTRIBUTED if workers else SERVICES)

    def healthy(self, services: tuple[str, ...]) -> None:
        """Wait until every container of ``services`` is well. Without systemd Podman does not ask by itself: we do."""
        for service in services:
            for container in self.containers(service):
                wait_for(partial(_well, container), f"Gesundheit von {container}")

    def down(self, *, volumes: bool = False) -> None:
        """End the stack; with ``volumes`` nothing of it is left."""
        self.compose("down", *(["-v"] if volumes else []))

    def containers(self, service: str, *, ended: bool = False) -> list[str]:
        """Return the names of the containers of a service."""
        labels = (f"io.podman.compose.project={self.project}", f"com.docker.compose.service={service}")
        filters = [word for label in labels for word in ("--filter", f"label={label}")]
        everything = ["--all"] if ended else []
        return command("podman", "ps", *everything, *filters, "--format", "{{.Names}}").split()

    def inside(self, service: str, *words: str) -> str:
        """Run a command in the first container of a service."""
        return command("podman", "exec", self.containers(service)[0], *words)

    def give(self, service: str, file: Path, place: str) -> None:
        """Lay a private file down in a volume, as the service user."""
        script = 'umask 077; mkdir -p "$(dirname "$0")"; cat > "$0"'
        container = self.containers(service)[0]
        words = ("podman", "exec", "-i", container, "sh", "-c", script, place)
        subprocess.run(words, input=file.read_bytes(), check=True)

    def sql(self, statement: str) -> list[str]:
        """Ask the warehouse as its administrator; return the rows, columns separated by ``|``."""
        line = 'PGPASSWORD=$(cat /run/secrets/kennwort_postgres) psql -X -q -t -A -U postgres warehouse -c "$0"'
        return self.inside("datenbank", "sh", "-c", line, statement).split("\n")[:-1]

    def users(self) -> None:
        """Make the two accounts; a person would be asked for the password."""
        for name, role in _PERSONS.items():
            person = ("--firstname", role, "--lastname", "Beweis", "--email", f"{name}@example.org")
            account = ("--username", name, "--role", role, "--password", self.passwords[name])
            self.inside("api-server", "airflow", "users", "create", *account, *person)

    def request(
        self, method: str, path: str, body: Mapping[str, object] | None = None, *, user: str = STARTER
    ) -> tuple[int, Any]:
        """Call the REST interface as ``user``; log in first when there is no token."""
        if user not in self._tokens and path != "/auth/token":
            login = {"username": user, "password": self.passwords[user]}
            status, answer = self.request("POST", "/auth/token", login)
            if status != 201:
                raise BeweisError(f"Anmeldung als {user}: {status} {answer}")
            self._tokens[user] = answer["access_token"]
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._tokens.get(user, '')}"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            response = connection.getresponse()
            text = response.read()
        except (OSError, http.client.HTTPException) as error:
            return 0, str(error)  # while it is being restarted
        finally:
            connection.close()
        return response.status, json.loads(text) if text[:1] in (b"{", b"[") else text.decode(errors="replace")


def _well(container: str) -> bool:
    return subprocess.run(("podman", "healthcheck", "run", container), check=False, capture_output=True).returncode == 0
