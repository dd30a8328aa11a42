"""Airflow killed in the middle of every step: -9 for the scheduler with all its tasks, or for the api-server.

One local Airflow, one run of the DAG. As soon as a task of the run is at work, a part of Airflow is killed; the local
Airflow then ends by itself and is started again, as an operator would, and the run must go on to its end by itself.
"""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from stoerungen.schritt import SCHRITTE

_START = """
import sys
from pathlib import Path
from etl.airflow_local import run_local_airflow
from etl.cli import explained
from etl.settings import Settings
say = lambda text: print(text, flush=True)
with explained():
    sys.exit(run_local_airflow(Settings(home=Path(sys.argv[1])), port=int(sys.argv[2]), ready=say, progress=say))
"""
PATIENCE_SECONDS = 1200
PARTS = ("scheduler", "api-server")
ENDED = {"success", "failed", "upstream_failed", "skipped"}


@dataclass
class Airflow:
    """A local Airflow that is killed and started again; ``process`` is its supervisor."""

    home: Path
    environment: Mapping[str, str]
    port: int
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.starts += 1
        with self.said().open("wb") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-c", _START, str(self.home), str(self.port)],
                env=dict(self.environment), stdout=stream, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        self.wait_for(lambda: "Airflow ist bereit" in self.said().read_text(encoding="utf-8"), "Airflow")
        self.wait_for(lambda: self.request("GET", "/api/v2/dags/monatsbericht")[0] == 200, "den DAG")

    def said(self) -> Path:
        """Return the file with what the supervisor said since its last start."""
        return self.home.parent / f"airflow-{self.starts}.txt"

    def kill(self, part: str) -> str:
        """Kill a part with everything it started, -9; return what the supervisor says of it at its end."""
        assert self.process
        name = part.replace("-", "_")  # as Airflow calls its processes; before that the command says it
        component = next(
            process
            for process in psutil.Process(self.process.pid).children()
            if process.status() != psutil.STATUS_ZOMBIE and name in " ".join(process.cmdline()).replace("-", "_")
        )
        for process in [component, *component.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.process.wait(PATIENCE_SECONDS)
        return self.said().read_text(encoding="utf-8")

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(PATIENCE_SECONDS)

    def wait_for(self, condition: Any, what: str) -> None:
        """Wait until something is so; give up after long."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert self.process is None or self.process.poll() is None, self.said().read_text(encoding="utf-8")
            assert time.monotonic() < deadline, f"vergeblich gewartet auf {what}"
            time.sleep(0.3)

    def request(
        self, method: str, path: str, body: Mapping[str, object] | None = None, user: str = "admin"
    ) -> tuple[int, Any]:
        """Call the REST interface as a user; an Airflow that does not answer gives 0."""
        headers = {"Content-Type": "application/json"}
        if path != "/auth/token":
            login = json.loads((self.home / "airflow" / "geheim" / "anmeldung.json").read_text(encoding="utf-8"))
            status, answer = self.request("POST", "/auth/token", {"username": user, "password": login[user]})
            if not status:
                return 0, {}
            headers["Authorization"] = f"Bearer {answer['access_token']}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError):
            return 0, {}
        finally:
            connection.close()


@dataclass(frozen=True)
class Run:
    """The run of the DAG for one delivery."""

    airflow: Airflow
    address: str

    def state(self, step: str) -> str:
        """Return the state of the task of a step, empty while Airflow knows none."""
        answer = self.airflow.request("GET", f"{self.address}/taskInstances/traeger.{step}/0")[1]
        return str(answer.get("state") or "")

    def whole(self) -> str:
        """Return the state of the run."""
        return str(self.airflow.request("GET", self.address)[1].get("state") or "")

    def approve(self) -> None:
        """Answer the question of the draft as another person than the one who started the run."""
        question = f"{self.address}/taskInstances/traeger.approve/0/hitlDetails"
        self.airflow.wait_for(lambda: self.state("approve") == "awaiting_input", "die Frage nach der Freigabe")
        time.sleep(10)  # an answer at once would overtake the scheduler, which still expects the end of who asked
        answer = {"chosen_options": ["Geprüft: freigeben"], "params_input": {"bemerkung": None}}
        self.airflow.wait_for(lambda: self.airflow.request("PATCH", question, answer, "freigabe")[0] == 200, "Antwort")


@contextmanager
def airflow(home: Path, **environment: str) -> Iterator[Airflow]:
    """Yield a local Airflow, not started; end it and everything of it in any case."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    running = Airflow(home, environment, port)
    try:
        yield running
    finally:
        running.stop()


def triggered(running: Airflow, delivery: Path, month: str) -> Run:
    """Start the run of a month from a delivery."""
    runs = "/api/v2/dags/monatsbericht/dagRuns"
    conf = {"monat": month, "lieferung": str(delivery)}
    status, run = running.request("POST", runs, {"logical_date": None, "conf": conf})
    assert status == 200, run
    return Run(running, f"{runs}/{run['dag_run_id']}")


def killed_in(run: Run, step: str, part: str) -> str:
    """Kill a part of Airflow while a step is at work, start again; return what the supervisor said at its end."""
    if step == "release":
        run.approve()
    run.airflow.wait_for(lambda: run.state(step) in {"running", *ENDED}, f"den Schritt {step}")
    state = run.state(step)
    said = run.airflow.kill(part)
    run.airflow.start()
    assert state == "running", f"{step} war schon {state}"
    return said


def every_step_killed(running: Airflow, delivery: Path, month: str, steps: tuple[str, ...] = SCHRITTE) -> list[str]:
    """Kill Airflow once in each step, the parts by turns; return what was said each time. The run must succeed."""
    running.start()
    run = triggered(running, delivery, month)
    said = [killed_in(run, step, PARTS[number % 2]) for number, step in enumerate(steps)]
    if "release" not in steps:
        run.approve()
    running.wait_for(lambda: run.whole() in ENDED, "das Ende des Laufs")
    assert run.whole() == "success", run.whole()
    return said
