"""A real api-server of Airflow with the pages, after real runs of the DAG on deliveries with a canary in them."""

from __future__ import annotations

import datetime as dt
import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from etl.airflow_local.environment import HOST, airflow_environment, password_file, private_folder
from etl.airflow_local.processes import StopRequests, end_all, start
from etl.warehouse.embedded import ensure_database
from kanarie import MONAT, kanarienlieferung

TRAEGER = "00000"
ROLES = {"leserin": "viewer", "nutzer": "user", "technik": "op"}
"""Accounts of the simple auth manager and their roles."""
PASSWORD = "nur-fuer-diesen-test"  # noqa: S105 (of a server that lives as long as the test)
APPROVER = "pruefstelle"
_DRIVER = Path(__file__).parents[1] / "integration" / "dag_lauf.py"
_PATIENCE_SECONDS = 240


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", errors="replace")


@dataclass(frozen=True)
class Server:
    """The started api-server: its home, its logs, and a client that logs in."""

    home: Path
    port: int
    warehouse: str
    database: str
    log: Path
    tokens: dict[str, str]

    def get(self, path: str, user: str | None = "leserin", method: str = "GET", **headers: str) -> Answer:
        """Ask for a path, literally as written; without a user nobody is logged in."""
        sent = {"Accept": "text/html", **{name.replace("_", "-"): value for name, value in headers.items()}}
        if user is not None:
            sent["Cookie"] = f"_token={self.token(user)}"
        connection = http.client.HTTPConnection(HOST, self.port, timeout=120)
        try:
            connection.request(method, path, headers=sent)
            answer = connection.getresponse()
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def token(self, user: str) -> str:
        if user not in self.tokens:
            connection = http.client.HTTPConnection(HOST, self.port, timeout=120)
            body = json.dumps({"username": user, "password": PASSWORD})
            connection.request("POST", "/auth/token", body, {"Content-Type": "application/json"})
            self.tokens[user] = str(json.loads(connection.getresponse().read())["access_token"])
            connection.close()
        return self.tokens[user]

    def answers(self) -> bool:
        try:
            return self.get("/api/v2/monitor/health", None).status == 200
        except OSError:
            return False

    def run_of(self, reference: str) -> str:
        """Return the id of a run that has read the delivery, asked of Airflow's REST interface."""
        runs = json.loads(self.get("/api/v2/dags/monatsbericht/dagRuns").content)["dag_runs"]
        for run in runs:
            tasks = f"/api/v2/dags/monatsbericht/dagRuns/{quote(run['dag_run_id'], safe='')}/taskInstances"
            for task in json.loads(self.get(tasks).content)["task_instances"]:
                if task["task_id"].endswith("extract"):
                    entry = f"{tasks}/{task['task_id']}/xcomEntries/return_value?map_index={task['map_index']}"
                    found = self.get(entry)
                    if found.status == 200 and json.loads(found.content)["value"] in (reference, f'"{reference}"'):
                        return str(run["dag_run_id"])
        raise AssertionError(f"no run has read {reference}")


def deliveries(folder: Path) -> dict[str, dict[str, object]]:
    """Write the deliveries and return the runs: what the form says, how the question is answered, the environment."""
    good = kanarienlieferung(folder / "gut")
    broken = kanarienlieferung(folder / "kaputt", "probe-2", geschlecht="KANARI")
    doubtful = kanarienlieferung(folder / "fraglich", "probe-3", kind_geboren=dt.date(2031, 1, 1))
    (folder / "ziel").mkdir()
    recipient = {
        "name": "Ausschuss <b>",
        "kreis": "landkreis",
        "produkte": ["arbeitsmappe"],
        "weg": {"ordner": {"pfad": str(folder / "ziel")}},
    }
    (folder / "empfaenger.yaml").write_text(json.dumps({"empfaenger": [recipient]}))
    accepted = {"monat": MONAT, "lieferung": str(doubtful), "befunde_akzeptieren": "Geburtsdatum <wird> nachgetragen"}
    return {
        "gesperrt": _run({"monat": MONAT, "lieferung": str(doubtful)}),
        "kaputt": _run({"monat": MONAT, "lieferung": str(broken)}),
        "abgelehnt": _run(accepted, {"option": "Ablehnen", "bemerkung": "Fußnote <3> fehlt"}),
        # The last run is the one that Airflow keeps: a test run takes the place of the one before.
        "gut": _run(
            {"monat": MONAT, "lieferung": str(good)},
            environment={"JOBCENTER_EMPFAENGER": str(folder / "empfaenger.yaml")},
        ),
    }


def _run(
    conf: dict[str, str], answer: dict[str, str] | None = None, environment: dict[str, str] | None = None
) -> dict[str, object]:
    return {"conf": conf, "answer": answer or {}, "environment": environment or {}}


@contextmanager
def started(folder: Path, server: str, runs: Mapping[str, object]) -> Iterator[Server]:
    """Run the DAG as ``runs`` say, then start the api-server on what is left; ``server``: a PostgreSQL."""
    warehouse, database = ensure_database(server, "seiten_warehouse"), ensure_database(server, "seiten_airflow")
    airflow_home, port = private_folder(folder / "home" / "airflow"), free_port()
    environment = airflow_environment(
        airflow_home, home=folder / "home", port=port, database=database, warehouse=warehouse
    )
    names = {**ROLES, APPROVER: "user"}
    environment["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS"] = ",".join(f"{name}:{role}" for name, role in names.items())
    password_file(airflow_home).write_text(json.dumps(dict.fromkeys(names, PASSWORD)))
    _python(environment, "-m", "airflow", "db", "migrate")
    (folder / "runs.json").write_text(json.dumps(runs))
    _python(environment, str(_DRIVER), str(folder / "runs.json"), str(folder / "results.json"))
    log = folder / "api-server.log"
    component = start("api-server", ("api-server", "--host", HOST, "--workers", "1"), environment, log)
    running = Server(folder / "home", port, warehouse, database, log, {})
    try:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not running.answers():
            assert component.process.poll() is None, log.read_text()[-5000:]
            assert time.monotonic() < deadline, log.read_text()[-5000:]
            time.sleep(0.5)
        yield running
    finally:
        end_all([component], StopRequests(), 20)


def _python(environment: dict[str, str], *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
