"""What a run tells others: OpenLineage events, metrics and the log, of one real run with a canary in its delivery."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import make_url

from etl.airflow_local.environment import airflow_environment, private_folder
from etl.resources import ROOT
from etl.warehouse.embedded import ensure_database
from integration.prozess import python
from kanarie import MONAT, kanarienlieferung, spuren_in_text

LINEAGE = "etl.orchestrierung.lineage"
STEPS = ["extract", "validate", "figures", "load", "report", "release"]


@dataclass(frozen=True)
class Spur:
    """What left one run: events in their order, metrics as sent, and where the data is."""

    events: list[dict[str, Any]]
    metrics: list[str]
    home: Path
    warehouse: str
    output: str

    def of(self, step: str, kind: str) -> dict[str, Any]:
        """Return the one event of a step, of a kind."""
        name = f"monatsbericht.traeger.{step}"
        [found] = [e for e in self.events if e["job"]["name"] == name and e["eventType"] == kind]
        return found


@contextmanager
def statsd() -> Iterator[tuple[int, list[str]]]:
    """Listen for metrics; yield the port and the list that fills up."""
    received: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(0.5)
        done = threading.Event()

        def listen() -> None:
            while not done.is_set():
                try:
                    received.extend(server.recv(65536).decode().splitlines())
                except TimeoutError:
                    continue

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield server.getsockname()[1], received
        finally:
            done.set()
            thread.join()


@pytest.fixture(scope="module")
def spur(tmp_path_factory: pytest.TempPathFactory, warehouse_server: str) -> Spur:
    folder = tmp_path_factory.mktemp("spur")
    delivery = kanarienlieferung(folder / "lieferung")
    run = {"conf": {"monat": MONAT, "lieferung": str(delivery)}, "answer": {}, "environment": {}}
    (folder / "runs.json").write_text(json.dumps({"gut": run}))
    events = folder / "ereignisse"
    transport = {"type": "file", "log_file_path": str(events), "append": True}
    warehouse = ensure_database(warehouse_server, "spur_warehouse")
    environment = airflow_environment(
        private_folder(folder / "home" / "airflow"),
        home=folder / "home",
        port=1,
        database=ensure_database(warehouse_server, "spur_airflow"),
        warehouse=warehouse,
    )
    with statsd() as (port, metrics):
        environment |= _as_shipped() | {
            "AIRFLOW__OPENLINEAGE__TRANSPORT": json.dumps(transport),
            "AIRFLOW__METRICS__STATSD_ON": "True",
            "AIRFLOW__METRICS__STATSD_HOST": "127.0.0.1",
            "AIRFLOW__METRICS__STATSD_PORT": str(port),
        }
        python(environment, "-m", "airflow", "db", "migrate")
        driver = Path(__file__).with_name("dag_lauf.py")
        output = python(environment, str(driver), str(folder / "runs.json"), str(folder / "r.json"))
    result = json.loads((folder / "r.json").read_text())["runs"]["gut"]
    assert result["state"] == "success", result
    lines = events.read_text().splitlines()
    return Spur([json.loads(line) for line in lines], metrics, folder / "home", warehouse, output)


def _as_shipped() -> dict[str, str]:
    """Return what the compose file says of logs and lineage."""
    shipped = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["x-einstellungen"]
    return {name: value for name, value in shipped.items() if "__OPENLINEAGE__" in name or "__LOGGING__" in name}


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_every_step_names_its_delivery(spur: Spur, step: str) -> None:
    facet = spur.of(step, "COMPLETE")["run"]["facets"]["jobcenter_lieferung"]
    month = None if step == "validate" else MONAT  # a delivery is judged as a whole
    assert (facet["traegernummer"], facet["lieferung_id"], facet.get("berichtsmonat")) == ("00000", "probe-1", month)


@pytest.mark.slow
def test_data_can_be_followed_from_the_source_to_the_report(spur: Spur) -> None:
    """What a step reads an earlier one has written, and files lie where it says."""
    written = {("jobcenter", "quelle/formular")}
    for step in STEPS:
        event = spur.of(step, "COMPLETE")
        assert {(data["namespace"], data["name"]) for data in event["inputs"]} <= written, step
        written |= {(data["namespace"], data["name"]) for data in event["outputs"]}
    files = [Path(name) for namespace, name in written if namespace == "file"]
    assert {path.relative_to(spur.home).parts[0] for path in files} == {"archiv", "pruefung", "zahlen", "berichte"}
    assert all(path.is_dir() for path in files)
    server = make_url(spur.warehouse)
    tables = {name for namespace, name in written if namespace == f"postgres://{server.host}:{server.port}"}
    assert f"{server.database}.jobcenter.zelle" in tables


@pytest.mark.slow
def test_metrics_count_rules_cells_and_files(spur: Spur) -> None:
    ours = {line.split(":")[0] for line in spur.metrics if line.startswith("airflow.jobcenter.")}
    rules = {f"airflow.jobcenter.regeln.{name}" for name in ("gehalten", "verletzt", "nicht_pruefbar", "ohne_zeilen")}
    assert ours == rules | {"airflow.jobcenter.zellen", "airflow.jobcenter.berichtsdateien"}
    assert any(line.startswith("airflow.ti_successes:") for line in spur.metrics)  # Airflow's own, beside ours


@pytest.mark.slow
def test_every_line_of_a_step_names_run_delivery_and_month(spur: Spur) -> None:
    lines = [json.loads(line) for line in spur.output.splitlines() if line.startswith('{"timestamp"')]
    [reports] = {(line["lieferung"], line["monat"]) for line in lines if str(line["event"]).startswith("Bericht: ")}
    assert reports == ("00000/probe-1", MONAT)


@pytest.mark.slow
def test_nothing_of_a_person_leaves(spur: Spur) -> None:
    told = json.dumps(spur.events, ensure_ascii=False) + "\n".join(spur.metrics)
    assert not spuren_in_text(told)
    password = make_url(spur.warehouse).password
    assert password is not None
    assert password not in told
