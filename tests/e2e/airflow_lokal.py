"""The local Airflow as a test or a benchmark starts it, and a client for its REST interface."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

_START = """
import sys
from pathlib import Path
from etl.airflow_local import run_local_airflow
from etl.settings import Settings
say = lambda text: print(text, flush=True)
sys.exit(run_local_airflow(Settings(home=Path(sys.argv[1])), port=int(sys.argv[2]), ready=say, progress=say))
"""
_PATIENCE_SECONDS = 900


@dataclass(frozen=True)
class LocalAirflow:
    """A started local Airflow, and a client for its REST interface."""

    home: Path
    port: int
    process: subprocess.Popen[bytes]
    output: Path
    answered: list[str] = field(default_factory=list)

    def said(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def wait_for(self, condition: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not condition():
            assert self.process.poll() is None, f"Airflow ended by itself: {self.said()}"
            assert time.monotonic() < deadline, f"waited in vain for: {what}"
            time.sleep(0.5)

    def request(
        self, method: str, path: str, body: Mapping[str, object] | None = None, user: str = "admin"
    ) -> tuple[int, Any]:
        """Call the REST interface; log in first unless this is the login."""
        headers = {"Content-Type": "application/json"}
        if path != "/auth/token":
            login = json.loads((self.home / "airflow" / "geheim" / "anmeldung.json").read_text())
            _, answer = self.request("POST", "/auth/token", {"username": user, "password": login[user]})
            headers["Authorization"] = f"Bearer {answer['access_token']}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()

    def family(self) -> list[psutil.Process]:
        """Return all processes of it: what it started, and the database server in its home."""
        server = [process for process in psutil.process_iter() if str(self.home) in " ".join(command_line(process))]
        return [*psutil.Process(self.process.pid).children(recursive=True), *server]

    def stop(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=120)


def command_line(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def started(folder: Path) -> Iterator[LocalAirflow]:
    """Run ``jobcenter airflow`` with its home in ``folder``; end it with the block."""
    home, port, output = folder / "home", free_port(), folder / "output.txt"
    with output.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-c", _START, str(home), str(port)], stdout=stream, stderr=subprocess.STDOUT
        )
    airflow = LocalAirflow(home, port, process, output)
    try:
        yield airflow
    finally:
        if process.poll() is None:
            airflow.stop(signal.SIGTERM)
