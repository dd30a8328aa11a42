"""The real scheduler: a scheduled month that waits, an arrival by asset, a backfill, a deadline that is missed."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from sqlalchemy import make_url

from e2e.airflow_lokal import LocalAirflow, started
from etl.airflow_local.environment import airflow_environment
from etl.monat import Monat
from etl.warehouse.embedded import ensure_database, running
from integration.gegenstellen import KENNWORT, Postamt, postamt
from kanarie import kanarienlieferung

ARRIVED = "2025-06"
"""The month whose delivery is there; the schedule's own month has none."""
FUTURE = "2035-01"
"""A month whose deadlines are ahead."""
RUNS = "/api/v2/dags/monatsbericht/dagRuns"


def _configuration(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kanarienlieferung(folder / "lieferungen" / ARRIVED)
    source = {"traegernummer": "00000", "name": "Probe", "lieferung": "lieferungen/{monat}"}
    (folder / "quellen.yaml").write_text(json.dumps({"quellen": [source]}))
    monkeypatch.setenv("JOBCENTER_QUELLEN", str(folder / "quellen.yaml"))
    monkeypatch.setenv("JOBCENTER_MELDUNGEN", str(folder / "meldungen.yaml"))


def _runs(airflow: LocalAirflow, **wanted: str) -> list[dict[str, Any]]:
    """Return the runs of the month with these properties, the newest last."""
    found = airflow.request("GET", f"{RUNS}?limit=100&order_by=run_after")[1]["dag_runs"]
    return [run for run in found if all(run[name] == value for name, value in wanted.items())]


def _state(airflow: LocalAirflow, run: str, step: str) -> str:
    status, instance = airflow.request("GET", f"{RUNS}/{run}/taskInstances/traeger.{step}/0")
    return str(instance["state"]) if status == 200 else ""


def _shell(airflow: LocalAirflow, server: str, *arguments: str) -> str:
    """Run a command of Airflow as an operator does, with the environment of its processes."""
    environment = airflow_environment(
        airflow.home / "airflow",
        home=airflow.home,
        port=airflow.port,
        database=ensure_database(server, "airflow"),
        warehouse=server,
    )
    done = subprocess.run(
        [sys.executable, "-m", "airflow", *arguments], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.mark.slow
def test_months_begin_by_schedule_by_arrival_and_by_backfill_and_deadlines_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _configuration(tmp_path, monkeypatch)
    with postamt(tmp_path / "post") as office, started(tmp_path) as airflow:
        (tmp_path / "kennwort").write_text(KENNWORT)
        (tmp_path / "kennwort").chmod(0o600)
        (tmp_path / "meldungen.yaml").write_text(json.dumps(office.weg()))
        airflow.wait_for(lambda: "Airflow ist bereit" in airflow.said(), "ready")
        airflow.wait_for(lambda: airflow.request("GET", "/api/v2/dags/lieferungseingang")[0] == 200, "the DAGs")
        with running(airflow.home / "warehouse") as server:
            _a_scheduled_month_waits_for_its_delivery(airflow, server)
            _an_arrival_and_a_person_start_the_same_month(airflow)
            _a_backfill_makes_a_run_per_month(airflow, server)
            _a_missed_deadline_is_told(airflow, server)
        airflow.wait_for(lambda: len(_told(office)) == 2, "the messages")
    assert all("Träger 00000: kein Bericht." in text for text in _told(office))
    assert any("Die Frist für Januar 2035 ist am 15.02.2035 abgelaufen" in text for text in _told(office))


def _told(office: Postamt) -> list[str]:
    """Return the text of every message about a deadline."""
    mails = [message_from_bytes(content, policy=policy.default) for content in office.nachrichten]
    bodies = [mail.get_body() for mail in mails if "Frist versäumt" in str(mail["Subject"])]
    return [str(body.get_content()) for body in bodies if body is not None]


def _a_scheduled_month_waits_for_its_delivery(airflow: LocalAirflow, server: str) -> None:
    """Let the first of the next month come now: its run is about the month that then is over."""
    this = str(Monat.of(dt.datetime.now(ZoneInfo("Europe/Berlin")).date()))

    def begun() -> bool:
        with psycopg.connect(_plain(ensure_database(server, "airflow"))) as connection:
            # Until the run is there: every parsing of the DAG puts the date back.
            connection.execute("UPDATE dag SET next_dagrun_create_after = now() WHERE dag_id = 'monatsbericht'")
        return bool(_runs(airflow, run_type="scheduled", partition_key=this))

    airflow.wait_for(begun, "the schedule")
    run = _runs(airflow, run_type="scheduled", partition_key=this)[0]
    airflow.wait_for(lambda: _state(airflow, run["dag_run_id"], "arrived") == "up_for_reschedule", "the month to wait")


def _an_arrival_and_a_person_start_the_same_month(airflow: LocalAirflow) -> None:
    """Start a month twice at once: by telling that its delivery is there, and by the form."""
    assets = airflow.request("GET", "/api/v2/assets?name_pattern=jobcenter_lieferung")[1]["assets"]
    event = {"asset_id": assets[0]["id"], "partition_key": ARRIVED}
    assert airflow.request("POST", "/api/v2/assets/events", event)[0] == 200
    airflow.wait_for(lambda: bool(_runs(airflow, run_type="operator_triggered")), "the arrival to start the month")
    assert airflow.request("POST", RUNS, {"logical_date": None, "conf": {"monat": ARRIVED}})[0] == 200
    runs = [*_runs(airflow, run_type="operator_triggered"), *_runs(airflow, run_type="manual")]
    assert [run["conf"] for run in runs] == [{"monat": ARRIVED}] * 2
    for run in runs:
        airflow.wait_for(
            lambda run=run: _state(airflow, run["dag_run_id"], "approve") == "awaiting_input",  # type: ignore[misc]
            "the month to ask a person",
        )


def _a_backfill_makes_a_run_per_month(airflow: LocalAirflow, server: str) -> None:
    period = ("--dag-id", "monatsbericht", "--from-date", "2025-05-01", "--to-date", "2025-06-30")
    _shell(airflow, server, "backfill", "create", *period)
    airflow.wait_for(lambda: len(_runs(airflow, run_type="backfill")) == 2, "the backfill")
    assert [run["partition_key"] for run in _runs(airflow, run_type="backfill")] == ["2025-05", "2025-06"]
    june = next(run["dag_run_id"] for run in _runs(airflow, run_type="backfill", partition_key=ARRIVED))
    airflow.wait_for(lambda: _state(airflow, june, "approve") == "awaiting_input", "the same month a second time")
    with psycopg.connect(_plain(ensure_database(server, "jobcenter"))) as connection:
        versions = connection.execute(
            "SELECT max(version), count(*) FILTER (WHERE berichtsmonat = '2025-06-01') FROM jobcenter.ladung"
        ).fetchone()
    assert versions == (1, 1)


def _a_missed_deadline_is_told(airflow: LocalAirflow, server: str) -> None:
    """Let the deadlines of a run pass that waits for a delivery: now, instead of in some years."""
    status, run = airflow.request("POST", RUNS, {"logical_date": None, "conf": {"monat": FUTURE}})
    assert status == 200
    with psycopg.connect(_plain(ensure_database(server, "airflow"))) as connection:
        changed = connection.execute(
            "UPDATE deadline SET deadline_time = now() WHERE NOT missed AND dagrun_id = "
            "(SELECT id FROM dag_run WHERE dag_id = 'monatsbericht' AND run_id = %s)",
            [run["dag_run_id"]],
        )
        assert changed.rowcount == 2


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
