"""The local Airflow for real: its four components, its scheduler, one run triggered by REST, and a clean end."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from e2e.airflow_lokal import LocalAirflow, command_line, free_port, started
from etl.airflow_local import run_local_airflow
from etl.demo import DemoRequest, generate
from etl.errors import JobcenterError, UsageError
from etl.monat import Monat
from etl.settings import Settings
from etl.warehouse import connect
from etl.warehouse.embedded import ensure_database, running
from kanarie import KENNWORT, MONAT, kanarienlieferung, spuren_in_dateien, spuren_in_datenbank

RELEASE, REJECT = "Geprüft: freigeben", "Ablehnen"


def _left(family: list[psutil.Process]) -> list[psutil.Process]:
    """Return who still lives. A zombie has ended; that it is still listed is its new parent's affair."""
    left = []
    for process in family:
        with suppress(psutil.NoSuchProcess):
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                left.append(process)
    return left


def _listens_beyond_this_machine(processes: list[psutil.Process]) -> list[str]:
    return [
        f"{process.name()} {connection.laddr.ip}:{connection.laddr.port}"
        for process in processes
        if process.is_running()
        for connection in process.net_connections()
        if connection.status == psutil.CONN_LISTEN and connection.laddr.ip != "127.0.0.1"
    ]


@pytest.mark.slow
def test_the_scheduler_runs_a_month_and_ctrl_c_leaves_no_process(tmp_path: Path) -> None:
    delivery = kanarienlieferung(tmp_path / "lieferung")
    with started(tmp_path) as airflow:
        airflow.wait_for(lambda: "Airflow ist bereit" in airflow.said(), "ready")
        runs = "/api/v2/dags/monatsbericht/dagRuns"
        airflow.wait_for(lambda: airflow.request("GET", "/api/v2/dags/monatsbericht")[0] == 200, "the DAG")
        secret = f"postgresql+psycopg://leser:{KENNWORT}@127.0.0.1/fachverfahren"
        refused, _ = airflow.request(
            "POST", runs, {"logical_date": None, "conf": {"monat": MONAT, "lieferung": secret}}
        )
        assert refused == 400
        accepted, run = airflow.request(
            "POST", runs, {"logical_date": None, "conf": {"monat": MONAT, "lieferung": str(delivery)}}
        )
        assert accepted == 200
        address = f"{runs}/{run['dag_run_id']}"
        _another_person_releases(airflow, address)
        assert [path for path in (airflow.home / "berichte").rglob("*") if path.is_file()]

        _a_person_decides(airflow, tmp_path)

        with running(airflow.home / "warehouse") as server:
            assert spuren_in_datenbank(ensure_database(server, "airflow")) == []
        assert spuren_in_dateien(airflow.home / "airflow" / "logs") == []
        with pytest.raises(JobcenterError, match="läuft bereits"):
            run_local_airflow(Settings(home=airflow.home), port=free_port())

        family = airflow.family()
        assert len(family) >= 5
        assert _listens_beyond_this_machine(family) == []
        assert airflow.stop(signal.SIGINT) == 0
        assert _left(family) == []


def _a_person_decides(airflow: LocalAirflow, folder: Path) -> None:
    """A delivery that shares no record with the one before waits, and goes on when a person says so and why."""
    first = _triggered(airflow, folder, seed=1, month=Monat(2026, 7))
    assert _stopped(airflow, first) == "approve"
    _answer(airflow, first, "approve", RELEASE, {"bemerkung": "Zahlen mit Vormonat verglichen"}, user="freigabe")
    assert _stopped(airflow, first) == "success"
    second = _triggered(airflow, folder, seed=2, month=Monat(2026, 8))
    assert _stopped(airflow, second) == "decide"
    assert "Sätzen der vorigen Lieferung fehlen" in _question(airflow, second, "decide")
    reason = "Das Fachverfahren hat gewechselt, alle Schlüssel sind neu"
    _answer(airflow, second, "decide", "Weiterlaufen lassen", {"grund": reason}, user="admin")
    assert _stopped(airflow, second) == "approve"
    _answer(airflow, second, "approve", REJECT, {"bemerkung": "Die Karte fehlt"}, user="freigabe")
    assert _stopped(airflow, second) == "failed"
    with running(airflow.home / "warehouse") as server:
        settings = Settings(home=airflow.home, warehouse=ensure_database(server, "jobcenter"))
        with connect(settings, role="auditor") as warehouse, warehouse.begin():
            kept = warehouse.exec_driver_sql("SELECT grund, entschieden_von FROM jobcenter.entscheidung").fetchall()
            steps = warehouse.exec_driver_sql(
                "SELECT schritt, person, bemerkung FROM jobcenter.freigabeschritt "
                "ORDER BY erfasst_am, berichtsmonat, nummer"
            ).fetchall()
    assert [tuple(row) for row in kept] == [(reason, "admin")]
    assert [tuple(row) for row in steps] == [
        ("entwurf", "admin", ""),
        ("geprueft", "freigabe", ""),
        ("freigegeben", "freigabe", ""),
        ("entwurf", "admin", ""),
        ("geprueft", "freigabe", "Zahlen mit Vormonat verglichen"),
        ("freigegeben", "freigabe", "Zahlen mit Vormonat verglichen"),
        ("entwurf", "admin", ""),
        ("abgelehnt", "freigabe", "Die Karte fehlt"),
    ]


def _another_person_releases(airflow: LocalAirflow, run: str) -> None:
    """Who started the run is refused; after Clear another person answers the same question, and the run goes on."""
    assert _stopped(airflow, run) == "approve"
    assert "Inhalt (SHA-256 über alle Dateien): `" in _question(airflow, run, "approve")
    _answer(airflow, run, "approve", RELEASE, {"bemerkung": None}, user="admin")
    assert _stopped(airflow, run) == "failed"
    clear = {
        "dry_run": False,
        "dag_run_id": run.rsplit("/", 1)[1],
        "task_ids": ["traeger.approve"],
        "include_downstream": True,
        "only_failed": False,
        "reset_dag_runs": True,
    }
    assert airflow.request("POST", "/api/v2/dags/monatsbericht/clearTaskInstances", clear)[0] == 200
    assert _stopped(airflow, run) == "approve"
    _answer(airflow, run, "approve", RELEASE, {"bemerkung": None}, user="freigabe")
    assert _stopped(airflow, run) == "success"


def _question(airflow: LocalAirflow, run: str, task: str) -> str:
    return str(airflow.request("GET", f"{run}/taskInstances/traeger.{task}/0/hitlDetails")[1]["body"])


def _answer(
    airflow: LocalAirflow, run: str, task: str, option: str, fields: Mapping[str, object], *, user: str
) -> None:
    # An answer at once would overtake the scheduler, which still expects the end of the process that asked.
    log = airflow.home / "airflow" / "logs" / "scheduler.log"
    airflow.answered.append(task)
    airflow.wait_for(
        lambda: log.read_text(encoding="utf-8").count("final_state=awaiting_input") >= len(airflow.answered),
        "the end of the asking",
    )
    time.sleep(10)
    body = {"chosen_options": [option], "params_input": fields}
    assert airflow.request("PATCH", f"{run}/taskInstances/traeger.{task}/0/hitlDetails", body, user)[0] == 200
    airflow.wait_for(lambda: _task_state(airflow, run, task) != "awaiting_input", "the answer to be taken")


def _triggered(airflow: LocalAirflow, folder: Path, *, seed: int, month: Monat) -> str:
    """Start a run on a delivery of a small invented job centre; return the address of the run."""
    request = DemoRequest(bis=month, monate=27, personen=300, seed=seed, faults=False)
    conf = {
        "monat": str(month),
        "lieferung": str(generate(request, folder / str(seed))),
        "befunde_akzeptieren": "Verschwundene Sätze sind geprüft",
    }
    runs = "/api/v2/dags/monatsbericht/dagRuns"
    accepted, run = airflow.request("POST", runs, {"logical_date": None, "conf": conf})
    assert accepted == 200
    return f"{runs}/{run['dag_run_id']}"


def _state(airflow: LocalAirflow, run: str) -> str:
    return str(airflow.request("GET", run)[1]["state"])


def _stopped(airflow: LocalAirflow, run: str) -> str:
    """Wait until the run has ended or waits for a person; return its state, or the task that asks."""

    def asks() -> str:
        return next((task for task in ("decide", "approve") if _task_state(airflow, run, task) == "awaiting_input"), "")

    airflow.wait_for(lambda: _state(airflow, run) in {"success", "failed"} or bool(asks()), "the run or its question")
    return asks() or _state(airflow, run)


def _task_state(airflow: LocalAirflow, run: str, task: str) -> str:
    """Return the state of a step of the first provider; nothing while it is not known how many there are."""
    status, instance = airflow.request("GET", f"{run}/taskInstances/traeger.{task}/0")
    return str(instance["state"]) if status == 200 else ""


@pytest.mark.slow
def test_a_term_signal_while_it_starts_leaves_no_process(tmp_path: Path) -> None:
    with started(tmp_path) as airflow:
        airflow.wait_for(lambda: "Airflow startet" in airflow.said(), "the start of the components")
        family = airflow.family()
        assert airflow.stop(signal.SIGTERM) == 0
        assert "bereit" not in airflow.said()
        assert _left(family) == []


@pytest.mark.slow
def test_a_part_that_ends_by_itself_is_reported_with_its_log(tmp_path: Path) -> None:
    with started(tmp_path) as airflow:
        airflow.wait_for(lambda: "Airflow startet" in airflow.said(), "the start of the components")
        airflow.wait_for(lambda: bool(_components(airflow, "triggerer")), "the triggerer")
        family = airflow.family()
        _components(airflow, "triggerer")[0].kill()
        assert airflow.process.wait(timeout=120) != 0
        assert "Ein Teil von Airflow hat sich von selbst beendet: triggerer." in airflow.said()
        assert _left(family) == []


def _components(airflow: LocalAirflow, name: str) -> list[psutil.Process]:
    children = psutil.Process(airflow.process.pid).children()
    return [process for process in children if name in command_line(process)]


def test_a_port_in_use_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(UsageError, match="schon belegt") as caught:
            run_local_airflow(Settings(home=tmp_path / "home"), port=taken.getsockname()[1])
    assert caught.value.hint is not None
    assert "--port" in caught.value.hint
    assert not (tmp_path / "home" / "warehouse").exists()
